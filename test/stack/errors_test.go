package stack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
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

// quiet are the flags of a service that asks nobody.
var quiet = []string{"--no-feed", "--no-esi", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--log-format", "json"}

// TestServicesWait starts every service before its database is there: it lives, says
// what is missing, tries again with growing pauses, and is ready by itself once it can be.
func TestServicesWait(t *testing.T) {
	t.Parallel()
	for _, service := range []string{"serve", "api", "ingest", "enrich", "cluster", "scheduler", "verify"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			p, dsn := between(t, "database", servers.PostgresTCP(t))
			p.set(t, false)
			waits(t, service, dsn, "no server listens there", func() { p.set(t, true) })
		})
	}
	for _, tr := range troubles {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			dsn, cure := tr.broken(t)
			waits(t, "serve", dsn, tr.hint, cure)
		})
	}
	t.Run("not migrated", func(t *testing.T) {
		t.Parallel()
		dsn := servers.Postgres(t)
		waits(t, "serve", dsn, "battlescope migrate", func() {
			if out, err := command(t, "migrate", "--database-url", dsn).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}, "--no-migrate")
	})
}

// waits holds a service to how it has to wait for a database in trouble.
func waits(t *testing.T, service, dsn, hint string, cure func(), more ...string) {
	t.Helper()
	p := start(t, slices.Concat([]string{service, "--data", t.TempDir(), "--database-url", dsn, "--redis-url", servers.Redis(t)}, quiet, more)...)
	ops := p.ops(t)
	until(t, "three tries", func() bool {
		p.alive(t)
		if status, _ := get(t, ops+"/livez"); status != http.StatusOK {
			t.Fatalf("/livez answers %d", status)
		}
		return len(p.tries(t)) >= 3
	})
	pause := time.Duration(0)
	for i, try := range p.tries(t) {
		if try.again <= pause || !strings.Contains(try.hint, hint) {
			t.Errorf("try %d: pauses %v after %v with the hint %q, want longer and %q", i+1, try.again, pause, try.hint, hint)
		}
		pause = try.again
	}
	notReady(t, ops, hint, "the database cannot be used yet: open database")
	if service == "serve" || service == "api" {
		site := p.site(t)
		notReady(t, site, hint, "the database cannot be used yet")
		for path, want := range map[string]string{"/": "BattleScope is starting", "/api/v1/battles": "the database cannot be used yet"} {
			if status, body := get(t, site+path); status != http.StatusServiceUnavailable || !strings.Contains(body, want) {
				t.Errorf("%s answers %d %s", path, status, body)
			}
		}
	}
	cure()
	until(t, service+" to be ready", func() bool {
		p.alive(t)
		status, _ := get(t, ops+"/readyz")
		return status == http.StatusOK
	})
	p.terminate(t)
	if strings.Contains(p.log.String(), "geheim") {
		t.Errorf("the password is told:\n%s", p.log)
	}
}

