package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
)

// Intake writes what a source delivered.
type Intake interface {
	// Save writes a batch in one transaction: killmails with their participants,
	// dead letters, the feed cursor, and the work that follows (clustering,
	// events). It is idempotent on killmail_id: the ESI part of a stored killmail
	// never changes, a zkb block replaces an older one (by sequence), and only a
	// killmail that is new or whose value changed makes work. What became of the
	// documents is counted in the same transaction.
	Save(ctx context.Context, b Batch) (Saved, error)
	// Cursor returns the last sequence saved for a feed and when that was, or ErrNotFound.
	Cursor(ctx context.Context, feed string) (sequence int64, at time.Time, err error)
}

// Batch is one transaction of Intake.
type Batch struct {
	Documents   []Document
	DeadLetters []DeadLetter
	Rejected    []Rejected
	// Source names where the batch comes from, in the statistics.
	Source string
	// Feed and Cursor move the cursor of a feed; Feed "" leaves all cursors alone.
	Feed   string
	Cursor int64
	// Announce makes events for new killmails no older than AnnounceAfter, so that
	// history does not flood the readers of the live feed.
	Announce      bool
	AnnounceAfter time.Time
	// Partial are put on the list of enrichments.
	Partial []Partial
	// Jobs are queued in the same transaction.
	Jobs []queue.Job
	Now  time.Time
}

// Document is a decoded killmail with what the static data says of its place.
type Document struct {
	killmail.Document
	Space eve.Space
}

// Saved counts what became of a batch.
type Saved struct {
	New     int // stored for the first time
	Updated int // known, with a newer zkb block
	Known   int // known, nothing to change
}

// DeadLetter is a document that could not be read, with the bytes as they came.
type DeadLetter struct {
	Source    string // r2z2, or the name of a file
	Reference string // sequence number, archive member or line
	Reason    string
	Body      []byte
}
