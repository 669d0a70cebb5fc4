// Package maintenance deletes what nobody needs any more and keeps the database fit.
package maintenance

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

const (
	// eventsKept is how long a broken stream can resume without loss.
	eventsKept = 24 * time.Hour
	// rejectedKept is how long records of rejected killmails serve dry runs and
	// verification.
	rejectedKept = 48 * time.Hour
	// countsKept is how long hourly counts of what came in are kept.
	countsKept = 30 * 24 * time.Hour
)

// Store is what maintenance works on.
type Store interface {
	store.Maintenance
	PruneEvents(ctx context.Context, before time.Time) (int, error)
	PruneRejected(ctx context.Context, before time.Time) error
	PruneIntake(ctx context.Context, before time.Time) error
	PruneSessions(ctx context.Context, before time.Time) error
}

// Service does the work. Both methods are jobs: doing them twice does no harm.
type Service struct {
	Store Store
	Log   *slog.Logger
	Now   func() time.Time
}

// Prune deletes events, records of rejected killmails, hourly counts and sessions
// whose time is over. One that fails does not keep the others.
func (s *Service) Prune(ctx context.Context) error {
	now := s.Now()
	events, err := s.Store.PruneEvents(ctx, now.Add(-eventsKept))
	s.Log.DebugContext(ctx, "pruned", "events", events)
	return errors.Join(err,
		s.Store.PruneRejected(ctx, now.Add(-rejectedKept)),
		s.Store.PruneIntake(ctx, now.Add(-countsKept)),
		s.Store.PruneSessions(ctx, now),
	)
}

// Maintain prunes, then has the database bring its statistics up to date and clean up
// behind deleted rows. Once a day is enough.
func (s *Service) Maintain(ctx context.Context) error {
	if err := s.Prune(ctx); err != nil {
		return err
	}
	began := s.Now()
	if err := s.Store.Maintain(ctx); err != nil {
		return err
	}
	s.Log.InfoContext(ctx, "database maintained", "took", s.Now().Sub(began))
	return nil
}
