package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// DeadLetters implements store.DeadLetters.
func (s *Store) DeadLetters(ctx context.Context, after int64, limit int) ([]store.DeadLetterRow, error) {
	rows, err := s.q().DeadLetters(ctx, query.DeadLettersParams{ID: after, Limit: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("dead letters: %w", err)
	}
	out := make([]store.DeadLetterRow, len(rows))
	for i, r := range rows {
		out[i] = store.DeadLetterRow{
			ID: r.ID, DeadLetter: store.DeadLetter{Source: r.Source, Reference: r.Reference, Reason: r.Reason},
			Size: int(r.Size), Seen: int(r.Seen), CreatedAt: fromMillis(r.CreatedAt), UpdatedAt: fromMillis(r.UpdatedAt),
		}
	}
	return out, nil
}

// DeadLetter implements store.DeadLetters.
func (s *Store) DeadLetter(ctx context.Context, id int64) (store.DeadLetterRow, error) {
	r, err := s.q().DeadLetter(ctx, id)
	if err != nil {
		return store.DeadLetterRow{}, found(fmt.Sprintf("dead letter %d", id), err)
	}
	return store.DeadLetterRow{
		ID: r.ID, DeadLetter: store.DeadLetter{Source: r.Source, Reference: r.Reference, Reason: r.Reason, Body: r.Body},
		Size: len(r.Body), Seen: int(r.Seen), CreatedAt: fromMillis(r.CreatedAt), UpdatedAt: fromMillis(r.UpdatedAt),
	}, nil
}

// DropDeadLetter implements store.DeadLetters.
func (s *Store) DropDeadLetter(ctx context.Context, id int64) error {
	return s.inTx(ctx, "drop dead letter", func(_ *sql.Tx, q *query.Queries) error {
		n, err := q.DropDeadLetter(ctx, id)
		if err == nil && n == 0 {
			err = fmt.Errorf("dead letter %d: %w", id, store.ErrNotFound)
		}
		return err
	})
}

// putDeadLetters keeps what could not be read, in one order everywhere.
func putDeadLetters(ctx context.Context, q *query.Queries, b store.Batch) error {
	if len(b.DeadLetters) == 0 {
		return nil
	}
	last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "dead_letter", Value: int64(len(b.DeadLetters))})
	if err != nil {
		return fmt.Errorf("number dead letters: %w", err)
	}
	for i, d := range b.DeadLetters {
		if err := q.PutDeadLetter(ctx, query.PutDeadLetterParams{
			ID: last - int64(len(b.DeadLetters)-i-1), Source: clean(d.Source), Reference: clean(d.Reference), Reason: clean(d.Reason), CreatedAt: millis(b.Now),
			Body: append([]byte{}, d.Body...), // never nil: an empty document is a body too
		}); err != nil {
			return fmt.Errorf("put dead letter %s %s: %w", d.Source, d.Reference, err)
		}
	}
	return nil
}
