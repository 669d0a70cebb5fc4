package riverqueue

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // database/sql driver "sqlite"
)

// connections of the queue's own pool on the file.
const connections = 4

// SQLite is a queue in an SQLite file.
type SQLite = Queue[*sql.Tx]

// OpenSQLite opens the queue in the database file that the store has made. Call
// Migrate before its first use, and Close.
func OpenSQLite(file string, cfg Config) (*SQLite, error) {
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + strings.Join([]string{
		"_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)", "_pragma=foreign_keys(1)",
		"_txlock=immediate", // a transaction that reads before it writes could fail with a conflict that no waiting cures
	}, "&")
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open job queue %s: %w", file, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return open(&sqliteEngine{db}, cfg)
}

// sqliteEngine is SQLite's half of the seam.
type sqliteEngine struct{ db *sql.DB }

func (e *sqliteEngine) driver() riverdriver.Driver[*sql.Tx] { return riversqlite.New(e.db) }

func (e *sqliteEngine) tx(_ context.Context, _ *sql.Conn, tx *sql.Tx, f func(*sql.Tx) error) error {
	return f(tx)
}

func (e *sqliteEngine) counts(ctx context.Context, query string, row func(func(...any) error) error) error {
	rows, err := e.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (e *sqliteEngine) oldest(column string) string {
	return "CAST(unixepoch(MIN(" + column + "), 'subsec') * 1000 AS INTEGER)"
}

func (e *sqliteEngine) taken(err error) bool {
	return strings.Contains(err.Error(), "UNIQUE constraint failed: river_job.unique_key") ||
		strings.Contains(err.Error(), "UNIQUE constraint failed: index 'river_job_unique_idx'")
}

// alone leaves it to Migrate to find that another process was faster: SQLite has no
// lock that a transaction of somebody else's could be made under.
func (e *sqliteEngine) alone(ctx context.Context, f func(context.Context) error) error { return f(ctx) }

func (e *sqliteEngine) close() error { return e.db.Close() }
