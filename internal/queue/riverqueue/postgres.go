package riverqueue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	// migrationLock is the key of the advisory lock under which the schema changes.
	migrationLock = 0x62617474_6a6f6273 // "battjobs"
	// uniqueViolation is PostgreSQL's code for a key that is taken.
	uniqueViolation = "23505"
	// ServerConnections is the size of a queue's own pool of connections to a server; one
	// of them listens all the time.
	ServerConnections = 6
	// connectTime is how long connecting may take unless the URL has connect_timeout.
	connectTime = 10 * time.Second
	// goodbye bounds how long giving up a lock may take.
	goodbye = 5 * time.Second
)

// Postgres is a queue on a PostgreSQL server.
type Postgres = Queue[pgx.Tx]

// OpenPostgres opens the queue in the store's database with a small pool of connections
// of its own. Nothing is connected yet. Call Migrate before its first use, and Close.
func OpenPostgres(ctx context.Context, dsn string, cfg Config) (*Postgres, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	c.MaxConns, c.MinConns = ServerConnections, 0
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = connectTime
	}
	c.ConnConfig.RuntimeParams["application_name"] = "battlescope-jobs"
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	return open(&postgresEngine{pool}, cfg)
}

// postgresEngine is PostgreSQL's half of the seam.
type postgresEngine struct{ pool *pgxpool.Pool }

func (e *postgresEngine) driver() riverdriver.Driver[pgx.Tx] { return riverpgxv5.New(e.pool) }

func (e *postgresEngine) tx(_ context.Context, conn *sql.Conn, _ *sql.Tx, f func(pgx.Tx) error) error {
	return conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the store's connection is %T, not one of pgx", driverConn)
		}
		return f(storeTx{c.Conn()})
	})
}

func (e *postgresEngine) counts(ctx context.Context, query string, row func(func(...any) error) error) error {
	rows, err := e.pool.Query(ctx, query)
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

func (e *postgresEngine) oldest(column string) string {
	return "CAST(EXTRACT(EPOCH FROM MIN(" + column + ")) * 1000 AS BIGINT)"
}

func (e *postgresEngine) taken(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && p.Code == uniqueViolation
}

func (e *postgresEngine) alone(ctx context.Context, f func(context.Context) error) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	err = f(ctx)
	unlock, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	_, uerr := conn.Exec(unlock, "SELECT pg_advisory_unlock($1)", int64(migrationLock))
	return errors.Join(err, uerr)
}

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}
