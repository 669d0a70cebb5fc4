// Package enrich fills in what killmails do not say: the names of pilots,
// corporations and alliances, and the tickers of the latter two.
//
// Its list of work are the entities in the store that lack something; killmails
// put them there in the transaction that stores them. ESI being gone, slow or
// wrong delays names and nothing else.
package enrich

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// ESI is the part of ESI that is asked.
type ESI interface {
	Names(ctx context.Context, ids []int64) (names []esi.Name, unknown []int64, err error)
	Alliance(ctx context.Context, id int64) (esi.Organisation, error)
	Corporation(ctx context.Context, id int64) (esi.Organisation, error)
}

// Service resolves entities.
type Service struct {
	Store store.Entities
	ESI   ESI
	Bus   bus.Bus
	Log   *slog.Logger
	Now   func() time.Time

	atOnce int // how many names to ask for next; 0 at the beginning
}

const (
	// sweep is how often the list is looked at without a signal.
	sweep = 10 * time.Second
	// tickers is how many tickers are asked for between two looks at the names, which
	// readers miss more.
	tickers = 20
	// firstRetry and lastRetry bound how long an entity that failed waits, doubled each time.
	firstRetry = time.Minute
	lastRetry  = 24 * time.Hour
	// firstNames and fewNames are how many names are asked for at once: at the beginning,
	// and at the least.
	firstNames, fewNames = 200, 50
	// pause follows a failure of ESI as a whole.
	pause = 30 * time.Second
)

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	signals, stop := s.Bus.Listen(bus.KillmailsStored)
	defer stop()
	for {
		busy, err := s.Step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if busy && err == nil {
			continue
		}
		wake, wait := signals, sweep
		if err != nil {
			s.Log.WarnContext(ctx, "names", "error", err)
			wake, wait = nil, pause // a new killmail does not bring ESI back
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

// Step resolves one batch of names and a few tickers, and reports whether there
// may be more to do.
func (s *Service) Step(ctx context.Context) (busy bool, err error) {
	named, err := s.names(ctx)
	if err != nil {
		return false, err
	}
	ticked, err := s.tickers(ctx)
	return named || ticked, err
}

func (s *Service) names(ctx context.Context) (bool, error) {
	now := s.Now()
	limit := cmp.Or(s.atOnce, firstNames)
	list, err := s.Store.Unresolved(ctx, store.EntityUnnamed, now, limit)
	if err != nil || len(list) == 0 {
		return false, err
	}
	ids := make([]int64, len(list))
	attempts := make(map[int64]int, len(list))
	for i, e := range list {
		ids[i] = e.ID
		attempts[e.ID] = e.Attempts
	}
	names, unknown, askErr := s.ESI.Names(ctx, ids)
	// Unknown ids cost errors, of which ESI allows few, and hold up the names asked for
	// along with them. Where there are many, smaller helpings show progress.
	s.atOnce = min(2*limit, esi.MaxNames)
	if len(unknown) > 0 || askErr != nil {
		s.atOnce = max(limit/4, fewNames)
	}
	if err := s.saveNames(ctx, names, unknown, attempts, now); err != nil {
		return false, err
	}
	if askErr != nil {
		return false, askErr
	}
	// Whatever ESI left out without a word is asked for again later.
	return true, s.postponeRest(ctx, attempts, now)
}

// saveNames writes what came back and takes it off attempts.
func (s *Service) saveNames(ctx context.Context, names []esi.Name, unknown []int64, attempts map[int64]int, now time.Time) error {
	var save []store.NamedEntity
	for _, n := range names {
		if _, asked := attempts[n.ID]; !asked || n.Name == "" {
			continue
		}
		state := store.EntityNamed
		if n.Category != string(eve.Alliance) && n.Category != string(eve.Corporation) {
			state = store.EntityResolved
		}
		save = append(save, store.NamedEntity{ID: n.ID, Name: store.Name{Name: n.Name}, State: state})
		delete(attempts, n.ID)
	}
	gone := make([]store.Postponed, 0, len(unknown))
	for _, id := range unknown {
		gone = append(gone, store.Postponed{ID: id, State: store.EntityUnknown, Due: now})
		delete(attempts, id)
	}
	if len(save) > 0 {
		if err := s.Store.SaveNames(ctx, save, now); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		return s.Store.Postpone(ctx, gone, now)
	}
	return nil
}

func (s *Service) postponeRest(ctx context.Context, attempts map[int64]int, now time.Time) error {
	if len(attempts) == 0 {
		return nil
	}
	rest := make([]store.Postponed, 0, len(attempts))
	for id, n := range attempts {
		rest = append(rest, store.Postponed{ID: id, State: store.EntityUnnamed, Due: now.Add(retryAfter(n))})
	}
	return s.Store.Postpone(ctx, rest, now)
}

func retryAfter(attempts int) time.Duration {
	return min(firstRetry<<min(attempts, 20), lastRetry)
}

func (s *Service) tickers(ctx context.Context) (bool, error) {
	list, err := s.Store.Unresolved(ctx, store.EntityNamed, s.Now(), tickers)
	if err != nil || len(list) == 0 {
		return false, err
	}
	for _, e := range list {
		ask := s.ESI.Corporation
		if e.Type == eve.Alliance {
			ask = s.ESI.Alliance
		}
		o, err := ask(ctx, e.ID)
		now := s.Now()
		switch {
		case err == nil:
			err = s.Store.SaveNames(ctx, []store.NamedEntity{{ID: e.ID, Name: store.Name{Name: o.Name, Ticker: o.Ticker}, State: store.EntityResolved}}, now)
		case errors.Is(err, esi.ErrNotFound):
			err = s.Store.Postpone(ctx, []store.Postponed{{ID: e.ID, State: store.EntityNamed, Due: now.Add(lastRetry)}}, now)
		default:
			err = errors.Join(fmt.Errorf("ticker of %s %d: %w", e.Type, e.ID, err),
				s.Store.Postpone(ctx, []store.Postponed{{ID: e.ID, State: store.EntityNamed, Due: now.Add(retryAfter(e.Attempts))}}, now))
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
