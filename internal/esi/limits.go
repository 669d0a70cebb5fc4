package esi

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// ESI has two limiters that exclude each other. Routes of a group have a budget of
// tokens in a floating window, beyond which the group is refused with 429. All other
// routes share a number of errors in a fixed window, beyond which every route is
// refused with 420. Sources: ESI's documentation of rate limiting, and the groups in
// its OpenAPI file.
const (
	// groupWindow is the floating window of the groups.
	groupWindow = 15 * time.Minute
	// errorsAllowed is how many answers other than 2xx and 3xx may come in errorWindow.
	errorsAllowed = 100
	errorWindow   = time.Minute
	// The tokens that an answer costs. One of 5xx costs none, but nobody knows before.
	costFull, costUnchanged, costRefused = 2, 1, 5
)

// group are routes that have a budget in common.
type group struct {
	name   string
	tokens int // in groupWindow; 0: its routes share the errors
}

var (
	plain     = group{name: "plain"}
	killmails = group{"killmail", 3600}
	status    = group{"status", 600}
)

// The names of what all processes share: the rate of requests, and the errors. A
// group has its own.
const (
	keyAll    = "esi:all"
	keyErrors = "esi:errors"
)

func (g group) key() string { return "esi:group:" + g.name }

// rate is the bucket for the rate of requests.
func (c *Client) rate() cache.Bucket {
	size := max(1, int(math.Min(c.cfg.MaxRate, 1e6)))
	return cache.Bucket{Size: size, Refill: max(1, time.Duration(float64(size)/c.cfg.MaxRate*float64(time.Second)))}
}

// bucket is how a group's budget is spent. A tenth of it may go at once, and the rest
// comes back over the window, so that no window of ESI ever sees more than the budget.
func (c *Client) bucket(g group) cache.Bucket {
	if g.tokens == 0 {
		return c.rate()
	}
	return cache.Bucket{Size: max(costRefused, int(c.cfg.Share*float64(g.tokens)/10)), Refill: groupWindow / 9}
}

func (c *Client) errorBucket() cache.Bucket {
	return cache.Bucket{Size: errorsAllowed - c.cfg.ErrorReserve, Refill: errorWindow}
}

// admit waits until a request of a group may be sent, and pays for the answer that is
// expected.
func (c *Client) admit(ctx context.Context, r route, price int) error {
	if r.group.tokens == 0 {
		price = 1
	}
	if err := c.take(ctx, r.path, r.group.key(), c.bucket(r.group), price); err != nil {
		return err
	}
	return c.take(ctx, r.path, keyAll, c.rate(), 1)
}

// take takes tokens as soon as they are there. When that is later than the caller has
// time for, it says so at once.
func (c *Client) take(ctx context.Context, path, key string, b cache.Bucket, n int) error {
	for {
		wait, err := c.limiter.Take(ctx, key, b, n)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case wait <= 0:
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return &LaterError{Path: path, After: wait}
		}
		if err := sleep(ctx, min(wait, time.Minute)); err != nil { // others may have moved the end
			return err
		}
	}
}

// settle pays what an answer cost beyond what was paid before, and waits where it says
// that the next request would be refused.
func (c *Client) settle(ctx context.Context, r route, paid int, resp *http.Response) {
	ctx = context.WithoutCancel(ctx) // what was used is used
	code := resp.StatusCode
	good := code < 400 || code == http.StatusTooManyRequests
	switch {
	case r.group.tokens == 0 && !good:
		c.charge(ctx, keyErrors, c.errorBucket(), 1, r.group.key())
	case r.group.tokens != 0:
		if due := cost(code) - paid; due > 0 {
			c.charge(ctx, r.group.key(), c.bucket(r.group), due, r.group.key())
		}
	}
	c.heed(ctx, r, resp)
}

// cost is what an answer costs in a group.
func cost(code int) int {
	switch {
	case code >= 500 || code == http.StatusTooManyRequests:
		return 0
	case code >= 400:
		return costRefused
	case code >= 300:
		return costUnchanged
	}
	return costFull
}

// charge takes tokens for what has happened already. When they are not there, hold
// waits until they would be.
func (c *Client) charge(ctx context.Context, key string, b cache.Bucket, n int, hold string) {
	if wait, err := c.limiter.Take(ctx, key, b, n); err == nil && wait > 0 {
		c.hold(ctx, hold, wait)
	}
}

// heed reads the headers with which ESI counts. They know of other programs at this
// address, too.
func (c *Client) heed(ctx context.Context, r route, resp *http.Response) {
	h := resp.Header
	if after, ok := number(h, "Retry-After"); ok && resp.StatusCode == http.StatusTooManyRequests {
		c.hold(ctx, r.group.key(), time.Duration(after)*time.Second)
	}
	reset, told := number(h, "X-ESI-Error-Limit-Reset")
	wait := errorWindow
	if told {
		wait = time.Duration(reset) * time.Second
	}
	if resp.StatusCode == statusErrorLimited {
		c.hold(ctx, keyAll, wait)
	} else if remain, ok := number(h, "X-ESI-Error-Limit-Remain"); ok && told && remain <= c.cfg.ErrorReserve {
		c.hold(ctx, plain.key(), wait)
	}
	if remain, ok := number(h, "X-Ratelimit-Remaining"); ok && r.group.tokens != 0 && remain < r.group.tokens/20 {
		c.hold(ctx, r.group.key(), groupWindow/20) // in which as many come back
	}
}

func number(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(h.Get(name))
	return n, err == nil && n >= 0
}

// hold keeps all processes from using what key stands for, for a while.
func (c *Client) hold(ctx context.Context, key string, d time.Duration) {
	if d = min(d, c.cfg.MaxWait); d <= 0 {
		return
	}
	_ = c.limiter.Hold(ctx, key, c.now().Add(d)) // fails only where the local one cannot be reached either
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// isCancel reports whether the caller gave up, which says nothing about ESI.
func isCancel(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}
