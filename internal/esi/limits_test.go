package esi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/test/fake"
)

// mails makes an ESI with killmails 1 to n.
func mails(n int64) *fake.ESI {
	source := fake.NewESI()
	for id := int64(1); id <= n; id++ {
		source.AddKillmail(id, hash, fmt.Appendf(nil,
			`{"killmail_id":%d,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`, id))
	}
	return source
}

// clients are n clients of one ESI, as in n processes.
func clients(t *testing.T, source http.Handler, n int, options ...esi.Option) []*esi.Client {
	t.Helper()
	out := make([]*esi.Client, n)
	for i := range out {
		c, err := esi.New(config(), fake.Transport{Handler: source}, time.Now, options...)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = c
	}
	return out
}

// silent is an ESI that does not say how much is left.
type silent struct{ *fake.ESI }

func (s silent) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.ESI.ServeHTTP(mute{w}, r) }

type mute struct{ http.ResponseWriter }

func (m mute) WriteHeader(status int) {
	m.Header().Del("X-Ratelimit-Remaining")
	m.ResponseWriter.WriteHeader(status)
}

func (m mute) Write(b []byte) (int, error) {
	m.Header().Del("X-Ratelimit-Remaining")
	return m.ResponseWriter.Write(b)
}

// fetch lets clients fetch killmails 1 to n among them, as fast as they may.
func fetch(t *testing.T, all []*esi.Client, n int64) {
	t.Helper()
	var wg sync.WaitGroup
	for i, c := range all {
		wg.Go(func() {
			for id := int64(i + 1); id <= n; id += int64(len(all)) {
				if _, err := c.Killmail(t.Context(), id, hash); err != nil {
					t.Errorf("killmail %d: %v", id, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestKillmailBudget is shared by all processes that share a limiter, so that ESI
// never refuses. Without one, they go by what ESI says is left, and are refused where
// it says nothing.
func TestKillmailBudget(t *testing.T) {
	const n = 4000
	for name, test := range map[string]struct {
		clients int
		shared  bool
		silent  bool
		refused bool
	}{
		"one process":                        {1, false, true, false},
		"three that share":                   {3, true, true, false},
		"three that do not":                  {3, false, true, true},
		"three that do not but are told":     {3, false, false, false},
		"three that share and are told more": {3, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source := mails(n)
				var options []esi.Option
				if test.shared {
					options = append(options, esi.Share(memcache.New(memcache.DefaultLimits, time.Now)))
				}
				var handler http.Handler = source
				if test.silent {
					handler = silent{source}
				}
				start := time.Now()
				fetch(t, clients(t, handler, test.clients, options...), n)
				if refused := statuses(source)[429]; refused > 0 != test.refused {
					t.Errorf("refused %d times, want refusals: %v", refused, test.refused)
				}
				if took := time.Since(start); !test.refused && (took < 30*time.Minute || took > 40*time.Minute) {
					t.Errorf("%d killmails took %v, want about 1,800 in 15 minutes", n, took)
				}
			})
		})
	}
}

// TestHoldsAreShared: what ESI tells one process, the others heed.
func TestHoldsAreShared(t *testing.T) {
	ask := map[string]func(context.Context, *esi.Client) error{
		"names": func(ctx context.Context, c *esi.Client) error {
			_, _, err := c.Names(ctx, []int64{90000001})
			return err
		},
		"killmail": func(ctx context.Context, c *esi.Client) error { _, err := c.Killmail(ctx, 1, hash); return err },
	}
	for name, test := range map[string]struct {
		fault  fake.Fault
		first  string
		second string
		min    time.Duration
	}{
		"420 holds every route":           {fake.ErrorLimited(40), "names", "killmail", 40 * time.Second},
		"420 of a group does, too":        {fake.ErrorLimited(40), "killmail", "names", 40 * time.Second},
		"429 holds its group":             {fake.TooManyRequests("300"), "killmail", "killmail", 300 * time.Second},
		"429 leaves other routes alone":   {fake.TooManyRequests("300"), "killmail", "names", 0},
		"429 of the others leaves groups": {fake.TooManyRequests("300"), "names", "killmail", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source := mails(1)
				source.AddNames(fake.Name{ID: 90000001, Name: "A", Category: "character"})
				source.Inject(1, test.fault)
				two := clients(t, source, 2, esi.Share(memcache.New(memcache.DefaultLimits, time.Now)))
				start := time.Now()
				failed := make(chan error, 1)
				go func() { failed <- ask[test.first](t.Context(), two[0]) }()
				synctest.Wait() // the first is refused and waits
				if err := ask[test.second](t.Context(), two[1]); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took < test.min || took > test.min+10*time.Second {
					t.Errorf("the other process got its answer after %v, want %v", took, test.min)
				}
				if err := <-failed; err != nil {
					t.Error(err)
				}
				if n := len(source.Requests()); n != 3 {
					t.Errorf("%d requests, want one that is refused and two that are answered", n)
				}
			})
		})
	}
}

// broken is a limiter that cannot be reached.
type broken struct{}

func (broken) Take(context.Context, string, cache.Bucket, int) (time.Duration, error) {
	return 0, errors.New("redis is gone")
}
func (broken) Hold(context.Context, string, time.Time) error { return errors.New("redis is gone") }

// TestLimiterGone: the process goes on within its own limits.
func TestLimiterGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := mails(400)
		start := time.Now()
		fetch(t, clients(t, source, 1, esi.Share(broken{})), 400)
		if took := time.Since(start); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("took %v, want 171 at the rate of all requests and the others at that of killmails", took)
		}
		source.Inject(1, fake.ErrorLimited(33))
		start = time.Now()
		fetch(t, clients(t, source, 1, esi.Share(broken{})), 1)
		if took := time.Since(start); took < 33*time.Second {
			t.Errorf("asked again %v after being refused, want 33s", took)
		}
	})
}

