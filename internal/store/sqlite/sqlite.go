// Package sqlite opens the store on a SQLite file: the embedded default.
//
// One writer, several readers: SQLite allows a single write transaction, so all
// writes share one connection with immediate transactions (a deferred one that
// reads before it writes can fail with a snapshot conflict that no waiting cures),
// and reads go to a pool of their own that cannot write.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite" // database/sql driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// FileName is the name of the database within the data folder.
const FileName = "battlescope.db"

// readers is the size of the read pool.
const readers = 4

// patience is how long one process waits for the lock of another.
const patience = 10 * time.Second

// pageSize is SQLite's default, which the limit on the size counts in.
const pageSize = 4096

// Limit bounds the size of the database in bytes. What would make it larger is
// refused as on a full disk: nothing of it is stored, and what is stored stays.
type Limit int64

// Open opens the database in dir, made if missing, and brings its schema up to
// date. Errors name the folder and the remedy.
func Open(ctx context.Context, dir string, limits ...Limit) (*sqlstore.Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fault.Wrap(err, "open data folder "+dir, "choose a folder you may write to with --data")
	}
	file := filepath.Join(dir, FileName)
	writer := "_txlock=immediate"
	for _, l := range limits {
		if l > 0 {
			writer += fmt.Sprintf("&_pragma=max_page_count(%d)", max(1, l/pageSize))
		}
	}
	write, err := open(file, writer, 1)
	if err != nil {
		return nil, explain(err, file)
	}
	if err := prepare(ctx, write); err != nil {
		return nil, explain(errors.Join(err, write.Close()), file)
	}
	read, err := open(file, "_pragma=query_only(1)", readers)
	if err != nil {
		return nil, explain(errors.Join(err, write.Close()), file)
	}
	return sqlstore.New(write, read, dialect{}), nil
}

func prepare(ctx context.Context, db *sql.DB) error {
	if err := begin(ctx, db); err != nil {
		return err
	}
	return sqlstore.Migrate(ctx, db, goose.DialectSQLite3, dialect{})
}

// begin makes the first connection, which proves that the folder can be written before
// migrations half-run. On a new file it changes the journal to a write-ahead log, and
// takes the lock for that while it reads: there SQLite does not wait for another process
// that does the same, but refuses at once. What was refused is tried again.
func begin(ctx context.Context, db *sql.DB) error {
	for end := time.Now().Add(patience); ; {
		_, err := db.ExecContext(ctx, "BEGIN IMMEDIATE; ROLLBACK")
		var refused *driver.Error
		if err == nil || !errors.As(err, &refused) || refused.Code()&0xff != sqlite3.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func open(file, extra string, connections int) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + strings.Join([]string{
		fmt.Sprintf("_pragma=busy_timeout(%d)", patience.Milliseconds()), "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)",
		"_pragma=foreign_keys(1)", "_pragma=cache_size(-65536)", "_pragma=temp_store(MEMORY)", extra,
	}, "&")
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// explain adds the remedy to the errors a user can cure.
func explain(err error, file string) error {
	text := err.Error()
	hint := ""
	switch {
	case errors.Is(err, sqlstore.ErrNewerSchema):
		hint = "a newer battlescope has used this folder: run that version, or choose another folder with --data"
	case strings.Contains(text, "readonly"), strings.Contains(text, "unable to open"), strings.Contains(text, "permission"):
		hint = "the file or its folder cannot be written: check its owner and rights, or choose another folder with --data"
	case strings.Contains(text, "not a database"), strings.Contains(text, "malformed"):
		hint = "the file is no SQLite database or is damaged: move it away and import again, or restore a copy"
	case strings.Contains(text, "is full"):
		hint = "there is no room: free some on the disk, or raise --max-size"
	case strings.Contains(text, "locked"), strings.Contains(text, "busy"):
		hint = "another process holds the database: stop it, or choose another folder with --data"
	}
	return fault.Wrap(err, "open database "+file, hint)
}

// dialect is SQLite's half of the seam.
type dialect struct{}

var (
	tokens   = strings.NewReplacer("/*without rowid*/", "WITHOUT ROWID", "/*by month*/", "", "/*blob*/BYTEA/*end*/", "BLOB")
	postgres = regexp.MustCompile(`(?s)/\*postgres\n.*?postgres\*/`)
)

// Schema implements sqlstore.Dialect.
func (dialect) Schema(text string) string {
	return tokens.Replace(postgres.ReplaceAllLiteralString(text, ""))
}

// Arrays implements sqlstore.Dialect.
func (dialect) Arrays() bool { return false }

// Estimates implements sqlstore.Dialect.
func (dialect) Estimates() bool { return false }

// Pack implements sqlstore.Dialect.
func (dialect) Pack() string { return packName }

// Keys implements sqlstore.Dialect.
func (dialect) Keys() string { return "killmails" }

// MakeRoom implements sqlstore.Dialect.
func (dialect) MakeRoom(context.Context, *sql.DB, []int64) error { return nil }

// Claim implements sqlstore.Dialect: SQLite has one writer at a time.
func (dialect) Claim(context.Context, *sql.Tx, []int64, []int64) (map[int64]bool, error) {
	return nil, nil
}

// Lock implements sqlstore.Dialect: SQLite has one writer at a time.
func (dialect) Lock(context.Context, *sql.Tx, ...string) error { return nil }

// Again implements sqlstore.Dialect: a writer waits for its turn and then has it.
func (dialect) Again(error, bool) bool { return false }

// Conflict implements sqlstore.Dialect: with one writer at a time, what is found free
// stays free.
func (dialect) Conflict(error) bool { return false }

// Writable implements sqlstore.Dialect: a file that cannot be written is not opened.
func (dialect) Writable() string { return "SELECT 1" }

// Clock implements sqlstore.Dialect. Whoever shares the file shares its machine's clock.
func (dialect) Clock() string { return "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)" }

// Insert runs one prepared statement per row: with an in-process database that
// is faster than statements of many rows, whose parameters SQLite looks up by name.
func (dialect) Insert(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	return insert(ctx, tx, "INSERT", table, columns, rows, "")
}

// InsertNew implements sqlstore.Dialect.
func (dialect) InsertNew(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	return insert(ctx, tx, "INSERT OR IGNORE", table, columns, rows, "")
}

// Upsert implements sqlstore.Dialect.
func (dialect) Upsert(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any], onConflict string) error {
	return insert(ctx, tx, "INSERT", table, columns, rows, onConflict)
}

func insert(ctx context.Context, tx *sql.Tx, verb, table string, columns []string, rows iter.Seq[[]any], end string) error {
	text := fmt.Sprintf("%s INTO %s (%s) VALUES (%s) %s", verb, table, strings.Join(columns, ", "), //nolint:gosec // our own names
		strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", "), end)
	stmt, err := tx.PrepareContext(ctx, text)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	defer stmt.Close()
	for row := range rows {
		if _, err := stmt.ExecContext(ctx, row...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}
