package riverqueue

import (
	"context"
	"fmt"

	"github.com/riverqueue/river/rivermigrate"
)

// Migrate brings the queue's tables up to date. Several processes may do so at once.
func (q *Queue[T]) Migrate(ctx context.Context) error {
	m, err := rivermigrate.New(q.engine.driver(), &rivermigrate.Config{Logger: q.clientConfig().Logger})
	if err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	if missing, err := missing(ctx, m); err == nil && missing == 0 {
		return nil
	}
	if err := q.engine.alone(ctx, func(ctx context.Context) error { return migrate(ctx, m) }); err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	return nil
}

// migrate applies what is missing. Where processes cannot shut each other out, a step
// that fails because another one was faster is no failure: it goes on from there.
func migrate[T any](ctx context.Context, m *rivermigrate.Migrator[T]) error {
	for {
		before, err := missing(ctx, m)
		if err != nil || before == 0 {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err == nil {
			return nil
		}
		if after, merr := missing(ctx, m); merr != nil || after >= before {
			return err
		}
	}
}

// missing counts the steps that are still to be made.
func missing[T any](ctx context.Context, m *rivermigrate.Migrator[T]) (int, error) {
	have, err := m.ExistingVersions(ctx)
	if err != nil {
		return 0, err
	}
	all := m.AllVersions()
	return len(all) - len(have), nil
}
