package api_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/ogcard"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// card reads the picture of an answer.
func card(t *testing.T, what string, r *http.Response) string {
	t.Helper()
	body := text(t, r)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/png" || r.Header.Get("ETag") == "" || r.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%s: got status %d with %v", what, r.StatusCode, r.Header)
	}
	img, err := png.DecodeConfig(bytes.NewReader([]byte(body)))
	if err != nil || img.Width != ogcard.Width || img.Height != ogcard.Height {
		t.Fatalf("%s: got a picture of %d × %d, %v", what, img.Width, img.Height, err)
	}
	return body
}

func TestCards(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	at := fmt.Sprintf("/og/battles/%d.png", b.ID)
	window := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, b.StartedAt.Format("200601021504"), b.EndedAt.Format("200601021504"))
	r := s.get(t, at, "Accept-Encoding", "gzip")
	whole, etag := card(t, at, r), r.Header.Get("ETag")
	if again := card(t, at, s.get(t, at+"?r=7")); again != whole {
		t.Error("the same battle has another picture")
	}
	seen := map[string]string{whole: at}
	for _, path := range []string{
		fmt.Sprintf("%s?exclude=%d", at, b.Killmails[0].ID),
		at + "?to=" + b.StartedAt.Add(b.EndedAt.Sub(b.StartedAt)/2).Format(time.RFC3339),
		"/og/reports.png?" + window,
	} {
		got := card(t, path, s.get(t, path))
		if same := seen[got]; same != "" {
			t.Errorf("%s looks like %s", path, same)
		}
		seen[got] = path
	}
	for tag, status := range map[string]int{etag: 304, `"other"`: 200, "": 200} {
		if r := s.get(t, at, "If-None-Match", tag); r.StatusCode != status || r.Header.Get("ETag") != etag {
			t.Errorf("If-None-Match %s: got status %d, want %d", tag, r.StatusCode, status)
		}
	}
	for path, status := range map[string]int{
		"/og/battles/999999.png": 404, "/og/battles/0.png": 404, "/og/battles/x.png": 404, "/og/battles/1": 404, "/og/battles/1.jpg": 404,
		"/og/battles/1.png?from=now": 400, "/og/reports.png": 400, "/og/reports.png?window=x": 400, "/og/reports.png?battle=999999": 404, "/og/other.png": 404,
	} {
		r := s.get(t, path)
		checkProblem(t, path, r, status)
		if r.Header.Get("ETag") != "" || r.Header.Get("Cache-Control") != "" {
			t.Errorf("%s: an error is kept: %v", path, r.Header)
		}
	}
	if r := s.ask(t, "POST", at, ""); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: got status %d", r.StatusCode)
	}
}

// TestBanners: the pages about no fight have pictures of their own.
func TestBanners(t *testing.T) {
	t.Parallel()
	s := empty(t)
	seen := map[string]string{}
	for _, path := range []string{"/battles", "/killmails", "/reports/new"} {
		image := strings.TrimPrefix(headOf(t, text(t, s.get(t, path)))["og:image"], "http://example.com")
		body := card(t, image, s.get(t, image))
		if other, again := seen[body]; again {
			t.Errorf("%s and %s have the same picture", path, other)
		}
		seen[body] = path
		etag := s.get(t, image).Header.Get("ETag")
		if r := s.get(t, image, "If-None-Match", etag); etag == "" || r.StatusCode != http.StatusNotModified {
			t.Errorf("%s: asked again with %q: got status %d", image, etag, r.StatusCode)
		}
	}
}

// TestCardLives: a battle that still grows is fetched again soon, a settled one is not.
func TestCardLives(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	list := into[struct {
		Items []struct {
			ID     int64  `json:"id"`
			Status string `json:"status"`
		} `json:"items"`
	}](t, s.get(t, "/api/v1/battles?limit=100"), http.StatusOK)
	asked := map[string]bool{}
	for _, b := range list.Items {
		if asked[b.Status] {
			continue
		}
		asked[b.Status] = true
		want := map[string]string{"live": "public, max-age=60", "settled": "public, max-age=3600"}[b.Status]
		if got := s.get(t, fmt.Sprintf("/og/battles/%d.png", b.ID)).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: got %q, want %q", b.Status, got, want)
		}
	}
	if len(asked) != 2 {
		t.Fatalf("the site has only %v battles", asked)
	}
}

// counting counts what is asked of a cache and kept in it.
type counting struct {
	api.Cache
	kept atomic.Int64
}

func (c *counting) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	c.kept.Add(1)
	return c.Cache.Set(ctx, key, value, ttl)
}

// TestCardsAreKept: a card is drawn once, and anew when what it says has changed, be it
// a name.
func TestCardsAreKept(t *testing.T) {
	t.Parallel()
	c := &counting{Cache: memcache.New(memcache.DefaultLimits, time.Now)}
	s := empty(t, func(d *api.Deps) { d.Cache = c })
	if err := s.save(t.Context(), sim.Fleet(3, sim.FleetOptions{Start: now.Add(-time.Hour)}).Mails()...); err != nil {
		t.Fatal(err)
	}
	const at = "/og/battles/1.png"
	first := card(t, at, s.get(t, at))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			w := httptest.NewRecorder()
			s.http.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil))
			if w.Body.String() != first {
				t.Error("the kept picture is another one")
			}
		})
	}
	all.Wait()
	if n := c.kept.Load(); n != 1 {
		t.Errorf("%d cards were kept, want 1", n)
	}
	who, err := s.store.Unresolved(t.Context(), store.EntityUnnamed, now, 1000)
	if err != nil {
		t.Fatal(err)
	}
	s.named(t, who, "Red Harbor")
	if named := card(t, at, s.get(t, at)); named == first || c.kept.Load() != 2 {
		t.Error("names have come, and the picture is the same")
	}
}
