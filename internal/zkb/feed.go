package zkb

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Handler stores a batch and its cursor in one transaction. An error means that
// nothing of it was stored; the same batch comes again after a wait. It must not
// keep the batch's slices.
type Handler func(ctx context.Context, batch Batch) error

// Deps are the parts of the world the feed needs. Zero fields get the real ones.
type Deps struct {
	Transport http.RoundTripper
	// Now stamps states and cursors. Waiting uses package time, which tests
	// replace by running in a synctest bubble.
	Now    func() time.Time
	Logger *slog.Logger
}

// source is what all clients of zKillboard share: one request at a time, no faster
// than allowed.
type source struct {
	cfg      Config
	deps     Deps
	base     string
	client   *http.Client
	interval time.Duration // least time between the end of a request and the next

	nextRequest time.Time // owned by whoever asks
}

// Feed reads the live feed: R2Z2, or a relay of RedisQ's shape. Make one with New
// or NewRedisQ.
type Feed struct {
	source
	relay   bool // RedisQ
	running atomic.Bool

	mu    sync.Mutex
	state State
}

// New returns a feed that reads R2Z2 and is not running yet. The error is a *ConfigError.
func New(cfg Config, deps Deps) (*Feed, error) {
	s, err := newSource(cfg, deps)
	if err != nil {
		return nil, err
	}
	return &Feed{source: s, state: State{Phase: PhaseStopped, Since: s.deps.Now()}}, nil
}

func newSource(cfg Config, deps Deps) (source, error) {
	if err := cfg.Validate(); err != nil {
		return source{}, err
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Transport == nil {
		deps.Transport = transport(cfg)
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	return source{
		cfg:      cfg,
		deps:     deps,
		base:     strings.TrimRight(cfg.BaseURL, "/"),
		client:   &http.Client{Transport: deps.Transport},
		interval: time.Duration(float64(time.Second) / cfg.MaxRate),
	}, nil
}

// transport is the standard one with the settings of cfg.
func transport(cfg Config) http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok || cfg.KeepAlive {
		return http.DefaultTransport
	}
	single := standard.Clone()
	single.DisableKeepAlives = true
	return single
}

// Run reads the feed from the number behind cursor on and hands everything to
// handle, until ctx ends; it returns the reason for that. Nothing the feed does
// ends it. With the zero Cursor it starts at the newest document.
//
// At most one request is in flight, and none while handle works. At the tail every
// document is handled at once, while catching up in batches.
func (f *Feed) Run(ctx context.Context, cursor Cursor, handle Handler) error {
	if !f.running.CompareAndSwap(false, true) {
		return errors.New("feed: is running already")
	}
	defer f.running.Store(false)
	defer f.enter(PhaseStopped)
	f.update(func(s *State) { s.Cursor = cursor.Sequence })
	f.enter(PhaseStarting)

	w := &walk{Feed: f, handle: handle, phase: PhaseStarting}
	w.pending.Cursor = cursor
	start, step := w.start, w.step
	if f.relay {
		start, step = w.startRelay, w.listen
	}
	if err := start(ctx); err != nil {
		return err
	}
	for {
		if err := step(ctx); err != nil {
			return err
		}
	}
}
