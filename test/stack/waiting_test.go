package stack_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/test/servers"
)

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
