// Package enrich fills in what sources do not say: the names of pilots, corporations
// and alliances, the tickers of the latter two, killmails that are known by id and
// hash only, and market prices.
//
// Its lists of work are in the store: the entities that lack something and the
// enrichments, put there in the transaction that stores what they belong to. Any
// number of processes may run it; they claim what they work on. ESI being gone, slow
// or wrong delays all this and nothing else.
package enrich

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// ESI is the part of ESI that is asked.
type ESI interface {
	Names(ctx context.Context, ids []int64) (names []esi.Name, unknown []int64, err error)
	Alliance(ctx context.Context, id int64) (esi.Organisation, error)
	Corporation(ctx context.Context, id int64) (esi.Organisation, error)
	Killmail(ctx context.Context, id int64, hash string) (*killmail.Killmail, error)
	Prices(ctx context.Context) ([]esi.Price, error)
}

// Store is the part of the store that is used.
type Store interface {
	store.Entities
	store.Enrichments
	store.Prices
	Killmail(ctx context.Context, id int64) (*killmail.Killmail, error)
}

// Service resolves entities and completes killmails.
type Service struct {
	Store Store
	ESI   ESI
	Bus   bus.Bus
	// Save stores a completed killmail as if the source had held it: judged, valued,
	// and announced if live. Saving one twice must do no harm.
	Save func(ctx context.Context, source string, live bool, d killmail.Document) error
	Log  *slog.Logger
	Now  func() time.Time

	atOnce int // how many names to ask for next; 0 at the beginning
}

const (
	// sweepNames and sweepKillmails are how often a list is looked at without a signal.
	sweepNames     = 10 * time.Second
	sweepKillmails = 30 * time.Second
	// firstRetry and lastRetry bound how long what failed waits, doubled each time.
	firstRetry = time.Minute
	lastRetry  = 24 * time.Hour
	// pause follows a failure of ESI as a whole.
	pause = 30 * time.Second
	// lastTime is what is left for the store when the process is asked to end.
	lastTime = 5 * time.Second
)

func retryAfter(attempts int) time.Duration {
	return min(firstRetry<<min(attempts, 20), lastRetry)
}

// untried tells whether an error says nothing about what was asked for: ESI was not
// asked, or ctx has ended. It counts as no attempt then.
func untried(ctx context.Context, err error) bool {
	later := (*esi.LaterError)(nil)
	return ctx.Err() != nil || errors.As(err, &later)
}

// lastWords is a context in which what was found out can still be stored when ctx ends.
func lastWords(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), lastTime)
}

// Run works on names and, beside that, on killmails, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error { s.loop(ctx, "names", sweepNames, s.Step); return nil })
	if s.Save != nil {
		g.Go(func() error { s.loop(ctx, "killmails", sweepKillmails, s.Sweep); return nil })
	}
	return g.Wait()
}

// loop takes steps as long as there is something to do, and looks again now and then.
func (s *Service) loop(ctx context.Context, what string, every time.Duration, step func(context.Context) (bool, error)) {
	signals, stop := s.Bus.Listen(bus.KillmailsStored)
	defer stop()
	for {
		busy, err := step(ctx)
		if ctx.Err() != nil {
			return
		}
		if busy && err == nil {
			continue
		}
		wake, wait := signals, every
		if err != nil {
			s.Log.WarnContext(ctx, what, "error", err)
			wake, wait = nil, pause // a new killmail does not bring ESI back
			if later := (*esi.LaterError)(nil); errors.As(err, &later) {
				wait = max(pause, later.After)
			}
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-wake:
		}
		timer.Stop()
	}
}
