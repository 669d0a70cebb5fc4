package riverqueue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/battlescope/battlescope/internal/queue"
)

// eventBuffer is how many outcomes may wait to be told; more are not told.
const eventBuffer = 10_000

// Work implements queue.Worker.
func (q *Queue[T]) Work(ctx context.Context, handlers map[string]queue.Handler) error {
	client, err := q.worker(handlers)
	if err != nil {
		return fmt.Errorf("work jobs: %w", err)
	}
	told := make(chan struct{})
	events, stop := client.SubscribeConfig(&river.SubscribeConfig{ChanSize: eventBuffer, Kinds: []river.EventKind{
		river.EventKindJobCompleted, river.EventKindJobFailed, river.EventKindJobCancelled, river.EventKindJobSnoozed, river.EventKindJobInterrupted,
	}})
	go func() {
		defer close(told)
		for e := range events {
			q.tell(e)
		}
	}()
	defer func() { stop(); <-told }()
	// Start ends by itself when ctx does: jobs that run are given drainTime first.
	if err := client.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("work jobs: %w", err)
	}
	<-client.Stopped()
	return nil
}

// worker returns a client that works the jobs that handlers are for.
func (q *Queue[T]) worker(handlers map[string]queue.Handler) (*river.Client[T], error) {
	cfg := q.clientConfig()
	cfg.Workers, cfg.Queues = river.NewWorkers(), make(map[string]river.QueueConfig)
	for name := range handlers {
		if _, known := q.kinds[name]; !known {
			return nil, fmt.Errorf("handler for %q: %w", name, queue.ErrUnknownKind)
		}
	}
	for name, kind := range q.kinds {
		h := handlers[name]
		river.AddWorkerArgs(cfg.Workers, payload{kind: name}, &worker{handle: h, kind: kind, log: q.cfg.Log})
		if h != nil {
			cfg.Queues[line(name)] = river.QueueConfig{MaxWorkers: cmp.Or(kind.Workers, 1)}
		}
	}
	return river.NewClient(q.engine.driver(), cfg)
}

// tell passes on how a run ended.
func (q *Queue[T]) tell(e *river.Event) {
	if q.cfg.Finished == nil || e.Job == nil {
		return
	}
	o := queue.Outcome{ID: e.Job.ID, Kind: e.Job.Kind, State: stateOf(e.Job), Attempt: e.Job.Attempt}
	if e.JobStats != nil {
		o.Waited, o.Ran = e.JobStats.QueueWaitDuration, e.JobStats.RunDuration
	}
	q.cfg.Finished(o)
}

// worker runs the handler of one kind. Without one it is only asked what to do with
// jobs whose process died.
type worker struct {
	river.WorkerDefaults[payload]
	handle queue.Handler
	kind   queue.Kind
	log    *slog.Logger
}

// Timeout implements river.Worker.
func (w *worker) Timeout(*river.Job[payload]) time.Duration { return w.kind.Timeout }

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[payload]) error {
	if w.handle == nil {
		return fmt.Errorf("%w: no handler for %q in this process", queue.ErrUnknownKind, job.Kind)
	}
	work := queue.Work{
		ID: job.ID, Kind: job.Kind, Args: job.Args.Args, Attempt: job.Attempt, MaxAttempts: job.MaxAttempts, CreatedAt: job.CreatedAt.UTC(),
	}
	err := w.handle(ctx, work)
	var later *queue.LaterError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return river.JobSnooze(max(later.After, 0))
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errors.Join(ctx.Err(), err) // cut off, whatever the handler made of it
	}
	dead := errors.Is(err, queue.ErrDead)
	if dead {
		// River calls a job discarded, our dead, only after its last attempt; its own way
		// to give up at once would make it look as if a person had cancelled it.
		job.MaxAttempts = job.Attempt
	}
	if dead || work.Last() {
		w.log.WarnContext(ctx, "job is dead", "kind", work.Kind, "job", work.ID, "attempts", work.Attempt, "error", err,
			"hint", "battlescope jobs retry has it worked again")
	} else {
		w.log.DebugContext(ctx, "job failed", "kind", work.Kind, "job", work.ID, "attempt", work.Attempt, "error", err)
	}
	return err
}

// retries is our River retry policy.
type retries struct {
	pause func(failures int) time.Duration
}

// NextRetry implements river.ClientRetryPolicy. The failure that is being dealt with
// is not among the job's errors yet.
func (r retries) NextRetry(job *rivertype.JobRow) time.Time {
	pause := r.pause
	if pause == nil {
		pause = Pause
	}
	return time.Now().Add(spread(pause(len(job.Errors) + 1)))
}
