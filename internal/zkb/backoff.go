package zkb

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// backOff waits after a request that failed with err, the longer the more failed
// in a row. What was read before is handled first.
func (w *walk) backOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	var source *sourceError
	hint := "the document is asked for again and put aside if that does not help"
	if errors.As(err, &source) {
		hint = source.hint()
	}
	wait := w.cfg.waitAfter(source, w.failures)
	if w.failures == 0 {
		w.deps.Logger.WarnContext(ctx, "feed does not answer as it should", "error", err, "hint", hint, "retry_in", wait)
	}
	w.failures++
	w.problem(err, hint)
	w.enter(PhaseOffline)
	return w.pause(ctx, wait)
}

// waitAfter is how long to wait after a failure that follows failures others;
// source is nil when the document was at fault.
func (c Config) waitAfter(source *sourceError, failures int) time.Duration {
	if source == nil {
		return doubled(c.BackoffMin, c.BackoffMax, failures)
	}
	first, most := c.BackoffMin, c.BackoffMax
	switch {
	case source.status == http.StatusTooManyRequests:
		first, most = c.RateLimitMin, c.RateLimitMax
	case source.status >= 400 && source.status < 500 && source.status != http.StatusNotFound:
		// A refusal: asking again soon changes nothing and costs goodwill.
		first, most = c.BlockedMin, c.BlockedMax
	}
	return max(source.retryAfter, doubled(first, most, failures))
}

// recovered notes that the source answers as it should.
func (w *walk) recovered() {
	if w.failures == 0 {
		return
	}
	w.deps.Logger.Info("feed answers again", "failed_requests", w.failures)
	w.failures = 0
	w.enter(w.phase)
}

// pause waits and shows in the state until when.
func (w *walk) pause(ctx context.Context, wait time.Duration) error {
	until := w.deps.Now().Add(wait)
	w.update(func(s *State) { s.RetryAt = until })
	return sleep(ctx, wait)
}

// doubled is first doubled n times, but not more than most.
func doubled(first, most time.Duration, n int) time.Duration {
	for ; n > 0 && first < most; n-- {
		first *= 2
	}
	return min(first, most)
}
