package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// settledAfter is how far from the horizon of retention killmails are sampled: what is
// nearer may have lost a neighbour that had a say in its battle.
const settledAfter = 24 * time.Hour

// compare recomputes the neighbourhoods of sampled killmails.
func (p *pass) compare(ctx context.Context) error {
	if p.Compare == nil {
		p.notChecked("clustering: there is no engine to compare with")
		return nil
	}
	if p.Outdated != nil {
		n, err := p.Outdated(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			p.notChecked(fmt.Sprintf("clustering: %d battles were made with other parameters than those in use; recluster brings them up to date", n))
			return nil
		}
	}
	since, until := p.scope.Since, p.scope.Until
	if since.Before(p.cover.First) {
		since = p.cover.First
	}
	if h := p.horizon(); !h.IsZero() && since.Before(h.Add(settledAfter)) {
		since = h.Add(settledAfter)
	}
	if until.IsZero() || until.After(p.scope.Now) {
		until = p.scope.Now
	}
	if p.cover.Killmails == 0 || !since.Before(until) {
		return nil
	}
	n := p.opts.Samples
	if n == 0 {
		n = DefaultSamples
	}
	seeds, err := p.Store.SampleKillmails(ctx, since, until, n)
	if err != nil {
		return err
	}
	misplaced, differing, err := p.compareAll(ctx, seeds)
	if err != nil {
		return err
	}
	if len(misplaced.ids) > 0 {
		p.meet(misplaced)
	}
	if len(differing.ids) > 0 {
		p.meet(differing)
	}
	return nil
}

// compareAll compares the neighbourhoods of seeds, each neighbourhood once.
func (p *pass) compareAll(ctx context.Context, seeds []int64) (misplaced, differing damage, err error) {
	covered, in, as := make(map[int64]bool), make(map[int64]bool), make(map[int64]bool)
	misplaced, differing = damage{check: checkClustering}, damage{check: checkFigures}
	for _, seed := range seeds {
		if covered[seed] {
			continue
		}
		c, settled, err := p.compareOne(ctx, seed)
		if err != nil {
			return misplaced, differing, err
		}
		for _, id := range c.Considered {
			covered[id] = true
		}
		if !settled {
			continue
		}
		p.run.Neighbourhoods++
		if len(c.Misplaced) > 0 {
			misplaced.seeds = append(misplaced.seeds, seed)
		}
		if len(c.Differing) > 0 {
			differing.seeds = append(differing.seeds, seed)
		}
		for _, id := range c.Misplaced {
			in[id] = true
		}
		for _, id := range c.Differing {
			as[id] = true
		}
	}
	misplaced.ids, differing.ids = slices.Sorted(maps.Keys(in)), slices.Sorted(maps.Keys(as))
	return misplaced, differing, nil
}

// compareOne compares one neighbourhood. It is not settled while a killmail of it waits
// for clustering: then what is stored may differ, and soon will not. What differs is
// looked at twice, because it may just have been written.
func (p *pass) compareOne(ctx context.Context, seed int64) (c Comparison, settled bool, err error) {
	for range 2 {
		if c, err = p.Compare(ctx, []int64{seed}); err != nil || len(c.Misplaced)+len(c.Differing) == 0 {
			return c, true, err
		}
		waits, err := p.Store.Waiting(ctx, c.Considered)
		if err != nil || waits {
			return c, false, err
		}
	}
	return c, true, nil
}
