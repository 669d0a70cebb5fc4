package scheduler

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/queue"
)

// busyPause is how long a job waits for a run of the same task elsewhere.
const busyPause = 30 * time.Second

// leaseTime is how long the lease of a task outlives the process that ran it.
const leaseTime = time.Minute

// alone runs f if nobody runs the task of that name: not another process, and not this
// one, which may work a job and be asked to run the task by hand.
func (s *Scheduler) alone(ctx context.Context, name string, f func(context.Context) error) error {
	keeper := lease.Keeper{Store: s.Store, Holder: s.Holder + "/" + rand.Text()[:8], Log: s.Log, TTL: leaseTime}
	return keeper.Try(ctx, name, f)
}

// Handlers returns the handlers of the jobs of all tasks that this process can do.
func (s *Scheduler) Handlers() map[string]queue.Handler {
	out := make(map[string]queue.Handler, len(s.Runs))
	for _, t := range s.cfg.Tasks {
		if s.Runs[t.Name] != nil {
			out[t.kind().Name] = func(ctx context.Context, w queue.Work) error { return s.work(ctx, t, w) }
		}
	}
	return out
}

// work is the handler of a task's job.
func (s *Scheduler) work(ctx context.Context, t Task, w queue.Work) error {
	var args arguments
	if err := json.Unmarshal(w.Args, &args); err != nil {
		return fmt.Errorf("arguments of %s: %w: %w", w.Kind, err, queue.ErrDead)
	}
	err := s.alone(ctx, kindPrefix+t.Name, func(ctx context.Context) error {
		done, err := s.done(ctx, t)
		if err != nil || !args.Due.After(done) {
			return err // somebody ran it by hand meanwhile
		}
		_, err = s.run(ctx, t, args.Due)
		return err
	})
	if errors.Is(err, lease.ErrHeld) {
		return &queue.LaterError{After: busyPause, Reason: err.Error()}
	}
	return err
}

// RunNow runs a task here and now, due or not, and returns what came of it. It fails
// when the task is running elsewhere.
func (s *Scheduler) RunNow(ctx context.Context, name string) (result string, err error) {
	t, ok := s.task(name)
	if !ok || s.Runs[name] == nil {
		return "", s.unknown(name)
	}
	ctx, cancel := context.WithTimeout(ctx, t.kind().Timeout)
	defer cancel()
	err = s.alone(ctx, kindPrefix+name, func(ctx context.Context) error {
		result, err = s.run(ctx, t, time.Time{})
		return err
	})
	if errors.Is(err, lease.ErrHeld) {
		return "", fault.Wrap(err, "job "+name+" is running", "wait until that run has ended")
	}
	return result, err
}

// run does a task and marks it as done up to what was last due when it began, or to
// due if that is later.
func (s *Scheduler) run(ctx context.Context, t Task, due time.Time) (string, error) {
	began := s.Now()
	result, err := s.Runs[t.Name](ctx)
	if err != nil {
		return result, fmt.Errorf("%s: %w", t.Name, err)
	}
	if latest := t.Schedule.Latest(began); latest.After(due) {
		due = latest
	}
	s.Log.InfoContext(ctx, "periodic work done", "task", t.Name, "took", s.Now().Sub(began), "result", result)
	return result, s.Store.SetMark(ctx, kindPrefix+t.Name, due.UnixMilli(), s.Now())
}
