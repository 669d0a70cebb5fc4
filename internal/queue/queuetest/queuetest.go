// Package queuetest is the conformance suite of package queue: what every adapter
// promises, whatever its database.
package queuetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

// Options configure a queue as a test needs it.
type Options struct {
	Kinds    []queue.Kind
	Finished func(queue.Outcome)
	Pause    func(failures int) time.Duration
	Drain    time.Duration
}

// Database is an empty database with a queue in it.
type Database interface {
	// Open returns a queue on the database as a further process would; it is closed
	// when the test ends.
	Open(t *testing.T, o Options) queue.Queue
	// InTx runs f in a transaction of the store on q, which commits when f returns nil.
	InTx(ctx context.Context, q queue.Queue, f func(enqueue func(...queue.Job) error) error) error
}

// Run holds a queue to the contract. newDatabase is called once for each test, and the
// tests run in parallel.
func Run(t *testing.T, newDatabase func(t *testing.T) Database) {
	for _, topic := range []struct {
		name  string
		tests []test
	}{
		{"enqueue", enqueueTests},
		{"work", workTests},
		{"failure", failureTests},
		{"inspect", inspectTests},
		{"process", processTests},
	} {
		for _, tt := range topic.tests {
			t.Run(topic.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				tt.run(t, newDatabase(t))
			})
		}
	}
}

type test struct {
	name string
	run  func(t *testing.T, db Database)
}

// patience bounds every wait; what takes so long will not come.
const patience = 60 * time.Second

// The kinds of jobs that tests use.
const (
	mail  = "mail.fetch"
	sweep = "periodic.sweep"
)

var kinds = []queue.Kind{{Name: mail, Workers: 4}, {Name: sweep}}

// process is a queue with its workers, as one process of several.
type process struct {
	queue.Queue
	ended chan queue.Outcome
	stop  func() // ends the workers and waits for them
}

// options are those of tests that need nothing special: failures are tried again at once.
func options(ended chan queue.Outcome) Options {
	return Options{
		Kinds:    kinds,
		Finished: func(o queue.Outcome) { ended <- o },
		Pause:    func(int) time.Duration { return time.Millisecond },
	}
}

// begin opens a queue and works on it.
func begin(t *testing.T, db Database, handlers map[string]queue.Handler, change ...func(*Options)) *process {
	t.Helper()
	p := &process{ended: make(chan queue.Outcome, 1000)}
	o := options(p.ended)
	for _, f := range change {
		f(&o)
	}
	p.Queue = db.Open(t, o)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- p.Work(ctx, handlers) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := await(t, done); err != nil {
			t.Errorf("work: %v", err)
		}
	})
	t.Cleanup(p.stop)
	return p
}

// await receives from a channel.
func await[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case v := <-c:
		return v
	case <-limit.C:
		t.Fatal("nothing happened")
		panic("unreachable")
	}
}

// silent is a handler that does nothing.
func silent(context.Context, queue.Work) error { return nil }

// reporting returns a handler that hands what it gets to a channel.
func reporting() (queue.Handler, chan queue.Work) {
	c := make(chan queue.Work, 1000)
	return func(_ context.Context, w queue.Work) error { c <- w; return nil }, c
}

func put(t *testing.T, q queue.Enqueuer, jobs ...queue.Job) int {
	t.Helper()
	n, err := q.Enqueue(t.Context(), jobs...)
	must(t, err)
	return n
}

// only returns the one job there is.
func only(t *testing.T, q queue.Inspector) queue.Record {
	t.Helper()
	list, err := q.Jobs(t.Context(), queue.Filter{}, 0, 10)
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("got %d jobs, want 1: %+v", len(list), list)
	}
	return list[0]
}

func job(t *testing.T, q queue.Inspector, id int64) queue.Record {
	t.Helper()
	r, err := q.Job(t.Context(), id)
	must(t, err)
	return r
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
