package riverqueue

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/battlescope/battlescope/test/servers"
)

// TestSavepoints undoes parts of the store's transaction without touching the rest.
func TestSavepoints(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, servers.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	type executor interface {
		Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)
	}
	run := func(q executor, text string) {
		t.Helper()
		if _, err := q.Exec(ctx, text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	run(conn, "CREATE TABLE t (n INT); BEGIN; INSERT INTO t VALUES (1)")
	var store pgx.Tx = storeTx{conn}
	if err := errors.Join(store.Commit(ctx), store.Rollback(ctx)); !errors.Is(err, errNotOurs) {
		t.Errorf("the store's transaction could be ended: %v", err)
	}
	kept := begin(t, store)
	run(kept, "INSERT INTO t VALUES (2)")
	undone := begin(t, kept)
	run(undone, "INSERT INTO t VALUES (3)")
	if _, err := undone.Exec(ctx, "SELECT broken"); err == nil {
		t.Error("nonsense was understood")
	}
	if err := errors.Join(undone.Rollback(ctx), kept.Commit(ctx)); err != nil {
		t.Fatal(err)
	}
	if err := kept.Rollback(ctx); !errors.Is(err, pgx.ErrTxClosed) {
		t.Errorf("rollback after commit: got %v, want %v", err, pgx.ErrTxClosed)
	}
	run(conn, "COMMIT")
	rows, err := conn.Query(ctx, "SELECT n FROM t ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil || fmt.Sprint(got) != "[1 2]" {
		t.Errorf("got rows %v, %v; want 1 and 2", got, err)
	}
}

func begin(t *testing.T, tx pgx.Tx) pgx.Tx {
	t.Helper()
	inner, err := tx.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inner
}
