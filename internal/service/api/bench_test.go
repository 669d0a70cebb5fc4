package api_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/cache/rediscache"
	"github.com/battlescope/battlescope/internal/redis"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/test/servers"
)

// BenchmarkKept compares answers that are made anew with kept ones, and shows what a
// cache costs that is of no use: one that never has the answer, and a server that is gone.
func BenchmarkKept(b *testing.B) {
	full, err := full()
	if err != nil {
		b.Fatal(err)
	}
	open := func(b *testing.B, url string) *rediscache.Cache {
		b.Helper()
		c, err := rediscache.Open(url, slog.New(slog.DiscardHandler), redis.Patience)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := c.Close(); err != nil {
				b.Error(err)
			}
		})
		return c
	}
	for _, c := range []struct {
		name string
		open func(b *testing.B) api.Cache
	}{
		{"none", func(*testing.B) api.Cache { return nil }},
		{"memory", func(*testing.B) api.Cache { return memcache.New(memcache.DefaultLimits, time.Now) }},
		{"redis", func(b *testing.B) api.Cache { return open(b, servers.Redis(b)) }},
		{"redis-miss", func(b *testing.B) api.Cache { return forgetful{open(b, servers.Redis(b))} }},
		{"redis-gone", func(b *testing.B) api.Cache {
			s := servers.StartRedis(b)
			s.Stop()
			return open(b, s.TCP)
		}},
		{"redis-silent", func(b *testing.B) api.Cache {
			s := servers.StartRedis(b)
			cache := open(b, s.TCP)
			s.Freeze()
			_ = cache.Ready(b.Context())
			return cache
		}},
	} {
		for _, path := range []string{"/api/v1/battles?limit=50", "/api/v1/stats/summary"} {
			b.Run(c.name+"/"+path[len("/api/v1/"):], func(b *testing.B) {
				deps := full.Deps
				deps.Cache = c.open(b)
				s := api.New(deps)
				ctx, cancel := context.WithCancel(b.Context())
				ended := make(chan error)
				go func() { ended <- s.Run(ctx) }()
				defer func() { cancel(); <-ended }()
				h := s.Handler()
				ask := func() int {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
					if w.Code != http.StatusOK {
						b.Fatalf("got status %d", w.Code)
					}
					n, _ := io.Copy(io.Discard, w.Body)
					return int(n)
				}
				r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/killmails/stream", nil)
				stream, leave := context.WithTimeout(ctx, 100*time.Millisecond) // the hub has begun
				h.ServeHTTP(httptest.NewRecorder(), r.WithContext(stream))
				leave()
				size := ask()
				b.SetBytes(int64(size))
				b.ResetTimer()
				for b.Loop() {
					ask()
				}
			})
		}
	}
}

// forgetful is a cache that never has anything.
type forgetful struct{ *rediscache.Cache }

func (c forgetful) Get(ctx context.Context, keys ...string) (map[string][]byte, error) {
	_, err := c.Cache.Get(ctx, keys...)
	return nil, err
}

// BenchmarkPage is what a view of the page costs: its head asks the store.
func BenchmarkPage(b *testing.B) {
	s, err := full()
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"/battles", "/battles/1", "/og/battles/1.png"} {
		b.Run(path[1:], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				s.http.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("got status %d", w.Code)
				}
			}
		})
	}
}
