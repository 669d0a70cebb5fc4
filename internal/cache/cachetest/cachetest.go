// Package cachetest is the conformance suite of package cache.
package cachetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// Subject is what the suite examines.
type Subject struct {
	Parts cache.Parts
	// Other is what another process would have in its hands; the same as Parts where
	// nothing is shared.
	Other cache.Parts
	// Now and Pass are the clock that the parts go by, and how to move it; nil for the
	// real one.
	Now  func() time.Time
	Pass func(time.Duration)
}

// patience is how long something may take before the test gives up; no claim about speed.
const patience = time.Minute

// Run holds an adapter to the contract. open is called once for each test.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	run := func(name string, test func(*testing.T, Subject)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if s.Now == nil {
				s.Now = time.Now
			}
			test(t, s)
		})
	}
	run("values", testValues)
	run("values are copies", testCopies)
	run("time to live", testTTL)
	run("a cancelled context", testCancelled)
	run("ready", testReady)
	run("never more than the bucket", testBucket)
	run("many at once", testConcurrent)
	run("refill", testRefill)
	run("what a bucket cannot do", testImpossible)
	run("hold", testHold)
}

// eventually repeats a step, moving time on, until it is done.
func eventually(t *testing.T, s Subject, what string, done func() bool) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !done() {
		if s.Pass != nil {
			s.Pass(time.Millisecond)
		}
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("%s: not after %v", what, patience)
		}
	}
}

func set(t *testing.T, c cache.Cache, key, value string, ttl time.Duration) {
	t.Helper()
	if err := c.Set(t.Context(), key, []byte(value), ttl); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, c cache.Cache, keys ...string) map[string][]byte {
	t.Helper()
	found, err := c.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func want(t *testing.T, c cache.Cache, keys []string, values string) {
	t.Helper()
	text := ""
	found := get(t, c, keys...)
	for _, key := range keys {
		if value, ok := found[key]; ok {
			text += fmt.Sprintf("%s=%s ", key, value)
			delete(found, key)
		}
	}
	if text != values || len(found) > 0 {
		t.Errorf("got %q and %d more, want %q", text, len(found), values)
	}
}

func testValues(t *testing.T, s Subject) {
	keys := []string{"a", "b:1", "ü", "gone"}
	want(t, s.Parts, keys, "")
	want(t, s.Parts, nil, "")
	set(t, s.Parts, "a", "1", time.Hour)
	set(t, s.Parts, "b:1", "\x00\xff\r\n", time.Hour)
	set(t, s.Other, "ü", "", time.Hour)
	want(t, s.Parts, keys, "a=1 b:1=\x00\xff\r\n ü= ")
	want(t, s.Other, keys, "a=1 b:1=\x00\xff\r\n ü= ")
	set(t, s.Other, "a", "2", time.Hour)
	want(t, s.Parts, []string{"a"}, "a=2 ")
	if err := s.Parts.Delete(t.Context(), "a", "gone"); err != nil {
		t.Error(err)
	}
	if err := s.Parts.Delete(t.Context()); err != nil {
		t.Errorf("delete nothing: %v", err)
	}
	want(t, s.Other, keys, "b:1=\x00\xff\r\n ü= ")
}

func testCopies(t *testing.T, s Subject) {
	value := []byte("kept")
	if err := s.Parts.Set(t.Context(), "k", value, time.Hour); err != nil {
		t.Fatal(err)
	}
	value[0] = '!'
	get(t, s.Parts, "k")["k"][1] = '!'
	want(t, s.Parts, []string{"k"}, "k=kept ")
}

func testTTL(t *testing.T, s Subject) {
	set(t, s.Parts, "short", "1", 5*time.Millisecond)
	set(t, s.Parts, "shorter", "1", time.Microsecond)
	set(t, s.Parts, "longer", "1", time.Millisecond)
	set(t, s.Parts, "longer", "2", time.Hour)
	set(t, s.Parts, "long", "1", time.Hour)
	eventually(t, s, "the end of a value", func() bool { return len(get(t, s.Parts, "short", "shorter")) == 0 })
	want(t, s.Parts, []string{"short", "longer", "long"}, "longer=2 long=1 ")
	for _, ttl := range []time.Duration{0, -time.Second} {
		if err := s.Parts.Set(t.Context(), "never", []byte("1"), ttl); !errors.Is(err, cache.ErrTTL) {
			t.Errorf("for %v: got %v, want %v", ttl, err, cache.ErrTTL)
		}
	}
	want(t, s.Parts, []string{"never"}, "")
}

func testCancelled(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := s.Parts.Get(ctx, "k")
	_, take := s.Parts.Take(ctx, "k", cache.Bucket{Size: 1, Refill: time.Hour}, 1)
	for name, err := range map[string]error{
		"get": get, "set": s.Parts.Set(ctx, "k", nil, time.Hour), "delete": s.Parts.Delete(ctx, "k"),
		"take": take, "hold": s.Parts.Hold(ctx, "k", s.Now().Add(time.Hour)), "ready": s.Parts.Ready(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
	want(t, s.Parts, []string{"k"}, "") // whoever gives up breaks nothing
	take1(t, s.Parts, "k", cache.Bucket{Size: 1, Refill: time.Hour}, 1, 0)
}

func testReady(t *testing.T, s Subject) {
	for _, p := range []cache.Parts{s.Parts, s.Other} {
		if err := p.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
