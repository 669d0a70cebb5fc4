package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2/sse"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/test/sim"
)

func TestMain(m *testing.M) {
	sse.WriteTimeout = 5 * time.Second // a reader that does not read holds its stream up for so long
	code := m.Run()
	if err := errors.Join(closeShared(), goleak.Find()); err != nil {
		println(err.Error())
		code = 1
	}
	os.Exit(code)
}

// begin is when the invented killmails begin, now when the site is looked at: a fight
// is live, and all of it happened within a day.
var (
	begin = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	now   = begin.Add(6 * time.Hour)
)

var testPage = fstest.MapFS{
	"index.html": {Data: []byte(`<!doctype html><html><head><meta name="description" content="as built"><title>As built</title>` +
		`<script src="/theme.js"></script></head><body>` + strings.Repeat(" ", 2000) + "</body></html>")},
	"assets/app-abc.js": {Data: []byte("console.log(1)" + strings.Repeat(";", 2000))}, "assets/app-abc.js.br": {Data: []byte("brotli")},
	"assets/app-abc.js.gz": {Data: []byte("gzip")}, "assets/only-gz.css": {Data: []byte("a{}")}, "assets/only-gz.css.gz": {Data: []byte("gzip")},
	".vite/manifest.json": {Data: []byte(`{
		"index.html": {"file": "assets/app-abc.js", "isEntry": true, "imports": ["_react.js"]},
		"_react.js": {"file": "assets/react-1.js"}, "_list.js": {"file": "assets/list-2.js", "imports": ["_react.js"]},
		"src/screens/battle/Battle.tsx": {"file": "assets/Battle-3.js", "imports": ["index.html", "_react.js", "_list.js"]},
		"src/screens/kill/Kill.tsx": {"file": "assets/Kill-4.js", "imports": ["_list.js"]}}`)},
	"favicon.svg": {Data: []byte("<svg/>")}, "fonts/inter.woff2": {Data: []byte("font")},
}

// site is the service over a store of its own.
type site struct {
	*api.Service
	store store.Store
	bus   *membus.Bus
	token string // of the administrator link
	http  http.Handler
}

// open builds a site in a folder.
func open(ctx context.Context, dir string, change ...func(*api.Deps)) (*site, error) {
	world, err := sde.Load()
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	out := &site{store: s, bus: membus.New()}
	deps := api.Deps{
		Store: s, Bus: out.bus, World: world, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }, Page: testPage,
		Version: "1.2.3",
		Redeliver: func(context.Context, int64) (string, error) {
			return "stored", nil
		},
		Jobs: newDesk(),
	}
	deps.Admin, out.token = api.NewAdminLink()
	for _, c := range change {
		c(&deps)
	}
	out.Service = api.New(deps)
	out.http = out.Handler()
	return out, nil
}

