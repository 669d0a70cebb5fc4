package zkb_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// relayReader runs a feed against a relay in a synctest bubble.
type relayReader struct {
	relay *fake.RedisQ
	feed  *zkb.Feed

	mu    sync.Mutex
	given []zkb.Batch
}

func relayConfig() zkb.Config {
	cfg := zkb.DefaultRedisQ()
	cfg.BaseURL, cfg.Contact, cfg.QueueID = "http://relay.test", "pilot@example.org", "battlescope test"
	return cfg
}

func listenTo(t *testing.T, form fake.Form, cursor zkb.Cursor, prepare func(*fake.RedisQ), act func(t *testing.T, r *relayReader)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &relayReader{relay: fake.NewRedisQ(form)}
		if prepare != nil {
			prepare(r.relay)
		}
		var err error
		if r.feed, err = zkb.NewRedisQ(relayConfig(), zkb.Deps{Transport: fake.Transport{Handler: r.relay}}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- r.feed.Run(ctx, cursor, func(_ context.Context, b zkb.Batch) error {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.given = append(r.given, b)
				return nil
			})
		}()
		act(t, r)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v, want context.Canceled", err)
		}
		if most := r.relay.MostInFlight(); most > 1 {
			t.Errorf("%d requests were in flight at once, want 1", most)
		}
	})
}

func (r *relayReader) after(d time.Duration) {
	time.Sleep(d) // the clock of the bubble
	synctest.Wait()
}

// counts sums what was handed over.
func (r *relayReader) counts() (whole, partial, broken int, gaps []zkb.Gap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.given {
		whole, partial, broken, gaps = whole+len(b.Documents), partial+len(b.Partial), broken+len(b.Broken), append(gaps, b.Gaps...)
	}
	return whole, partial, broken, gaps
}

// cursor is the last one handed over.
func (r *relayReader) cursor() zkb.Cursor {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.given) == 0 {
		return zkb.Cursor{}
	}
	return r.given[len(r.given)-1].Cursor
}

// bodies makes n documents.
func bodies(first, n int64) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = body(0, first+int64(i))
	}
	return list
}

// TestRelayForms reads every form a relay has had.
func TestRelayForms(t *testing.T) {
	for name, form := range map[string]fake.Form{"package": fake.Direct, "redirect": fake.Redirected, "without killmail": fake.WithoutMail} {
		t.Run(name, func(t *testing.T) {
			push := func(relay *fake.RedisQ) { relay.Push(bodies(1, 5)...) }
			listenTo(t, form, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
				r.after(30 * time.Second)
				r.relay.Push(bodies(6, 1)...)
				r.after(10 * time.Second)
				whole, partial, broken, gaps := r.counts()
				want, wantPartial := 6, 0
				if form == fake.WithoutMail {
					want, wantPartial = 0, 6
				}
				if whole != want || partial != wantPartial || broken > 0 || len(gaps) > 0 || r.relay.Left() != 0 {
					t.Errorf("got %d killmails, %d names, %d broken, gaps %v; want %d and %d", whole, partial, broken, gaps, want, wantPartial)
				}
				if got := r.cursor().Sequence; got != 6 {
					t.Errorf("cursor is %d, want 6", got)
				}
				s := r.feed.State()
				if s.Phase != zkb.PhaseLive || s.Documents != 6 || s.Behind != 0 {
					t.Errorf("state is %+v, want live with 6 documents", s)
				}
			})
		})
	}
}

// TestRelayPartialKeepsBytes: who completes a document needs id, hash and the bytes.
func TestRelayPartialKeepsBytes(t *testing.T) {
	push := func(relay *fake.RedisQ) { relay.Push(bodies(7, 1)...) }
	listenTo(t, fake.WithoutMail, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
		r.after(10 * time.Second)
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.given) == 0 || len(r.given[0].Partial) != 1 {
			t.Fatalf("got %+v, want one partial document", r.given)
		}
		p := r.given[0].Partial[0]
		if p.Document.Ref == nil || p.Document.Ref.ID != 7 || len(p.Document.Ref.Hash) != 40 || !strings.Contains(string(p.Raw), `"killID":7`) {
			t.Errorf("got %+v with %s", p.Document.Ref, p.Raw)
		}
	})
}

