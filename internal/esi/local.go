package esi

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/battlescope/battlescope/internal/cache"
)

// local is the limiter of a process that shares its limits with nobody, or cannot
// reach those it shares them with. The keys are the few of this package.
type local struct {
	now  func() time.Time
	mu   sync.Mutex
	keys map[string]*localKey
}

type localKey struct {
	tokens *rate.Limiter
	held   time.Time
}

func newLocal(now func() time.Time) *local {
	return &local{now: now, keys: make(map[string]*localKey)}
}

func (l *local) key(name string) *localKey {
	k := l.keys[name]
	if k == nil {
		k = new(localKey)
		l.keys[name] = k
	}
	return k
}

// Take implements cache.Limiter.
func (l *local) Take(_ context.Context, name string, b cache.Bucket, n int) (time.Duration, error) {
	if err := b.Check(n); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now, k := l.now(), l.key(name)
	if wait := k.held.Sub(now); wait > 0 {
		return wait, nil
	}
	if k.tokens == nil {
		k.tokens = rate.NewLimiter(rate.Limit(float64(b.Size)/b.Refill.Seconds()), b.Size)
	}
	r := k.tokens.ReserveN(now, n)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait, nil
}

// Hold implements cache.Limiter.
func (l *local) Hold(_ context.Context, name string, until time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k := l.key(name); until.After(k.held) {
		k.held = until
	}
	return nil
}
