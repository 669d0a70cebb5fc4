package queue

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Kind is one sort of job, as all processes know it. A process that has no handler
// for a kind leaves its jobs to others, but must know the kind: any process may have
// to pick up what another one left when it died.
type Kind struct {
	// Name is what Job.Kind says.
	Name string
	// Workers is how many jobs of the kind one process works at a time; 0 is 1.
	Workers int
	// Timeout is how long one run may take before its context ends; 0 is a minute.
	// A job whose process died is worked again after five minutes or this time,
	// whichever is longer.
	Timeout time.Duration
	// MaxAttempts is for jobs that name none; 0 is DefaultAttempts.
	MaxAttempts int
}

const (
	// DefaultAttempts is how often a job is tried: the last time half a day after the first.
	DefaultAttempts = 12
	// DefaultTimeout is how long a run may take.
	DefaultTimeout = time.Minute
)

var kindName = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)

// maxKindName is what queues take as a name.
const maxKindName = 64

// Validate names what is wrong with a kind.
func (k Kind) Validate() error {
	switch {
	case len(k.Name) < 2 || len(k.Name) > maxKindName || !kindName.MatchString(k.Name):
		return fmt.Errorf("kind of job %q: the name must be lower case words with dots between them, of 2 to %d letters", k.Name, maxKindName)
	case k.Workers < 0 || k.Timeout < 0 || k.MaxAttempts < 0:
		return fmt.Errorf("kind of job %s: workers, timeout and attempts cannot be negative", k.Name)
	}
	return nil
}

// Enqueuer queues jobs by themselves. Jobs that belong to data are queued in the
// transaction that stores it (store.Batch.Jobs).
type Enqueuer interface {
	// Enqueue queues all jobs or none, and returns how many were added: those whose
	// unique key is taken by an unfinished job are not.
	Enqueue(ctx context.Context, jobs ...Job) (added int, err error)
}

// Worker works jobs.
type Worker interface {
	// Work gives jobs to the handlers of their kinds until ctx ends. It then takes no
	// more, lets those that run finish for a short while and cuts off the rest, which
	// are worked again without the cut counting as a failure. It returns when nothing
	// runs any more. Call it once at a time.
	Work(ctx context.Context, handlers map[string]Handler) error
}

// Outcome is how one run of a job ended.
type Outcome struct {
	ID      int64
	Kind    string
	State   State // what it is in now; Waiting when it is soon tried again or was cut off
	Attempt int
	Waited  time.Duration // from when it was due to when it was worked
	Ran     time.Duration
}

// Queue is everything an adapter offers.
type Queue interface {
	Enqueuer
	Worker
	Inspector
	// Close releases what the queue holds. Work must have returned.
	Close() error
}

// ErrUnknownKind says that a job has a kind that was never declared.
var ErrUnknownKind = errors.New("unknown kind of job")
