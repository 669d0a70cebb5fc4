package app

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/test/servers"
)

// migratedServer is a database as the first start leaves it.
func migratedServer(t *testing.T) string {
	t.Helper()
	return servers.PostgresLike(t, "migrated", func(ctx context.Context, dsn string) error {
		b, err := openBackends(ctx, Data{DatabaseURL: dsn}, Redis{}, quietLog)
		if err != nil {
			return err
		}
		return b.close()
	})
}

// command runs statements on a connection of its own.
func command(t *testing.T, dsn, statements string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// as is the address of a database for another user, whose password is a secret.
func as(t *testing.T, dsn, user string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, "geheim")
	return u.String()
}

// TestDoctorServer looks at servers in all states.
func TestDoctorServer(t *testing.T) {
	t.Parallel()
	server := servers.Shared(t)
	for _, role := range []string{"stranger", "owner", "crowd"} {
		if err := server.Exec(t.Context(), "CREATE ROLE "+role+" LOGIN"); err != nil {
			t.Fatal(err)
		}
	}
	const oldServer = `CREATE SCHEMA past; CREATE FUNCTION past.current_setting(text) RETURNS text LANGUAGE sql AS
		$$ SELECT CASE $1 WHEN 'server_version_num' THEN '140011' WHEN 'server_version' THEN '14.11' ELSE pg_catalog.current_setting($1) END $$;
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = past, pg_catalog, public', current_database()); END $$`
	for name, c := range map[string]struct {
		empty   bool
		prepare string // statements, with $DB for the database
		user    string
		change  func(*ServiceConfig)
		ahead   time.Duration // of our clock
		want    map[string]string
	}{
		"sound": {want: map[string]string{
			"database": "ok PostgreSQL…: version 15…, can be written, …MB", "rights": "ok postgres may make tables", "connections": "ok …are free, one more process takes up to 22",
			"server clock": "ok", "schema": "ok version", "jobs": "ok",
			"ingest":    "warn nobody reads the feed (hint: start battlescope ingest --database-url URL, or battlescope serve",
			"cluster":   "warn nobody forms battles…start battlescope cluster",
			"scheduler": "warn nobody starts periodic work…start battlescope scheduler",
		}},
		"not all is wanted": {change: func(c *ServiceConfig) { c.NoFeed, c.PeriodicJobs = true, "external" }, want: map[string]string{
			"ingest": "", "cluster": "warn", "scheduler": "",
		}},
		"held": {prepare: "INSERT INTO leases (name, holder, expires_at) SELECT n, 'host/1/' || n, 1e14 FROM unnest(ARRAY['ingest','cluster','scheduler']) n", want: map[string]string{
			"ingest": "ok host/1/ingest reads the feed", "cluster": "ok host/1/cluster", "scheduler": "ok host/1/scheduler",
		}},
		"empty":                     {empty: true, want: map[string]string{"database": "ok", "rights": "ok", "schema": "ok the database is empty: the first start", "jobs": ""}},
		"empty, no migration":       {empty: true, change: noMigration, want: map[string]string{"schema": "fail …hint: battlescope migrate --database-url URL"}},
		"older":                     {prepare: "DELETE FROM goose_db_version WHERE version_id > 2", want: map[string]string{"database": "ok", "schema": "ok version 2, this binary has…the next start", "jobs": ""}},
		"older, no migration":       {prepare: "DELETE FROM goose_db_version WHERE version_id > 2", change: noMigration, want: map[string]string{"schema": "fail version 2…hint: battlescope migrate --database-url URL"}},
		"newer":                     {prepare: "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", want: map[string]string{"database": "ok", "schema": "fail version 9999…hint: a newer battlescope", "jobs": ""}},
		"no queue":                  {prepare: "DROP TABLE river_job CASCADE", want: map[string]string{"jobs": "ok there is no queue", "verification": "ok"}},
		"no queue, no migration":    {prepare: "DROP TABLE river_job CASCADE", change: noMigration, want: map[string]string{"jobs": "fail …hint: battlescope migrate"}},
		"older queue":               {prepare: olderQueue, want: map[string]string{"schema": "ok version", "jobs": "ok"}},
		"older queue, no migration": {prepare: olderQueue, change: noMigration, want: map[string]string{"schema": "ok version", "jobs": "fail …older than this binary (hint: run `battlescope migrate`"}},
		"newer queue":               {prepare: "INSERT INTO river_migration (line, version) VALUES ('main', 999)", want: map[string]string{"jobs": "fail …newer than this binary…hint: run the newer battlescope"}},
		"damaged":                   {prepare: "DROP TABLE goose_db_version", want: map[string]string{"database": "ok", "schema": "fail …goose_db_version"}},
		"read-only":                 {prepare: "ALTER DATABASE $DB SET default_transaction_read_only = on", want: map[string]string{"database": "fail …read-only (hint: …default_transaction_read_only", "schema": ""}},
		"too old":                   {prepare: oldServer, want: map[string]string{"database": "fail …PostgreSQL 14.11 (hint: PostgreSQL 15 or later", "schema": ""}},
		"no rights":                 {empty: true, user: "stranger", want: map[string]string{"rights": "fail stranger must not make tables (hint: ALTER DATABASE $DB OWNER TO stranger, or GRANT CREATE"}},
		"tables of another": {
			prepare: "GRANT ALL ON ALL TABLES IN SCHEMA public TO stranger; GRANT CREATE ON SCHEMA public TO stranger; ALTER TABLE killmails OWNER TO owner", user: "stranger",
			want: map[string]string{"rights": "fail the tables belong to …stranger cannot add the months…hint: name …ALTER TABLE killmails OWNER TO stranger", "killmails": "ok none"},
		},
		"few connections": {
			prepare: "GRANT ALL ON ALL TABLES IN SCHEMA public TO crowd; ALTER DATABASE $DB CONNECTION LIMIT 9", user: "crowd",
			want: map[string]string{"connections": "warn …are free, one more process takes up to 22 (hint: …pool_max_conns"},
		},
		"few connections of a user": {
			prepare: "GRANT ALL ON ALL TABLES IN SCHEMA public TO crowd; ALTER ROLE crowd CONNECTION LIMIT 18", user: "crowd",
			want: map[string]string{"connections": "warn …are free"},
		},
		"a small pool":        {change: func(c *ServiceConfig) { c.DatabaseURL += "&pool_max_conns=5" }, want: map[string]string{"connections": "ok …one more process takes up to 11"}},
		"the wrong time":      {ahead: time.Hour, want: map[string]string{"server clock": "warn -1h0m0s away…hint: …timedatectl"}},
		"no such database":    {change: func(c *ServiceConfig) { c.DatabaseURL = as(t, server.URL("nowhere"), "postgres") }, want: map[string]string{"database": `fail …"nowhere" does not exist (hint: create it`}},
		"no URL":              {change: func(c *ServiceConfig) { c.DatabaseURL = "postgres://a:geheim/geheim@[::1/x" }, want: map[string]string{"database": "fail database-url: cannot be read (hint: write it like"}},
		"the wrong scheme":    {change: func(c *ServiceConfig) { c.DatabaseURL = "postgre://a:geheim@localhost/x?b=c" }, want: map[string]string{"database": "fail database-url: cannot be read (hint: write it like"}},
		"nobody there":        {change: func(c *ServiceConfig) { c.DatabaseURL = "postgres://a:geheim@127.0.0.1:1/x" }, want: map[string]string{"database": "fail …refused…hint: no server listens there"}},
		"keywords and values": {change: func(c *ServiceConfig) { c.DatabaseURL = "host=127.0.0.1 port=1 user=a password=geheim://x" }, want: map[string]string{"database": "fail …refused…hint: no server"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fresh := migratedServer
			if c.empty {
				fresh = func(t *testing.T) string { return servers.Postgres(t) }
			}
			dsn := fresh(t)
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			database := strings.TrimPrefix(u.Path, "/")
			if c.prepare != "" {
				command(t, dsn, strings.ReplaceAll(c.prepare, "$DB", database))
			}
			if c.user == "" {
				c.user = "postgres"
			}
			cfg := ServiceConfig{Data: Data{DatabaseURL: as(t, dsn, c.user)}}
			if c.change != nil {
				c.change(&cfg)
			}
			for part, words := range c.want {
				c.want[part] = strings.ReplaceAll(words, "$DB", database)
			}
			hold(t, name, examine(t, cfg, func() time.Time { return time.Now().Add(c.ahead) }), c.want)
		})
	}
}

