package riverqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/battlescope/battlescope/internal/queue"
)

// states are River's words for ours.
var states = map[queue.State][]rivertype.JobState{
	queue.Waiting:   {rivertype.JobStateAvailable},
	queue.Scheduled: {rivertype.JobStateScheduled, rivertype.JobStatePending},
	queue.Running:   {rivertype.JobStateRunning},
	queue.Retrying:  {rivertype.JobStateRetryable},
	queue.Done:      {rivertype.JobStateCompleted},
	queue.Dead:      {rivertype.JobStateDiscarded},
	queue.Cancelled: {rivertype.JobStateCancelled},
}

// stateName turns one of River's states into ours.
func stateName(s rivertype.JobState) queue.State {
	for ours, theirs := range states {
		if slices.Contains(theirs, s) {
			return ours
		}
	}
	return queue.State(s)
}

// stateOf is the state of a job. River puts a job that is soon tried again among
// those that wait.
func stateOf(j *rivertype.JobRow) queue.State { return stateName(j.State) }

// Jobs implements queue.Inspector.
func (q *Queue[T]) Jobs(ctx context.Context, f queue.Filter, before int64, limit int) ([]queue.Record, error) {
	p := river.NewJobListParams().OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(limit)
	if len(f.Kinds) > 0 {
		p = p.Kinds(f.Kinds...)
	}
	if len(f.States) > 0 {
		var theirs []rivertype.JobState
		for _, s := range f.States {
			theirs = append(theirs, states[s]...)
		}
		p = p.States(theirs...)
	}
	if before > 0 {
		p = p.After(river.JobListCursorFromJob(&rivertype.JobRow{ID: before}))
	}
	list, err := q.client.JobList(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	out := make([]queue.Record, len(list.Jobs))
	for i, j := range list.Jobs {
		out[i] = record(j)
	}
	return out, nil
}

// Job implements queue.Inspector.
func (q *Queue[T]) Job(ctx context.Context, id int64) (queue.Record, error) {
	j, err := q.client.JobGet(ctx, id)
	return q.found(j, err, "job", id)
}

// Requeue implements queue.Inspector.
func (q *Queue[T]) Requeue(ctx context.Context, id int64) (queue.Record, error) {
	j, err := q.client.JobRetry(ctx, id)
	return q.found(j, err, "requeue job", id)
}

// Cancel implements queue.Inspector.
func (q *Queue[T]) Cancel(ctx context.Context, id int64) (queue.Record, error) {
	j, err := q.client.JobCancel(ctx, id)
	return q.found(j, err, "cancel job", id)
}

// Delete implements queue.Inspector.
func (q *Queue[T]) Delete(ctx context.Context, id int64) error {
	j, err := q.client.JobDelete(ctx, id)
	_, err = q.found(j, err, "delete job", id)
	return err
}

// found turns River's errors into the port's.
func (q *Queue[T]) found(j *rivertype.JobRow, err error, op string, id int64) (queue.Record, error) {
	switch {
	case err == nil:
		return record(j), nil
	case errors.Is(err, rivertype.ErrNotFound):
		err = queue.ErrNotFound
	case errors.Is(err, rivertype.ErrJobRunning):
		err = queue.ErrRunning
	case q.engine.taken(err):
		err = queue.ErrTaken
	}
	return queue.Record{}, fmt.Errorf("%s %d: %w", op, id, err)
}

// Counts implements queue.Inspector.
func (q *Queue[T]) Counts(ctx context.Context) ([]queue.Count, error) {
	var out []queue.Count
	query := "SELECT kind, CAST(state AS TEXT), COUNT(*), " + q.engine.oldest("scheduled_at") + " FROM river_job GROUP BY kind, state"
	err := q.engine.counts(ctx, query, func(scan func(...any) error) error {
		var c queue.Count
		var state string
		var oldest int64
		if err := scan(&c.Kind, &state, &c.Jobs, &oldest); err != nil {
			return err
		}
		c.State, c.Oldest = stateName(rivertype.JobState(state)), time.UnixMilli(oldest).UTC()
		out = append(out, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	order := queue.States()
	slices.SortFunc(out, func(a, b queue.Count) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Index(order, a.State)-slices.Index(order, b.State))
	})
	return out, nil
}

// record turns River's row into ours.
func record(j *rivertype.JobRow) queue.Record {
	r := queue.Record{
		ID: j.ID, Kind: j.Kind, State: stateOf(j), Priority: j.Priority, Attempt: j.Attempt, MaxAttempts: j.MaxAttempts,
		CreatedAt: j.CreatedAt.UTC(), DueAt: j.ScheduledAt.UTC(), AttemptedAt: timeOf(j.AttemptedAt), FinishedAt: timeOf(j.FinalizedAt),
	}
	var p payload
	if err := json.Unmarshal(j.EncodedArgs, &p); err != nil {
		r.Args = j.EncodedArgs // not ours; show what there is
	} else {
		r.Args, r.Unique = p.Args, p.Unique
	}
	for _, e := range j.Errors {
		r.Failures = append(r.Failures, queue.Failure{At: e.At.UTC(), Attempt: e.Attempt, Error: e.Error, Trace: e.Trace})
	}
	return r
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
