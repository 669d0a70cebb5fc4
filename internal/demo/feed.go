package demo

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// kept is how many documents the feed serves. A reader beside it is never further behind.
const kept = 4000

// feed serves the newest documents in the form of R2Z2. It forgets the others, and
// has no history, so that it can run for days.
type feed struct {
	mu   sync.RWMutex
	docs map[int64][]byte
	head int64 // newest number; 0 for none
}

// publish appends a document under the next number, which document is told.
func (f *feed) publish(document func(sequence int64) []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head++
	f.docs[f.head] = document(f.head)
	delete(f.docs, f.head-kept)
}

// ServeHTTP answers /ephemeral/sequence.json and /ephemeral/{sequence}.json.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/ephemeral/"), ".json")
	body := f.document(name)
	if body == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // a reader that is gone needs no answer
}

// document finds a document, or the pointer to the newest; nil when there is none.
func (f *feed) document(name string) []byte {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if name == "sequence" && f.head > 0 {
		return fmt.Appendf(nil, `{"sequence":%d}`, f.head)
	}
	sequence, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return nil
	}
	return f.docs[sequence]
}
