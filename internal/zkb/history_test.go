package zkb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

const day = zkb.Day("20260101") // of all documents made by body

// past runs a history against a fake in a synctest bubble.
func past(t *testing.T, source *fake.R2Z2, change func(*zkb.Config), act func(t *testing.T, h *zkb.History)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.MaxRate = 1
		if change != nil {
			change(&cfg)
		}
		h, err := zkb.NewHistory(cfg, zkb.Deps{Transport: fake.Transport{Handler: prefix{source}}})
		if err != nil {
			t.Fatal(err)
		}
		act(t, h)
		if most := source.MostInFlight(); most > 1 {
			t.Errorf("%d requests were in flight at once, want 1", most)
		}
	})
}

// readAll reads a day in every way and returns how many killmails each named.
func readAll(t *testing.T, h *zkb.History) (total, hashes, raw int) {
	t.Helper()
	totals, err := h.Totals(t.Context())
	if err != nil {
		t.Fatalf("totals: %v", err)
	}
	byID, err := h.Hashes(t.Context(), day)
	if err != nil {
		t.Fatalf("hashes: %v", err)
	}
	err = h.Raw(t.Context(), day, func(d zkb.RawDocument) error {
		if d.Err != nil || d.Document.Killmail.ID != d.ID || len(byID[d.ID]) != 40 {
			t.Errorf("killmail %d: %v", d.ID, d.Err)
		}
		raw++
		return nil
	})
	if err != nil {
		t.Fatalf("raw: %v", err)
	}
	return totals[day], len(byID), raw
}

func TestHistoryOfADay(t *testing.T) {
	past(t, published(30), nil, func(t *testing.T, h *zkb.History) {
		if total, hashes, raw := readAll(t, h); total != 30 || hashes != 30 || raw != 30 {
			t.Errorf("got %d killmails by totals, %d by hashes, %d raw; want 30", total, hashes, raw)
		}
		if _, err := h.Hashes(t.Context(), "20251231"); !errors.Is(err, zkb.ErrNoHistory) {
			t.Errorf("day without killmails: got %v, want ErrNoHistory", err)
		}
		if err := h.Raw(t.Context(), "20251231", nil); !errors.Is(err, zkb.ErrNoHistory) {
			t.Errorf("raw day without killmails: got %v, want ErrNoHistory", err)
		}
	})
}

func TestHistoryIsAskedPolitely(t *testing.T) {
	source := published(3)
	past(t, source, nil, func(t *testing.T, h *zkb.History) {
		start := time.Now()
		for range 10 {
			readAll(t, h)
		}
		if took := time.Since(start); took < 29*time.Second {
			t.Errorf("30 files in %v, want one a second", took)
		}
		for _, q := range source.Requests() {
			if q.UserAgent != "BattleScope (pilot@example.org)" || q.AcceptEncoding != "gzip" {
				t.Errorf("request with User-Agent %q and Accept-Encoding %q", q.UserAgent, q.AcceptEncoding)
			}
		}
	})
}

// TestHistoryFaultsPass lets each file fail twice in every way: it is asked for again.
func TestHistoryFaultsPass(t *testing.T) {
	for name, what := range map[string]fake.Fault{
		"403": fake.Forbidden(), "429": fake.TooManyRequests("30"), "503": fake.Status(503, ""), "HTML": fake.HTML(),
		"truncated": fake.Truncated(), "nonsense": fake.Body([]byte(`{"x":[1]}`)), "hang": fake.Hang(), "empty": fake.Body(nil),
	} {
		t.Run(name, func(t *testing.T) {
			source := published(30)
			for _, path := range []string{"totals.json", "/history/20260101.json", "raw/20260101.json"} {
				source.InjectAt(path, 2, what)
			}
			past(t, source, nil, func(t *testing.T, h *zkb.History) {
				if total, hashes, raw := readAll(t, h); total != 30 || hashes != 30 || raw != 30 {
					t.Errorf("got %d killmails by totals, %d by hashes, %d raw; want 30", total, hashes, raw)
				}
			})
		})
	}
}

func TestHistoryThatStaysAwayIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		fault fake.Fault
		hint  string
	}{"503": {fake.Status(503, ""), "trouble"}, "403": {fake.Forbidden(), "contact"}, "truncated": {fake.Truncated(), "trouble"}} {
		t.Run(name, func(t *testing.T) {
			source := published(3)
			source.Inject(-1, test.fault)
			past(t, source, nil, func(t *testing.T, h *zkb.History) {
				err := h.Raw(t.Context(), day, func(zkb.RawDocument) error { return errors.New("called") })
				if err == nil || !strings.Contains(fault.HintOf(err), test.hint) || !strings.Contains(err.Error(), "raw/20260101.json") {
					t.Errorf("got %v with hint %q, want the file and a hint of %q", err, fault.HintOf(err), test.hint)
				}
				if n := len(source.Requests()); n != 4 {
					t.Errorf("asked %d times, want 4", n)
				}
			})
		})
	}
}

func TestHistoryEndsWithItsContext(t *testing.T) {
	source := published(3)
	source.Inject(-1, fake.Hang())
	past(t, source, nil, func(t *testing.T, h *zkb.History) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := h.Totals(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the context", err)
		}
	})
}

func TestHistoryFileTooLarge(t *testing.T) {
	past(t, published(30), func(c *zkb.Config) { c.HistoryMaxBytes = 1000 }, func(t *testing.T, h *zkb.History) {
		if err := h.Raw(t.Context(), day, nil); err == nil || !strings.Contains(err.Error(), "larger than the limit") {
			t.Errorf("got %v, want the limit", err)
		}
	})
}

// TestHistoryBrokenKillmail: one broken killmail does not cost the day.
func TestHistoryBrokenKillmail(t *testing.T) {
	source := published(3)
	source.InjectAt("raw/", -1, fake.Body(fmt.Appendf(nil, `{"1":{"killmail_id":1},"2":null,"%d":{"killmail_id":4,"killmail_time":"2026-01-01T12:00:00Z","solar_system_id":30002187,"victim":{},"attackers":[]}}`, 3)))
	past(t, source, nil, func(t *testing.T, h *zkb.History) {
		broken := 0
		err := h.Raw(t.Context(), day, func(d zkb.RawDocument) error {
			if d.Err != nil && len(d.Raw) > 0 && d.Document.Empty() {
				broken++
			}
			return nil
		})
		if err != nil || broken != 3 {
			t.Errorf("got %d broken and %v, want 3", broken, err)
		}
	})
}

func TestHistoryHandlerErrorEndsTheDay(t *testing.T) {
	past(t, published(30), nil, func(t *testing.T, h *zkb.History) {
		full, n := errors.New("disk is full"), 0
		err := h.Raw(t.Context(), day, func(zkb.RawDocument) error { n++; return full })
		if !errors.Is(err, full) || n != 1 {
			t.Errorf("got %v after %d killmails, want the handler's error after 1", err, n)
		}
	})
}

func TestDay(t *testing.T) {
	t.Parallel()
	if got := zkb.DayOf(time.Date(2021, 11, 28, 23, 59, 59, 0, time.UTC)); got != "20211128" {
		t.Errorf("got %s, want 20211128", got)
	}
	if got := zkb.Day("20211128").Time(); !got.Equal(time.Date(2021, 11, 28, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("got %v", got)
	}
	if got := zkb.Day("2021").Time(); !got.IsZero() {
		t.Errorf("got %v for no day, want none", got)
	}
}