// TestRelayIsAskedPolitely: two requests a second at most, and not faster when the
// relay does not wait before it says that there is nothing.
func TestRelayIsAskedPolitely(t *testing.T) {
	push := func(relay *fake.RedisQ) { relay.Push(bodies(1, 100)...) }
	listenTo(t, fake.Redirected, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
		r.after(20 * time.Second)
		requests := r.relay.Requests()
		if n := len(requests); n < 38 || n > 41 {
			t.Errorf("%d requests in 20 s, want 2 a second", n)
		}
		for _, q := range requests {
			if q.UserAgent != "BattleScope (pilot@example.org)" {
				t.Errorf("request with User-Agent %q", q.UserAgent)
			}
		}
		r.after(2 * time.Minute)
		r.relay.Forget()
		r.relay.Inject(-1, fake.Body([]byte(`{"package":null}`)))
		r.after(time.Minute)
		if n := len(r.relay.Requests()); n > 12 {
			t.Errorf("%d requests in a minute to a relay that has nothing, want one in 6 s", n)
		}
	})
}

// TestRelayRefusals lets the relay fail in every way while it hands over: nothing may be lost.
func TestRelayRefusals(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"403": fake.Forbidden(), "429": fake.TooManyRequests("30"), "503": fake.Status(503, ""), "HTML": fake.HTML(), "hang": fake.Hang(), "404": fake.Missing(),
	} {
		t.Run("listen "+name, func(t *testing.T) {
			push := func(relay *fake.RedisQ) {
				relay.Push(bodies(1, 5)...)
				relay.InjectAt("listen.php", 2, fault)
			}
			listenTo(t, fake.Direct, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
				r.after(40 * time.Second)
				if p := r.feed.State().Problem; p == nil || p.Hint == "" {
					t.Errorf("problem is %+v, want it told with a hint", p)
				}
				r.after(2 * time.Hour)
				if whole, _, broken, gaps := r.counts(); whole != 5 || broken > 0 || len(gaps) > 0 {
					t.Errorf("got %d killmails, %d broken, gaps %v; want 5", whole, broken, gaps)
				}
			})
		})
		if name == "404" {
			continue // at an object it means that it is gone
		}
		t.Run("object "+name, func(t *testing.T) {
			push := func(relay *fake.RedisQ) {
				relay.Push(bodies(1, 5)...)
				relay.InjectAt("object.php", 2, fault)
			}
			listenTo(t, fake.Redirected, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
				r.after(2 * time.Hour)
				if whole, _, broken, gaps := r.counts(); whole != 5 || broken > 0 || len(gaps) > 0 {
					t.Errorf("got %d killmails, %d broken, gaps %v; want 5", whole, broken, gaps)
				}
			})
		})
	}
}

func TestRelayObjectThatExpiredIsTold(t *testing.T) {
	push := func(relay *fake.RedisQ) {
		relay.Push(bodies(1, 3)...)
		relay.InjectAt("object.php", 1, fake.Missing())
	}
	listenTo(t, fake.Redirected, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
		r.after(time.Minute)
		whole, _, _, gaps := r.counts()
		if whole != 2 || len(gaps) != 1 || gaps[0].Reason != zkb.GapExpired || gaps[0].Since.IsZero() || gaps[0].Until.IsZero() {
			t.Errorf("got %d killmails and gaps %+v, want 2 and the time of what is gone", whole, gaps)
		}
		if s := r.feed.State(); s.Expired != 1 || s.Problem == nil || !strings.Contains(s.Problem.Text, "lost to the relay") {
			t.Errorf("state is %+v, want the loss told", s)
		}
	})
}

// TestRelayBrokenPackages: what was taken off the queue does not come again, unless
// the relay pointed to it.
func TestRelayBrokenPackages(t *testing.T) {
	for name, form := range map[string]fake.Form{"direct": fake.Direct, "redirect": fake.Redirected} {
		t.Run(name, func(t *testing.T) {
			push := func(relay *fake.RedisQ) {
				relay.Push(append(bodies(1, 1), []byte(`{"package":{"killID":2}}`), []byte(`{"trunc`))...)
				relay.Push(bodies(3, 1)...)
			}
			listenTo(t, form, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
				r.after(10 * time.Minute)
				// At an address, the second question finds it gone: the bytes of the first stay.
				if whole, _, broken, gaps := r.counts(); whole != 2 || broken != 2 || len(gaps) != 0 {
					t.Errorf("got %d killmails, %d broken, gaps %v; want 2 and 2", whole, broken, gaps)
				}
			})
		})
	}
}

