package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store"
)

// healthStore answers what readiness asks for, and nothing else.
type healthStore struct {
	Store
	ping, schemaErr error
	have, known     int64
	feeds           []store.FeedStatus
	backlog         store.Backlog
	backlogErr      error
	runs            []store.VerifyRun
	runsErr         error
}

func (s healthStore) Ping(context.Context) error { return s.ping }

func (s healthStore) SchemaVersion(context.Context) (have, known int64, err error) {
	return s.have, s.known, s.schemaErr
}

func (s healthStore) FeedStatuses(context.Context) ([]store.FeedStatus, error) { return s.feeds, nil }

func (s healthStore) Backlog(context.Context) (store.Backlog, error) { return s.backlog, s.backlogErr }

func (s healthStore) VerifyRuns(context.Context, int) ([]store.VerifyRun, error) {
	return s.runs, s.runsErr
}

// shaky is a bus, and a cache, that does what it is told.
type shaky struct {
	bus.Bus
	Cache
	err error
}

func (s shaky) Ready(context.Context) error { return s.err }

func TestReadyz(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	sound := healthStore{have: 3, known: 3}
	gone := fault.Wrap(errors.New("secret path"), "Redis at redis://secret path", "is it running?")
	tests := map[string]struct {
		change func(*healthStore)
		status int
		check  string
		want   string // status, detail and hint of the check
	}{
		"sound":        {func(*healthStore) {}, 200, "schema", "ok version 3"},
		"store is off": {func(s *healthStore) { s.ping = errors.New("secret path") }, 503, "store", "fail does not answer the log"},
		"schema of a newer": {
			func(s *healthStore) { s.have = 4 }, 503, "schema",
			"fail version 4 is newer than this binary, which knows 3 start the newer",
		},
		"schema of an older": {func(s *healthStore) { s.have = 2 }, 503, "schema", "fail version 2 is older"},
		"schema unreadable":  {func(s *healthStore) { s.schemaErr = errors.New("no table") }, 503, "schema", "fail its version cannot be read"},
		"no feed":            {func(*healthStore) {}, 200, "feed", "info off"},
		"feed offline": {
			func(s *healthStore) {
				s.feeds = []store.FeedStatus{{State: store.FeedOffline, UpdatedAt: now, Error: "answer 403", Hint: "set a contact"}}
			}, 200, "feed", "warn offline: answer 403 set a contact",
		},
		"feed live": {
			func(s *healthStore) {
				s.feeds = []store.FeedStatus{{State: store.FeedLive, UpdatedAt: now, LastDocumentAt: now.Add(-90 * time.Second)}}
			}, 200, "feed", "info live, newest document of 1m30s ago",
		},
		"nothing waits": {func(*healthStore) {}, 200, "clustering", "info no killmail waits"},
		"some wait": {
			func(s *healthStore) {
				s.backlog = store.Backlog{Killmails: 12, OldestStoredAt: now.Add(-3 * time.Second)}
			},
			200, "clustering", "info 12 killmails wait for their battles, stored up to 3s ago",
		},
		"backlog unreadable": {func(s *healthStore) { s.backlogErr = errors.New("no table") }, 200, "clustering", "warn its backlog"},
		"not verified yet":   {func(*healthStore) {}, 200, "verification", "info has not run yet"},
		"verified": {
			func(s *healthStore) {
				s.runs = []store.VerifyRun{{FinishedAt: now.Add(-3 * time.Hour), Found: 2}}
			}, 200, "verification", "info 3h0m0s ago, 0 findings open",
		},
		"verified with findings": {
			func(s *healthStore) {
				s.runs = []store.VerifyRun{{FinishedAt: now.Add(-time.Minute), Found: 2, Open: 1}}
			}, 200, "verification", "warn 1m0s ago, 1 findings open battlescope verify-data",
		},
		"verified long ago": {
			func(s *healthStore) {
				s.runs = []store.VerifyRun{{FinishedAt: now.Add(-49 * time.Hour)}}
			}, 200, "verification", "warn 49h",
		},
		"verification unreadable": {func(s *healthStore) { s.runsErr = errors.New("no table") }, 200, "verification", "warn its results"},
	}
	ask := func(t *testing.T, d Deps) (*httptest.ResponseRecorder, health) {
		t.Helper()
		d.Log, d.Now = slog.New(slog.DiscardHandler), func() time.Time { return now }
		w := httptest.NewRecorder()
		(&Service{Deps: d}).readyz(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		var got health
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(w.Body.String(), "secret path") {
			t.Error("the error itself is shown")
		}
		return w, got
	}
	for name, tt := range map[string]struct {
		bus   bus.Bus
		cache Cache
		want  string
	}{
		"embedded":       {shaky{}, nil, "push ok live"},
		"all well":       {shaky{}, shaky{}, "push ok live, cache ok"},
		"no signals":     {shaky{err: gone}, shaky{}, "push warn is it running?, cache ok"},
		"no cache":       {shaky{}, shaky{err: gone}, "push ok live, cache warn is it running?"},
		"without a hint": {shaky{err: errors.New("secret path")}, nil, "push warn the log says why"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, got := ask(t, Deps{Store: sound, Bus: tt.bus, Cache: tt.cache})
			var parts []string
			for _, c := range got.Checks[4:] {
				if c.Name == "verification" {
					continue
				}
				text := c.Name + " " + c.Status
				if c.Status == "ok" {
					text += " " + c.Detail
				} else {
					text += " " + strings.SplitAfter(c.Hint, "?")[0]
					text, _, _ = strings.Cut(text, ";")
				}
				parts = append(parts, strings.TrimSpace(text))
			}
			if all := strings.Join(parts, ", "); all != tt.want || w.Code != http.StatusOK || got.Status != "ok" {
				t.Errorf("got %d %s: %s, want 200 ok: %s", w.Code, got.Status, all, tt.want)
			}
		})
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sound
			tt.change(&s)
			w, got := ask(t, Deps{Store: s, Bus: shaky{}})
			wantStatus := map[int]string{200: "ok", 503: "not ready"}[tt.status]
			if w.Code != tt.status || got.Status != wantStatus {
				t.Errorf("got %d %q, want %d %q", w.Code, got.Status, tt.status, wantStatus)
			}
			var names []string
			for _, c := range got.Checks {
				names = append(names, c.Name)
				if text := strings.TrimSpace(c.Status + " " + c.Detail + " " + c.Hint); c.Name == tt.check && !strings.HasPrefix(text, tt.want) {
					t.Errorf("%s: got %q, want %q", c.Name, text, tt.want)
				}
			}
			if strings.Join(names, " ") != "store schema feed clustering push verification" {
				t.Errorf("got checks %v", names)
			}
		})
	}
}

func TestLivez(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	(&Service{}).livez(w, nil)
	if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusOK || got != `{"status":"ok"}` {
		t.Errorf("got %d %s", w.Code, got)
	}
}
