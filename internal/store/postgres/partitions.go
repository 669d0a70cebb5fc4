package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Killmails and participants are cut into one table a month by the time of the kill: a
// query that says when touches the months it asks for, and old months can be dropped or
// moved as a whole. The tables are made when the first killmail of a month comes.
//
// The price is that no key spans the months. killmail_keys holds the promise that a
// killmail is stored once (see Claim) and tells the month of an id.

var words = strings.NewReplacer(
	"/*without rowid*/", "",
	"/*by month*/", "PARTITION BY RANGE (occurred_at)",
	"/*postgres\n", "\n", "postgres*/\n", "\n",
)

// Schema implements sqlstore.Dialect.
func (*dialect) Schema(text string) string { return words.Replace(text) }

// Arrays implements sqlstore.Dialect.
func (*dialect) Arrays() bool { return true }

// Estimates implements sqlstore.Dialect.
func (*dialect) Estimates() bool { return true }

// Pack implements sqlstore.Dialect.
func (*dialect) Pack() string { return "" }

// Keys implements sqlstore.Dialect.
func (*dialect) Keys() string { return "killmail_keys" }

// partitioned are the tables that are cut by month.
var partitioned = []string{"killmails", "participants"}

// months remembers which months have their tables.
type months struct {
	mu   sync.Mutex
	made map[time.Time]bool
}

// missing lists the months of some times that are not known to be made, ascending.
func (m *months) missing(times []int64) []time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []time.Time
	for _, ms := range times {
		if month := monthOf(ms); !m.made[month] && !slices.Contains(out, month) {
			out = append(out, month)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

func (m *months) add(list []time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil {
		m.made = make(map[time.Time]bool)
	}
	for _, month := range list {
		m.made[month] = true
	}
}

func (m *months) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made = nil
}

func monthOf(ms int64) time.Time {
	t := time.UnixMilli(ms).UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// MakeRoom implements sqlstore.Dialect. It is a transaction of its own that waits for
// nothing but others like it: made within the transaction that writes, two writers of
// several months each could wait for each other.
func (d *dialect) MakeRoom(ctx context.Context, db *sql.DB, times []int64) error {
	missing := d.months.missing(times)
	if len(missing) == 0 {
		return nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("make tables of months: %w", err)
	}
	if err := makeMonths(ctx, tx, missing); err != nil {
		return errors.Join(fmt.Errorf("make tables of months: %w", err), undo(tx))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("make tables of months: %w", err)
	}
	d.months.add(missing)
	return nil
}

// undo rolls back; that the connection is lost does the same.
func undo(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

func makeMonths(ctx context.Context, tx *sql.Tx, list []time.Time) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockPartitions)); err != nil {
		return err
	}
	for _, month := range list {
		for _, parent := range partitioned {
			if err := makeMonth(ctx, tx, parent, month); err != nil {
				return fmt.Errorf("%s of %s: %w", parent, month.Format("2006-01"), err)
			}
		}
	}
	return nil
}

// makeMonth makes the table of one month. It is made alone and then attached, which
// lets writers and readers of the other months go on; CREATE TABLE … PARTITION OF would
// stop them all.
func makeMonth(ctx context.Context, tx *sql.Tx, parent string, month time.Time) error {
	name := parent + month.Format("_2006_01")
	var there bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = CAST($1 AS regclass) AND inhrelid = to_regclass($2))",
		parent, name).Scan(&there)
	if err != nil || there {
		return err
	}
	for _, text := range []string{
		fmt.Sprintf("CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS)", name, parent),
		fmt.Sprintf("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)",
			parent, name, month.UnixMilli(), month.AddDate(0, 1, 0).UnixMilli()),
	} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// Claim implements sqlstore.Dialect: a row in killmail_keys is what makes a killmail
// ours. Whoever comes second waits until the first is through, and then finds the
// killmail stored, whatever time its own document gives.
func (*dialect) Claim(ctx context.Context, tx *sql.Tx, ids, times []int64) (map[int64]bool, error) {
	out := make(map[int64]bool, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := tx.QueryContext(ctx, `INSERT INTO killmail_keys (killmail_id, occurred_at)
		SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING RETURNING killmail_id`, ids, times)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// Lock implements sqlstore.Dialect.
func (*dialect) Lock(ctx context.Context, tx *sql.Tx, tables ...string) error {
	_, err := tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(tables, ", ")+" IN SHARE ROW EXCLUSIVE MODE")
	if err != nil {
		return fmt.Errorf("lock %s: %w", strings.Join(tables, ", "), err)
	}
	return nil
}
