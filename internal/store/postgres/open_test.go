package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/servers"
)

const secret = "hunter2%2Fhunter3"

// TestOpenErrors opens what cannot be opened: one line that says what and what to do,
// and never the password.
func TestOpenErrors(t *testing.T) {
	t.Parallel()
	tcp := servers.PostgresTCP(t)
	server := servers.Shared(t)
	exec(t, tcp, "CREATE ROLE "+servers.PasswordUser+" LOGIN PASSWORD 'right'")
	name := strings.TrimPrefix(must(url.Parse(tcp)).Path, "/")
	host := must(url.Parse(tcp)).Host
	exec(t, tcp, "GRANT CREATE ON DATABASE "+name+" TO "+servers.PasswordUser)
	silent := silentServer(t)
	readOnly := servers.Postgres(t)
	exec(t, readOnly, "ALTER DATABASE "+nameOf(t, readOnly)+" SET default_transaction_read_only = on")
	ascii := "ascii_" + name
	if err := server.Exec(t.Context(), "CREATE DATABASE "+ascii+" ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dsn, what, hint string
	}{
		{"no URL", "postgres://user:" + secret + "@[::1/x", "cannot be read", "postgres://user:password@host"},
		{"password with a slash", "postgres://user:hunter2/hunter3@localhost/x", "cannot be read", "% codes"},
		{"a word", secret, "cannot be read", "postgres://user:password@host"},
		{"wrong password", "postgres://" + servers.PasswordUser + ":" + secret + "@" + host + "/" + name + "?sslmode=disable", "password authentication failed", "check user and password"},
		{"right password, no rights", "postgres://" + servers.PasswordUser + ":right@" + host + "/" + name + "?sslmode=disable", "permission denied", "right to create tables"},
		{"no such database", server.TCP("nowhere"), `database "nowhere" does not exist`, "create it"},
		{"nobody listens", "postgres://user:" + secret + "@127.0.0.1:1/x?sslmode=disable", "refused", "no server listens there"},
		{"no socket", "postgres://user:" + secret + "@/x?host=/tmp/nowhere", "no such file", "no server listens there"},
		{"unknown host", "postgres://user:" + secret + "@no.such.host.invalid/x?sslmode=disable", "no.such.host.invalid", "host"},
		{"a silent server", "postgres://user:" + secret + "@" + silent + "/x?sslmode=disable&connect_timeout=1", "timeout", "no answer"},
		{"TLS", server.TCP("postgres") + "&sslmode=require", "TLS", "sslmode=disable"},
		{"read-only", readOnly, "read-only", "default_transaction_read_only"},
		{"other encoding", server.URL(ascii), "SQL_ASCII", "ENCODING 'UTF8'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, err := postgres.Open(context.Background(), strings.Replace(c.dsn, "sslmode=disable&sslmode=require", "sslmode=require", 1), postgres.Options{Migrate: true})
			if err == nil {
				t.Fatal(errors.Join(errors.New("was opened"), db.Close()))
			}
			text, hint := err.Error(), fault.HintOf(err)
			if !strings.Contains(text, c.what) || !strings.Contains(hint, c.hint) {
				t.Errorf("got %q, hint %q; want them to say %q, %q", text, hint, c.what, c.hint)
			}
			if strings.ContainsAny(text, "\n\t") || strings.Contains(text+hint, "hunter") {
				t.Errorf("got %q, want one line without the password", text)
			}
		})
	}
}

// silentServer takes connections and never says a word.
func silentServer(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
	}()
	return l.Addr().String()
}

