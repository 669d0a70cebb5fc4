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
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/battlescope/battlescope/internal/killmail"
)

// ErrNotFound says that EVE does not know what was asked for.
var ErrNotFound = errors.New("not known to ESI")

// StatusError is an answer other than success.
type StatusError struct {
	Path   string
	Status int
	Body   string // its beginning
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("esi %s: status %d: %s", e.Path, e.Status, e.Body)
}

// Is makes ESI's own 404 an ErrNotFound. A web page with that status says that there
// is no ESI at this address, and nothing about what was asked for.
func (e *StatusError) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound && strings.HasPrefix(strings.TrimSpace(e.Body), "{")
}

// passing reports whether the same request may succeed later.
func (e *StatusError) passing() bool {
	return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == statusErrorLimited ||
		e.Status == http.StatusOK // with a body that is not JSON
}

// NetworkError is a request that got no whole answer.
type NetworkError struct {
	Path string
	Err  error
}

func (e *NetworkError) Error() string { return fmt.Sprintf("esi %s: %v", e.Path, e.Err) }

// Unwrap returns what went wrong.
func (e *NetworkError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *NetworkError) Hint() string {
	return "check ESI's URL and this machine's way to the internet; it is asked again later"
}

// Passing reports whether err says that ESI is away, busy or refuses for now, so that
// asking again later makes sense.
func Passing(err error) bool {
	if status := (*StatusError)(nil); errors.As(err, &status) {
		return status.passing()
	}
	network := (*NetworkError)(nil)
	return errors.As(err, &network)
}

// Hint says what to do about the status.
func (e *StatusError) Hint() string {
	switch e.Status {
	case http.StatusForbidden:
		return "ESI may have blocked this address: check that contact reaches you"
	case statusErrorLimited, http.StatusTooManyRequests:
		return "ESI's limit is used up; it is asked again later"
	case http.StatusOK:
		return "the answer is not ESI's: check its URL; it is asked again later"
	}
	return ""
}

// statusErrorLimited is ESI's own status for a used-up error budget.
const statusErrorLimited = 420

// Client asks ESI. It is safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	limiter *rate.Limiter
	mails   *rate.Limiter // for killmails, which have a budget of their own
	now     func() time.Time

	mu    sync.Mutex
	until time.Time // no request before
}

// New returns a client. A nil transport is the default one.
func New(cfg Config, transport http.RoundTripper, now func() time.Time) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	return &Client{
		cfg: cfg, http: &http.Client{Transport: transport, Timeout: cfg.Timeout},
		limiter: rate.NewLimiter(rate.Limit(cfg.MaxRate), 1),
		mails:   rate.NewLimiter(rate.Limit(cfg.KillmailRate), 1), now: now,
	}, nil
}

// Killmail fetches a killmail by id and hash, at the rate of Config.KillmailRate.
func (c *Client) Killmail(ctx context.Context, id int64, hash string) (*killmail.Killmail, error) {
	if err := c.mails.Wait(ctx); err != nil {
		return nil, err
	}
	body, err := c.do(ctx, http.MethodGet, fmt.Sprintf("/killmails/%d/%s", id, url.PathEscape(hash)), nil)
	if err != nil {
		return nil, err
	}
	doc, err := killmail.DecodeDocument(body)
	if err != nil {
		return nil, fmt.Errorf("esi killmail %d: %w", id, err)
	}
	if doc.Killmail == nil || doc.Killmail.ID != id {
		return nil, fmt.Errorf("esi killmail %d: the answer is another document", id)
	}
	doc.Killmail.Hash = hash
	return doc.Killmail, nil
}

// Alliance returns name and ticker of an alliance.
func (c *Client) Alliance(ctx context.Context, id int64) (Organisation, error) {
	return c.organisation(ctx, fmt.Sprintf("/alliances/%d", id))
}

// Corporation returns name and ticker of a corporation.
func (c *Client) Corporation(ctx context.Context, id int64) (Organisation, error) {
	return c.organisation(ctx, fmt.Sprintf("/corporations/%d", id))
}

// Organisation is what an alliance or corporation is called.
type Organisation struct {
	Name   string `json:"name"`
	Ticker string `json:"ticker"`
}

func (c *Client) organisation(ctx context.Context, path string) (Organisation, error) {
	body, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return Organisation{}, err
	}
	var o Organisation
	if err := json.Unmarshal(body, &o); err != nil {
		return Organisation{}, fmt.Errorf("esi %s: %w", path, err)
	}
	if o.Name == "" || o.Ticker == "" {
		return Organisation{}, fmt.Errorf("esi %s: the answer has no name or ticker", path)
	}
	return o, nil
}

// do asks until there is an answer, within the tries and limits.
func (c *Client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	var last error
	for try := range c.cfg.Tries {
		if try > 0 {
			c.waitFor(time.Duration(1<<try) * time.Second)
		}
		if err := c.ready(ctx); err != nil {
			return nil, err
		}
		answer, again, err := c.once(ctx, method, path, body)
		if err == nil {
			return answer, nil
		}
		if !again || ctx.Err() != nil {
			return nil, err
		}
		last = err
	}
	return nil, last
}

// once asks once and reports whether asking again makes sense.
func (c *Client) once(ctx context.Context, method, path string, body []byte) (answer []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.cfg.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, fmt.Errorf("esi %s: %w", path, err)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent+" ("+c.cfg.Contact+")")
	req.Header.Set("X-Compatibility-Date", c.cfg.CompatibilityDate)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if broken := (*url.Error)(nil); errors.As(err, &broken) {
			err = broken.Err // the path is named already
		}
		return nil, true, &NetworkError{Path: path, Err: err}
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, c.cfg.MaxBytes+1))
	c.heed(resp)
	switch {
	case err != nil:
		return nil, true, &NetworkError{Path: path, Err: err}
	case int64(len(answer)) > c.cfg.MaxBytes:
		return nil, false, fmt.Errorf("esi %s: answer is larger than %d bytes", path, c.cfg.MaxBytes)
	case resp.StatusCode == http.StatusOK && json.Valid(answer):
		return answer, false, nil
	}
	refusal := &StatusError{Path: path, Status: resp.StatusCode, Body: string(answer[:min(200, len(answer))])}
	return nil, refusal.passing(), refusal
}

// heed waits where the answer says that the next request would be refused.
func (c *Client) heed(resp *http.Response) {
	if after, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && resp.StatusCode == http.StatusTooManyRequests {
		c.waitFor(time.Duration(after) * time.Second)
	}
	remain, err1 := strconv.Atoi(resp.Header.Get("X-ESI-Error-Limit-Remain"))
	reset, err2 := strconv.Atoi(resp.Header.Get("X-ESI-Error-Limit-Reset"))
	if err1 == nil && err2 == nil && (remain <= c.cfg.ErrorReserve || resp.StatusCode == statusErrorLimited) {
		c.waitFor(time.Duration(reset) * time.Second)
	} else if resp.StatusCode == statusErrorLimited {
		c.waitFor(time.Minute) // the length of ESI's window
	}
}

// waitFor holds all requests back for a while.
func (c *Client) waitFor(d time.Duration) {
	until := c.now().Add(min(d, c.cfg.MaxWait))
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.until) {
		c.until = until
	}
}

// ready waits until a request may be sent.
func (c *Client) ready(ctx context.Context) error {
	if err := c.limiter.Wait(ctx); err != nil {
		return err
	}
	for {
		c.mu.Lock()
		wait := c.until.Sub(c.now())
		c.mu.Unlock()
		if wait <= 0 {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}
