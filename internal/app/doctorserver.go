package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// serverTime bounds all questions to the database server.
const serverTime = time.Minute

// server looks at the database on a PostgreSQL server.
func (d *doctor) server(ctx context.Context) {
	const part = "database"
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	if err := checkDatabaseURL(d.cfg.DatabaseURL); err != nil {
		d.err(FindingFail, part, err)
		return
	}
	db, err := postgres.Open(ctx, d.cfg.DatabaseURL, postgres.Options{})
	if err != nil && !errors.Is(err, postgres.ErrOlderSchema) && !errors.Is(err, sqlstore.ErrNewerSchema) {
		d.err(FindingFail, part, err)
		return
	}
	if err == nil {
		defer db.Close()
	}
	plain, err := openPlain(d.cfg.DatabaseURL)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	defer plain.Close()
	facts, err := askServer(ctx, plain, d.now)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	d.ok(part, "%s: version %s, can be written, %s", d.cfg.Data.where(), facts.version, bytesText(facts.size))
	d.serverFacts(facts, db)
	have, known, err := sqlstore.SchemaOf(ctx, plain)
	if err != nil && facts.tables > 0 {
		d.tell(Finding{"schema", FindingFail, err.Error(), "somebody has dropped tables of BattleScope: restore a backup, or name another database"})
		return
	}
	if err == nil && !d.schema(have, known, "a newer battlescope has used this database: run that version, or name another database") {
		return
	}
	if err != nil {
		d.emptyServer()
		return
	}
	if db == nil { // it has become what this binary knows since it was opened
		d.tell(Finding{"schema", FindingWarn, "somebody has just migrated the database", "look again"})
		return
	}
	d.content(ctx, db.Store, func(ctx context.Context) ([]queue.Count, error) { return d.serverJobs(ctx, plain) })
	d.leases(ctx, db.Store)
}

func (d *doctor) emptyServer() {
	d.when(!d.cfg.migrates(), FindingFail, "schema", "the database is empty: the first start makes its tables", d.command("migrate"))
}

// openPlain opens a database for questions that the store does not ask.
func openPlain(dsn string) (*sql.DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn) // which knows the settings of pools that may stand in it
	if err != nil {
		return nil, errDatabaseURL
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "battlescope-doctor"
	db := stdlib.OpenDB(*cfg.ConnConfig)
	db.SetMaxOpenConns(1)
	return db, nil
}

// serverFacts are what a server tells of itself.
type serverFacts struct {
	version, user, database string
	size, free              int64 // bytes; connections
	tables                  int64 // of ours
	owner                   string
	mayCreate               bool
	offset                  time.Duration // of its clock from ours, of this machine
}

// serverQuestion asks for all of them. Connections are counted without looking at
// whose they are, which not every user may.
const serverQuestion = `
WITH ours AS (
	SELECT relowner FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
		AND relname IN ('goose_db_version', 'killmails', 'participants', 'battles', 'river_job')
)
SELECT current_setting('server_version'), current_user, current_database(), pg_database_size(current_database()),
	LEAST(
		CAST(current_setting('max_connections') AS BIGINT) - CAST(current_setting('superuser_reserved_connections') AS BIGINT)
			- COALESCE(CAST(current_setting('reserved_connections', true) AS BIGINT), 0) - (SELECT SUM(numbackends) FROM pg_stat_database),
		(SELECT CASE WHEN datconnlimit >= 0 THEN datconnlimit - numbackends END
			FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()),
		(SELECT CASE WHEN rolconnlimit >= 0 THEN rolconnlimit - (SELECT COUNT(*) FROM pg_stat_activity WHERE usename = current_user) END
			FROM pg_roles WHERE rolname = current_user)
	),
	(SELECT COUNT(*) FROM ours), COALESCE((SELECT MIN(pg_get_userbyid(relowner)) FROM ours WHERE NOT pg_has_role(relowner, 'USAGE')), ''),
	COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`

// askServer asks a server about itself.
func askServer(ctx context.Context, db *sql.DB, now func() time.Time) (serverFacts, error) {
	var f serverFacts
	var clock int64
	err := db.QueryRowContext(ctx, serverQuestion).
		Scan(&f.version, &f.user, &f.database, &f.size, &f.free, &f.tables, &f.owner, &f.mayCreate, &clock)
	f.offset = time.UnixMilli(clock).Sub(now())
	return f, err
}

// serverFacts judges what a server tells of itself. db is nil where the tables are not
// as this binary knows them.
func (d *doctor) serverFacts(f serverFacts, db *postgres.Database) {
	const rights = "rights"
	switch {
	case f.owner != "":
		d.tell(Finding{rights, FindingFail, fmt.Sprintf("the tables belong to %s, and %s cannot add the months of killmails to them", f.owner, f.user),
			fmt.Sprintf("name %s in the database URL, or hand its tables over, one by one: ALTER TABLE killmails OWNER TO %s", f.owner, f.user)})
	default:
		d.when(!f.mayCreate, FindingFail, rights, fmt.Sprintf("%s %s make tables", f.user, map[bool]string{true: "may", false: "must not"}[f.mayCreate]),
			fmt.Sprintf("ALTER DATABASE %s OWNER TO %s, or GRANT CREATE ON SCHEMA public TO %[2]s", f.database, f.user))
	}
	if db != nil {
		most := int64(db.Pool.Config().MaxConns) + riverqueue.ServerConnections
		d.when(f.free < most, FindingWarn, "connections", fmt.Sprintf("%d are free, one more process takes up to %d", f.free, most),
			"raise the server's max_connections and the limits of user and database, or lower pool_max_conns in the database URL of each process")
	}
	d.when(f.offset.Abs() > clockOff, FindingWarn, "server clock", fmt.Sprintf("%v away from ours", f.offset.Round(time.Second)),
		"set both by the network: timedatectl set-ntp true")
}

// serverJobs counts the jobs in a database on a server.
func (d *doctor) serverJobs(ctx context.Context, plain *sql.DB) (counts []queue.Count, err error) {
	var there bool
	if err := plain.QueryRowContext(ctx, "SELECT to_regclass('river_job') IS NOT NULL").Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		return nil, errNoJobs
	}
	q, err := riverqueue.OpenPostgres(ctx, d.cfg.DatabaseURL, riverqueue.Config{Kinds: jobKinds(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	if err := q.Check(ctx); err != nil && !(d.cfg.migrates() && errors.Is(err, riverqueue.ErrOlder)) {
		return nil, err
	}
	return q.Counts(ctx)
}

// leases looks whether somebody does what one process at a time must do.
func (d *doctor) leases(ctx context.Context, s store.Leases) {
	for _, l := range []struct {
		name, does string
		needed     bool
	}{
		{serviceIngest, "reads the feed", !d.cfg.NoFeed},
		{serviceCluster, "forms battles", true},
		{serviceScheduler, "starts periodic work", d.cfg.PeriodicJobs != "external"},
	} {
		holder, err := s.LeaseHolder(ctx, l.name)
		switch {
		case err != nil:
			d.err(FindingFail, l.name, err)
		case holder != "":
			d.ok(l.name, "%s %s", holder, l.does)
		case l.needed:
			d.tell(Finding{l.name, FindingWarn, "nobody " + l.does, "start " + d.starts(l.name) + ", or battlescope serve for all services in one process"})
		}
	}
}
