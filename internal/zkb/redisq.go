package zkb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Limits of RedisQ as zKillboard ran it; private relays keep its shape.
const (
	relayRate      = 2             // requests per second
	relayRetention = 3 * time.Hour // a queue lives this long without its reader
	relayMaxHops   = 5
	// An answer that took this long was waited for: the queue was empty.
	relayWaited = time.Second
)

// DefaultRedisQ is the configuration for a relay of RedisQ's shape, without the
// BaseURL, the QueueID and the Contact. zKillboard's own ended on 2026-05-31.
func DefaultRedisQ() Config {
	c := DefaultConfig()
	c.BaseURL, c.MaxRate, c.Retention, c.LongPoll = "", relayRate, relayRetention, 10*time.Second
	return c
}

// NewRedisQ returns a feed that reads a relay of RedisQ's shape and is not running
// yet. The relay is at BaseURL/listen.php; it answers with a package or points to
// one. Packages with and without the killmail are understood.
//
// A relay keeps the place of its reader under the QueueID. What it has handed out it
// does not give again, so a package that cannot be read is put aside at once, unless
// the relay pointed to it: then it is asked for again. The cursor counts packages.
// The error is a *ConfigError.
func NewRedisQ(cfg Config, deps Deps) (*Feed, error) {
	cfg.BaseURL = strings.TrimSuffix(strings.TrimRight(cfg.BaseURL, "/"), "/listen.php")
	s, err := newSource(cfg, deps)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(cfg.QueueID) == "" {
		return nil, &ConfigError{"QueueID", "is empty", "choose any name that no other reader of the relay uses"}
	}
	if cfg.LongPoll < time.Second || cfg.LongPoll > 10*time.Second || cfg.LongPoll >= cfg.Timeout {
		return nil, &ConfigError{"LongPoll", fmt.Sprintf("is %v", cfg.LongPoll), "relays wait 1 to 10 seconds; the timeout must be longer"}
	}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Feed{source: s, relay: true, state: State{Phase: PhaseStopped, Since: s.deps.Now()}}, nil
}

// startRelay tells of what the relay has forgotten since the cursor.
func (w *walk) startRelay(ctx context.Context) error {
	w.setPhase(PhaseCatchingUp)
	if w.pending.Cursor.Sequence > 0 && w.expired() {
		return w.forgotten(ctx, fmt.Errorf("the reader was away for %v, the relay keeps %v",
			w.deps.Now().Sub(w.pending.Cursor.At).Round(time.Minute), w.cfg.Retention))
	}
	return nil
}

// listen makes one request and does what its answer asks for.
func (w *walk) listen(ctx context.Context) error {
	path, asked := w.object, time.Now()
	if path == "" {
		path = fmt.Sprintf("/listen.php?queueID=%s&ttw=%d", url.QueryEscape(w.cfg.QueueID), int(w.cfg.LongPoll/time.Second))
	}
	body, err := w.get(ctx, path)
	waited := w.object == "" && time.Since(asked) >= relayWaited

	moved, broken := (*redirect)(nil), (*documentError)(nil)
	switch {
	case errors.As(err, &moved) && w.hops < relayMaxHops:
		w.object, w.hops = moved.to, w.hops+1
		if waited {
			w.setPhase(PhaseLive)
		}
		return nil
	case errors.As(err, &moved):
		w.object, w.hops = "", 0
		return w.backOff(ctx, &sourceError{err: fmt.Errorf("get %s: more than %d redirects", path, relayMaxHops)})
	case errors.Is(err, errMissing) && w.object != "" && w.spoilt != nil:
		spoilt := w.spoilt
		w.listenAgain()
		return w.putAside(ctx, spoilt)
	case errors.Is(err, errMissing) && w.object != "":
		w.recovered()
		return w.forgotten(ctx, fmt.Errorf("%s is gone", path))
	case errors.Is(err, errMissing):
		return w.backOff(ctx, &sourceError{status: http.StatusNotFound, err: fmt.Errorf("get %s: answer 404 Not Found", path)})
	}
	var document killmail.Document
	if err == nil {
		if document, err = killmail.DecodeDocument(body); err != nil {
			err = &documentError{raw: body, err: fmt.Errorf("package %d: %w", w.next(), err)}
		}
	}
	switch {
	case errors.As(err, &broken):
		w.tries++
		if w.object == "" || w.tries >= w.cfg.UndecodableTries {
			w.listenAgain()
			return w.putAside(ctx, broken)
		}
		w.spoilt = broken
		return w.backOff(ctx, err)
	case err != nil:
		return w.backOff(ctx, err)
	}
	w.listenAgain()
	if document.Empty() {
		return w.nothingNew(ctx, time.Since(asked) < relayWaited && !waited)
	}
	if waited {
		w.setPhase(PhaseLive)
	}
	document.Sequence = 0 // the relay has none, and ours must not be taken for R2Z2's
	if document.UploadedAt.IsZero() {
		document.UploadedAt = w.deps.Now()
	}
	w.tailAt = time.Now() // how far behind a relay is cannot be known
	if err := w.take(ctx, document, body); err != nil {
		return err
	}
	return w.flush(ctx) // the relay does not give it again, and the next answer may take long
}

// listenAgain ends with a package, whatever became of it.
func (w *walk) listenAgain() {
	w.object, w.hops, w.spoilt = "", 0, nil
	w.recovered()
}

// nothingNew handles an empty package: everything has been read. A relay that does
// not wait before it says so is asked less often.
func (w *walk) nothingNew(ctx context.Context, atOnce bool) error {
	w.setPhase(PhaseLive)
	if err := w.flush(ctx); err != nil {
		return err
	}
	if atOnce {
		return sleep(ctx, w.cfg.IdleWait)
	}
	return nil
}

// forgotten tells of packages that the relay no longer has.
func (w *walk) forgotten(ctx context.Context, err error) error {
	since, now := w.pending.Cursor.At, w.deps.Now()
	if since.IsZero() {
		since = now
	}
	w.object, w.hops = "", 0
	w.add(func(b *Batch) { b.Gaps = append(b.Gaps, Gap{Reason: GapExpired, Since: since, Until: now}) })
	w.update(func(s *State) { s.Expired++ })
	w.problem(fmt.Errorf("killmails are lost to the relay: %w", err), "the days in between come from the history once it has them")
	w.deps.Logger.WarnContext(ctx, "relay no longer has killmails", "error", err)
	return w.flush(ctx)
}
