package verify

import (
	"context"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

// repair mends what can be mended and looks again.
func (p *pass) repair(ctx context.Context) error {
	reclustered := false
	for i := range p.found {
		d := &p.found[i]
		if err := p.mend(ctx, d); err != nil {
			return err
		}
		reclustered = reclustered || d.by == byClusterer && d.state == store.FindingQueued
	}
	if reclustered && p.Recluster != nil {
		if err := p.Recluster(ctx); err != nil {
			return err
		}
	}
	for i := range p.found {
		d := &p.found[i]
		if d.state != store.FindingQueued || d.by == byClusterer && p.Recluster == nil {
			continue
		}
		if err := p.lookAgain(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// mend repairs one kind of damage. It is queued when there was anything to do.
func (p *pass) mend(ctx context.Context, d *damage) error {
	var err error
	if d.name == store.CheckBattleGone {
		if d.days, err = p.goneDays(ctx, d.ids); err != nil {
			return err
		}
	}
	changed := int64(0)
	if p.Schedule != nil && len(d.days) > 0 {
		if err := p.scheduleDays(ctx, d.days); err != nil {
			return err
		}
		changed = int64(len(d.days))
	}
	if d.by != byNobody && d.name != store.CheckDays {
		n, err := p.Store.Mend(ctx, d.name, d.ids, p.Now())
		if err != nil {
			return err
		}
		changed += n
	}
	if changed > 0 {
		d.state = store.FindingQueued
	}
	return nil
}

// goneDays lists the days of killmails that battles hold and that are not stored.
func (p *pass) goneDays(ctx context.Context, battles []int64) ([]time.Time, error) {
	times, err := p.Store.GoneKillmails(ctx, battles)
	if err != nil {
		return nil, err
	}
	var days []time.Time
	for _, at := range times {
		if at.Before(p.horizon()) {
			continue
		}
		if day := at.UTC().Truncate(wholeDay); !slices.ContainsFunc(days, day.Equal) {
			days = append(days, day)
		}
	}
	return days, nil
}

// lookAgain says what is left after a repair.
func (p *pass) lookAgain(ctx context.Context, d *damage) error {
	var left []int64
	var err error
	switch d.name {
	case store.CheckDays:
		return nil // the history is asked in its own time
	case store.CheckClustering, store.CheckBattleFigures:
		before := p.run.Neighbourhoods
		misplaced, differing, e := p.compareAll(ctx, d.seeds)
		p.run.Neighbourhoods = before // the same ones
		if left, err = misplaced.ids, e; d.name == store.CheckBattleFigures {
			left = differing.ids
		}
	default:
		left, err = p.Store.Examine(ctx, d.name, p.scope)
	}
	if err != nil {
		return err
	}
	d.left = int64(len(left))
	switch {
	case d.left == 0:
		d.state = store.FindingRepaired
	case d.by != byOthers:
		d.state = store.FindingOpen
	}
	return nil
}
