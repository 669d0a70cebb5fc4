package memcache

import (
	"context"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// budgets implements cache.Limiter by the generic cell rate algorithm: of a bucket it
// is only kept when it will be full again, and n tokens may be taken when that moves
// no further ahead than a whole refill. ITU-T I.371, annex A.
type budgets struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
	swept   int // how many were left when forgotten ones were last dropped
}

type bucket struct {
	fullAt time.Time // zero: it is full
	held   time.Time // no token before; zero: no hold
}

// Take implements cache.Limiter.
func (s *budgets) Take(ctx context.Context, key string, b cache.Bucket, n int) (time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := b.Check(n); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	state := s.buckets[key]
	if state.held.After(now) {
		return state.held.Sub(now), nil
	}
	from := state.fullAt
	switch empty := now.Add(b.Refill); {
	case from.Before(now):
		from = now
	case from.After(empty): // the clock was set back, or the bucket was slower before
		from = empty
	}
	fullAt := from.Add(b.Cost(n))
	if wait := fullAt.Sub(now) - b.Refill; wait > 0 {
		return wait, nil
	}
	s.put(now, key, bucket{fullAt: fullAt})
	return 0, nil
}

// Hold implements cache.Limiter.
func (s *budgets) Hold(ctx context.Context, key string, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.buckets[key]
	if until.After(state.held) {
		state.held = until
		s.put(s.now(), key, state)
	}
	return nil
}

// put keeps a bucket. Each time they have doubled it drops those that are full and
// not held, which are as good as new.
func (s *budgets) put(now time.Time, key string, state bucket) {
	s.buckets[key] = state
	if len(s.buckets) < max(1024, 2*s.swept) {
		return
	}
	for k, v := range s.buckets {
		if !v.fullAt.After(now) && !v.held.After(now) {
			delete(s.buckets, k)
		}
	}
	s.swept = len(s.buckets)
}
