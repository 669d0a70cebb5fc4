// Package cluster keeps the stored battles equal to what the engine makes of the
// stored killmails.
//
// New killmails stand on a list of work that is written in the transaction that
// stores them. The service takes from that list, loads the neighbourhood the new
// killmails can influence, forms its battles, and writes the difference in one
// transaction that also takes the killmails off the list. A crash anywhere leaves
// the list as it was. Two processes may do this at once: a plan that was made on
// battles somebody else has changed is refused by the store and made anew.
//
// What people correct is part of the parameters, and a correction puts its killmails
// on the same list. A plan that was made before it is refused as well.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
)

// Store is the part of the store that clustering works with.
type Store interface {
	store.Clustering
	store.Killmails
}

// Config tunes the service.
type Config struct {
	Params battle.Params
	// Active, if not nil, says which parameters and corrections are in use; it is asked
	// before every recomputation and wins over Params. What was computed with others is
	// refused.
	Active func(context.Context) (battle.Params, error)
	// Batch is how many killmails are taken from the list at once.
	Batch int
	// Coalesce is the least time between two recomputations, so that a burst of kills is
	// one. A kill that comes after a quiet time does not wait.
	Coalesce time.Duration
	// Sweep is how often the list is looked at without a signal.
	Sweep time.Duration
	// CacheKills bounds the killmails kept in memory between recomputations.
	CacheKills int
}

// DefaultConfig returns the values that suit one process.
func DefaultConfig() Config {
	return Config{Params: battle.Linked(), Batch: 2000, Coalesce: 500 * time.Millisecond, Sweep: 10 * time.Second, CacheKills: 50_000}
}

// Service runs clustering.
type Service struct {
	cfg   Config
	store Store
	bus   bus.Bus
	world *sde.Data
	log   *slog.Logger
	now   func() time.Time
	cache *killCache
	// params are those of the present recomputation.
	params battle.Params
}

// New returns a service that is not running. The error names a bad parameter.
func New(cfg Config, s Store, b bus.Bus, world *sde.Data, log *slog.Logger, now func() time.Time) (*Service, error) {
	if err := cfg.Params.Validate(); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	return &Service{cfg: cfg, store: s, bus: b, world: world, log: log, now: now, cache: newKillCache(cfg.CacheKills), params: cfg.Params}, nil
}

// Run works until ctx ends. Errors of the store are logged and tried again.
func (s *Service) Run(ctx context.Context) error {
	signals, stop := s.bus.Listen(bus.KillmailsStored, bus.BattlesCorrected)
	defer stop()
	sweep := time.NewTicker(s.cfg.Sweep)
	defer sweep.Stop()
	var ended time.Time
	for {
		n, err := s.Drain(ctx, nil)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "clustering", "error", err)
		}
		if n > 0 {
			ended = s.now()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-sweep.C:
		case <-signals:
			if !wait(ctx, s.cfg.Coalesce-s.now().Sub(ended)) {
				return nil
			}
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Drain works until the list is empty and returns how many killmails it took off.
// progress, if not nil, is told after each step.
func (s *Service) Drain(ctx context.Context, progress func(done int)) (int, error) {
	total := 0
	for {
		n, err := s.step(ctx)
		if err != nil {
			return total, err
		}
		if n == 0 {
			return total, nil
		}
		total += n
		if progress != nil {
			progress(total)
		}
	}
}

// attempts is how often a plan is made anew after a conflict before the step
// gives up until the next sweep.
const attempts = 5

// step takes one batch off the list and returns how many killmails that were. One that
// is not stored is left to verification: it does not count, or Drain would never end.
func (s *Service) step(ctx context.Context) (n int, err error) {
	ids, err := s.store.Unclustered(ctx, s.cfg.Batch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	// Their values may have changed since they were loaded.
	s.cache.forget(ids)
	for range attempts {
		if err := s.activate(ctx); err != nil {
			return 0, err
		}
		n, err = s.recompute(ctx, ids)
		if !errors.Is(err, store.ErrConflict) {
			break
		}
		// Whoever changed the battles may have changed what is remembered, too.
		s.cache = newKillCache(s.cfg.CacheKills)
	}
	return n, err
}

// activate takes the parameters in use.
func (s *Service) activate(ctx context.Context) error {
	if s.cfg.Active == nil {
		return nil
	}
	p, err := s.cfg.Active(ctx)
	if err != nil {
		return fmt.Errorf("parameters in use: %w", err)
	}
	s.params = p
	return p.Validate()
}

// recompute brings the battles around some killmails up to date, and returns how many of
// these are stored.
func (s *Service) recompute(ctx context.Context, ids []int64) (int, error) {
	component, basis, err := s.neighbourhood(ctx, ids)
	if err != nil {
		return 0, err
	}
	battles, err := battle.Form(component, s.world, s.params)
	if err != nil {
		return 0, err
	}
	change, err := s.plan(ctx, component, basis, battles)
	if err != nil {
		return 0, err
	}
	change.Done = ids
	if s.cfg.Active != nil {
		change.Profile, change.Layer = s.params.Profile, s.params.Corrections.Version
	}
	if err := s.store.Apply(ctx, change); err != nil {
		return 0, err
	}
	n := countIn(component, ids)
	if len(change.Put)+len(change.Remove) == 0 {
		return n, nil
	}
	s.log.DebugContext(ctx, "battles changed", "killmails", len(ids), "considered", len(component),
		"written", len(change.Put), "removed", len(change.Remove))
	// A lost signal delays the readers, who also look by themselves.
	_ = s.bus.Publish(ctx, bus.BattlesChanged)
	return n, nil
}

// countIn counts the ids that are those of killmails of a component.
func countIn(component []*killmail.Killmail, ids []int64) (n int) {
	in := make(map[int64]bool, len(component))
	for _, k := range component {
		in[k.ID] = true
	}
	for _, id := range ids {
		if in[id] {
			n++
		}
	}
	return n
}

// neighbourhood returns all killmails that decide about the battles of some, and
// the stored battles that hold any of them. A battle that was made with other
// parameters can reach further than those of today: then its other killmails are
// recomputed as well, or they would be in no battle.
func (s *Service) neighbourhood(ctx context.Context, ids []int64) ([]*killmail.Killmail, []store.KnownBattle, error) {
	for {
		seeds, err := s.cache.load(ctx, s.store, ids)
		if err != nil {
			return nil, nil, err
		}
		component, err := s.params.Neighbourhood(seeds, func(reaches []battle.Reach) ([]*killmail.Killmail, error) {
			return s.reach(ctx, reaches)
		})
		if err != nil {
			return nil, nil, err
		}
		within := make(map[int64]bool, len(component))
		for _, id := range ids {
			within[id] = true
		}
		considered := make([]int64, len(component))
		for i, k := range component {
			considered[i], within[k.ID] = k.ID, true
		}
		basis, err := s.store.Known(ctx, considered)
		if err != nil {
			return nil, nil, err
		}
		grown := slices.Clone(ids)
		for _, b := range basis {
			for _, id := range b.KillmailIDs {
				if !within[id] {
					grown = append(grown, id)
				}
			}
		}
		if len(grown) == len(ids) {
			return component, basis, nil
		}
		ids = grown
	}
}
