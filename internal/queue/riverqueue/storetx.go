package riverqueue

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// errNotOurs says that River tried to end a transaction of the store.
var errNotOurs = errors.New("the transaction is the store's to end")

// storeTx is the transaction that the store has open on a connection, as River wants
// to see it. Ending it is the store's business; within it River may make savepoints.
type storeTx struct{ conn *pgx.Conn }

var _ pgx.Tx = storeTx{}

func (t storeTx) Begin(ctx context.Context) (pgx.Tx, error) { return newSavepoint(ctx, t, 1) }

func (storeTx) Commit(context.Context) error   { return errNotOurs }
func (storeTx) Rollback(context.Context) error { return errNotOurs }

func (t storeTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error) {
	return t.conn.CopyFrom(ctx, table, columns, src)
}

func (t storeTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}

func (storeTx) LargeObjects() pgx.LargeObjects { panic("riverqueue: jobs have no large objects") }

func (t storeTx) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, sql)
}

func (t storeTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return t.conn.Exec(ctx, sql, args...)
}

func (t storeTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.conn.Query(ctx, sql, args...)
}

func (t storeTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.conn.QueryRow(ctx, sql, args...)
}

func (t storeTx) Conn() *pgx.Conn { return t.conn }

// savepoint is a part of the store's transaction that can be undone by itself.
type savepoint struct {
	storeTx
	depth int
	ended bool
}

func newSavepoint(ctx context.Context, t storeTx, depth int) (pgx.Tx, error) {
	s := &savepoint{storeTx: t, depth: depth}
	return s, s.run(ctx, "SAVEPOINT")
}

func (s *savepoint) run(ctx context.Context, verb string) error {
	_, err := s.conn.Exec(ctx, fmt.Sprintf("%s jobs_%d", verb, s.depth))
	return err
}

// Begin implements pgx.Tx.
func (s *savepoint) Begin(ctx context.Context) (pgx.Tx, error) {
	return newSavepoint(ctx, s.storeTx, s.depth+1)
}

// Commit implements pgx.Tx.
func (s *savepoint) Commit(ctx context.Context) error { return s.end(ctx, "RELEASE SAVEPOINT") }

// Rollback implements pgx.Tx.
func (s *savepoint) Rollback(ctx context.Context) error { return s.end(ctx, "ROLLBACK TO SAVEPOINT") }

func (s *savepoint) end(ctx context.Context, verb string) error {
	if s.ended {
		return pgx.ErrTxClosed
	}
	s.ended = true
	return s.run(ctx, verb)
}
