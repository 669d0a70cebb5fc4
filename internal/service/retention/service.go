// Package retention removes killmails that are older than the operator wants to keep.
//
// Battles stay with everything that is said of them; a battle is pruned whole or not
// at all. What is removed is removed in small transactions, each noted in the run that
// made it: a run that is stopped or killed leaves a state from which the next carries on.
package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

// maxMonths bounds the setting: New Eden is younger than that.
const maxMonths = 1200

// lastTime bounds noting the end of a run that is stopped, for a database that is away.
const lastTime = 5 * time.Second

// The choices for the lists of pilots of battles whose killmails are gone.
const (
	KeepParticipants = "keep"
	DropParticipants = "drop"
)

// Config says what is kept.
type Config struct {
	// Months is how many whole months are kept beside the present one; 0 is all.
	Months int
	// Participants says what becomes of the lists of pilots.
	Participants string
}

// Validate names a setting that makes no sense.
func (c Config) Validate() error {
	var errs []error
	if c.Months < 0 || c.Months > maxMonths {
		errs = append(errs, fmt.Errorf("retention months is %d, must be 0 (keep everything) to %d", c.Months, maxMonths))
	}
	if c.Participants != KeepParticipants && c.Participants != DropParticipants {
		errs = append(errs, fmt.Errorf("retention participants is %q, must be %s or %s", c.Participants, KeepParticipants, DropParticipants))
	}
	return errors.Join(errs...)
}

// Horizon is the time before which killmails are removed and no longer taken in; zero
// when everything is kept. It is the beginning of a month, so that it moves once a
// month and databases that keep each month apart can drop one as a whole.
func (c Config) Horizon(now time.Time) time.Time {
	if c.Months == 0 {
		return time.Time{}
	}
	now = now.UTC()
	return time.Date(now.Year(), now.Month()-time.Month(c.Months), 1, 0, 0, 0, 0, time.UTC)
}

// Service runs retention.
type Service struct {
	Config
	Store store.Retention
	Log   *slog.Logger
	Now   func() time.Time
}

func (s *Service) rule() store.RetentionRule {
	return store.RetentionRule{Horizon: s.Horizon(s.Now()), KeepPilots: s.Participants != DropParticipants}
}

// Plan counts what Run would remove now. The horizon is zero when everything is kept.
func (s *Service) Plan(ctx context.Context) (horizon time.Time, n store.Removed, err error) {
	r := s.rule()
	if r.Horizon.IsZero() {
		return r.Horizon, n, nil
	}
	n, err = s.Store.PlanRetention(ctx, r)
	return r.Horizon, n, err
}

// Run removes what is too old and returns what that was. progress, if not nil, is told
// after each transaction what was removed so far.
func (s *Service) Run(ctx context.Context, progress func(store.Removed)) (total store.Removed, err error) {
	r := s.rule()
	if r.Horizon.IsZero() {
		return total, nil
	}
	run, err := s.Store.BeginRetention(ctx, r, s.Now())
	if err != nil {
		return total, err
	}
	for done := false; !done && err == nil; {
		var n store.Removed
		n, done, err = s.Store.Retain(ctx, run, r, s.Now())
		total.Add(n)
		if progress != nil && err == nil {
			progress(total)
		}
		if err == nil {
			err = ctx.Err()
		}
	}
	problem := ""
	switch {
	case ctx.Err() != nil:
		problem = "stopped; the next run carries on"
	case err != nil:
		problem = err.Error()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
	defer cancel()
	err = errors.Join(err, s.Store.EndRetention(last, run, s.Now(), problem))
	s.Log.InfoContext(ctx, "retention", "horizon", r.Horizon, "battles", total.Battles, "killmails", total.Killmails,
		"participants", total.Participants, "pilot_lists", total.PilotLists, "pilot_rows", total.PilotRows, "problem", problem)
	return total, err
}
