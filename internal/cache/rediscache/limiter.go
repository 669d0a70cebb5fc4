package rediscache

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/cache"
)

//go:embed take.lua
var takeText string

//go:embed hold.lua
var holdText string

var (
	takeScript = rueidis.NewLuaScript(takeText)
	holdScript = rueidis.NewLuaScript(holdText)
)

func bucketKey(key string) string { return "battlescope:bucket:" + key }
func holdKey(key string) string   { return "battlescope:hold:" + key }

// Take implements cache.Limiter.
func (c *Cache) Take(ctx context.Context, key string, b cache.Bucket, n int) (time.Duration, error) {
	if err := b.Check(n); err != nil {
		return 0, err
	}
	args := []string{micros(max(b.Cost(n), time.Microsecond)), micros(max(b.Refill, time.Microsecond))}
	var wait int64
	err := c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) (err error) {
		wait, err = takeScript.Exec(ctx, r, []string{bucketKey(key), holdKey(key)}, args).AsInt64()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("take tokens of %s: %w", key, err)
	}
	return time.Duration(wait) * time.Microsecond, nil
}

// Hold implements cache.Limiter.
func (c *Cache) Hold(ctx context.Context, key string, until time.Time) error {
	span := millis(time.Until(until))
	if span <= 0 {
		return nil
	}
	err := c.link.Do(ctx, func(ctx context.Context, r rueidis.Client) error {
		return holdScript.Exec(ctx, r, []string{holdKey(key)}, []string{strconv.FormatInt(span, 10)}).Error()
	})
	if err != nil {
		return fmt.Errorf("hold %s: %w", key, err)
	}
	return nil
}

func micros(d time.Duration) string { return strconv.FormatInt(d.Microseconds(), 10) }
