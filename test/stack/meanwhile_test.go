package stack_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/servers"
)

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
		until(t, "a warning of the cache with a hint, from a process that is ready all the same", func() bool {
			c := check(t, at, "cache")
			return c.Status == "warn" && strings.Contains(c.Hint, "maxmemory") && c.Detail != ""
		})
		until(t, "a sound push", func() bool { return check(t, at, "push").Status == "ok" }) // signals take no memory
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

// check asks a process how one part does; nothing when it is not ready.
func check(t *testing.T, base, part string) checked {
	t.Helper()
	status, body := get(t, base+"/readyz")
	var health struct{ Checks []checked }
	if err := json.Unmarshal([]byte(body), &health); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if status != http.StatusOK {
		return checked{}
	}
	for _, c := range health.Checks {
		if c.Name == part {
			return c
		}
	}
	return checked{}
}