func noMigration(c *ServiceConfig) { c.NoMigrate = true }

// olderQueue makes the tables of the queue look like those of an older version.
const olderQueue = "DELETE FROM river_migration WHERE line = 'main' AND version = (SELECT MAX(version) FROM river_migration WHERE line = 'main')"

// TestOlderQueue refuses to start on a queue that somebody else is to migrate.
func TestOlderQueue(t *testing.T) {
	t.Parallel()
	dsn := migratedServer(t)
	command(t, dsn, olderQueue)
	d := Data{DatabaseURL: dsn, NoMigrate: true}
	b, err := openBackends(t.Context(), d, Redis{}, quietLog)
	if err == nil {
		t.Fatal(errors.Join(errors.New("was opened"), b.close()))
	}
	if hint := fault.HintOf(err); !errors.Is(err, riverqueue.ErrOlder) || !strings.Contains(hint, "battlescope migrate") {
		t.Errorf("got %v, hint %q, want %v", err, hint, riverqueue.ErrOlder)
	}
	if _, err := Migrate(t.Context(), d, quietLog); err != nil {
		t.Fatal(err)
	}
	if b, err = openBackends(t.Context(), d, Redis{}, quietLog); err == nil {
		err = b.close()
	}
	if err != nil {
		t.Errorf("migrated: %v", err)
	}
}

// TestDoctorChangesNothing looks at an empty database, and leaves it so.
func TestDoctorChangesNothing(t *testing.T) {
	t.Parallel()
	dsn := servers.Postgres(t)
	examine(t, ServiceConfig{Data: Data{DatabaseURL: dsn}}, time.Now)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	var tables, others int
	err = conn.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_class WHERE relnamespace = CAST('public' AS regnamespace)").Scan(&tables)
	err = errors.Join(err, conn.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'").Scan(&others))
	if err := errors.Join(err, conn.Close(t.Context())); err != nil || tables != 0 || others != 0 {
		t.Errorf("%d tables and %d busy connections are left, %v", tables, others, err)
	}
}

// TestDoctorEnds does not wait for a server for ever: it ends with its context.
func TestDoctorEnds(t *testing.T) {
	t.Parallel()
	dsn := migratedServer(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE river_job IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var last Finding
	d := &doctor{cfg: ServiceConfig{Data: Data{DatabaseURL: dsn}}, now: time.Now, tell: func(f Finding) {
		if last = f; f.Part == "enrichments" { // what comes before the jobs
			cancel()
		}
	}}
	d.server(ctx)
	if last.Status != FindingFail {
		t.Errorf("got %+v as the last, want a failure", last)
	}
}
