package riverqueue

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/riverqueue/river/rivermigrate"

	"github.com/battlescope/battlescope/internal/fault"
)

// ErrOlder says that the queue's tables have not been brought up to date for this binary.
var ErrOlder = errors.New("the tables of the job queue are older than this binary")

// Check answers ErrOlder, or another error, when the queue's tables are not those that
// this binary works with. It changes nothing, for processes that share a database
// somebody else migrates.
func (q *Queue[T]) Check(ctx context.Context) error {
	m, err := q.migrator()
	if err != nil {
		return fmt.Errorf("check job queue: %w", err)
	}
	n, err := missing(ctx, m)
	if err != nil {
		return fmt.Errorf("check job queue: %w", err)
	}
	if n > 0 {
		return fault.Wrap(ErrOlder, fmt.Sprintf("check job queue: %d steps are missing", n), "run `battlescope migrate` with this version first")
	}
	return nil
}

// Migrate brings the queue's tables up to date. Several processes may do so at once.
func (q *Queue[T]) Migrate(ctx context.Context) error {
	m, err := q.migrator()
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

func (q *Queue[T]) migrator() (*rivermigrate.Migrator[T], error) {
	return rivermigrate.New(q.engine.driver(), &rivermigrate.Config{Logger: q.clientConfig().Logger})
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

// missing counts the steps that are still to be made. One that was made and that River
// does not know here is an error.
func missing[T any](ctx context.Context, m *rivermigrate.Migrator[T]) (int, error) {
	have, err := m.ExistingVersions(ctx)
	if err != nil && strings.Contains(err.Error(), "not found in migrator bundle") { // River's words for that
		return 0, fault.Wrap(err, "the tables of the job queue are newer than this binary", "run the newer battlescope that has used this database, or name another one")
	}
	if err != nil {
		return 0, err
	}
	return len(m.AllVersions()) - len(have), nil
}
