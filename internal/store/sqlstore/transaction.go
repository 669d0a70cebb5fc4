package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

const (
	// attempts is how often a transaction is run that others get in the way of.
	attempts = 6
	// firstPause is the longest pause after the first attempt; it doubles with each.
	firstPause = 5 * time.Millisecond
)

// inTx runs f in a write transaction, committed when f returns nil. f may run several
// times, because the engine may end one of two transactions that wait for each other:
// what it leaves outside of the transaction must be the same as after a single run.
func (s *Store) inTx(ctx context.Context, op string, f func(*sql.Tx, *query.Queries) error) error {
	return s.onConn(ctx, op, func(_ *sql.Conn, tx *sql.Tx, q *query.Queries) error { return f(tx, q) })
}

// onConn is inTx for those who need the connection of the transaction as well.
func (s *Store) onConn(ctx context.Context, op string, f func(*sql.Conn, *sql.Tx, *query.Queries) error) error {
	for attempt := 1; ; attempt++ {
		again, err := s.once(ctx, f)
		if err == nil {
			return nil
		}
		if !again || attempt == attempts || !pause(ctx, attempt) {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
}

// once runs f in one transaction and reports whether a failure may be tried again.
func (s *Store) once(ctx context.Context, f func(*sql.Conn, *sql.Tx, *query.Queries) error) (again bool, err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return s.dialect.Again(err, false), fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return s.dialect.Again(err, false), fmt.Errorf("begin: %w", err)
	}
	if err := f(conn, tx, query.New(tx)); err != nil {
		again = s.dialect.Again(err, true)
		if undo := ignoreDone(tx.Rollback()); undo != nil {
			err = fmt.Errorf("%w; roll back: %w", err, undo)
		}
		return again, err
	}
	if err := tx.Commit(); err != nil {
		return s.dialect.Again(err, true), fmt.Errorf("commit: %w", err)
	}
	return false, nil
}

// pause waits a random while, so that those who got in each other's way do not meet
// again. It reports false when ctx ended.
func pause(ctx context.Context, attempt int) bool {
	t := time.NewTimer(rand.N(firstPause << attempt)) //nolint:gosec // no secret
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
