package stack_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// reader follows the live stream of one process, as a browser does: it comes back
// with the last id it has seen whenever the stream breaks.
type reader struct {
	site func() string
	mu   sync.Mutex
	seen []event
}

type event struct {
	id    int64
	topic string
	about int64 // killmail or battle
}

// follow reads the stream of a site from the beginning until the test ends.
func follow(t *testing.T, site func() string) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, ended := &reader{site: site}, make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			r.connect(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return r
}

func (r *reader) connect(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.site()+"/api/v1/killmails/stream", nil)
	if err != nil {
		return
	}
	req.Header.Set("Last-Event-ID", strconv.FormatInt(r.last(), 10))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	var e event
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			e.id, _ = strconv.ParseInt(value, 10, 64)
		case "event":
			e.topic = value
		case "data":
			var body struct {
				ID int64 `json:"id"`
			}
			_ = json.Unmarshal([]byte(value), &body)
			e.about = body.ID
		case "":
			if e.id > 0 {
				r.mu.Lock()
				r.seen = append(r.seen, e)
				r.mu.Unlock()
			}
			e = event{}
		}
	}
}

func (r *reader) last() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		return 0
	}
	return r.seen[len(r.seen)-1].id
}

func (r *reader) events() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}
