package riverqueue

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/battlescope/battlescope/internal/queue"
)

// payload are the arguments of all jobs. River takes the kind of a job from the type
// of its arguments; ours carry it with them.
type payload struct {
	kind   string
	Unique string          `json:"unique,omitempty" river:"unique"`
	Args   json.RawMessage `json:"args"`
}

// Kind implements river.JobArgs.
func (p payload) Kind() string { return p.kind }

// unfinished are the states in which a job keeps others with its key away.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Enqueue implements queue.Enqueuer.
func (q *Queue[T]) Enqueue(ctx context.Context, jobs ...queue.Job) (int, error) {
	params, err := q.params(jobs)
	if err != nil || len(params) == 0 {
		return 0, err
	}
	inserted, err := q.client.InsertMany(ctx, params)
	if err != nil {
		return 0, fmt.Errorf("queue jobs: %w", err)
	}
	added := 0
	for _, r := range inserted {
		if !r.UniqueSkippedAsDuplicate {
			added++
		}
	}
	return added, nil
}

// EnqueueTx queues jobs in a transaction of the store: they are there when it commits,
// and never were when it does not. conn is the connection that tx runs on.
func (q *Queue[T]) EnqueueTx(ctx context.Context, conn *sql.Conn, tx *sql.Tx, jobs []queue.Job) error {
	params, err := q.params(jobs)
	if err != nil || len(params) == 0 {
		return err
	}
	err = q.engine.tx(ctx, conn, tx, func(t T) error {
		_, err := q.client.InsertManyTx(ctx, t, params)
		return err
	})
	if err != nil {
		return fmt.Errorf("queue jobs: %w", err)
	}
	return nil
}

// params turns jobs into River's words. They are sorted, so that two transactions that
// queue the same unique jobs wait for each other in one order; of jobs with the same
// key one is kept, since a statement cannot meet a row it has just made.
func (q *Queue[T]) params(jobs []queue.Job) ([]river.InsertManyParams, error) {
	type key struct{ kind, unique string }
	taken := make(map[key]bool)
	sorted := slices.Clone(jobs)
	slices.SortStableFunc(sorted, func(a, b queue.Job) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Unique, b.Unique))
	})
	out := make([]river.InsertManyParams, 0, len(sorted))
	for _, j := range sorted {
		kind, known := q.kinds[j.Kind]
		if !known {
			return nil, fmt.Errorf("queue job: %w: %q", queue.ErrUnknownKind, j.Kind)
		}
		opts := river.InsertOpts{
			Queue: line(j.Kind), Priority: cmp.Or(j.Priority, queue.Normal), ScheduledAt: j.NotBefore,
			MaxAttempts: cmp.Or(j.MaxAttempts, kind.MaxAttempts, queue.DefaultAttempts),
		}
		if j.Unique != "" {
			k := key{j.Kind, j.Unique}
			if taken[k] {
				continue
			}
			taken[k] = true
			opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: unfinished}
		}
		args := j.Args
		if args == nil {
			args = json.RawMessage("{}")
		}
		out = append(out, river.InsertManyParams{Args: payload{kind: j.Kind, Unique: j.Unique, Args: args}, InsertOpts: &opts})
	}
	return out, nil
}