func TestRelayTruncatedObjectIsAskedForAgain(t *testing.T) {
	push := func(relay *fake.RedisQ) {
		relay.Push(bodies(1, 2)...)
		relay.InjectAt("object.php", 3, fake.Truncated())
	}
	listenTo(t, fake.Redirected, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
		r.after(5 * time.Minute)
		if whole, _, broken, gaps := r.counts(); whole != 2 || broken > 0 || len(gaps) > 0 {
			t.Errorf("got %d killmails, %d broken, gaps %v; want 2", whole, broken, gaps)
		}
	})
}

func TestRelayThatForgotTheQueueIsTold(t *testing.T) {
	away := time.Date(1999, 12, 31, 20, 0, 0, 0, time.UTC) // four hours before the bubble begins
	listenTo(t, fake.Direct, zkb.Cursor{Sequence: 9, At: away}, nil, func(t *testing.T, r *relayReader) {
		r.after(time.Minute)
		_, _, _, gaps := r.counts()
		if len(gaps) != 1 || !gaps[0].Since.Equal(away) || gaps[0].Until.IsZero() || gaps[0].Reason != zkb.GapExpired {
			t.Errorf("got gaps %+v, want one since %v", gaps, away)
		}
	})
}

func TestRelayThatKeptTheQueue(t *testing.T) {
	for name, at := range map[string]time.Time{"fresh": {}, "short": time.Date(1999, 12, 31, 22, 0, 0, 0, time.UTC)} {
		t.Run(name, func(t *testing.T) {
			listenTo(t, fake.Direct, zkb.Cursor{Sequence: 9, At: at}, nil, func(t *testing.T, r *relayReader) {
				r.after(time.Minute)
				if _, _, _, gaps := r.counts(); len(gaps) > 0 {
					t.Errorf("got gaps %+v, want none", gaps)
				}
			})
		})
	}
}

func TestRelayThatPointsInCircles(t *testing.T) {
	circle := fake.Moved("object.php?objectID=x")
	push := func(relay *fake.RedisQ) {
		relay.Push(bodies(1, 2)...)
		relay.Inject(20, circle)
	}
	listenTo(t, fake.Direct, zkb.Cursor{}, push, func(t *testing.T, r *relayReader) {
		r.after(8 * time.Second)
		if p := r.feed.State().Problem; p == nil || !strings.Contains(p.Text, "redirects") {
			t.Errorf("problem is %+v, want the redirects", p)
		}
		r.after(20 * time.Minute)
		if whole, _, _, _ := r.counts(); whole != 2 {
			t.Errorf("got %d killmails, want 2 when the circle ends", whole)
		}
	})
}

func TestRelayConfig(t *testing.T) {
	t.Parallel()
	for setting, change := range map[string]func(*zkb.Config){
		"QueueID":  func(c *zkb.Config) { c.QueueID = " " },
		"LongPoll": func(c *zkb.Config) { c.LongPoll = 11 * time.Second },
		"BaseURL":  func(c *zkb.Config) { c.BaseURL = "" },
		"Contact":  func(c *zkb.Config) { c.Contact = "" },
	} {
		cfg := relayConfig()
		change(&cfg)
		_, err := zkb.NewRedisQ(cfg, zkb.Deps{})
		var wrong *zkb.ConfigError
		if !errors.As(err, &wrong) || wrong.Setting != setting || wrong.Hint() == "" {
			t.Errorf("got %v, want a *zkb.ConfigError for %s", err, setting)
		}
	}
	cfg := relayConfig()
	cfg.BaseURL += "/listen.php"
	if _, err := zkb.NewRedisQ(cfg, zkb.Deps{}); err != nil {
		t.Errorf("address with listen.php: %v", err)
	}
}