// TestOpenTogether opens an empty database from several processes' places at once: all
// find the same schema.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	const openers = 6
	dsn := servers.Postgres(t)
	errs := make([]error, openers)
	var wg sync.WaitGroup
	for i := range openers {
		wg.Go(func() {
			db, err := postgres.Open(context.Background(), dsn, postgres.Options{Migrate: true})
			if err == nil {
				_, err = db.Store.NewBattleIDs(context.Background(), 1)
				err = errors.Join(err, db.Close())
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

// TestSchemaVersions opens databases that another version has left.
func TestSchemaVersions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, change string
		opts         postgres.Options
		want         error
		hint         string
	}{
		{"older", "DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)", postgres.Options{}, postgres.ErrOlderSchema, "battlescope migrate"},
		{"none", "DROP TABLE goose_db_version", postgres.Options{}, postgres.ErrOlderSchema, "battlescope migrate"},
		{"newer", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", postgres.Options{}, sqlstore.ErrNewerSchema, "newer battlescope"},
		{"newer, to migrate", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", postgres.Options{Migrate: true}, sqlstore.ErrNewerSchema, "newer battlescope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dsn := migrated(t)
			exec(t, dsn, c.change)
			db, err := postgres.Open(context.Background(), dsn, c.opts)
			if err == nil {
				t.Fatal(errors.Join(errors.New("was opened"), db.Close()))
			}
			if hint := fault.HintOf(err); !errors.Is(err, c.want) || !strings.Contains(hint, c.hint) {
				t.Errorf("got %v, hint %q; want %v, %q", err, hint, c.want, c.hint)
			}
		})
	}
}

// TestStandby refuses a server that cannot be written.
func TestStandby(t *testing.T) {
	t.Parallel()
	dsn := servers.Postgres(t)
	db, err := postgres.Open(t.Context(), dsn+"&default_transaction_read_only=on", postgres.Options{})
	if err == nil {
		t.Fatal(errors.Join(errors.New("was opened"), db.Close()))
	}
	if !strings.Contains(err.Error(), "read-only") {
		t.Errorf("got %v, want it to say read-only", err)
	}
}

// TestConnectionsCut ends all connections of the store, as a restart of the server
// does: a transaction in their midst fails and leaves nothing, the next ones work.
func TestConnectionsCut(t *testing.T) {
	t.Parallel()
	dsn := migrated(t)
	db := open(t, dsn, postgres.Options{})
	ctx := t.Context()
	for range 5 {
		if _, err := db.Store.NewBattleIDs(ctx, 1); err != nil {
			t.Fatal(err)
		}
		cut(t, dsn)
		if _, err := db.Store.NewBattleIDs(ctx, 1); err != nil {
			t.Errorf("a transaction after the cut: %v", err)
		}
		cut(t, dsn)
		if err := db.Store.Ping(ctx); err != nil { // the pool finds out that the connection is dead
			if err := db.Store.Ping(ctx); err != nil {
				t.Errorf("a second read after the cut: %v", err)
			}
		}
	}
	// Meanwhile somebody holds what the transaction needs, so that it is cut while it waits.
	conn := connect(t, dsn)
	run(t, conn, "BEGIN")
	run(t, conn, "UPDATE counters SET value = value WHERE name = 'battle'")
	failed := make(chan error, 1)
	go func() {
		_, err := db.Store.NewBattleIDs(context.Background(), 5)
		failed <- err
	}()
	// By another connection: within a transaction the server shows who was connected when
	// it was first asked, and that may have been before the store was.
	watch, limited := connect(t, dsn), patience(t)
	for waiting := 0; waiting == 0; {
		row := watch.QueryRow(limited, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
		if err := row.Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	run(t, conn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	run(t, conn, "ROLLBACK")
	err := <-failed
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error on one line", err)
	}
	ids, err := db.Store.NewBattleIDs(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(5*2 + 1); ids[0] != want {
		t.Errorf("got id %d, want %d: the transaction that was cut has taken none", ids[0], want)
	}
}

// patience is how long a test waits for what happens soon.
func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// cut ends the connections of everybody else.
func cut(t *testing.T, dsn string) {
	t.Helper()
	exec(t, dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
}

// TestMonthsDropped drops the table of a month by hand: its killmails can be stored again.
func TestMonthsDropped(t *testing.T) {
	t.Parallel()
	dsn := migrated(t)
	db := open(t, dsn, postgres.Options{})
	save(t, db, 1)
	exec(t, dsn, "DELETE FROM participants; DELETE FROM killmails")
	if err := db.Store.Maintain(t.Context()); err != nil {
		t.Error(err)
	}
	for _, table := range []string{"killmails", "participants"} {
		exec(t, dsn, "DROP TABLE "+table+"_2026_03")
	}
	if err := trySave(t, db, 1); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error on one line", err)
	}
	save(t, db, 1)
	if _, err := db.Store.Killmail(t.Context(), 1); err != nil {
		t.Error(err)
	}
}

func nameOf(t *testing.T, dsn string) string {
	t.Helper()
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Database
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, text string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), text, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// exec runs a statement on a connection of its own.
func exec(t *testing.T, dsn, text string) {
	t.Helper()
	run(t, connect(t, dsn), text)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprint(err))
	}
	return v
}

var march = time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)
