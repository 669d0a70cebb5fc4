// Package memcache keeps values and budgets within one process.
package memcache

import (
	"bytes"
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// Limits bound what is kept. What was not used for longest goes first.
type Limits struct {
	Entries int
	Bytes   int // of keys and values
}

// DefaultLimits suit one server.
var DefaultLimits = Limits{Entries: 20_000, Bytes: 32 << 20}

// Cache implements cache.Parts.
type Cache struct {
	budgets
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	entries map[string]*list.Element
	used    *list.List // of *entry, the one used last in front
	bytes   int
}

type entry struct {
	key   string
	value []byte
	until time.Time
}

func (e *entry) size() int { return len(e.key) + len(e.value) }

var _ cache.Parts = (*Cache)(nil)

// New returns an empty cache with a clock.
func New(l Limits, now func() time.Time) *Cache {
	return &Cache{
		budgets: budgets{now: now, buckets: make(map[string]bucket)},
		limits:  l, now: now, entries: make(map[string]*list.Element), used: list.New(),
	}
}

// Get implements cache.Cache.
func (c *Cache) Get(ctx context.Context, keys ...string) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	found := make(map[string][]byte, len(keys))
	for _, key := range keys {
		element := c.entries[key]
		if element == nil {
			continue
		}
		e := element.Value.(*entry)
		if !e.until.After(now) {
			c.drop(element)
			continue
		}
		c.used.MoveToFront(element)
		found[key] = bytes.Clone(e.value)
	}
	return found, nil
}

// Set implements cache.Cache. A value that is larger than an eighth of all that may
// be kept would push out too much, and is not kept.
func (c *Cache) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ttl <= 0 {
		return cache.ErrTTL
	}
	e := &entry{key: key, value: bytes.Clone(value), until: c.now().Add(ttl)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.entries[key]; old != nil {
		c.drop(old)
	}
	if e.size() > c.limits.Bytes/8 {
		return nil
	}
	c.entries[key] = c.used.PushFront(e)
	c.bytes += e.size()
	for len(c.entries) > c.limits.Entries || c.bytes > c.limits.Bytes {
		c.drop(c.used.Back())
	}
	return nil
}

// Delete implements cache.Cache.
func (c *Cache) Delete(ctx context.Context, keys ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		if element := c.entries[key]; element != nil {
			c.drop(element)
		}
	}
	return nil
}

func (c *Cache) drop(element *list.Element) {
	e := c.used.Remove(element).(*entry)
	delete(c.entries, e.key)
	c.bytes -= e.size()
}

// Ready implements cache.Parts.
func (c *Cache) Ready(ctx context.Context) error { return ctx.Err() }

// Close implements cache.Parts.
func (c *Cache) Close() error { return nil }
