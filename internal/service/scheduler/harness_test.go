package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/service/scheduler"
	"github.com/battlescope/battlescope/internal/store"
)

// world is a store and a queue for tests in a bubble of time. Jobs are worked at once,
// like the real queue does: one of a kind and key at a time.
type world struct {
	mu       sync.Mutex
	leases   map[string]held
	marks    map[string]int64
	away     bool // the store
	handlers map[string]queue.Handler
	open     map[string]bool // kinds of unfinished jobs
	queued   int
	dead     int
	working  sync.WaitGroup
}

type held struct {
	holder string
	until  time.Time
}

var errAway = errors.New("the database is away")

func newWorld() *world {
	return &world{leases: map[string]held{}, marks: map[string]int64{}, open: map[string]bool{}, handlers: map[string]queue.Handler{}}
}

func (w *world) Acquire(_ context.Context, name, holder string, ttl time.Duration) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return false, errAway
	}
	if l := w.leases[name]; l.holder != holder && time.Now().Before(l.until) {
		return false, nil
	}
	w.leases[name] = held{holder, time.Now().Add(ttl)}
	return true, nil
}

func (w *world) Release(_ context.Context, name, holder string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.leases[name].holder == holder {
		delete(w.leases, name)
	}
	return nil
}

func (w *world) LeaseHolder(_ context.Context, name string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l := w.leases[name]; time.Now().Before(l.until) {
		return l.holder, nil
	}
	return "", nil
}

func (w *world) Mark(_ context.Context, name string) (int64, time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return 0, time.Time{}, errAway
	}
	v, ok := w.marks[name]
	if !ok {
		return 0, time.Time{}, store.ErrNotFound
	}
	return v, time.Time{}, nil
}

func (w *world) SetMark(_ context.Context, name string, value int64, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.marks[name] = value
	return nil
}

func (w *world) set(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// Enqueue implements queue.Enqueuer.
func (w *world) Enqueue(ctx context.Context, jobs ...queue.Job) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	added := 0
	for _, j := range jobs {
		if j.Unique == "" {
			return 0, errors.New("a periodic job must be unique")
		}
		if w.open[j.Kind] {
			continue
		}
		added++
		w.queued++
		w.open[j.Kind] = true
		if h := w.handlers[j.Kind]; h != nil {
			w.working.Go(func() { w.work(context.WithoutCancel(ctx), j, h) })
		}
	}
	return added, nil
}

func (w *world) work(ctx context.Context, j queue.Job, h queue.Handler) {
	for attempt := 1; ; {
		err := h(ctx, queue.Work{Kind: j.Kind, Args: j.Args, Attempt: attempt, MaxAttempts: 2})
		var later *queue.LaterError
		if errors.As(err, &later) {
			time.Sleep(later.After)
			continue
		}
		if err == nil || attempt == 2 {
			w.set(func() {
				w.open[j.Kind] = false
				if err != nil {
					w.dead++
				}
			})
			return
		}
		attempt++
		time.Sleep(time.Second)
	}
}

// record notes when a task was run.
type record struct {
	mu    sync.Mutex
	times []time.Time
	now   int // runs at this moment
	most  int
	takes time.Duration
	err   error
}

func (r *record) run(ctx context.Context) (string, error) {
	r.mu.Lock()
	r.times = append(r.times, time.Now().UTC())
	r.now++
	r.most = max(r.most, r.now)
	takes, err := r.takes, r.err
	r.mu.Unlock()
	select {
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-time.After(takes):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now--
	return "done", err
}

func (r *record) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.times)
}

func (r *record) atOnce() (now, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now, r.most
}

func (w *world) counts() (queued, dead, marks int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.queued, w.dead, len(w.marks)
}

// The tasks of tests. Time in a bubble begins at midnight of 2000-01-01 UTC.
const (
	sweep = "sweep"
	daily = "daily"
)

var tasks = []scheduler.Task{
	{Name: sweep, Schedule: scheduler.Every(5 * time.Minute)},
	{Name: daily, Schedule: scheduler.Daily(2, 0)},
}

// member is a process with a scheduler.
func member(t *testing.T, w *world, name string, runs map[string]scheduler.Run, change ...func(*scheduler.Config, *scheduler.Deps)) *scheduler.Scheduler {
	t.Helper()
	cfg := scheduler.Config{Tasks: tasks}
	d := scheduler.Deps{Store: w, Queue: w, Holder: name, Runs: runs, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	for _, f := range change {
		f(&cfg, &d)
	}
	s, err := scheduler.New(cfg, d)
	must(t, err)
	w.set(func() { maps.Copy(w.handlers, s.Handlers()) })
	return s
}

// start runs f in the background until the returned function is called.
func start(t *testing.T, f func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := f(ctx); err != nil {
			t.Error(err)
		}
	})
	return func() { cancel(); running.Wait() }
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
