package esi

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// How long answers are fresh when ESI does not say.
const (
	freshPublic    = 5 * time.Minute // of what everybody can see
	freshCharacter = time.Hour       // of what belongs to a character
	freshStatic    = 24 * time.Hour  // of what never changes
)

const (
	// longestFresh bounds what ESI says: killmails are good for 30 days, but who has
	// stored one does not ask again.
	longestFresh = 24 * time.Hour
	// keptStale is how long an answer that is no longer fresh is kept, for ESI may say
	// that it is unchanged.
	keptStale = 24 * time.Hour
)

// kept is an answer in the cache.
type kept struct {
	ETag  string          `json:"etag,omitempty"`
	Until int64           `json:"until"` // fresh so long, in UTC milliseconds
	Body  json.RawMessage `json:"body"`
}

func (c *Client) keepKey(r route) string { return "esi:answer:" + c.cfg.CompatibilityDate + r.path }

// recall returns the kept answer to a question, nil when there is none.
func (c *Client) recall(ctx context.Context, r route) *kept {
	if c.cache == nil || r.fresh == 0 {
		return nil
	}
	found, err := c.cache.Get(ctx, c.keepKey(r))
	if err != nil { // as good as forgotten
		return nil
	}
	k := new(kept)
	if json.Unmarshal(found[c.keepKey(r)], k) != nil || len(k.Body) == 0 {
		return nil
	}
	return k
}

func (k *kept) freshAt(now time.Time) bool { return k != nil && now.UnixMilli() < k.Until }

func (k *kept) etag() string {
	if k == nil {
		return ""
	}
	return k.ETag
}

// keep remembers an answer with what its headers say.
func (c *Client) keep(ctx context.Context, r route, h http.Header, body []byte) {
	if c.cache == nil || r.fresh == 0 {
		return
	}
	fresh, allowed := freshFor(h, c.now(), r.fresh)
	fresh = min(fresh, longestFresh)
	etag, ttl := h.Get("ETag"), fresh
	if etag != "" {
		ttl += keptStale
	}
	if !allowed || ttl <= 0 {
		return
	}
	value, err := json.Marshal(kept{ETag: etag, Until: c.now().Add(fresh).UnixMilli(), Body: body})
	if err == nil {
		_ = c.cache.Set(ctx, c.keepKey(r), value, ttl) // a loss costs a request
	}
}

// freshFor reads how long an answer is fresh (RFC 9111, section 4.2), and whether it
// may be kept at all.
func freshFor(h http.Header, now time.Time, fallback time.Duration) (time.Duration, bool) {
	for part := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "=")
		switch name {
		case "no-store":
			return 0, false
		case "no-cache":
			return 0, true
		case "max-age":
			if seconds, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil {
				return time.Duration(max(0, min(seconds, 1<<30))) * time.Second, true
			}
		}
	}
	if h.Get("Expires") == "" {
		return fallback, true
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0, true // "0" and the like mean the past
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // by the same clock
	}
	return max(0, expires.Sub(now)), true
}

// Option lets a client share with other processes.
type Option func(*Client)

// Share has the limits count in all processes that share l. Without it, or while l
// fails, the process keeps to them by itself.
func Share(l cache.Limiter) Option {
	return func(c *Client) {
		if l != nil {
			c.limiter = cache.Fallback{Shared: l, Local: c.limiter}
		}
	}
}

// Keep has answers kept in a cache as long as ESI says they are good.
func Keep(k cache.Cache) Option {
	return func(c *Client) { c.cache = k }
}
