package zkb

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// errMissing is the feed's 404: the number is not there, or not yet.
var errMissing = errors.New("not found")

// sourceError is an answer that says something about the source and nothing
// about the document: the same number is asked for again.
type sourceError struct {
	status     int // 0 when there was no answer
	retryAfter time.Duration
	err        error
}

func (e *sourceError) Error() string { return e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

func (e *sourceError) hint() string {
	switch {
	case e.status == http.StatusForbidden:
		return "zKillboard refuses this client: check that the contact is right and that no other program on this address asks too fast"
	case e.status == http.StatusTooManyRequests:
		return "another program on this address may use the feed too; lower the request rate"
	case e.status == 0:
		return "check the feed's URL and this machine's way to the internet; it keeps trying"
	case e.status >= 500, e.status == http.StatusOK:
		return "the feed has trouble of its own; it keeps trying"
	}
	return "check the feed's URL"
}

// documentError is a document that arrived but makes no sense.
type documentError struct {
	raw []byte
	err error
}

func (e *documentError) Error() string { return e.err.Error() }
func (e *documentError) Unwrap() error { return e.err }

// get fetches one JSON file of the feed. The error is errMissing, a *sourceError,
// a *documentError, or the end of ctx.
func (f *source) get(ctx context.Context, path string) ([]byte, error) {
	if err := f.pace(ctx); err != nil {
		return nil, err
	}
	defer func() { f.nextRequest = time.Now().Add(f.interval) }()

	timed, cancel := context.WithTimeoutCause(ctx, f.cfg.Timeout, fmt.Errorf("no answer within %v", f.cfg.Timeout))
	defer cancel()
	body, err := f.request(timed, path)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil && timed.Err() != nil {
		return nil, &sourceError{err: fmt.Errorf("get %s: %w", path, context.Cause(timed))}
	}
	return body, err
}

func (f *source) request(ctx context.Context, path string) ([]byte, error) {
	resp, err := f.open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := f.readBody(resp)
	if looksLikeHTML(resp, body) {
		return nil, webPage(resp, path)
	}
	if err != nil {
		return nil, &documentError{raw: body, err: fmt.Errorf("get %s: %w", path, err)}
	}
	return body, nil
}

// open asks for a path below the root, or for a whole URL, and returns the answer
// when it is 200. The error is errMissing, a *redirect or a *sourceError.
func (f *source) open(ctx context.Context, path string) (*http.Response, error) {
	target := f.base + path
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
		target = path
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, &sourceError{err: err}
	}
	req.Header.Set("User-Agent", fmt.Sprintf("%s (%s)", f.cfg.UserAgent, f.cfg.Contact))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "gzip") // set by hand, so that any transport asks for it
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, &sourceError{err: err}
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // lets the connection be used again
	if resp.StatusCode == http.StatusNotFound {
		return nil, errMissing
	}
	if to, err := resp.Location(); err == nil && resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return nil, &redirect{to: to.String()}
	}
	return nil, &sourceError{
		status:     resp.StatusCode,
		retryAfter: f.retryAfter(resp.Header.Get("Retry-After")),
		err:        fmt.Errorf("get %s: answer %s", path, statusText(resp)),
	}
}

// redirect is an answer that points elsewhere, from a source that wants that seen.
type redirect struct{ to string }

func (r *redirect) Error() string { return "answer points to " + r.to }

func webPage(resp *http.Response, path string) error {
	return &sourceError{status: resp.StatusCode, err: fmt.Errorf("get %s: answer is a web page, not JSON", path)}
}

// readBody reads and unpacks the body within the limit. With an error it returns what it got.
func (f *source) readBody(resp *http.Response) ([]byte, error) {
	in, err := unpacked(resp)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(in, f.cfg.MaxBytes+1))
	if int64(len(body)) > f.cfg.MaxBytes {
		return body[:f.cfg.MaxBytes], fmt.Errorf("body is larger than the limit of %d bytes", f.cfg.MaxBytes)
	}
	return body, err
}

// unpacked is the body without its compression.
func unpacked(resp *http.Response) (io.Reader, error) {
	if !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return resp.Body, nil
	}
	return gzip.NewReader(resp.Body)
}

// pointer reads the feed's word for its newest number.
func (f *Feed) pointer(ctx context.Context) (int64, error) {
	const path = "/ephemeral/sequence.json"
	body, err := f.get(ctx, path)
	if errors.Is(err, errMissing) {
		return 0, &sourceError{status: http.StatusNotFound, err: fmt.Errorf("get %s: answer 404 Not Found", path)}
	}
	if broken := (*documentError)(nil); errors.As(err, &broken) {
		return 0, &sourceError{status: http.StatusOK, err: err}
	}
	if err != nil {
		return 0, err
	}
	var answer struct {
		Sequence int64 `json:"sequence"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Sequence <= 0 {
		return 0, &sourceError{status: http.StatusOK, err: fmt.Errorf("get %s: answer %.60q holds no sequence", path, body)}
	}
	f.update(func(s *State) { s.Pointer = answer.Sequence })
	return answer.Sequence, nil
}

// pace waits until the next request is allowed.
func (f *source) pace(ctx context.Context) error { return sleep(ctx, time.Until(f.nextRequest)) }

// retryAfter reads the header of that name, seconds or a date; 0 when there is none.
func (f *source) retryAfter(value string) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(f.cfg.BlockedMax/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(f.deps.Now()), 0), f.cfg.BlockedMax)
	}
	return 0
}

// looksLikeHTML tells the pages that a content network puts in the place of an answer.
func looksLikeHTML(resp *http.Response, body []byte) bool {
	return strings.Contains(resp.Header.Get("Content-Type"), "text/html") || bytes.HasPrefix(bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n"), []byte("<"))
}

func statusText(resp *http.Response) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)))
}

// sleep waits, but not beyond the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
