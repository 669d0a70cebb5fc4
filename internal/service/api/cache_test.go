package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/cache/rediscache"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/servers"
)

// counted is a store that counts the questions whose answers are kept.
type counted struct {
	store.Store
	lists, summaries, sessions atomic.Int64
}

func (c *counted) Battles(ctx context.Context, f store.BattleFilter, p store.Page) ([]store.BattleRow, string, error) {
	c.lists.Add(1)
	return c.Store.Battles(ctx, f, p)
}

func (c *counted) Summary(ctx context.Context, since, live time.Time) (store.Summary, error) {
	c.summaries.Add(1)
	return c.Store.Summary(ctx, since, live)
}

func (c *counted) Session(ctx context.Context, hash string, now time.Time) (store.Session, error) {
	c.sessions.Add(1)
	return c.Store.Session(ctx, hash, now)
}

// ticking is a clock that moves when told.
type ticking struct {
	mu  sync.Mutex
	now time.Time
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *ticking) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// keeping opens a site with a cache, whose store is counted.
func keeping(t *testing.T, c api.Cache, change ...func(*api.Deps)) (*site, *counted) {
	t.Helper()
	n := &counted{}
	s := empty(t, append(change, func(d *api.Deps) {
		n.Store = d.Store.(store.Store)
		d.Store, d.Cache = n, c
	})...)
	return s, n
}

// redisCache is a cache that waits for its server, however busy the machine, or as long
// as given.
func redisCache(t *testing.T, url string, wait ...time.Duration) *rediscache.Cache {
	t.Helper()
	c, err := rediscache.Open(url, slog.New(slog.DiscardHandler), append(wait, patience)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// warmed asks until the hub knows where the log of events ends, and nothing new is read.
func warmed(t *testing.T, s *site, n *atomic.Int64, path string) *http.Response {
	t.Helper()
	late := time.After(patience)
	for {
		before := n.Load()
		if r := s.get(t, path); n.Load() == before {
			return r
		}
		select {
		case <-late:
			t.Fatalf("%s is made anew every time", path)
		default:
		}
	}
}

// caches are what a site may keep its answers in.
var caches = map[string]func(*testing.T) api.Cache{
	"memory": func(*testing.T) api.Cache {
		return memcache.New(memcache.DefaultLimits, func() time.Time { return now })
	},
	"redis": func(t *testing.T) api.Cache { return redisCache(t, servers.Redis(t)) },
}

// nameEverybody resolves all names that wait.
func nameEverybody(t *testing.T, s *site, name string) {
	t.Helper()
	waiting, err := s.store.Unresolved(t.Context(), store.EntityUnnamed, now, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]store.NamedEntity, len(waiting))
	for i, e := range waiting {
		names[i] = store.NamedEntity{ID: e.ID, Name: store.Name{Name: name}, State: store.EntityResolved}
	}
	if err := s.store.SaveNames(t.Context(), names, now); err != nil {
		t.Fatal(err)
	}
}

// TestListIsKept asks the same again: the store is asked once, the answers are the same
// to the last header, and whoever is told of a battle gets a list with it.
func TestListIsKept(t *testing.T) {
	t.Parallel()
	for name, open := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := keeping(t, open(t))
			server, _ := live(t, s)
			events, _ := listen(t, server, "")
			opened(t, events)
			mails := recentMails(6)
			post(t, s, mails[:3]...)
			for range mails[:3] {
				next(t, events)
			}
			next(t, events) // the battle
			nameEverybody(t, s, "Name")

			const path = "/api/v1/battles?limit=3"
			first := s.get(t, path)
			body, etag := text(t, first), first.Header.Get("ETag")
			asked := n.lists.Load()
			for _, header := range [][]string{nil, {"If-None-Match", `"other"`}, {"X-Other", "x"}} {
				again := s.get(t, path, header...)
				again.Header.Del("X-Request-Id")
				first.Header.Del("X-Request-Id")
				if got := text(t, again); got != body || fmt.Sprint(again.Header) != fmt.Sprint(first.Header) {
					t.Errorf("got %v and %.80s, want %v and %.80s", again.Header, got, first.Header, body)
				}
			}
			if r := s.get(t, path, "If-None-Match", etag); r.StatusCode != http.StatusNotModified || text(t, r) != "" {
				t.Errorf("got status %d for a known tag", r.StatusCode)
			}
			if got := n.lists.Load(); got != asked {
				t.Errorf("the store was asked %d times more", got-asked)
			}
			for _, other := range []string{"/api/v1/battles?limit=4", "/api/v1/battles?limit=3&kind=solo", "/api/v1/battles"} {
				text(t, s.get(t, other))
			}
			if got := n.lists.Load(); got != asked+3 {
				t.Errorf("the store was asked %d times for 3 other lists", got-asked)
			}

			post(t, s, mails[3:]...)
			for e := next(t, events); e.name != "battle"; e = next(t, events) {
				continue
			}
			p := into[page](t, s.get(t, path), http.StatusOK)
			if len(p.Items) != 1 || p.Items[0].Kills != 6 {
				t.Errorf("got %+v after the event, want a battle of 6 kills", p.Items)
			}
		})
	}
}

