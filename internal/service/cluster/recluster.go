package cluster

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
)

// Difference says what other parameters would make of the stored killmails.
type Difference struct {
	Killmails int
	After     map[battle.Kind]int
	Same      int // battles with exactly the same killmails
	Changed   int // battles that would keep their id with other killmails
	Created   int
	Removed   int
}

// Plan works out what p would make of all stored killmails and writes nothing.
// progress, if not nil, is told how many of how many killmails are done.
func (s *Service) Plan(ctx context.Context, p battle.Params, progress func(done, total int)) (Difference, error) {
	if err := p.Validate(); err != nil {
		return Difference{}, err
	}
	s.params = p
	ids, err := s.store.Between(ctx, time.UnixMilli(0), farFuture)
	if err != nil {
		return Difference{}, err
	}
	d := Difference{Killmails: len(ids), After: make(map[battle.Kind]int)}
	seen := make(map[int64]bool, len(ids))
	for from := 0; from < len(ids); from += s.cfg.Batch {
		var seeds []int64
		for _, id := range ids[from:min(from+s.cfg.Batch, len(ids))] {
			if !seen[id] {
				seeds = append(seeds, id)
			}
		}
		if err := s.compare(ctx, seeds, seen, &d); err != nil {
			return Difference{}, err
		}
		if progress != nil {
			progress(min(from+s.cfg.Batch, len(ids)), len(ids))
		}
	}
	return d, nil
}

// farFuture is after every killmail.
var farFuture = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// compare adds the battles around some killmails to the difference.
func (s *Service) compare(ctx context.Context, seeds []int64, seen map[int64]bool, d *Difference) error {
	if len(seeds) == 0 {
		return nil
	}
	component, basis, err := s.neighbourhood(ctx, seeds)
	if err != nil {
		return err
	}
	for _, k := range component {
		seen[k.ID] = true
	}
	battles, err := battle.Form(component, s.world, s.params)
	if err != nil {
		return err
	}
	known := make([]battle.Known, len(basis))
	for i, b := range basis {
		known[i] = battle.Known{ID: b.ID, KillmailIDs: b.KillmailIDs, Profile: b.Profile, Version: b.Version}
	}
	names := battle.Reconcile(known, battles, func() int64 { return 0 })
	d.Removed += len(names.Removed)
	for i, n := range names.Named {
		d.After[battles[i].Kind]++
		switch {
		case n.ID == 0:
			d.Created++
		case n.Added+n.Dropped > 0:
			d.Changed++
		default:
			d.Same++
		}
	}
	return nil
}
