package store

import (
	"context"
	"time"
)

// Cursors lists what Batch.Feed and Batch.Cursor have moved. Beside the places of the
// feeds these are marks of work on the past: a day of history repaired or imported.
type Cursors interface {
	// Cursors lists the cursors of feeds whose name begins with prefix, by name.
	Cursors(ctx context.Context, prefix string) ([]FeedCursor, error)
	// DropCursor deletes a cursor; one that is not there is no error.
	DropCursor(ctx context.Context, feed string) error
}

// FeedCursor is how far a feed was read, and when that was saved.
type FeedCursor struct {
	Feed     string
	Sequence int64
	At       time.Time
}
