package postgres

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/battlescope/battlescope/test/servers"
)

// BenchmarkInsert compares the ways to write many rows into the table of participants:
// arrays as Insert sends them, COPY, COPY into a temporary table with INSERT … ON
// CONFLICT from there, and one statement a row. Rows a second are printed.
func BenchmarkInsert(b *testing.B) {
	const rows = 20_000
	columns := []string{
		"killmail_id", "occurred_at", "position", "character_id", "corporation_id", "alliance_id", "faction_id",
		"ship_type_id", "weapon_type_id", "damage", "final_blow", "security_status",
	}
	row := func(first, i int) []any {
		n := int64(first + i)
		return []any{n / 8, 1_772_388_000_000 + n*100, n % 8, 90_000_000 + n*7919%50_000, 98_000_000 + n%900, 99_000_000 + n%90, int64(0), int64(587), int64(2488), n, n%8 == 1, -1.5}
	}
	all := func(first int) func(func([]any) bool) {
		return func(yield func([]any) bool) {
			for i := range rows {
				if !yield(row(first, i)) {
					return
				}
			}
		}
	}
	copyTo := func(ctx context.Context, conn *sql.Conn, table string, first int) error {
		return conn.Raw(func(c any) error {
			_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns,
				pgx.CopyFromSlice(rows, func(i int) ([]any, error) { return row(first, i), nil }))
			return err
		})
	}
	for _, way := range []struct {
		name  string
		write func(ctx context.Context, conn *sql.Conn, tx *sql.Tx, first int) error
	}{
		{"arrays", func(ctx context.Context, _ *sql.Conn, tx *sql.Tx, first int) error {
			return (&dialect{}).Insert(ctx, tx, "participants", columns, all(first))
		}},
		{"arrays, leaving known ones", func(ctx context.Context, _ *sql.Conn, tx *sql.Tx, first int) error {
			return (&dialect{}).InsertNew(ctx, tx, "participants", columns, all(first))
		}},
		{"copy", func(ctx context.Context, conn *sql.Conn, _ *sql.Tx, first int) error {
			return copyTo(ctx, conn, "participants", first)
		}},
		{"copy, leaving known ones", func(ctx context.Context, conn *sql.Conn, tx *sql.Tx, first int) error {
			return firstError(
				func() error {
					return execTx(ctx, tx, "CREATE TEMPORARY TABLE incoming (LIKE participants) ON COMMIT DROP")
				},
				func() error { return copyTo(ctx, conn, "incoming", first) },
				func() error {
					return execTx(ctx, tx, "INSERT INTO participants SELECT * FROM incoming ON CONFLICT DO NOTHING")
				},
			)
		}},
		{"single rows", func(ctx context.Context, _ *sql.Conn, tx *sql.Tx, first int) error {
			for i := range rows {
				_, err := tx.ExecContext(ctx, "INSERT INTO participants VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", row(first, i)...)
				if err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			ctx := b.Context()
			db, err := Open(ctx, servers.Postgres(b), Options{Migrate: true})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if err := room(ctx, db.Pool); err != nil {
				b.Fatal(err)
			}
			pool := stdlib.OpenDBFromPool(db.Pool)
			first := 0
			for b.Loop() {
				if err := transact(ctx, pool, func(conn *sql.Conn, tx *sql.Tx) error { return way.write(ctx, conn, tx, first) }); err != nil {
					b.Fatal(err)
				}
				first += rows
			}
			b.ReportMetric(float64(first)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// room makes the tables of two months, more than the rows of the benchmark need.
func room(ctx context.Context, pool *pgxpool.Pool) error {
	return (&dialect{}).MakeRoom(ctx, stdlib.OpenDBFromPool(pool), []int64{1_772_388_000_000, 1_775_100_000_000})
}

func transact(ctx context.Context, db *sql.DB, f func(*sql.Conn, *sql.Tx) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(conn, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
