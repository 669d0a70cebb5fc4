package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pointerLag is how far the real feed lets its pointer fall behind before it is
// rewritten: it is when the newest number is more than this ahead.
const pointerLag = 51

// Document is one numbered document of the feed.
type Document struct {
	Sequence int64
	Body     []byte // R2Z2 JSON, served as it is
}

// R2Z2 is a feed. It is an http.Handler, and safe for concurrent use. The zero
// value is an empty feed that rewrites its pointer at once; NewR2Z2 makes one with
// the lag of the real feed.
type R2Z2 struct {
	front
	mu      sync.Mutex
	queue   []Document // loaded, not published
	docs    map[int64][]byte
	days    map[string]map[string]historic
	head    int64 // newest number published
	pointer int64
	lag     int64
	stuck   bool // pointer does not move
	stalled bool // nothing is published
}

// historic is a killmail as the history keeps it.
type historic struct {
	hash string
	esi  json.RawMessage
}

// NewR2Z2 returns a feed with the documents loaded and none of them published.
func NewR2Z2(documents ...Document) *R2Z2 {
	f := &R2Z2{lag: pointerLag}
	f.Load(documents...)
	return f
}

// Load appends documents to those that wait for being published. Their numbers must ascend.
func (f *R2Z2) Load(documents ...Document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, documents...)
}

// Publish makes the next n loaded documents available, or all that are left when
// there are fewer, and returns how many. While the feed is stalled that is none.
func (f *R2Z2) Publish(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stalled {
		return 0
	}
	n = min(n, len(f.queue))
	for _, document := range f.queue[:n] {
		f.publish(document)
	}
	f.queue = f.queue[n:]
	return n
}

// PublishAll makes all loaded documents available.
func (f *R2Z2) PublishAll() int { return f.Publish(int(^uint(0) >> 1)) }

func (f *R2Z2) publish(document Document) {
	if f.docs == nil {
		f.docs, f.days = map[int64][]byte{}, map[string]map[string]historic{}
	}
	f.docs[document.Sequence] = document.Body
	f.head = document.Sequence
	if !f.stuck && (f.pointer == 0 || f.head-f.pointer > f.lag) {
		f.pointer = f.head
	}
	var envelope struct {
		ID   int64           `json:"killmail_id"`
		Hash string          `json:"hash"`
		ESI  json.RawMessage `json:"esi"`
	}
	var esi struct {
		Time time.Time `json:"killmail_time"`
	}
	if json.Unmarshal(document.Body, &envelope) != nil || json.Unmarshal(envelope.ESI, &esi) != nil {
		return // a broken document is served like any other but makes no history
	}
	day := esi.Time.UTC().Format("20060102")
	if f.days[day] == nil {
		f.days[day] = map[string]historic{}
	}
	f.days[day][strconv.FormatInt(envelope.ID, 10)] = historic{hash: envelope.Hash, esi: envelope.ESI}
}

// Rewrite replaces a published document in place, as the real feed does for new labels.
func (f *R2Z2) Rewrite(sequence int64, body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.docs[sequence] = body
}

// Hole removes published documents, so that their numbers answer 404.
func (f *R2Z2) Hole(sequences ...int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, sequence := range sequences {
		delete(f.docs, sequence)
	}
}

// Expire removes all published documents below a number, as the end of their retention does.
func (f *R2Z2) Expire(below int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for sequence := range f.docs {
		if sequence < below {
			delete(f.docs, sequence)
		}
	}
}

// Stall switches publishing off or on again.
func (f *R2Z2) Stall(stalled bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stalled = stalled
}

// StaleHead keeps the pointer where it is, or lets it move again and moves it to the head.
func (f *R2Z2) StaleHead(stale bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stuck = stale; !stale {
		f.pointer = f.head
	}
}

// Head returns the newest number published, 0 when there is none.
func (f *R2Z2) Head() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.head
}

// ServeHTTP answers like r2z2.zkillboard.com: the feed below /ephemeral/, the
// history below /history/. Blank User-Agents and library defaults get 403.
func (f *R2Z2) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done := f.begin()
	defer done()
	recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() { f.note(r, recorded.status) }()

	body, found := f.answer(r.URL.Path)
	if fault := f.faultFor(r.URL.Path); fault != nil {
		fault.serve(recorded, r, body)
		return
	}
	switch {
	case blocked(r):
		page(recorded, http.StatusForbidden, "blocked")
	case !found:
		page(recorded, http.StatusNotFound, "not found")
	default:
		reply(recorded, r, body)
	}
}

// answer finds what lies at a path.
func (f *R2Z2) answer(path string) (body []byte, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case dir == "ephemeral" && name == "sequence.json":
		return fmt.Appendf(nil, `{"sequence":%d}`, f.pointer), f.pointer > 0
	case dir == "ephemeral":
		sequence, err := strconv.ParseInt(strings.TrimSuffix(name, ".json"), 10, 64)
		body, found = f.docs[sequence]
		return body, found && err == nil
	case dir == "history":
		return f.history(strings.TrimSuffix(name, ".json"))
	}
	return nil, false
}

// history answers below /history/: totals, a day's map of id to hash, or a day's killmails.
func (f *R2Z2) history(name string) ([]byte, bool) {
	if name == "totals" {
		totals := map[string]int{}
		for day, mails := range f.days {
			totals[day] = len(mails)
		}
		return encode(totals), true
	}
	day, raw := strings.CutPrefix(name, "raw/")
	mails, found := f.days[day]
	if !found {
		return nil, false
	}
	answer := make(map[string]any, len(mails))
	for id, mail := range mails {
		if raw {
			answer[id] = mail.esi
		} else {
			answer[id] = mail.hash
		}
	}
	return encode(answer), true
}

// Days lists the days the history has, ascending, as YYYYMMDD.
func (f *R2Z2) Days() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	days := make([]string, 0, len(f.days))
	for day := range f.days {
		days = append(days, day)
	}
	sort.Strings(days)
	return days
}

func encode(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("fake: encode history: %v", err)) // maps of valid JSON always encode
	}
	return body
}

// Numbered gives documents ascending numbers from first on.
func Numbered(first int64, bodies [][]byte) []Document {
	documents := make([]Document, len(bodies))
	for i, body := range bodies {
		documents[i] = Document{Sequence: first + int64(i), Body: body}
	}
	return documents
}
