// Package scheduler sees to periodic work: what is due is queued as a job, which any
// process that has the handler works.
//
// One process at a time runs Run (under the lease "scheduler"). A mark in the store
// says up to which moment each task is done. What was due while nobody led is made up
// for once, not as often as it was missed. Whoever runs a task, as a job or by hand,
// holds its lease, so that it never runs twice at once.
//
// Tasks must do no harm when they run twice: a process can die after a run and before
// its mark.
package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
)

const (
	// kindPrefix begins the kinds of our jobs, and the names of leases and marks.
	kindPrefix = "periodic."
	// lookEvery is how often Run looks for what is due, so that a clock that was set is
	// noticed soon.
	lookEvery = 10 * time.Second
	// attempts of a run, over a quarter of an hour; what is due next is tried anyway.
	attempts = 5
	// runKey makes a task's job unique.
	runKey = "run"
)

// Task is periodic work.
type Task struct {
	Name     string // lower case words with dashes
	About    string // what it does, for people
	Schedule Schedule
	// Timeout bounds one run; 0 is an hour.
	Timeout time.Duration
}

// Run does the work of a task and tells in a few words what came of it.
type Run func(ctx context.Context) (result string, err error)

// Store is the part of the store that the scheduler works with.
type Store interface {
	store.Leases
	store.Marks
}

// Config says what is due when.
type Config struct {
	Tasks []Task
	// External leaves it to others (cron, Kubernetes) to start the tasks, by RunNow.
	External bool
}

// Deps are what the service works with.
type Deps struct {
	Store  Store
	Queue  queue.Enqueuer
	Holder string         // who this process is, in leases
	Runs   map[string]Run // by the names of tasks: those that this process can do
	Log    *slog.Logger
	Now    func() time.Time
}

// Scheduler is the service.
type Scheduler struct {
	cfg Config
	Deps
}

// New returns a scheduler, or says what is wrong with its tasks.
func New(cfg Config, d Deps) (*Scheduler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Scheduler{cfg: cfg, Deps: d}
	for name := range d.Runs {
		if _, ok := s.task(name); !ok {
			return nil, fmt.Errorf("scheduler: nothing says when %q is due", name)
		}
	}
	return s, nil
}

// Validate names what is wrong with the tasks.
func (c Config) Validate() error {
	seen := make(map[string]bool)
	for _, t := range c.Tasks {
		err := errors.Join(t.kind().Validate(), t.Schedule.Validate())
		if seen[t.Name] {
			err = errors.Join(err, errors.New("there are two of that name"))
		}
		if err != nil {
			return fmt.Errorf("scheduler: task %q: %w", t.Name, err)
		}
		seen[t.Name] = true
	}
	return nil
}

// Kinds are the kinds of jobs of the tasks.
func (c Config) Kinds() []queue.Kind {
	out := make([]queue.Kind, len(c.Tasks))
	for i, t := range c.Tasks {
		out[i] = t.kind()
	}
	return out
}

func (t Task) kind() queue.Kind {
	timeout := t.Timeout
	if timeout == 0 {
		timeout = time.Hour
	}
	return queue.Kind{Name: kindPrefix + t.Name, Workers: 1, Timeout: timeout, MaxAttempts: attempts}
}

func (s *Scheduler) task(name string) (Task, bool) {
	i := slices.IndexFunc(s.cfg.Tasks, func(t Task) bool { return t.Name == name })
	if i < 0 {
		return Task{}, false
	}
	return s.cfg.Tasks[i], true
}

// arguments of a job.
type arguments struct {
	Due time.Time `json:"due"`
}

// Run queues what is due until ctx ends. Let one process do so at a time; two would
// only do work for nothing.
func (s *Scheduler) Run(ctx context.Context) error {
	if s.cfg.External {
		<-ctx.Done()
		return nil
	}
	queued := make(map[string]time.Time) // what was due when its job was queued, by task
	for {
		wait := lookEvery
		for _, t := range s.cfg.Tasks {
			now := s.Now()
			if err := s.look(ctx, t, now, queued); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "queue periodic work", "task", t.Name, "error", err)
			}
			wait = min(wait, t.Schedule.Next(now).Sub(now))
		}
		if !pause(ctx, wait) {
			return nil
		}
	}
}

// look queues a task if it is due and not queued yet.
func (s *Scheduler) look(ctx context.Context, t Task, now time.Time, queued map[string]time.Time) error {
	latest := t.Schedule.Latest(now)
	done, err := s.done(ctx, t)
	if err != nil {
		return err
	}
	if done.After(now.Add(t.Schedule.Every)) {
		// It was run when the clock was wrong. Waiting until the clock gets there again
		// could take years.
		s.Log.WarnContext(ctx, "periodic work is marked as done in the future; the clock was set back", "task", t.Name, "done", done)
		return s.Store.SetMark(ctx, kindPrefix+t.Name, latest.UnixMilli(), now)
	}
	if !latest.After(done) || queued[t.Name].Equal(latest) {
		return nil
	}
	job := queue.New(kindPrefix+t.Name, arguments{Due: latest})
	job.Unique = runKey
	added, err := s.Queue.Enqueue(ctx, job)
	if err == nil && added > 0 { // else the run before is not finished; look again
		queued[t.Name] = latest
	}
	return err
}

// done is the moment up to which a task is done; zero when it never was.
func (s *Scheduler) done(ctx context.Context, t Task) (time.Time, error) {
	ms, _, err := s.Store.Mark(ctx, kindPrefix+t.Name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	}
	return time.UnixMilli(ms).UTC(), nil
}

// Status is how a task does.
type Status struct {
	Task
	Done   time.Time // the moment up to which it is done; zero: never
	Next   time.Time // when it is due next; in the past: it is overdue
	Holder string    // who runs it now; "" nobody
}

// Status returns how the tasks do.
func (s *Scheduler) Status(ctx context.Context) ([]Status, error) {
	out := make([]Status, len(s.cfg.Tasks))
	for i, t := range s.cfg.Tasks {
		done, err := s.done(ctx, t)
		if err != nil {
			return nil, err
		}
		holder, err := s.Store.LeaseHolder(ctx, kindPrefix+t.Name)
		if err != nil {
			return nil, err
		}
		next := t.Schedule.Latest(s.Now())
		if !next.After(done) {
			next = t.Schedule.Next(done)
		}
		out[i] = Status{Task: t, Done: done, Next: next, Holder: holder}
	}
	return out, nil
}

// names lists the tasks for people.
func (s *Scheduler) names() string {
	out := make([]string, len(s.cfg.Tasks))
	for i, t := range s.cfg.Tasks {
		out[i] = t.Name
	}
	return strings.Join(out, ", ")
}

// unknown is the error for a name that is no task's.
func (s *Scheduler) unknown(name string) error {
	return fault.Usage(fault.New(fmt.Sprintf("there is no job %q", name), "the jobs are "+s.names()))
}

// pause waits and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
