// Package queue is the port to the job queue: work that must happen, later and
// perhaps more than once.
//
// The queue lives in the database. A job that a stored document makes necessary is
// queued in the transaction that stores it (store.Batch.Jobs), so both are there or
// neither. Jobs are worked at least once: a process that dies in the middle leaves a
// job that another one works again, so every handler must do no harm when repeated.
// Adapter: riverqueue, on either database; queuetest holds it to the contract.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The priorities; a lower number is worked first.
const (
	Urgent = 1 // somebody waits for it
	Normal = 2
	Low    = 3
	Idle   = 4 // whenever there is nothing else
)

// Job is work to be queued.
type Job struct {
	// Kind names the handler: lower case words with dots, such as "killmail.fetch".
	Kind string
	// Args is a JSON object that the handler understands; nil is {}.
	Args json.RawMessage
	// Unique, if not empty, keeps a second job of the same kind and key from being
	// queued while the first one is not finished.
	Unique string
	// Priority is one of the constants above; 0 is Normal.
	Priority int
	// NotBefore is when the job may be worked at the earliest; zero is now.
	NotBefore time.Time
	// MaxAttempts is how often it is tried before it is a dead letter; 0 is the queue's default.
	MaxAttempts int
}

// New returns a job whose arguments are args as JSON. It panics when args cannot be
// JSON, which is a mistake in the program.
func New(kind string, args any) Job {
	body, err := json.Marshal(args)
	if err != nil {
		panic(fmt.Sprintf("queue: arguments of %s: %v", kind, err))
	}
	return Job{Kind: kind, Args: body}
}

// Work is a job in the hands of its handler.
type Work struct {
	ID          int64
	Kind        string
	Args        json.RawMessage
	Attempt     int // 1 at the first
	MaxAttempts int
	CreatedAt   time.Time
}

// Last tells whether a failure now makes the job a dead letter.
func (w Work) Last() bool { return w.Attempt >= w.MaxAttempts }

// Handler works a job. An error has it tried again later with growing pauses, until
// its attempts are used up; LaterError and ErrDead say otherwise.
type Handler func(ctx context.Context, w Work) error

// ErrDead, wrapped by a handler's error, makes the job a dead letter at once: trying
// again would change nothing.
var ErrDead = errors.New("not worth another attempt")

// LaterError has a job worked again after a while without counting as a failure.
type LaterError struct {
	After  time.Duration
	Reason string
}

// Error implements error.
func (e *LaterError) Error() string { return fmt.Sprintf("again in %v: %s", e.After, e.Reason) }
