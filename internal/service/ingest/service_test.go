package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// documents makes n documents of the feed from a number on.
func documents(first, n int64) []fake.Document {
	out := make([]fake.Document, n)
	for i := range out {
		s := first + int64(i)
		out[i] = fake.Document{Sequence: s, Body: fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%s","esi":{"killmail_id":%[1]d,`+
			`"killmail_time":"2026-03-01T00:00:00Z","solar_system_id":30002813,"victim":{"ship_type_id":587,"character_id":90000001},`+
			`"attackers":[{"character_id":90000002,"final_blow":true}]},"zkb":{"totalValue":5},"uploaded_at":946684800,"sequence_id":%[3]d}`,
			100_000+s, strings.Repeat("ab", 20), s)}
	}
	return out
}

// run plays the service against a feed in a bubble; it ends with act.
func run(t *testing.T, source *fake.R2Z2, s *memory, act func(t *testing.T)) {
	t.Helper()
	cfg := zkb.DefaultConfig()
	cfg.BaseURL, cfg.Contact = "http://feed.test", "pilot@example.org"
	feed, err := zkb.New(cfg, zkb.Deps{Transport: fake.Transport{Handler: source}})
	if err != nil {
		t.Fatal(err)
	}
	service := &ingest.Service{Intake: intake(t, s, membus.New(), time.Now), Feed: feed, Status: s, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	act(t)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run ended with %v, want nil", err)
	}
}

// after lets time of the bubble pass.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// sequences lists the documents that were stored, in order.
func sequences(s *memory) []int64 {
	var out []int64
	for _, b := range s.saved() {
		for _, d := range b.Documents {
			out = append(out, d.Sequence)
		}
	}
	return out
}

func numbers(first, last int64) []int64 {
	var out []int64
	for n := first; n <= last; n++ {
		out = append(out, n)
	}
	return out
}

func last[T any](list []T) T { return list[len(list)-1] }

func TestFeedIsStoredAndResumed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source, s := fake.NewR2Z2(documents(1000, 200)...), &memory{cursor: 1000, at: time.Now()}
		source.Publish(60)
		run(t, source, s, func(t *testing.T) {
			after(2 * time.Minute)
			if diff := cmp.Diff(numbers(1001, 1059), sequences(s)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if got := last(s.status()); got.State != store.FeedLive || got.Error != "" || got.LastDocumentAt.IsZero() || got.Feed != ingest.FeedName {
				t.Errorf("got the status %+v, want live", got)
			}
		})
		source.PublishAll()
		after(time.Hour) // the process is away
		run(t, source, s, func(*testing.T) { after(2 * time.Minute) })
		if diff := cmp.Diff(numbers(1001, 1199), sequences(s)); diff != "" {
			t.Errorf("stored after a restart (-want +got):\n%s", diff)
		}
		for _, b := range s.saved() {
			if b.Source != ingest.FeedName || b.Feed != ingest.FeedName || !b.Announce || b.Cursor < last(append([]int64{0}, seqOf(b)...)) {
				t.Errorf("got a batch of %q for %q with cursor %d, announced %v", b.Source, b.Feed, b.Cursor, b.Announce)
			}
		}
	})
}

func seqOf(b store.Batch) []int64 {
	var out []int64
	for _, d := range b.Documents {
		out = append(out, d.Sequence)
	}
	return out
}

func TestFailingStoreLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source, s := fake.NewR2Z2(documents(1000, 50)...), &memory{cursor: 1000, at: time.Now()}
		source.Publish(20)
		run(t, source, s, func(t *testing.T) {
			after(time.Minute)
			s.fail(errors.New("disk is full"))
			source.PublishAll()
			after(20 * time.Minute)
			if refused := s.fail(nil); refused < 2 {
				t.Errorf("the batch was offered %d times in 20 minutes", refused)
			}
			if got := last(s.status()); got.State != store.FeedOffline || !strings.Contains(got.Error, "disk is full") {
				t.Errorf("got the status %+v, want offline with the reason", got)
			}
			after(10 * time.Minute)
			if got := last(s.status()); got.State != store.FeedLive || got.Error != "" && !strings.Contains(got.Error, "nothing has been published") {
				t.Errorf("got the status %+v, want live again", got)
			}
		})
		if diff := cmp.Diff(numbers(1001, 1049), sequences(s)); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
	})
}

func TestBrokenDocumentIsPutAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		docs := documents(1000, 10)
		docs[4].Body = []byte(`{"killmail_id":7,"esi":{}}`)
		docs[6].Body = nil
		source, s := fake.NewR2Z2(docs...), &memory{cursor: 1000, at: time.Now()}
		source.PublishAll()
		run(t, source, s, func(*testing.T) { after(time.Hour) })
		if diff := cmp.Diff([]int64{1001, 1002, 1003, 1005, 1007, 1008, 1009}, sequences(s)); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		letters := map[string]store.DeadLetter{}
		for _, b := range s.saved() {
			for _, l := range b.DeadLetters {
				letters[l.Reference] = l
			}
		}
		if len(letters) != 2 || string(letters["1004"].Body) != string(docs[4].Body) || letters["1004"].Reason == "" || letters["1006"].Source != ingest.FeedName {
			t.Errorf("got the dead letters %+v, want 1004 and 1006 with their bytes", letters)
		}
	})
}

func TestUnreadableCursorEndsRun(t *testing.T) {
	t.Parallel()
	broken := errors.New("database is gone")
	in, s, _ := setUp(t)
	s.fail(broken)
	service := &ingest.Service{Intake: in, Status: s, Log: slog.New(slog.DiscardHandler)}
	if err := service.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestFeedInUseEndsRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source, s := fake.NewR2Z2(documents(1000, 2)...), &memory{}
		source.PublishAll()
		cfg := zkb.DefaultConfig()
		cfg.BaseURL, cfg.Contact = "http://feed.test", "pilot@example.org"
		feed, err := zkb.New(cfg, zkb.Deps{Transport: fake.Transport{Handler: source}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- feed.Run(ctx, zkb.Cursor{}, func(context.Context, zkb.Batch) error { return nil })
		}()
		synctest.Wait()
		service := &ingest.Service{Intake: intake(t, s, membus.New(), time.Now), Feed: feed, Status: s, Log: slog.New(slog.DiscardHandler)}
		if err := service.Run(t.Context()); err == nil {
			t.Error("a feed that is being read already was read again")
		}
		cancel()
		<-ended
	})
}