// TestProblemIsNotKept asks wrongly again and again.
func TestProblemIsNotKept(t *testing.T) {
	t.Parallel()
	s, n := keeping(t, caches["memory"](t))
	live(t, s)
	warmed(t, s, &n.lists, "/api/v1/battles")
	for range 2 {
		checkProblem(t, "limit", s.get(t, "/api/v1/battles?limit=0"), http.StatusUnprocessableEntity)
		before := n.lists.Load()
		checkProblem(t, "cursor", s.get(t, "/api/v1/battles?cursor=abc"), http.StatusBadRequest)
		if n.lists.Load() != before+1 {
			t.Error("a problem was kept")
		}
	}
	if r := s.ask(t, "HEAD", "/api/v1/battles", ""); r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: got status %d", r.StatusCode)
	}
}

// TestListIsForgotten lets time pass. A list with names is kept for a minute, one
// without for seconds only, because names come without an event.
func TestListIsForgotten(t *testing.T) {
	t.Parallel()
	clock := &ticking{now: now}
	s, n := keeping(t, memcache.New(memcache.DefaultLimits, clock.Now))
	if err := s.save(t.Context(), recentMails(4)...); err != nil {
		t.Fatal(err)
	}
	live(t, s)
	const path = "/api/v1/battles"
	if body := text(t, warmed(t, s, &n.lists, path)); !strings.Contains(body, `"name":null`) {
		t.Fatalf("all names are known: %s", body)
	}
	nameEverybody(t, s, "Well Known")
	clock.pass(3 * time.Second)
	if body := text(t, s.get(t, path)); !strings.Contains(body, "Well Known") {
		t.Error("names that came are not shown after seconds")
	}
	before := n.lists.Load()
	clock.pass(59 * time.Second)
	text(t, s.get(t, path))
	if n.lists.Load() != before {
		t.Error("the list was not kept for 59 seconds")
	}
	clock.pass(2 * time.Second)
	text(t, s.get(t, path))
	if n.lists.Load() != before+1 {
		t.Error("the list was kept for more than a minute")
	}
}

