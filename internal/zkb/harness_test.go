package zkb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// documents makes n invented documents from a number on.
func documents(first, n int64) []fake.Document {
	list := make([]fake.Document, n)
	for i := range list {
		sequence := first + int64(i)
		list[i] = fake.Document{Sequence: sequence, Body: body(sequence, 100_000+sequence)}
	}
	return list
}

// body is one R2Z2 document.
func body(sequence, killmailID int64) []byte {
	return fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%s","esi":{"killmail_id":%[1]d,"killmail_time":"2026-01-01T12:00:00Z","solar_system_id":30002187,`+
		`"victim":{"ship_type_id":587,"damage_taken":7,"corporation_id":98000001},`+
		`"attackers":[{"damage_done":7,"final_blow":true,"security_status":0.5,"corporation_id":98000002}]},`+
		`"zkb":{"totalValue":100.5,"points":1,"npc":false,"solo":false,"awox":false,"labels":["pvp"]},"uploaded_at":%[3]d,"sequence_id":%[4]d}`,
		killmailID, strings.Repeat("ab", 20), time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC).Unix()+sequence, sequence)
}

// reader runs a feed against a fake in a synctest bubble and keeps what it is given.
type reader struct {
	source *fake.R2Z2
	feed   *zkb.Feed

	mu      sync.Mutex
	given   []zkb.Batch
	refusal error // what the handler answers while not nil
	refused int
}

func config() zkb.Config {
	cfg := zkb.DefaultConfig()
	cfg.BaseURL, cfg.Contact = "http://feed.test/root", "pilot@example.org"
	return cfg
}

// play runs the feed from a cursor and calls act beside it; the feed ends with act.
// Time in act is that of the bubble: it passes when everybody waits.
func play(t *testing.T, source *fake.R2Z2, cursor zkb.Cursor, change func(*zkb.Config), act func(t *testing.T, r *reader)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		if change != nil {
			change(&cfg)
		}
		feed, err := zkb.New(cfg, zkb.Deps{Transport: fake.Transport{Handler: prefix{source}}})
		if err != nil {
			t.Fatal(err)
		}
		r := &reader{source: source, feed: feed}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- feed.Run(ctx, cursor, r.handle) }()
		act(t, r)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v, want context.Canceled", err)
		}
		if most := source.MostInFlight(); most > 1 {
			t.Errorf("%d requests were in flight at once, want 1", most)
		}
	})
}

func (r *reader) handle(_ context.Context, batch zkb.Batch) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refusal != nil {
		r.refused++
		return r.refusal
	}
	r.given = append(r.given, batch)
	return nil
}

// refuse lets the handler fail from now on, or succeed with nil, and tells how often it failed.
func (r *reader) refuse(err error) (refused int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refusal = err
	return r.refused
}

// batches lists what the handler accepted.
func (r *reader) batches() []zkb.Batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.given)
}

// after lets time pass for the feed.
func (r *reader) after(d time.Duration) {
	time.Sleep(d) // the clock of the bubble
	synctest.Wait()
}

// sequences lists what the handler was given.
func (r *reader) sequences() []int64 {
	var list []int64
	for _, batch := range r.batches() {
		for _, document := range batch.Documents {
			list = append(list, document.Sequence)
		}
	}
	return list
}

func (r *reader) gaps() []zkb.Gap {
	var list []zkb.Gap
	for _, batch := range r.batches() {
		list = append(list, batch.Gaps...)
	}
	return list
}

// want checks that exactly the numbers first to last were handed over, each once and in order.
func (r *reader) want(t *testing.T, first, last int64) {
	t.Helper()
	got := r.sequences()
	if int64(len(got)) != last-first+1 {
		t.Errorf("got %d documents %v, want %d to %d", len(got), got, first, last)
		return
	}
	for i, sequence := range got {
		if sequence != first+int64(i) {
			t.Errorf("got sequence %d at place %d, want %d", sequence, i, first+int64(i))
			return
		}
	}
	batches := r.batches()
	if cursor := batches[len(batches)-1].Cursor.Sequence; cursor != last || r.feed.State().Cursor != last {
		t.Errorf("cursor is %d, state says %d, want %d", cursor, r.feed.State().Cursor, last)
	}
}

// phase checks what the feed says it is doing.
func (r *reader) phase(t *testing.T, want zkb.Phase) {
	t.Helper()
	if got := r.feed.State(); got.Phase != want {
		t.Errorf("phase is %s (problem %+v), want %s", got.Phase, got.Problem, want)
	}
}

// asked counts the requests whose path ends so.
func (r *reader) asked(suffix string) int {
	n := 0
	for _, request := range r.source.Requests() {
		if strings.HasSuffix(request.Path, suffix) {
			n++
		}
	}
	return n
}
