package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/cache/memcache"
)

var errGone = errors.New("gone")

// fragile is a limiter that can be taken away.
type fragile struct {
	cache.Limiter
	gone bool
}

func (f *fragile) Take(ctx context.Context, key string, b cache.Bucket, n int) (time.Duration, error) {
	if f.gone {
		return 0, errGone
	}
	return f.Limiter.Take(ctx, key, b, n)
}

func (f *fragile) Hold(ctx context.Context, key string, until time.Time) error {
	if f.gone {
		return errGone
	}
	return f.Limiter.Hold(ctx, key, until)
}

func TestFallback(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	server := memcache.New(memcache.DefaultLimits, clock)
	process := func() (*fragile, cache.Limiter) {
		f := &fragile{Limiter: server}
		return f, cache.Fallback{Shared: f, Local: memcache.New(memcache.DefaultLimits, clock)}
	}
	wire1, one := process()
	_, two := process()
	b := cache.Bucket{Size: 4, Refill: 4 * time.Hour}
	take := func(l cache.Limiter, n int, want time.Duration) {
		t.Helper()
		if wait, err := l.Take(t.Context(), "k", b, n); err != nil || wait != want {
			t.Errorf("take %d: got a wait of %v, %v, want %v", n, wait, err, want)
		}
	}
	take(one, 2, 0)
	take(two, 1, 0)
	take(one, 2, time.Hour) // the budget is shared
	wire1.gone = true
	take(one, 2, 0) // what this process has not used itself
	take(one, 1, time.Hour)
	if err := one.Hold(t.Context(), "k", now.Add(10*time.Hour)); err != nil {
		t.Errorf("hold without the shared side: %v", err)
	}
	take(one, 1, 10*time.Hour)
	wire1.gone = false
	now = now.Add(20 * time.Hour)
	take(two, 4, 0)
	take(one, 1, time.Hour)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one.Take(ctx, "k", b, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	both := cache.Fallback{Shared: &fragile{gone: true}, Local: &fragile{gone: true}}
	if err := both.Hold(t.Context(), "k", now); !errors.Is(err, errGone) {
		t.Errorf("got %v, want %v", err, errGone)
	}
}
