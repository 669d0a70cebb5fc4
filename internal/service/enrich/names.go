package enrich

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

const (
	// tickers is how many tickers are asked for between two looks at the names, which
	// readers miss more.
	tickers = 20
	// firstNames and fewNames are how many names are asked for at once: at the beginning,
	// and at the least.
	firstNames, fewNames = 200, 50
	// claim is how long entities are nobody else's. Finding many unknown ids takes
	// minutes, because ESI allows few errors.
	claim = 15 * time.Minute
)

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
	list, err := s.Store.ClaimUnresolved(ctx, store.EntityUnnamed, now, now.Add(claim), limit)
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
	saving, cancel := lastWords(ctx)
	defer cancel()
	err = s.saveNames(saving, names, unknown, attempts, now)
	if askErr != nil || err != nil {
		return false, errors.Join(askErr, err, s.Store.GiveUp(saving, slices.Collect(maps.Keys(attempts)), now))
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

func (s *Service) tickers(ctx context.Context) (bool, error) {
	now := s.Now()
	list, err := s.Store.ClaimUnresolved(ctx, store.EntityNamed, now, now.Add(claim), tickers)
	if err != nil || len(list) == 0 {
		return false, err
	}
	for i, e := range list {
		if err := s.ticker(ctx, e); err != nil {
			rest := list[i+1:]
			if untried(ctx, err) {
				rest = list[i:]
			}
			return false, errors.Join(err, s.giveUp(ctx, rest))
		}
	}
	return true, nil
}

func (s *Service) ticker(ctx context.Context, e store.Unresolved) error {
	ask := s.ESI.Corporation
	if e.Type == eve.Alliance {
		ask = s.ESI.Alliance
	}
	o, err := ask(ctx, e.ID)
	now := s.Now()
	saving, cancel := lastWords(ctx)
	defer cancel()
	switch {
	case err == nil:
		return s.Store.SaveNames(saving, []store.NamedEntity{{ID: e.ID, Name: store.Name{Name: o.Name, Ticker: o.Ticker}, State: store.EntityResolved}}, now)
	case errors.Is(err, esi.ErrNotFound):
		return s.Store.Postpone(saving, []store.Postponed{{ID: e.ID, State: store.EntityNamed, Due: now.Add(lastRetry)}}, now)
	}
	err = fmt.Errorf("ticker of %s %d: %w", e.Type, e.ID, err)
	if untried(ctx, err) {
		return err
	}
	return errors.Join(err,
		s.Store.Postpone(saving, []store.Postponed{{ID: e.ID, State: store.EntityNamed, Due: now.Add(retryAfter(e.Attempts))}}, now))
}

// giveUp leaves what was claimed and not asked for to whoever comes next.
func (s *Service) giveUp(ctx context.Context, list []store.Unresolved) error {
	ctx, cancel := lastWords(ctx)
	defer cancel()
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return s.Store.GiveUp(ctx, ids, s.Now())
}
