package memcache_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/cache/cachetest"
	"github.com/battlescope/battlescope/internal/cache/memcache"
)

// clock is a time that moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	cachetest.Run(t, func(*testing.T) cachetest.Subject {
		c := newClock()
		m := memcache.New(memcache.DefaultLimits, c.Now)
		return cachetest.Subject{Parts: m, Other: m, Now: c.Now, Pass: c.Pass}
	})
}

// kept lists which of the keys k0 to k(n-1) are still there.
func kept(t *testing.T, c cache.Cache, n int) string {
	t.Helper()
	var out []string
	for i := range n {
		key := fmt.Sprint("k", i)
		found, err := c.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := found[key]; ok {
			out = append(out, key)
		}
	}
	return strings.Join(out, " ")
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		limits memcache.Limits
		sizes  []int // of the values of k0, k1, …; k0 is used after each but the last two
		want   string
	}{
		"all fit":        {memcache.Limits{Entries: 9, Bytes: 9000}, []int{100, 100, 100}, "k0 k1 k2"},
		"number":         {memcache.Limits{Entries: 3, Bytes: 9000}, []int{1, 1, 1, 1, 1}, "k0 k3 k4"},
		"bytes":          {memcache.Limits{Entries: 99, Bytes: 1024}, []int{120, 120, 120, 120, 120, 120, 120, 120, 120, 120}, "k0 k3 k4 k5 k6 k7 k8 k9"},
		"too large":      {memcache.Limits{Entries: 99, Bytes: 800}, []int{10, 99, 98}, "k0 k2"},
		"nothing at all": {memcache.Limits{}, []int{1, 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := memcache.New(tt.limits, newClock().Now)
			for i, size := range tt.sizes {
				if err := c.Set(t.Context(), fmt.Sprint("k", i), make([]byte, size), time.Hour); err != nil {
					t.Fatal(err)
				}
				if _, err := c.Get(t.Context(), "k0"); err != nil {
					t.Fatal(err)
				}
			}
			if got := kept(t, c, len(tt.sizes)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestReplacedByTooLarge forgets the old value with the new one that it does not keep.
func TestReplacedByTooLarge(t *testing.T) {
	t.Parallel()
	c := memcache.New(memcache.Limits{Entries: 9, Bytes: 800}, newClock().Now)
	for _, size := range []int{1, 500} {
		if err := c.Set(t.Context(), "k0", make([]byte, size), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got := kept(t, c, 1); got != "" {
		t.Error("the old value is still there")
	}
}
