package store

import (
	"context"
	"time"
)

// DeadLetters gives access to documents that could not be read.
type DeadLetters interface {
	// DeadLetters lists letters with an id above after, ascending, without bodies.
	DeadLetters(ctx context.Context, after int64, limit int) ([]DeadLetterRow, error)
	// DeadLetter returns one letter with its body, or ErrNotFound.
	DeadLetter(ctx context.Context, id int64) (DeadLetterRow, error)
	// DropDeadLetter deletes a letter, or answers ErrNotFound.
	DropDeadLetter(ctx context.Context, id int64) error
}

// DeadLetterRow is a stored dead letter.
type DeadLetterRow struct {
	DeadLetter
	ID        int64
	Size      int // of the body, in bytes
	Seen      int // how often it came
	CreatedAt time.Time
	UpdatedAt time.Time
}