// TestSharedCache has one process answer with what another has made.
func TestSharedCache(t *testing.T) {
	t.Parallel()
	url := servers.Redis(t)
	here, n := keeping(t, redisCache(t, url))
	if err := here.save(t.Context(), recentMails(4)...); err != nil {
		t.Fatal(err)
	}
	nameEverybody(t, here, "Name")
	live(t, here)
	want := text(t, warmed(t, here, &n.lists, "/api/v1/battles"))

	there, m := keeping(t, redisCache(t, url), func(d *api.Deps) { d.Store = here.store }) // the same store
	live(t, there)
	if got := text(t, warmed(t, there, &m.lists, "/api/v1/battles")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestVersionsShareNothing: another version may answer in another form.
func TestVersionsShareNothing(t *testing.T) {
	t.Parallel()
	kept := caches["memory"](t)
	for _, version := range []string{"1.0.0", "1.0.1"} {
		s, n := keeping(t, kept, func(d *api.Deps) { d.Version = version })
		server, _ := live(t, s)
		events, _ := listen(t, server, "")
		opened(t, events) // from now on answers are kept
		for range 2 {
			text(t, s.get(t, "/api/v1/battles"))
		}
		if got := n.lists.Load(); got != 1 {
			t.Errorf("version %s asked the store %d times, want once", version, got)
		}
	}
}

func TestSummaryIsKept(t *testing.T) {
	t.Parallel()
	for name, open := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := keeping(t, open(t))
			if err := s.save(t.Context(), recentMails(4)...); err != nil {
				t.Fatal(err)
			}
			const path = "/api/v1/stats/summary"
			want := text(t, s.get(t, path)) // the hub does not run: nothing is kept
			live(t, s)
			if got := text(t, warmed(t, s, &n.summaries, path)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			// The feed is always the present one.
			if err := s.store.SetFeedStatus(t.Context(), store.FeedStatus{Feed: "r2z2", State: store.FeedOffline, Error: "answer 403", UpdatedAt: now}); err != nil {
				t.Fatal(err)
			}
			before := n.summaries.Load()
			if got := into[struct{ Feed struct{ State string } }](t, s.get(t, path), http.StatusOK); got.Feed.State != "offline" {
				t.Errorf("got a feed that is %s", got.Feed.State)
			}
			if n.summaries.Load() != before {
				t.Error("the summary was not kept")
			}
		})
	}
}

// TestSummaryOfWork is never kept while killmails wait for their battles.
func TestSummaryOfWork(t *testing.T) {
	t.Parallel()
	s, n := keeping(t, caches["memory"](t))
	live(t, s)
	warmed(t, s, &n.lists, "/api/v1/battles")
	announce(t, s, recentMails(2))
	for range 3 {
		before := n.summaries.Load()
		got := into[struct{ Unclustered int }](t, s.get(t, "/api/v1/stats/summary"), http.StatusOK)
		if got.Unclustered == 2 && n.summaries.Load() != before+1 {
			t.Error("a summary with work to do was kept")
		}
	}
}

func TestSessionIsKept(t *testing.T) {
	t.Parallel()
	for name, open := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &ticking{now: now}
			s, n := keeping(t, open(t), func(d *api.Deps) { d.Now = clock.Now })
			cookie := s.administrator(t)
			allowed := func(cookie string) bool {
				return s.get(t, "/api/v1/admin/rulesets", "Cookie", cookie).StatusCode == http.StatusOK
			}
			for range 3 {
				if !allowed(cookie) {
					t.Fatal("the administrator is refused")
				}
			}
			if got := n.sessions.Load(); got != 1 {
				t.Errorf("the store was asked %d times for a session, want once", got)
			}
			if allowed("battlescope_session=foreign") || allowed("") {
				t.Error("a stranger is let in")
			}
			if r := s.ask(t, "POST", "/auth/logout", "", "Cookie", cookie); r.StatusCode != http.StatusNoContent {
				t.Fatalf("got status %d", r.StatusCode)
			}
			if allowed(cookie) {
				t.Error("a session lives on in the cache")
			}
		})
	}
}

// TestSessionEndsInTime even while it is kept.
func TestSessionEndsInTime(t *testing.T) {
	t.Parallel()
	clock := &ticking{now: now}
	// The cache's own clock stands still, so that it forgets nothing.
	s, _ := keeping(t, caches["memory"](t), func(d *api.Deps) { d.Now = clock.Now })
	cookie := s.administrator(t)
	for _, step := range []struct {
		pass time.Duration
		want int
	}{{0, 200}, {8*time.Hour - time.Second, 200}, {time.Second, 401}, {time.Hour, 401}} {
		clock.pass(step.pass)
		if r := s.get(t, "/api/v1/admin/rulesets", "Cookie", cookie); r.StatusCode != step.want {
			t.Errorf("%v later: got status %d, want %d", step.pass, r.StatusCode, step.want)
		}
	}
}

