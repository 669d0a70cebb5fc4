package verify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

const (
	wholeDay = 24 * time.Hour
	// rejectedKept is how long the store knows what was rejected; see package maintenance.
	rejectedKept = 48 * time.Hour
	// dayTries is how often a day is fetched again before it is left as it is: what is
	// missing then lies among the dead letters, or is not in the history either.
	dayTries = 3
	// daysTold is how many days a finding describes.
	daysTold = 5
)

// compareDays compares days with the history.
func (p *pass) compareDays(ctx context.Context) error {
	if p.History == nil {
		p.notChecked("days: there is no history to compare with")
		return nil
	}
	days, asked := p.opts.Days, len(p.opts.Days) > 0
	if !asked {
		days = []time.Time{p.scope.Now.UTC().Truncate(wholeDay).Add(-wholeDay)}
	}
	totals, err := p.History.Totals(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		p.notChecked("days: " + strings.ReplaceAll(err.Error(), "\n", "; "))
		return nil
	}
	d := damage{check: checkDays}
	var told []string
	for _, day := range days {
		day = day.UTC().Truncate(wholeDay)
		text, err := p.compareDay(ctx, day, totals, asked, &d)
		if err != nil {
			return err
		}
		if text != "" {
			told = append(told, text)
		}
	}
	if len(told) > daysTold {
		told = append(told[:daysTold], "…")
	}
	if len(d.ids) > 0 {
		d.detail = strings.Join(told, "; ")
		p.meet(d)
	}
	return nil
}

// compareDay compares one day and adds it to d if killmails are missing, with what is
// to be told of it.
func (p *pass) compareDay(ctx context.Context, day time.Time, totals map[zkb.Day]int, asked bool, d *damage) (string, error) {
	name := zkb.DayOf(day)
	total, there := totals[name]
	switch {
	case !there:
		p.notChecked(fmt.Sprintf("day %s: the history does not have it (yet)", name))
		return "", nil
	case day.Before(p.horizon()):
		p.notChecked(fmt.Sprintf("day %s: retention removes what is so old", name))
		return "", nil
	case !asked && (p.cover.FirstStored.IsZero() || p.cover.FirstStored.After(day)):
		p.notChecked(fmt.Sprintf("day %s: the store is younger; ask for the day to have it compared", name))
		return "", nil
	}
	now, err := p.dayState(ctx, day, int64(total))
	if err != nil {
		return "", err
	}
	p.run.Days++
	if err := p.Store.PutVerifiedDay(ctx, now); err != nil {
		return "", err
	}
	if now.Stored+now.Rejected >= now.Total {
		return "", nil
	}
	id, err := strconv.ParseInt(now.Day, 10, 64)
	if err != nil {
		return "", fmt.Errorf("day %q: %w", now.Day, err)
	}
	d.ids = append(d.ids, id)
	text := fmt.Sprintf("%s: %d stored and %d rejected of %d", now.Day, now.Stored, now.Rejected, now.Total)
	if now.Scheduled >= dayTries {
		return text + fmt.Sprintf(", after %d repairs: see the dead letters", now.Scheduled), nil
	}
	d.days = append(d.days, day)
	return text, nil
}

// dayState counts a day. What was rejected is remembered from an earlier look once the
// store has forgotten it.
func (p *pass) dayState(ctx context.Context, day time.Time, total int64) (store.VerifiedDay, error) {
	stored, rejected, err := p.Store.DayCount(ctx, day, day.Add(wholeDay))
	if err != nil {
		return store.VerifiedDay{}, err
	}
	out := store.VerifiedDay{Day: string(zkb.DayOf(day)), Total: total, Stored: stored, Rejected: rejected, CheckedAt: p.scope.Now}
	before, err := p.Store.VerifiedDay(ctx, out.Day)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	out.Scheduled = before.Scheduled
	if day.Before(p.scope.Now.Add(-rejectedKept)) {
		out.Rejected = max(rejected, before.Rejected)
	}
	return out, err
}

// scheduleDays has days fetched again and remembers that it was asked for.
func (p *pass) scheduleDays(ctx context.Context, days []time.Time) error {
	for _, day := range days {
		if err := p.Schedule(ctx, day); err != nil {
			return fmt.Errorf("repair of day %s: %w", zkb.DayOf(day), err)
		}
		known, err := p.Store.VerifiedDay(ctx, string(zkb.DayOf(day)))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		known.Scheduled++
		if err := p.Store.PutVerifiedDay(ctx, known); err != nil {
			return err
		}
	}
	return nil
}