// notReady asks a port that has nothing to serve yet.
func notReady(t *testing.T, base, hint, detail string) {
	t.Helper()
	status, body := get(t, base+"/readyz")
	var health struct {
		Status string
		Checks []struct{ Name, Status, Detail, Hint string }
	}
	if err := json.Unmarshal([]byte(body), &health); err != nil || len(health.Checks) != 1 {
		t.Fatalf("/readyz: %v in %s", err, body)
	}
	c := health.Checks[0]
	if status != http.StatusServiceUnavailable || health.Status != "not ready" || c.Name != "store" || c.Status != "fail" ||
		!strings.Contains(c.Hint, hint) || !strings.HasPrefix(c.Detail, detail) || strings.Contains(body, "geheim") {
		t.Errorf("/readyz answers %d %s, want 503 with %q and the hint %q", status, body, detail, hint)
	}
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

var opsLine = regexp.MustCompile(`ops +(http://\S+)`)

// ops is the address for operators, once the process has said it.
func (p *process) ops(t *testing.T) string {
	t.Helper()
	var found []string
	until(t, "an address from "+strings.Join(p.args, " "), func() bool {
		p.alive(t)
		found = opsLine.FindStringSubmatch(p.log.String())
		return found != nil
	})
	return found[1]
}

// try is a line that a process logs when it could not open its database.
type try struct {
	hint  string
	again time.Duration
}

// tries are what a process that waits has logged. It must log nothing else.
func (p *process) tries(t *testing.T) []try {
	t.Helper()
	var out []try
	for line := range strings.Lines(p.log.String()) {
		if !strings.HasPrefix(line, "{") || !strings.HasSuffix(line, "\n") {
			continue // what it says of itself, and what it is about to say
		}
		var entry struct {
			Msg, Hint string
			Again     string `json:"again_in"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if entry.Msg != "waiting for the database" {
			t.Fatalf("logs %s", line)
		}
		again, err := time.ParseDuration(entry.Again)
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, try{entry.Hint, again})
	}
	return out
}

// terminate ends the process as a service manager does. It must end without an error.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	p.alive(t)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Errorf("%v ended with %v\n%s", p.args, err, p.log)
		}
	case <-late.C:
		t.Fatalf("%v does not end\n%s", p.args, p.log)
	}
}

// TestTerminatedWhileWaiting asks processes to end in all phases of waiting. Each wait
// would last longer than the test.
func TestTerminatedWhileWaiting(t *testing.T) {
	t.Parallel()
	t.Run("between two tries", func(t *testing.T) {
		t.Parallel()
		p := start(t, slices.Concat([]string{"serve", "--database-url", "postgres://127.0.0.1:1/x"}, quiet)...)
		until(t, "a try", func() bool { return len(p.tries(t)) > 0 })
		p.terminate(t)
	})
	t.Run("while a server is silent", func(t *testing.T) {
		t.Parallel()
		asked, address := silent(t)
		p := start(t, slices.Concat([]string{"cluster", "--database-url", "postgres://" + address + "/x?connect_timeout=3600"}, quiet)...)
		<-asked
		if status, _ := get(t, p.ops(t)+"/livez"); status != http.StatusOK {
			t.Errorf("/livez answers %d", status)
		}
		notReady(t, p.ops(t), "try again in a minute", "the database cannot be used yet")
		p.terminate(t)
		if len(p.tries(t)) > 0 {
			t.Errorf("being asked to end is no try that failed:\n%s", p.log)
		}
	})
	t.Run("while another process migrates", func(t *testing.T) {
		t.Parallel()
		dsn := servers.Postgres(t)
		var conns [2]*pgx.Conn // one that holds the lock; it sees the others as they were when its transaction began
		for i := range conns {
			conn, err := pgx.Connect(context.Background(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close(context.Background()) }()
			conns[i] = conn
		}
		if _, err := conns[0].Exec(context.Background(), "CREATE TABLE goose_db_version (id INTEGER); BEGIN; LOCK TABLE goose_db_version"); err != nil {
			t.Fatal(err)
		}
		p := start(t, slices.Concat([]string{"ingest", "--database-url", dsn}, quiet)...)
		until(t, "a process that waits", func() bool {
			p.alive(t)
			var waiting bool
			if err := conns[1].QueryRow(context.Background(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").Scan(&waiting); err != nil {
				t.Fatal(err)
			}
			return waiting
		})
		if status, _ := get(t, p.ops(t)+"/livez"); status != http.StatusOK {
			t.Errorf("/livez answers %d", status)
		}
		p.terminate(t)
	})
}

// silent takes connections and says nothing. asked is closed with the first.
func silent(t *testing.T) (asked chan struct{}, address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	asked = make(chan struct{})
	go func() {
		first := sync.OnceFunc(func() { close(asked) })
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			first()
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
	}()
	return asked, l.Addr().String()
}

// TestPartFails has a part fail that has begun already, in the way in which the queue
// does when the database goes at the wrong moment. The process begins anew until it works.
func TestPartFails(t *testing.T) {
	t.Parallel()
	dsn := servers.Postgres(t)
	if out, err := command(t, "migrate", "--database-url", dsn).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	inDatabase(t, dsn, "ALTER TABLE river_queue RENAME TO mislaid")
	p := start(t, slices.Concat([]string{"scheduler", "--data", t.TempDir(), "--database-url", dsn}, quiet)...)
	until(t, "two failures", func() bool {
		p.alive(t)
		return strings.Count(p.log.String(), "waiting for the database") >= 2
	})
	until(t, "an operator to be told", func() bool {
		status, body := get(t, p.ops(t)+"/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "river_queue")
	})
	inDatabase(t, dsn, "ALTER TABLE mislaid RENAME TO river_queue")
	s := &system{processes: []*process{p}, open: func(t *testing.T) *sqlstore.Store { return openServer(t, dsn) }}
	s.until(t, "work that is done", func(db *sqlstore.Store) bool {
		_, _, err := db.Mark(context.Background(), "periodic.cache")
		return err == nil
	})
	p.terminate(t)
}

// openServer opens the database of other processes.
func openServer(t *testing.T, dsn string) *sqlstore.Store {
	t.Helper()
	db, err := postgres.Open(context.Background(), dsn, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db.Store
}

// TestReadOnlyMeanwhile has the database refuse writes for a while, as after a failover
// to the wrong server: processes go on living, serve what is stored, and work again
// when it takes writes.
func TestReadOnlyMeanwhile(t *testing.T) {
	t.Parallel()
	feed, documents, from := stream(t, 67, 300, time.Second)
	dsn := servers.Postgres(t)
	s := distributed(t, dsn, servers.Redis(t), from)
	s.until(t, "the first killmail", func(db *sqlstore.Store) bool { return count(t, db).Killmails == 1 })
	site := s.sites(t)[0]
	until(t, "a page", func() bool { // one that came too late would wait
		status, _ := get(t, site+"/readyz")
		return status == http.StatusOK
	})
	readOnly := func(value string) {
		inDatabase(t, dsn+"&default_transaction_read_only=off", `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = `+value+`', current_database()); END $$`)
		inDatabase(t, dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	}
	readOnly("on")
	feed.PublishAll()
	until(t, "the feed to say so", func() bool { // only its log can tell: nothing can be stored
		return slices.ContainsFunc(s.processes, func(p *process) bool { return p.args[0] == "ingest" && strings.Contains(p.log.String(), "read-only") })
	})
	until(t, "an answer", func() bool { // the connections were cut
		status, _ := get(t, site+"/api/v1/battles")
		return status == http.StatusOK
	})
	for _, p := range s.processes {
		p.alive(t)
	}
	readOnly("off")
	s.untilDone(t, feed.Head())
	s.stop(t)
	db := s.open(t)
	defer db.Close()
	sameAsImport(t, db, documents)
}

// TestRedisFull lets Redis reach its limit of memory: nothing is kept there any more,
// and everything goes on without.
func TestRedisFull(t *testing.T) {
	t.Parallel()
	documents := recent(300).R2Z2(7000)
	feed := fake.NewR2Z2(fake.Numbered(7000, documents)...)
	web := httptest.NewServer(feed)
	t.Cleanup(web.Close)
	feed.Publish(1)
	redis := servers.StartRedis(t)
	s := distributed(t, servers.Postgres(t), redis.URL, source{feed: web.URL, rate: 1_000_000})
	ops := start(t, slices.Concat([]string{"api"}, s.where, quiet)...)
	s.until(t, "the first killmail", func(db *sqlstore.Store) bool { return count(t, db).Killmails == 1 })
	base := ops.ops(t)
	until(t, "a sound cache", func() bool { return check(t, base, "cache").Status == "ok" })

	if got := servers.Say(t, redis, "CONFIG SET maxmemory 1"); got != "+OK" {
		t.Fatal(got)
	}
	var readers []*reader
	for _, site := range s.sites(t) {
		readers = append(readers, follow(t, func() string { return site }))
	}
	feed.PublishAll()
	s.untilDone(t, feed.Head())
	for _, at := range append(s.sites(t), base) {
		c := check(t, at, "cache") // of a process that is ready all the same
		if c.Status != "warn" || !strings.Contains(c.Hint, "maxmemory") || c.Detail == "" {
			t.Errorf("the cache is said to be %+v, want a warning with a hint", c)
		}
		if push := check(t, at, "push"); push.Status != "ok" { // signals take no memory
			t.Errorf("push is said to be %+v", push)
		}
	}
	for _, site := range s.sites(t) {
		for range 2 { // the first would put into the cache what the second takes from it
			for _, path := range []string{"/", "/api/v1/battles", "/api/v1/killmails/recent", "/api/v1/stats/summary"} {
				if status, body := get(t, site+path); status != http.StatusOK {
					t.Errorf("%s answers %d %s", path, status, body)
				}
			}
		}
	}
	db := s.open(t)
	defer db.Close()
	log := outbox(t, db)
	for _, r := range readers {
		until(t, "all events on every stream", func() bool { return r.last() == log[len(log)-1] })
	}
	out, err := s.run(t, "doctor", "--no-feed", "--no-esi", "--listen", "127.0.0.1:0")
	if err != nil || !regexp.MustCompile(`(?m)^warn +cache +.*OOM.*\(hint: .*maxmemory`).MatchString(out) {
		t.Errorf("doctor ends with %v and says\n%s", err, out)
	}

	if got := servers.Say(t, redis, "CONFIG SET maxmemory 0"); got != "+OK" {
		t.Fatal(got)
	}
	until(t, "a sound cache", func() bool { return check(t, base, "cache").Status == "ok" })
	ops.terminate(t)
	s.stop(t)
	sameAsImport(t, db, documents)
}

// checked is how a part of a process does.
type checked struct{ Name, Status, Detail, Hint string }

// check asks a process that is ready how one part does.
func check(t *testing.T, base, part string) checked {
	t.Helper()
	status, body := get(t, base+"/readyz")
	var health struct{ Checks []checked }
	if err := json.Unmarshal([]byte(body), &health); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if status != http.StatusOK && len(health.Checks) > 1 { // with one it waits for its database
		t.Errorf("/readyz answers %d %s", status, body)
	}
	for _, c := range health.Checks {
		if c.Name == part {
			return c
		}
	}
	return checked{}
}
