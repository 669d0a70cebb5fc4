package store

import (
	"context"
	"time"
)

// Leases let one of several processes do what only one may do at a time. A lease
// ends by itself when its holder does not renew it, so that a process that died
// holds nobody up for long.
//
// Times are the database's where it has a clock shared by all processes; the clock
// of a process is never compared with another's.
type Leases interface {
	// Acquire takes or renews a lease for holder and reports whether holder has it
	// now, until ttl from now unless renewed.
	Acquire(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	// Release gives a lease up; one that holder does not have is left alone.
	Release(ctx context.Context, name, holder string) error
	// LeaseHolder returns who has a lease, "" when nobody does.
	LeaseHolder(ctx context.Context, name string) (string, error)
}

// Marks keep how far periodic work has come, so that a run that was missed is made
// up for by the next.
type Marks interface {
	// Mark returns what was last set under a name and when, or ErrNotFound.
	Mark(ctx context.Context, name string) (value int64, at time.Time, err error)
	// SetMark sets it.
	SetMark(ctx context.Context, name string, value int64, now time.Time) error
}
