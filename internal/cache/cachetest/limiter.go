package cachetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// slack is how far a wait may be off: a minute may pass while a test runs.
const slack = time.Minute

// take1 takes tokens once and wants them, or a wait of about so long.
func take1(t *testing.T, l cache.Limiter, key string, b cache.Bucket, n int, about time.Duration) {
	t.Helper()
	wait, err := l.Take(t.Context(), key, b, n)
	if err != nil {
		t.Fatal(err)
	}
	if (wait == 0) != (about == 0) || wait > about || wait < about-slack {
		t.Errorf("take %d of %s: got a wait of %v, want %v", n, key, wait, about)
	}
}

func testBucket(t *testing.T, s Subject) {
	b := cache.Bucket{Size: 4, Refill: 40 * time.Hour}
	take1(t, s.Parts, "one", b, 1, 0)
	take1(t, s.Other, "one", b, 2, 0)
	take1(t, s.Parts, "one", b, 2, 10*time.Hour) // there is one left
	take1(t, s.Other, "one", b, 1, 0)
	take1(t, s.Parts, "one", b, 1, 10*time.Hour)
	take1(t, s.Other, "one", b, 1, 10*time.Hour) // what was refused took nothing
	take1(t, s.Other, "one", b, 4, 40*time.Hour)
	take1(t, s.Parts, "two", b, 4, 0) // another bucket
	take1(t, s.Parts, "two", b, 4, 40*time.Hour)
	odd := cache.Bucket{Size: 3, Refill: 10 * time.Hour} // the cost of one cannot be written down exactly
	for range 3 {
		take1(t, s.Parts, "odd", odd, 1, 0)
	}
	take1(t, s.Parts, "odd", odd, 3, 10*time.Hour)
	// A budget that was made smaller holds no more than it says.
	take1(t, s.Parts, "one", cache.Bucket{Size: 4, Refill: 4 * time.Hour}, 4, 4*time.Hour)
}

func testConcurrent(t *testing.T, s Subject) {
	b := cache.Bucket{Size: 37, Refill: 37 * time.Hour}
	var taken atomic.Int64
	var all sync.WaitGroup
	for i := range 16 {
		p := s.Parts
		if i%2 == 1 {
			p = s.Other
		}
		all.Go(func() {
			for range 8 {
				wait, err := p.Take(context.WithoutCancel(t.Context()), "shared", b, 1)
				if err != nil {
					t.Error(err)
				} else if wait == 0 {
					taken.Add(1)
				}
			}
		})
	}
	all.Wait()
	if got := taken.Load(); got != 37 {
		t.Errorf("16 at once took %d tokens, want 37", got)
	}
}

func testRefill(t *testing.T, s Subject) {
	b := cache.Bucket{Size: 2, Refill: 20 * time.Millisecond}
	for range 6 {
		eventually(t, s, "the next token", func() bool {
			wait, err := s.Parts.Take(t.Context(), "fast", b, 1)
			if err != nil {
				t.Fatal(err)
			}
			if wait < 0 || wait > 10*time.Millisecond {
				t.Fatalf("got a wait of %v for a token that comes every 10ms", wait)
			}
			return wait == 0
		})
	}
	if s.Pass == nil {
		return // the rest is about exact times
	}
	b = cache.Bucket{Size: 4, Refill: 40 * time.Second}
	for _, step := range []struct {
		pass time.Duration
		n    int
		wait time.Duration
	}{
		{0, 4, 0},
		{9 * time.Second, 1, time.Second},
		{time.Second, 1, 0},
		{20 * time.Second, 3, 10 * time.Second}, // steadily, not all at once
		{0, 2, 0},
		{time.Hour, 4, 0}, // never more than full
		{0, 1, 10 * time.Second},
	} {
		s.Pass(step.pass)
		if wait, err := s.Parts.Take(t.Context(), "steady", b, step.n); err != nil || wait != step.wait {
			t.Errorf("%v later, take %d: got a wait of %v, %v, want %v", step.pass, step.n, wait, err, step.wait)
		}
	}
}

func testImpossible(t *testing.T, s Subject) {
	for _, c := range []struct {
		b cache.Bucket
		n int
	}{
		{cache.Bucket{Size: 2, Refill: time.Hour}, 3}, {cache.Bucket{Size: 2, Refill: time.Hour}, 0},
		{cache.Bucket{Size: 2, Refill: time.Hour}, -1}, {cache.Bucket{Size: 0, Refill: time.Hour}, 0},
		{cache.Bucket{Size: 2}, 1}, {cache.Bucket{}, 1},
	} {
		if wait, err := s.Parts.Take(t.Context(), "k", c.b, c.n); err == nil {
			t.Errorf("take %d of %+v: got a wait of %v, want an error", c.n, c.b, wait)
		}
	}
	take1(t, s.Parts, "k", cache.Bucket{Size: 2, Refill: time.Hour}, 2, 0)
}

func testHold(t *testing.T, s Subject) {
	b := cache.Bucket{Size: 2, Refill: 2 * time.Hour}
	hold := func(p cache.Parts, key string, span time.Duration) {
		t.Helper()
		if err := p.Hold(t.Context(), key, s.Now().Add(span)); err != nil {
			t.Fatal(err)
		}
	}
	take1(t, s.Parts, "held", b, 1, 0)
	hold(s.Parts, "held", 10*time.Hour)
	take1(t, s.Other, "held", b, 1, 10*time.Hour)
	take1(t, s.Other, "free", b, 1, 0)
	for _, earlier := range []time.Duration{5 * time.Hour, 0, -time.Hour} {
		hold(s.Other, "held", earlier)
		take1(t, s.Parts, "held", b, 1, 10*time.Hour)
	}
	hold(s.Other, "held", 20*time.Hour)
	take1(t, s.Parts, "held", b, 1, 20*time.Hour)

	hold(s.Parts, "soon", -time.Hour) // over already
	take1(t, s.Parts, "soon", b, 1, 0)
	hold(s.Parts, "soon", 5*time.Millisecond)
	eventually(t, s, "the end of a hold", func() bool {
		wait, err := s.Other.Take(t.Context(), "soon", b, 1)
		if err != nil {
			t.Fatal(err)
		}
		return wait == 0
	})
}
