package app

import (
	"context"
	"log/slog"

	"github.com/battlescope/battlescope/internal/queue"
)

// JobDesk looks after the jobs of a database.
type JobDesk struct{ b *backends }

// OpenJobDesk opens the database for work on its jobs. Close it.
func OpenJobDesk(ctx context.Context, d Data, log *slog.Logger) (*JobDesk, error) {
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return nil, err
	}
	return &JobDesk{b}, nil
}

// jobPage is how many jobs are read at once.
const jobPage = 200

// Each calls f for every job that the filter lets through, newest first, at most limit
// of them; 0 is no limit.
func (j *JobDesk) Each(ctx context.Context, filter queue.Filter, limit int, f func(queue.Record) error) error {
	for before, left := int64(0), limit; ; {
		size := jobPage
		if limit > 0 {
			size = min(size, left)
		}
		rows, err := j.b.queue.Jobs(ctx, filter, before, size)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f(r); err != nil {
				return err
			}
			before = r.ID
		}
		left -= len(rows)
		if len(rows) < size || limit > 0 && left == 0 {
			return nil
		}
	}
}

// Counts counts the jobs by kind and state.
func (j *JobDesk) Counts(ctx context.Context) ([]queue.Count, error) { return j.b.queue.Counts(ctx) }

// Job returns one job with its failures.
func (j *JobDesk) Job(ctx context.Context, id int64) (queue.Record, error) {
	return j.b.queue.Job(ctx, id)
}

// Retry has a job worked now, by whatever process works such jobs.
func (j *JobDesk) Retry(ctx context.Context, id int64) (queue.Record, error) {
	return j.b.queue.Requeue(ctx, id)
}

// Cancel takes a job back.
func (j *JobDesk) Cancel(ctx context.Context, id int64) (queue.Record, error) {
	return j.b.queue.Cancel(ctx, id)
}

// Drop deletes a job.
func (j *JobDesk) Drop(ctx context.Context, id int64) error { return j.b.queue.Delete(ctx, id) }

// Close releases the database.
func (j *JobDesk) Close() error { return j.b.close() }
