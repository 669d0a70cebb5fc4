// Package rediscache keeps values and budgets in a Redis server, shared by all
// processes that use it.
//
// The server may be slow or gone: requests then fail at once (see package redis), and
// callers go on without what is cached. Everything in the server has a time to live.
// Keys begin with battlescope:, so installations that share a server need a database
// number each.
package rediscache

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/redis"
)

// values is the prefix of the keys of cached values.
const values = "battlescope:cache:"

// Cache implements cache.Parts.
type Cache struct{ link *redis.Link }

var _ cache.Parts = (*Cache)(nil)

// Open returns the cache in the server of an address (see redis.Parse). It need not be
// there yet; only a bad address is an error. Requests wait as long as patience; see
// redis.Open.
func Open(address string, log *slog.Logger, patience time.Duration) (*Cache, error) {
	link, err := redis.Open(address, log, patience)
	if err != nil {
		return nil, err
	}
	return &Cache{link}, nil
}

// Get implements cache.Cache.
func (c *Cache) Get(ctx context.Context, keys ...string) (map[string][]byte, error) {
	found := make(map[string][]byte, len(keys))
	if len(keys) == 0 {
		return found, nil
	}
	err := c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) error {
		replies, err := r.Do(ctx, r.B().Mget().Key(prefixed(keys)...).Build()).ToArray()
		if err != nil {
			return err
		}
		for i, reply := range replies {
			if value, err := reply.AsBytes(); err == nil {
				found[keys[i]] = value
			} else if !rueidis.IsRedisNil(err) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get from cache: %w", err)
	}
	return found, nil
}

// Set implements cache.Cache.
func (c *Cache) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return cache.ErrTTL
	}
	err := c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) error {
		set := r.B().Set().Key(values + key).Value(rueidis.BinaryString(value)).PxMilliseconds(millis(ttl))
		return r.Do(ctx, set.Build()).Error()
	})
	if err != nil {
		return fmt.Errorf("put into cache: %w", err)
	}
	return nil
}

// Delete implements cache.Cache.
func (c *Cache) Delete(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	err := c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) error {
		return r.Do(ctx, r.B().Del().Key(prefixed(keys)...).Build()).Error()
	})
	if err != nil {
		return fmt.Errorf("delete from cache: %w", err)
	}
	return nil
}

// Ready implements cache.Parts. It writes, because a server that is full, a replica, or
// short of disk still answers to reads.
func (c *Cache) Ready(ctx context.Context) error {
	return c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) error {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		return r.Do(ctx, r.B().Set().Key("battlescope:ready").Value(at).ExSeconds(60).Build()).Error()
	})
}

// Close implements cache.Parts.
func (c *Cache) Close() error { return c.link.Close() }

func prefixed(keys []string) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = values + key
	}
	return out
}

// millis rounds up, because 0 is no time to live.
func millis(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }
