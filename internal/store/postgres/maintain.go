package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Maintain implements sqlstore.Dialect. The server keeps single tables fit by itself,
// but never looks at the statistics of tables in parts as a whole.
func (*dialect) Maintain() []string { return []string{"VACUUM (ANALYZE, SKIP_LOCKED)"} }

// codeLocked says that a lock was not free in time.
const codeLocked = "55P03"

// Reclaim implements sqlstore.Dialect. Dropping a month stops all who use the whole
// table for a moment; when they do not let go soon, the month waits for the next time.
func (d *dialect) Reclaim(ctx context.Context, db *sql.DB, before int64) error {
	for _, parent := range partitioned {
		names, err := monthsBefore(ctx, db, parent, before)
		if err != nil {
			return fmt.Errorf("months of %s: %w", parent, err)
		}
		for _, name := range names {
			if err := d.dropEmpty(ctx, db, name); err != nil && codeOf(err) != codeLocked {
				return fmt.Errorf("drop %s: %w", name, err)
			}
		}
	}
	return nil
}

// monthsBefore lists the tables of the months that end at or before a time.
func monthsBefore(ctx context.Context, db *sql.DB, parent string, before int64) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = CAST($1 AS regclass) ORDER BY c.relname`, parent)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		month, err := time.Parse("_2006_01", strings.TrimPrefix(name, parent))
		if err == nil && month.AddDate(0, 1, 0).UnixMilli() <= before { // others are not ours
			out = append(out, name)
		}
	}
	return out, rows.Err()
}

func (d *dialect) dropEmpty(ctx context.Context, db *sql.DB, name string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var held bool
	err = firstError(
		func() error { return execTx(ctx, tx, "SET LOCAL lock_timeout = '1s'") },
		func() error { return execTx(ctx, tx, "LOCK TABLE "+name+" IN ACCESS EXCLUSIVE MODE") }, // nobody fills it meanwhile
		func() error {
			return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM "+name+")").Scan(&held)
		},
	)
	if err == nil && !held {
		err = execTx(ctx, tx, "DROP TABLE "+name)
	}
	if err != nil || held {
		return errors.Join(err, undo(tx))
	}
	d.months.forget()
	return tx.Commit()
}

func execTx(ctx context.Context, tx *sql.Tx, text string) error {
	_, err := tx.ExecContext(ctx, text)
	return err
}

// firstError runs steps up to the first that fails.
func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
