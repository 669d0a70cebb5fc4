// Package postgres opens the store on a PostgreSQL server, 15 or later: the database of
// an installation of several processes.
//
// The tables of killmails and participants are cut by month (see partitions.go), bulk
// writes go as arrays (see insert.go). Transactions of several processes run at once
// with the isolation READ COMMITTED; what must not be done by two at a time takes a row
// of the table counters first.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

const (
	// oldest is the oldest server that will do, as server_version_num tells it.
	oldest = 150000
	// connections of the store's pool unless the URL has pool_max_conns.
	connections = 16
	// connectTime is how long connecting may take unless the URL has connect_timeout.
	connectTime = 10 * time.Second
)

// Options says how to open a database.
type Options struct {
	// Migrate brings the schema up to date. Without it a schema that is too old is
	// refused with ErrOlderSchema, for processes that share a database somebody else
	// migrates.
	Migrate bool
	// Tracer is told of every query; nil for none.
	Tracer pgx.QueryTracer
}

// ErrOlderSchema says that the database has not been migrated to this binary's schema.
var ErrOlderSchema = errors.New("database schema is older than this binary")

// Database is an open database.
type Database struct {
	// Store closes the pool as well when it is closed.
	Store *sqlstore.Store
	// Pool is the pool that the store works on. Whatever waits for connections for long
	// has to have one of its own.
	Pool *pgxpool.Pool
}

// Close closes the store and the pool.
func (d *Database) Close() error { return d.Store.Close() }

// Open connects to the database that dsn names, a URL like
// postgres://user:password@host:5432/battlescope or a list of keywords and values, and
// checks that it can be used. Errors are one line with the remedy, and never hold the
// password.
func Open(ctx context.Context, dsn string, opts Options) (*Database, error) {
	cfg, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.Tracer = opts.Tracer
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, explain(err, cfg.ConnConfig)
	}
	db := stdlib.OpenDBFromPool(pool)
	d := &dialect{}
	if err := prepare(ctx, db, d, opts); err != nil {
		err = errors.Join(explain(err, cfg.ConnConfig), db.Close())
		pool.Close()
		return nil, err
	}
	return &Database{Store: sqlstore.New(db, db, d, pool.Close), Pool: pool}, nil
}

// prepare checks the server and brings the schema up to date, or checks that it is.
func prepare(ctx context.Context, db *sql.DB, d *dialect, opts Options) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := checkServer(ctx, conn); err != nil {
		return err
	}
	if !opts.Migrate {
		return checkSchema(ctx, conn)
	}
	return locked(ctx, conn, func() error { return sqlstore.Migrate(ctx, db, goose.DialectPostgres, d) })
}

// Locks that are held on the server while something is done that one process may do at
// a time. They are numbers because the server has no names for them.
const (
	lockMigrations = 0x62617474_6c650001
	lockPartitions = 0x62617474_6c650002
)

// locked runs f while no other process is in it. The lock ends with the connection,
// whatever happens to this process.
func locked(ctx context.Context, conn *sql.Conn, f func() error) error {
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(lockMigrations)); err != nil {
		return fmt.Errorf("wait for the migrations of another process: %w", err)
	}
	err := f()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTime)
	defer cancel()
	_, unlock := conn.ExecContext(last, "SELECT pg_advisory_unlock($1)", int64(lockMigrations))
	return errors.Join(err, unlock)
}

// problem is what is wrong with a server that can be reached.
type problem struct{ what, hint string }

func (p *problem) Error() string { return p.what }

// checkServer refuses servers that cannot hold the store.
func checkServer(ctx context.Context, conn *sql.Conn) error {
	var version int
	var name, readOnly, encoding string
	var standby bool
	err := conn.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_version'),
		current_setting('transaction_read_only'), current_setting('server_encoding'), pg_is_in_recovery()`).
		Scan(&version, &name, &readOnly, &encoding, &standby)
	switch {
	case err != nil:
		return err
	case version < oldest:
		return &problem{"the server is PostgreSQL " + name, "PostgreSQL 15 or later is needed"}
	case standby:
		return &problem{"the server is a standby, which cannot be written", "name the primary server in the database URL, or all servers with target_session_attrs=read-write"}
	case readOnly == "on":
		return &problem{"the database is read-only", "set default_transaction_read_only off for the database and the user"}
	case encoding != "UTF8":
		return &problem{"the database has the encoding " + encoding, "create it with ENCODING 'UTF8' TEMPLATE template0"}
	}
	return nil
}

// checkSchema compares the schema with the one this binary knows.
func checkSchema(ctx context.Context, conn *sql.Conn) error {
	have, known, err := sqlstore.SchemaOf(ctx, conn)
	switch {
	case codeOf(err) == codeNoTable:
		return fmt.Errorf("%w: the database is empty", ErrOlderSchema)
	case err != nil:
		return err
	case have > known:
		return fmt.Errorf("%w: version %d, this binary knows up to %d", sqlstore.ErrNewerSchema, have, known)
	case have < known:
		return fmt.Errorf("%w: version %d, this binary needs %d", ErrOlderSchema, have, known)
	}
	return nil
}

// dialect is PostgreSQL's half of the seam.
type dialect struct {
	months months
}

var _ sqlstore.Dialect = (*dialect)(nil)

// Writable implements sqlstore.Dialect. A server can become a standby at any time.
func (*dialect) Writable() string {
	return "SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0 ELSE 1 END"
}

// Clock implements sqlstore.Dialect. Every process asks the same server.
func (*dialect) Clock() string {
	return "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
}