// TestNoTimeToWait: who has no time for the limits is told when to come again.
func TestNoTimeToWait(t *testing.T) {
	source := mails(1)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		later := (*esi.LaterError)(nil)
		source.Inject(1, fake.TooManyRequests("200"))
		for i := range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			start := time.Now()
			_, err := c.Killmail(ctx, 1, hash)
			if !errors.As(err, &later) || !esi.Passing(err) || later.After < 150*time.Second || later.After > 200*time.Second {
				t.Errorf("try %d: got %v, want to be told to come again in 200s", i, err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("try %d: waited %v for nothing", i, took)
			}
			cancel()
		}
		if n := len(source.Requests()); n != 1 {
			t.Errorf("%d requests, want one", n)
		}
	})
}

// TestDowntimeCostsFewRequests: ESI is left alone while it is away, and found again.
func TestDowntimeCostsFewRequests(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"502": fake.Status(502, ""), "HTML": fake.HTML(), "no answer": fake.Hang(),
	} {
		t.Run(name, func(t *testing.T) {
			source := mails(1)
			ask(t, source, func(t *testing.T, c *esi.Client) {
				source.Inject(-1, fault)
				for start := time.Now(); time.Since(start) < 30*time.Minute; time.Sleep(time.Second) {
					if _, err := c.Killmail(t.Context(), 1, hash); err == nil || !esi.Passing(err) {
						t.Fatalf("got %v, want a passing error", err)
					}
				}
				s := c.State()
				if n := len(source.Requests()); n > 40 || n < 10 {
					t.Errorf("%d requests in half an hour of downtime, want about one a minute", n)
				}
				if s.Err == nil || s.Away != !s.Until.IsZero() {
					t.Errorf("state is %+v, want the reason", s)
				}
				source.Heal()
				time.Sleep(time.Minute)
				if _, err := c.Killmail(t.Context(), 1, hash); err != nil {
					t.Errorf("a minute after: %v", err)
				}
				if s := c.State(); s.Away || s.Err != nil {
					t.Errorf("state is %+v, want nothing to complain of", s)
				}
			})
		})
	}
}

// TestRefusalsAreNotDowntime: who is refused has been answered.
func TestRefusalsAreNotDowntime(t *testing.T) {
	source := mails(1)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		for range 20 {
			if _, err := c.Killmail(t.Context(), 2, hash); !errors.Is(err, esi.ErrMismatch) {
				t.Fatalf("got %v, want a mismatch", err)
			}
		}
		if s := c.State(); s.Away || s.Err != nil {
			t.Errorf("state is %+v, want nothing to complain of", s)
		}
	})
}

// TestGivingUpLeavesNothingUndecided: the one request that is let through after a
// downtime may be given up by its caller.
func TestGivingUpLeavesNothingUndecided(t *testing.T) {
	source := mails(1)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		source.Inject(-1, fake.Status(502, ""))
		for !c.State().Away {
			_, _ = c.Killmail(t.Context(), 1, hash)
		}
		source.Heal()
		source.Inject(1, fake.Hang())
		time.Sleep(time.Until(c.State().Until) + time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Killmail(ctx, 1, hash); err == nil {
			t.Error("got an answer from one who hangs")
		}
		time.Sleep(2 * time.Minute)
		if _, err := c.Killmail(t.Context(), 1, hash); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

// TestLaterErrorSaysWhy for a person.
func TestLaterErrorSaysWhy(t *testing.T) {
	t.Parallel()
	err := error(&esi.LaterError{Path: "/x", After: 90 * time.Second, Err: errors.New("status 502")})
	if text := err.Error(); !strings.Contains(text, "1m30s") || !strings.Contains(text, "status 502") {
		t.Errorf("got %q", text)
	}
}
