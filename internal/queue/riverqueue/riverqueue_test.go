package riverqueue_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // database/sql driver "pgx", as the store uses it

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/queuetest"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/servers"
)

var (
	_ sqlstore.Enqueuer = (*riverqueue.SQLite)(nil)
	_ sqlstore.Enqueuer = (*riverqueue.Postgres)(nil)
)

// full is what either adapter offers.
type full interface {
	queue.Queue
	sqlstore.Enqueuer
	Migrate(ctx context.Context) error
	Check(ctx context.Context) error
}

// database is a database of either engine as the suite wants it.
type database struct {
	name string // of the file, or the URL
	// store is a pool of the kind that the store writes with.
	store *sql.DB
	open  func(name string, cfg riverqueue.Config) (full, error)
}

func config(o queuetest.Options) riverqueue.Config {
	return riverqueue.Config{Kinds: o.Kinds, Log: slog.New(slog.DiscardHandler), Finished: o.Finished, Pause: o.Pause, Drain: o.Drain}
}

func (d *database) Open(t *testing.T, o queuetest.Options) queue.Queue {
	t.Helper()
	q, err := d.open(d.name, config(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := q.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return q
}

func (d *database) InTx(ctx context.Context, q queue.Queue, f func(func(...queue.Job) error) error) error {
	conn, err := d.store.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = f(func(jobs ...queue.Job) error { return q.(sqlstore.Enqueuer).EnqueueTx(ctx, conn, tx, jobs) })
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func openSQLite(name string, cfg riverqueue.Config) (full, error) {
	return riverqueue.OpenSQLite(name, cfg)
}

func openPostgres(name string, cfg riverqueue.Config) (full, error) {
	return riverqueue.OpenPostgres(context.Background(), name, cfg)
}

func pool(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newSQLite(t testing.TB) *database {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.db")
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	store := pool(t, "sqlite", dsn)
	if err := store.PingContext(t.Context()); err != nil { // makes the file, as the store does before the queue opens it
		t.Fatal(err)
	}
	return &database{name: file, store: store, open: openSQLite}
}

func newPostgres(t testing.TB) *database {
	t.Helper()
	dsn := servers.Postgres(t)
	return &database{name: dsn, store: pool(t, "pgx", dsn), open: openPostgres}
}

// engines are the databases that everything holds for.
var engines = []struct {
	name string
	open func(testing.TB) *database
}{{"SQLite", newSQLite}, {"PostgreSQL", newPostgres}}

// onBoth runs a test on either database.
func onBoth(t *testing.T, f func(t *testing.T, db *database)) {
	t.Helper()
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			f(t, e.open(t))
		})
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			queuetest.Run(t, func(t *testing.T) queuetest.Database { return e.open(t) })
		})
	}
}
