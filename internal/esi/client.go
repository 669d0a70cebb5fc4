package esi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// Client asks ESI. It is safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	now     func() time.Time
	limiter cache.Limiter
	cache   cache.Cache // nil: nothing is kept
	health  *health
}

// New returns a client. A nil transport is the default one.
func New(cfg Config, transport http.RoundTripper, now func() time.Time, options ...Option) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	c := &Client{
		cfg: cfg, http: &http.Client{Transport: transport, Timeout: cfg.Timeout}, now: now,
		limiter: newLocal(now), health: newHealth(cfg.BreakAfter, cfg.BreakFor),
	}
	for _, option := range options {
		option(c)
	}
	return c, nil
}

// route is a question.
type route struct {
	method string
	path   string
	body   []byte
	group  group
	fresh  time.Duration // how long the answer is good when ESI does not say; 0: it is not kept
}

func get(path string, g group, fresh time.Duration) route {
	return route{method: http.MethodGet, path: path, group: g, fresh: fresh}
}

// do asks until there is an answer, within the tries and limits.
func (c *Client) do(ctx context.Context, r route) ([]byte, error) {
	old := c.recall(ctx, r)
	if old.freshAt(c.now()) {
		return old.Body, nil
	}
	var last error
	for try := range c.cfg.Tries {
		if try > 0 {
			if err := sleep(ctx, time.Duration(1<<try)*time.Second); err != nil {
				return nil, errors.Join(ctx.Err(), last)
			}
		}
		if wait := c.health.away(); wait > 0 {
			return nil, &LaterError{Path: r.path, After: wait, Err: c.health.failure()}
		}
		price := costFull
		if old.etag() != "" {
			price = costUnchanged
		}
		if err := c.admit(ctx, r, price); err != nil {
			return nil, err
		}
		if !c.health.ask() {
			return nil, &LaterError{Path: r.path, After: max(c.health.away(), time.Second), Err: c.health.failure()}
		}
		answer, err := c.once(ctx, r, price, old)
		c.health.note(ctx, err)
		if err == nil {
			return answer, nil
		}
		if !Passing(err) || ctx.Err() != nil {
			return nil, err
		}
		last = err
	}
	return nil, last
}

// once asks once.
func (c *Client) once(ctx context.Context, r route, paid int, old *kept) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.cfg.BaseURL+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("esi %s: %w", r.path, err)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent+" ("+c.cfg.Contact+")")
	req.Header.Set("X-Compatibility-Date", c.cfg.CompatibilityDate)
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if etag := old.etag(); etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if broken := (*url.Error)(nil); errors.As(err, &broken) {
			err = broken.Err // the path is named already
		}
		return nil, &NetworkError{Path: r.path, Err: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, c.cfg.MaxBytes+1))
	c.settle(ctx, r, paid, resp)
	switch {
	case err != nil:
		return nil, &NetworkError{Path: r.path, Err: err}
	case int64(len(answer)) > c.cfg.MaxBytes:
		return nil, fmt.Errorf("esi %s: answer is larger than %d bytes", r.path, c.cfg.MaxBytes)
	case resp.StatusCode == http.StatusNotModified && old.etag() != "":
		if resp.Header.Get("ETag") == "" {
			resp.Header.Set("ETag", old.ETag)
		}
		c.keep(ctx, r, resp.Header, old.Body)
		return old.Body, nil
	case resp.StatusCode == http.StatusOK && json.Valid(answer):
		c.keep(ctx, r, resp.Header, answer)
		return answer, nil
	}
	return nil, &StatusError{Path: r.path, Status: resp.StatusCode, Body: string(answer[:min(200, len(answer))])}
}
