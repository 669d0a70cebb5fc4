package queue

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// State is where a job is in its life.
type State string

// The states. A job is unfinished in the first four.
const (
	Waiting   State = "waiting"   // can be worked now
	Scheduled State = "scheduled" // is not due yet
	Running   State = "running"
	Retrying  State = "retrying"  // failed, is tried again later
	Done      State = "done"      // kept for a day
	Dead      State = "dead"      // failed for the last time; kept for 30 days
	Cancelled State = "cancelled" // taken back by a person; kept for a week
)

// States lists all states in the order of a job's life.
func States() []State {
	return []State{Waiting, Scheduled, Running, Retrying, Done, Dead, Cancelled}
}

// Finished tells whether a job in this state is worked no more by itself.
func (s State) Finished() bool { return slices.Contains([]State{Done, Dead, Cancelled}, s) }

// Record is a job as people look at it.
type Record struct {
	ID          int64
	Kind        string
	State       State
	Args        json.RawMessage
	Unique      string
	Priority    int
	Attempt     int // how often it was tried
	MaxAttempts int
	CreatedAt   time.Time
	DueAt       time.Time // when it can be worked, or could
	AttemptedAt time.Time // when it was last tried; zero: never
	FinishedAt  time.Time // zero: not finished
	Failures    []Failure // oldest first
}

// Failure is one attempt that went wrong.
type Failure struct {
	At      time.Time
	Attempt int
	Error   string
	Trace   string // of a panic
}

// Filter narrows Jobs. Empty lists do not filter.
type Filter struct {
	Kinds  []string
	States []State
}

// Count is how many jobs of a kind are in a state.
type Count struct {
	Kind  string
	State State
	Jobs  int64
	// Oldest is when the first of them was due.
	Oldest time.Time
}

// ErrNotFound says that there is no such job.
var ErrNotFound = errors.New("job not found")

// ErrRunning says that a job cannot be deleted while it runs.
var ErrRunning = errors.New("the job is running")

// ErrTaken says that a job cannot be queued again because another one with its
// unique key is unfinished.
var ErrTaken = errors.New("another job with the same key is unfinished")

// Inspector shows jobs to people and lets them intervene.
type Inspector interface {
	// Jobs lists jobs, newest first, with ids below before; before 0 is the beginning.
	Jobs(ctx context.Context, f Filter, before int64, limit int) ([]Record, error)
	// Job returns one job, or ErrNotFound.
	Job(ctx context.Context, id int64) (Record, error)
	// Counts counts jobs by kind and state, in the order of the kinds' names; what
	// there is none of is left out.
	Counts(ctx context.Context) ([]Count, error)
	// Requeue has a job worked now, whether it waits for a retry or is finished, with
	// one attempt more than it had when none is left. A running one is left alone.
	// ErrNotFound, ErrTaken.
	Requeue(ctx context.Context, id int64) (Record, error)
	// Cancel takes a job back. The context of a running one ends, and it is cancelled
	// unless it succeeds all the same. A finished one is left alone. ErrNotFound.
	Cancel(ctx context.Context, id int64) (Record, error)
	// Delete removes a job with all that is known of it. ErrNotFound, ErrRunning.
	Delete(ctx context.Context, id int64) error
}
