package rediscache_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/cache/cachetest"
	"github.com/battlescope/battlescope/internal/cache/rediscache"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/test/servers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long something may take before a test gives up; no claim about speed.
const patience = time.Minute

func open(t testing.TB, url string) *rediscache.Cache {
	t.Helper()
	c, err := rediscache.Open(url, slog.New(slog.DiscardHandler), patience)
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

func TestConformance(t *testing.T) {
	t.Parallel()
	cachetest.Run(t, func(t *testing.T) cachetest.Subject {
		s := servers.StartRedis(t)
		return cachetest.Subject{Parts: open(t, s.URL), Other: open(t, s.TCP)}
	})
}

var hour = cache.Bucket{Size: 2, Refill: time.Hour}

// uses calls everything that a cache does and returns the errors by name.
func uses(ctx context.Context, c *rediscache.Cache) map[string]error {
	_, get := c.Get(ctx, "k", "l")
	_, take := c.Take(ctx, "k", hour, 1)
	return map[string]error{
		"get": get, "set": c.Set(ctx, "k", []byte("v"), time.Hour), "delete": c.Delete(ctx, "k"),
		"take": take, "hold": c.Hold(ctx, "k", time.Now().Add(time.Hour)), "ready": c.Ready(ctx),
	}
}

// TestGone takes the server away: every call is an error with a hint, and the cache
// works by itself when there is a server again, which has forgotten everything.
func TestGone(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	c := open(t, s.URL)
	for name, err := range uses(t.Context(), c) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Stop()
	for name, err := range uses(t.Context(), c) {
		if fault.HintOf(err) == "" {
			t.Errorf("%s without a server: got %v with the hint %q", name, err, fault.HintOf(err))
		}
	}
	s.Start()
	late := time.After(patience)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for c.Ready(t.Context()) != nil {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the cache does not come back")
		}
	}
	for name, err := range uses(t.Context(), c) { // with scripts that the server does not know any more
		if err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
}

// TestFull has the server reach its maxmemory: nothing more is kept, but what is there
// is read, and budgets hold.
func TestFull(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	c := open(t, s.URL)
	if err := c.Set(t.Context(), "old", []byte("1"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := servers.Say(t, s, "CONFIG SET maxmemory 1"); got != "+OK" {
		t.Fatal(got)
	}
	for name, err := range map[string]error{"set": c.Set(t.Context(), "new", []byte("1"), time.Hour), "ready": c.Ready(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "OOM") || !strings.Contains(fault.HintOf(err), "maxmemory-policy") {
			t.Errorf("%s: got %v with the hint %q", name, err, fault.HintOf(err))
		}
	}
	if found, err := c.Get(t.Context(), "old", "new"); err != nil || len(found) != 1 {
		t.Errorf("got %v, %v", found, err)
	}
	for i, free := range []bool{true, true, false} {
		if wait, err := c.Take(t.Context(), "k", hour, 1); err != nil || (wait == 0) != free {
			t.Errorf("take %d: got a wait of %v, %v", i+1, wait, err)
		}
	}
	if err := c.Hold(t.Context(), "other", time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if wait, err := c.Take(t.Context(), "other", hour, 1); err != nil || wait == 0 {
		t.Errorf("a hold on a full server: got a wait of %v, %v", wait, err)
	}
	if err := c.Delete(t.Context(), "old"); err != nil {
		t.Error(err)
	}
}

// TestKeysExpire looks at the server itself: nothing stays in it for ever, and all of
// it is under our prefix.
func TestKeysExpire(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	c := open(t, s.URL)
	if err := errors.Join(c.Set(t.Context(), "k", nil, time.Nanosecond), c.Set(t.Context(), "l", nil, time.Hour), c.Ready(t.Context()),
		c.Hold(t.Context(), "k", time.Now().Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Take(t.Context(), "t", hour, 1); err != nil {
		t.Fatal(err)
	}
	for key, most := range map[string]int{
		"cache:l": 3600, "ready": 60, "hold:k": 3600, "bucket:t": 1800,
	} {
		reply := strings.TrimPrefix(servers.Say(t, s, "TTL battlescope:"+key), ":")
		if ttl, err := strconv.Atoi(reply); err != nil || ttl < most-60 || ttl > most || ttl < 1 {
			t.Errorf("%s: got %q seconds to live, want about %d", key, reply, most)
		}
	}
	if got := servers.Say(t, s, "EVAL \"local n = 0 for _, k in ipairs(redis.call('KEYS','*')) do if not string.find(k, '^battlescope:') then n = n + 1 end end return n\" 0"); got != ":0" {
		t.Errorf("keys outside of the prefix: %s", got)
	}
}

func TestBadAddress(t *testing.T) {
	t.Parallel()
	if c, err := rediscache.Open("cache.example", slog.New(slog.DiscardHandler), patience); err == nil || c != nil {
		t.Errorf("got %v, %v", c, err)
	}
}
