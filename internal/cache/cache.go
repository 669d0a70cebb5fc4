// Package cache is the port to what may be forgotten at any moment: answers that are
// dear to make again, and the shared knowledge of how much may be asked of whom.
//
// Nothing depends on a cache but speed and politeness. An adapter that cannot reach
// its server returns errors, which callers treat as a miss. Adapters: memcache within
// one process, rediscache shared by many; cachetest holds them to the contract.
package cache

import (
	"context"
	"time"
)

// Cache keeps values for a while.
type Cache interface {
	// Get returns the values of those keys that are there.
	Get(ctx context.Context, keys ...string) (map[string][]byte, error)
	// Set keeps a value until the time to live is over, which must be positive.
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// Delete forgets keys; ones that are not there are no error.
	Delete(ctx context.Context, keys ...string) error
}

// Limiter shares the budgets of outside services among all processes that use them.
type Limiter interface {
	// Take takes n tokens from a bucket that refills steadily. wait is 0 when they
	// were there and are taken; else nothing is taken, and wait is how long until
	// asking again makes sense. n must not exceed what the bucket holds.
	Take(ctx context.Context, key string, b Bucket, n int) (wait time.Duration, err error)
	// Hold makes Take of this key wait until a time, as when a service said so. A
	// hold that ends earlier than the present one changes nothing.
	Hold(ctx context.Context, key string, until time.Time) error
}

// Bucket is a budget: it holds Size tokens, and an empty one is full again after Refill.
type Bucket struct {
	Size   int
	Refill time.Duration
}

// Parts are a cache and a limiter from one place.
type Parts interface {
	Cache
	Limiter
	// Ready says whether the server behind it answers; nil within one process.
	Ready(ctx context.Context) error
	// Close releases what it holds.
	Close() error
}
