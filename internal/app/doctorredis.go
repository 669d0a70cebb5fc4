package app

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/bus/redisbus"
	"github.com/battlescope/battlescope/internal/cache/rediscache"
	"github.com/battlescope/battlescope/internal/redis"
)

const (
	// oldestRedis is the first version with all commands that are used.
	oldestRedis = 7
	// slowRedis is how long an answer may take: requests wait for redis.Patience, and
	// ask more than once.
	slowRedis = redis.Patience / 5
	// pings is how often the answer is timed. The shortest counts: any one may have had
	// to wait for something else on a busy machine.
	pings = 5
	// redisPatience is how long the doctor waits for what requests would go on without.
	redisPatience = 5 * time.Second
)

// redis looks at the Redis server. Nothing depends on it but speed: whatever is wrong
// with it is a warning, unless it is the address.
func (d *doctor) redis(ctx context.Context) {
	const part = "redis"
	if d.cfg.RedisURL == "" {
		if d.cfg.embedded() {
			d.ok(part, "none, and one process needs none")
		} else {
			d.err(FindingWarn, part, isolated{}.Ready(ctx))
		}
		return
	}
	log := slog.New(slog.DiscardHandler)
	link, err := redis.Open(d.cfg.RedisURL, log, redisPatience)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	defer link.Close()
	var info redisInfo
	var took time.Duration
	err = link.Do(ctx, func(ctx context.Context, c rueidis.Client) (err error) {
		info, took, err = askRedis(ctx, c)
		return err
	})
	if err != nil {
		d.err(FindingWarn, part, err)
		return
	}
	d.redisServer(part, info, took)
	d.cached(ctx, info, log)
	d.pushed(ctx, log)
}

// redisInfo is what a server tells of itself, by its names.
type redisInfo map[string]string

func (i redisInfo) number(name string) int64 {
	n, err := strconv.ParseInt(i[name], 10, 64)
	if err != nil {
		return 0 // it does not tell
	}
	return n
}

// askRedis asks for what a server tells of itself, and how long it takes to answer.
func askRedis(ctx context.Context, c rueidis.Client) (redisInfo, time.Duration, error) {
	took := time.Duration(math.MaxInt64)
	for range pings {
		began := time.Now()
		if err := c.Do(ctx, c.B().Ping().Build()).Error(); err != nil {
			return nil, 0, err
		}
		took = min(took, time.Since(began))
	}
	text, err := c.Do(ctx, c.B().Info().Build()).ToString()
	if err != nil {
		return nil, took, err
	}
	info := make(redisInfo)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info, took, nil
}

func (d *doctor) redisServer(part string, info redisInfo, took time.Duration) {
	product, version := "Redis", info["redis_version"]
	if v := info["valkey_version"]; v != "" {
		product, version = "Valkey", v
	}
	name := ""
	if a, err := redis.Parse(d.cfg.RedisURL); err == nil {
		name = a.String()
	}
	detail := fmt.Sprintf("%s: %s %s, answers in %v", name, product, version, took.Round(10*time.Microsecond))
	major, _, _ := strings.Cut(info["redis_version"], ".") // Valkey tells what it is like
	if n, err := strconv.Atoi(major); err == nil && n < oldestRedis {
		d.tell(Finding{part, FindingWarn, detail, "use Redis 7.0 or later, or Valkey"})
		return
	}
	d.when(took > slowRedis, FindingWarn, part, detail,
		fmt.Sprintf("put it next to the processes: requests wait %v for it and then go on without", redis.Patience))
}

// cached looks whether values can be kept.
func (d *doctor) cached(ctx context.Context, info redisInfo, log *slog.Logger) {
	const part = "cache"
	c, err := rediscache.Open(d.cfg.RedisURL, log, redisPatience)
	if err == nil {
		defer c.Close()
		err = c.Ready(ctx)
	}
	if err != nil {
		d.err(FindingWarn, part, err)
		return
	}
	used, most, policy := info.number("used_memory"), info.number("maxmemory"), info["maxmemory_policy"]
	detail := bytesText(used) + " of memory used, without a limit"
	if most > 0 {
		detail = fmt.Sprintf("%s of %s used, policy %s", bytesText(used), bytesText(most), policy)
	}
	d.when(most > 0 && policy == "noeviction" && used > most/10*9, FindingWarn, part, detail,
		"raise its maxmemory, or CONFIG SET maxmemory-policy allkeys-lru: else nothing more is kept soon")
}

// pushed looks whether signals between processes arrive.
func (d *doctor) pushed(ctx context.Context, log *slog.Logger) {
	const part = "push"
	b, err := redisbus.Open(d.cfg.RedisURL, log, redisPatience)
	if err == nil {
		defer b.Close()
		err = b.Ready(ctx)
	}
	if err != nil {
		d.err(FindingWarn, part, err)
		return
	}
	d.ok(part, "signals between processes arrive")
}