// empty is a site without any killmail.
func empty(t *testing.T, change ...func(*api.Deps)) *site {
	t.Helper()
	s, err := open(t.Context(), t.TempDir(), change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// save stores killmails, announced, and puts them into battles.
func (s *site) save(ctx context.Context, mails ...*killmail.Killmail) error {
	world, err := sde.Load()
	if err != nil {
		return err
	}
	b := store.Batch{Announce: true, AnnounceAfter: now.Add(-24 * time.Hour), Now: now, Source: "r2z2"}
	for _, k := range mails {
		system, _ := world.System(k.SystemID)
		b.Documents = append(b.Documents, store.Document{Document: killmail.Document{Killmail: k}, Space: eve.SpaceOf(system)})
	}
	if _, err := s.store.Save(ctx, b); err != nil {
		return err
	}
	c, err := cluster.New(cluster.DefaultConfig(), s.store, s.bus, world, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		return err
	}
	_, err = c.Drain(ctx, nil)
	return err
}

// The full site is made once for all tests that only read.
var (
	sharedDir  string
	sharedSite *site
	full       = sync.OnceValues(func() (*site, error) {
		ctx := context.Background()
		var err error
		if sharedDir, err = os.MkdirTemp("", "api"); err != nil {
			return nil, err
		}
		if sharedSite, err = open(ctx, sharedDir); err != nil {
			return nil, err
		}
		return sharedSite, fill(ctx, sharedSite)
	})
)

// fill puts several hours of New Eden into a site.
func fill(ctx context.Context, s *site) error {
	var mails []*killmail.Killmail
	for k := range sim.New(sim.Options{Seed: 11, Start: begin, Duration: 5 * time.Hour, PerHour: 12, Late: -1, Duplicate: -1}).Kills() {
		mails = append(mails, k.Mail)
	}
	live := sim.Fleet(3, sim.FleetOptions{Start: now.Add(-10 * time.Minute)}).Mails()
	for i, k := range live {
		k.ID += 1_000_000
		k.Time = now.Add(-time.Duration(len(live)-i) * time.Second)
	}
	if err := s.save(ctx, append(mails, live...)...); err != nil {
		return err
	}
	if err := s.store.SetFeedStatus(ctx, store.FeedStatus{
		Feed: "r2z2", State: store.FeedLive, Since: begin, LastDocumentAt: now.Add(-7 * time.Second), UpdatedAt: now,
	}); err != nil {
		return err
	}
	if _, err := s.store.Save(ctx, store.Batch{Now: now, Source: "r2z2", DeadLetters: []store.DeadLetter{
		{Source: "r2z2", Reference: "5", Reason: "is truncated", Body: []byte(`{"a":`)},
	}}); err != nil {
		return err
	}
	var names []store.NamedEntity
	waiting, err := s.store.Unresolved(ctx, store.EntityUnnamed, now, 100)
	for _, e := range waiting[:len(waiting)/2] { // the others stay without a name
		names = append(names, store.NamedEntity{ID: e.ID, Name: store.Name{Name: "Name", Ticker: "TICK"}, State: store.EntityResolved})
	}
	return errors.Join(err, s.store.SaveNames(ctx, names, now))
}

func closeShared() error {
	if sharedSite == nil {
		return nil
	}
	return errors.Join(sharedSite.store.Close(), os.RemoveAll(sharedDir))
}

func fullSite(t *testing.T) *site {
	t.Helper()
	s, err := full()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a request to a site. Headers come in pairs.
func (s *site) ask(t *testing.T, method, path, body string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	return w.Result()
}

func (s *site) get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	return s.ask(t, http.MethodGet, path, "", header...)
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// into decodes a JSON answer with the status wanted.
func into[T any](t *testing.T, r *http.Response, status int) T {
	t.Helper()
	var v T
	body := text(t, r)
	if r.StatusCode != status {
		t.Fatalf("got status %d, want %d: %s", r.StatusCode, status, body)
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

// page is one page of any list.
type page struct {
	Items      []item  `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// item is a battle or a killmail, as far as the tests look.
type item struct {
	ID         int64     `json:"id"`
	Kind       string    `json:"kind"`
	SpaceType  string    `json:"space_type"`
	Kills      int       `json:"kills"`
	StartedAt  time.Time `json:"started_at"`
	OccurredAt time.Time `json:"occurred_at"`
	System     struct {
		ID int64 `json:"id"`
	} `json:"system"`
	ISK *float64 `json:"isk"`
}

// all reads a list to its end, some items a page.
func (s *site) all(t *testing.T, path string) []int64 {
	t.Helper()
	ids := []int64{}
	for cursor := ""; ; {
		p := into[page](t, s.get(t, path+cursor), http.StatusOK)
		for _, item := range p.Items {
			ids = append(ids, item.ID)
		}
		if p.NextCursor == nil {
			return ids
		}
		cursor = "&cursor=" + *p.NextCursor
	}
}

// administrator opens the administrator link and returns the session's cookie.
func (s *site) administrator(t *testing.T) string {
	t.Helper()
	r := s.get(t, "/auth/admin?token="+s.token)
	if r.StatusCode != http.StatusSeeOther || len(r.Cookies()) != 1 {
		t.Fatalf("the administrator link answers %d with %v", r.StatusCode, r.Cookies())
	}
	c := r.Cookies()[0]
	return c.Name + "=" + c.Value
}

// newRequest is one to a host. Headers come in pairs.
func newRequest(t *testing.T, path, host string, header ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = host
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// answerOf is the body of an answer.
func answerOf(t *testing.T, h http.Handler, r *http.Request) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return text(t, w.Result())
}
