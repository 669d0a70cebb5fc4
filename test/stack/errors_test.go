package stack_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/test/servers"
	"github.com/battlescope/battlescope/test/sim"
)

// trouble is a database that cannot be used until somebody cures it.
type trouble struct {
	name   string
	hint   string // of those who meet it
	doctor string // what doctor says, if not the hint
	cause  string // statements in the database, with $DB for its name
	cure   string
	// migrated has the tables made before the cause.
	migrated bool
	// user is who connects; "" is the superuser.
	user string
}

// past has the server say that it is PostgreSQL 14, to those who use the database.
const past = `CREATE SCHEMA past; CREATE FUNCTION past.current_setting(text) RETURNS text LANGUAGE sql AS
	$$ SELECT CASE $1 WHEN 'server_version_num' THEN '140011' WHEN 'server_version' THEN '14.11' ELSE pg_catalog.current_setting($1) END $$;
	ALTER DATABASE $DB SET search_path = past, pg_catalog, public`

var troubles = []trouble{
	{name: "too old", hint: "PostgreSQL 15 or later is needed", cause: past, cure: "ALTER DATABASE $DB RESET search_path"},
	{
		name: "newer than the binary", hint: "a newer battlescope has used this database", migrated: true,
		cause: "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", cure: "DELETE FROM goose_db_version WHERE version_id = 9999",
	},
	{
		name: "read-only", hint: "set default_transaction_read_only off",
		cause: "ALTER DATABASE $DB SET default_transaction_read_only = on", cure: "ALTER DATABASE $DB RESET default_transaction_read_only",
	},
	{
		name: "no right to make tables", hint: "the user needs the right to create tables", doctor: "GRANT CREATE ON SCHEMA public TO visitor", user: "visitor",
		cure: "GRANT CREATE ON SCHEMA public TO visitor",
	},
	{
		name: "a wrong password", hint: "check user and password in the database URL", user: servers.PasswordUser,
		cause: "GRANT CREATE ON SCHEMA public TO " + servers.PasswordUser, cure: "ALTER ROLE " + servers.PasswordUser + " PASSWORD 'geheim'",
	},
	{
		name: "no connections left", hint: "raise the server's max_connections", user: "visitor",
		cause: "GRANT CREATE ON SCHEMA public TO visitor; ALTER DATABASE $DB CONNECTION LIMIT 0", cure: "ALTER DATABASE $DB CONNECTION LIMIT -1",
	},
}

// broken makes a database with a trouble and returns its address, with a password
// that must not be told, and what cures it.
func (tr trouble) broken(t *testing.T) (dsn string, cure func()) {
	t.Helper()
	admin := servers.PostgresTCP(t)
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	if tr.migrated {
		db, err := postgres.Open(context.Background(), admin, postgres.Options{Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	run := func(statements string) {
		t.Helper()
		inDatabase(t, admin+"&default_transaction_read_only=off", strings.ReplaceAll(statements, "$DB", strings.TrimPrefix(u.Path, "/")))
	}
	if tr.user != "" {
		run("DO $$ BEGIN CREATE ROLE " + tr.user + " LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
	}
	run(tr.cause)
	u.User = url.UserPassword("postgres", "geheim")
	if tr.user != "" {
		u.User = url.UserPassword(tr.user, "geheim")
	}
	return u.String(), func() { run(tr.cure) }
}

func inDatabase(t *testing.T, dsn, statements string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(context.Background(), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// TestVerbsInTrouble: verbs that a person runs end with one line that says what to do.
func TestVerbsInTrouble(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "killmails.jsonl")
	if err := os.WriteFile(file, bytes.Join(sim.Day(3, 10).R2Z2(1), []byte("\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	verbs := [][]string{
		{"import", file},
		{"migrate"},
		{"doctor", "--no-feed", "--no-esi", "--listen", "127.0.0.1:0"},
		{"verify-data", "--no-feed", "--no-esi"},
		{"job", "stats", "--no-feed", "--no-esi"},
		{"jobs", "list"},
		{"dead-letters", "list"},
		{"recluster", "plan"},
	}
	all := func(t *testing.T, dsn, hint, doctor string, more ...string) {
		t.Helper()
		for _, verb := range verbs {
			want := hint
			switch {
			case verb[0] == "migrate" && len(more) > 0:
				continue
			case verb[0] == "doctor" && doctor != "":
				want = doctor
			}
			fails(t, verb, slices.Concat(verb, []string{"--data", t.TempDir(), "--database-url", dsn}, more), want)
		}
	}
	for name, c := range map[string]struct{ dsn, hint string }{
		"no such database": {strings.Replace(servers.Shared(t).TCP("nowhere"), "postgres@", "postgres:geheim@", 1), "create it (createdb"},
		"nobody listens":   {"postgres://pilot:geheim@127.0.0.1:1/x", "no server listens there"},
		"unknown host":     {"postgres://pilot:geheim@no.such.host.invalid/x", "the host of the database URL is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all(t, c.dsn, c.hint, "")
		})
	}
	for _, tr := range troubles {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			dsn, _ := tr.broken(t)
			all(t, strings.Replace(dsn, ":geheim@", ":geheim-too@", 1), tr.hint, tr.doctor) // the other one is made right elsewhere
		})
	}
	t.Run("not migrated", func(t *testing.T) {
		t.Parallel()
		all(t, servers.Postgres(t), "battlescope migrate", "", "--no-migrate")
	})
}

// fails runs a verb that must end with 1 and one line that holds a hint. doctor gives
// its hints among what it finds.
func fails(t *testing.T, verb, args []string, hint string) {
	t.Helper()
	var out, says bytes.Buffer
	cmd := command(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &says
	err := cmd.Run()
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%v: ended with %v, want exit code 1\n%s", verb, err, &says)
	}
	line, isLine := strings.CutSuffix(says.String(), "\n")
	if !isLine || strings.Contains(line, "\n") || !strings.HasPrefix(line, "battlescope: ") || !strings.Contains(line, "(hint: ") {
		t.Errorf("%v: says %q, want one line with a hint", verb, &says)
	}
	told := line
	if verb[0] == "doctor" {
		told = out.String()
	}
	if !strings.Contains(told, hint) {
		t.Errorf("%v: says %q, want the hint %q", verb, told, hint)
	}
	if strings.Contains(says.String()+out.String(), "geheim") {
		t.Errorf("%v: the password is told: %s%s", verb, &says, &out)
	}
}
