package store

import (
	"context"
	"time"
)

// Health says how the database itself does.
type Health interface {
	// Ping answers whether the database can be used.
	Ping(ctx context.Context) error
	// SchemaVersion returns the version of the schema in the database, and the
	// newest that this binary knows. They are equal while nobody else migrates.
	SchemaVersion(ctx context.Context) (have, known int64, err error)
	// Backlog returns how many killmails wait to be put into battles, and how long.
	Backlog(ctx context.Context) (Backlog, error)
}

// Backlog is the list of work of clustering.
type Backlog struct {
	Killmails int64
	// OldestStoredAt is when the longest stored of the next killmails in line came
	// in; zero when none waits. One whose value has changed waits again, and may
	// have been stored long ago.
	OldestStoredAt time.Time
}