// TestWithoutServer has every kind of missing cache: the answers are those of a site
// that has none.
func TestWithoutServer(t *testing.T) {
	t.Parallel()
	plain := fullSite(t)
	paths := []string{
		"/api/v1/battles?limit=5", "/api/v1/battles?kind=gank", "/api/v1/stats/summary", "/api/v1/stats/ingestion", "/api/v1/killmails/recent",
		"/api/v1/systems/30000142", fmt.Sprintf("/api/v1/battles/%d", plain.all(t, "/api/v1/battles?limit=100")[0]), "/", "/livez",
	}
	for name, cut := range map[string]func(*servers.RedisServer){
		"stopped": (*servers.RedisServer).Stop, "silent": (*servers.RedisServer).Freeze,
		"full": func(r *servers.RedisServer) { servers.Say(t, r, "CONFIG SET maxmemory 1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := servers.StartRedis(t)
			s, n := keeping(t, redisCache(t, r.URL, time.Second), func(d *api.Deps) { d.Store = plain.store })
			server, _ := live(t, s)
			cut(r)
			for range 3 {
				for _, path := range paths {
					want, got := plain.get(t, path), s.get(t, path)
					if got.StatusCode != http.StatusOK || text(t, got) != text(t, want) {
						t.Errorf("%s: got status %d and another answer than without a cache", path, got.StatusCode)
					}
				}
			}
			if got := n.lists.Load(); got != 6 {
				t.Errorf("the store was asked for %d lists, want 6", got)
			}
			cookie := s.administrator(t)
			if r := s.get(t, "/api/v1/admin/rulesets", "Cookie", cookie); r.StatusCode != http.StatusOK {
				t.Errorf("administration: got status %d", r.StatusCode)
			}
			if r := s.ask(t, "POST", "/auth/logout", "", "Cookie", cookie); r.StatusCode != http.StatusNoContent {
				t.Errorf("logout: got status %d", r.StatusCode)
			}
			if r := s.get(t, "/api/v1/admin/rulesets", "Cookie", cookie); r.StatusCode != http.StatusUnauthorized {
				t.Errorf("after logout: got status %d", r.StatusCode)
			}
			if body := text(t, s.get(t, "/readyz")); !strings.Contains(body, `{"name":"cache","status":"warn"`) {
				t.Errorf("readiness does not tell: %s", body)
			}
			events, _ := listen(t, server, "")
			opened(t, events)
		})
	}
}

// limping is a bus that loses every signal and knows it, when told.
type limping struct {
	bus.Bus
	broken atomic.Bool
}

func (b *limping) Ready(context.Context) error {
	if b.broken.Load() {
		return fmt.Errorf("gone")
	}
	return nil
}

// TestPushDegrades loses the signals: streams are told at once, and get their events
// all the same; and the other way round.
func TestPushDegrades(t *testing.T) {
	t.Parallel()
	b := &limping{}
	s := empty(t, func(d *api.Deps) { b.Bus, d.Bus = d.Bus, b })
	server, _ := live(t, s)
	events, _ := listen(t, server, "")
	beat := func(events <-chan event, want string) {
		t.Helper()
		select {
		case e := <-events:
			if e.name != "heartbeat" || e.id != "" || e.data.Push != want {
				t.Fatalf("got %+v, want a heartbeat that says %s", e, want)
			}
		case <-time.After(patience):
			t.Fatal("no heartbeat came")
		}
	}
	beat(events, "live")
	b.broken.Store(true)
	beat(events, "polling")
	mails := recentMails(2)
	if err := s.save(t.Context(), mails...); err != nil { // and no signal
		t.Fatal(err)
	}
	if e := next(t, events); e.data.ID != mails[0].ID {
		t.Errorf("got %+v, want killmail %d", e, mails[0].ID)
	}
	late, _ := listen(t, server, "")
	beat(late, "polling")
	b.broken.Store(false)
	beat(late, "live")
}
