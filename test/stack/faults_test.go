package stack_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/servers"
	"github.com/battlescope/battlescope/test/sim"
)

// suffering is how long each fault lasts.
const suffering = 1500 * time.Millisecond

// stream begins a day on a feed that has published one document, and will be read
// slowly enough for what is to happen meanwhile.
func stream(t *testing.T, seed uint64, n int, lasts time.Duration) (*fake.R2Z2, [][]byte, source) {
	t.Helper()
	documents := sim.Day(seed, n).R2Z2(5000)
	feed := fake.NewR2Z2(fake.Numbered(5000, documents)...)
	web := httptest.NewServer(feed)
	t.Cleanup(web.Close)
	feed.Publish(1)
	return feed, documents, source{feed: web.URL, rate: int(float64(n) / lasts.Seconds())}
}

// begin waits until the feed is read, then has it publish everything.
func (s *system) begin(t *testing.T, feed *fake.R2Z2) {
	t.Helper()
	s.until(t, "the first killmail", func(db *sqlstore.Store) bool { return count(t, db).Killmails == 1 })
	feed.PublishAll()
}

// TestNetworkFaults plays everything a network can do to the database and to Redis
// while a feed flows in. All must come through: what the faults delayed is made up for
// when they end, by itself.
func TestNetworkFaults(t *testing.T) {
	t.Parallel()
	rounds := 1
	if os.Getenv("BATTLESCOPE_CHAOS") != "" {
		rounds = 5
	}
	for name, front := range map[string]func(t *testing.T) (*proxy, string, string){
		"database": func(t *testing.T) (*proxy, string, string) {
			p, database := between(t, "database", servers.PostgresTCP(t))
			return p, database, servers.Redis(t)
		},
		"redis": func(t *testing.T) (*proxy, string, string) {
			p, redis := between(t, "redis", servers.StartRedis(t).TCP)
			return p, servers.Postgres(t), redis
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, database, redis := front(t)
			feed, documents, from := stream(t, 53, 1200, time.Duration(rounds*len(networkFaults))*2*suffering)
			s := distributed(t, database, redis, from)
			s.begin(t, feed)
			for range rounds {
				for _, f := range networkFaults {
					p.suffer(t, f)
					if name == "database" && f.toxic == "" {
						s.saysUnavailable(t)
					}
					time.Sleep(suffering)
					p.heal(t)
					time.Sleep(suffering / 4)
				}
			}
			s.untilDone(t, feed.Head())
			s.stop(t)
			db := s.open(t)
			defer db.Close()
			sameAsImport(t, db, documents)
		})
	}
}

// saysUnavailable waits for the API to say that the database is away, in place of an
// error of its own, while the process itself is alive.
func (s *system) saysUnavailable(t *testing.T) {
	t.Helper()
	status := func(path string) int {
		resp, err := http.Get(s.sites(t)[0] + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	until(t, "the API to say that the database is away", func() bool {
		return status("/api/v1/killmails/recent") == http.StatusServiceUnavailable && status("/readyz") == http.StatusServiceUnavailable
	})
	if got := status("/livez"); got != http.StatusOK {
		t.Errorf("/livez answers %d while the database is away", got)
	}
}

// TestFeedFaults lets the feed answer nonsense now and then.
func TestFeedFaults(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			feed, documents, from := stream(t, 59, 800, 5*time.Second)
			s := mode.start(t, from)
			s.begin(t, feed)
			for _, f := range []fake.Fault{fake.HTML(), fake.Truncated(), fake.TooManyRequests("1"), fake.Status(503, ""), fake.Slow(200 * time.Millisecond)} {
				feed.Inject(3, f)
				time.Sleep(suffering / 3)
			}
			feed.Heal()
			s.untilDone(t, feed.Head())
			s.stop(t)
			db := s.open(t)
			defer db.Close()
			sameAsImport(t, db, documents)
		})
	}
}

// TestFrozenLeaders stops processes that hold a lease until others have taken over,
// and then lets them go on: for a moment two of a kind are at work, each believing
// itself alone.
func TestFrozenLeaders(t *testing.T) {
	t.Parallel()
	feed, documents, from := stream(t, 61, 1500, 10*time.Second)
	s := distributed(t, servers.Postgres(t), servers.Redis(t), from)
	s.begin(t, feed)
	for range 2 {
		for _, service := range []string{"ingest", "cluster"} {
			frozen := s.freeze(t, service)
			s.until(t, "another "+service, func(db *sqlstore.Store) bool { return s.holder(t, db, service) != frozen })
			s.thaw(t)
		}
	}
	s.untilDone(t, feed.Head())
	s.stop(t)
	db := s.open(t)
	defer db.Close()
	sameAsImport(t, db, documents)
}

// holder is the process id of who holds a service's lease, 0 when nobody does.
func (s *system) holder(t *testing.T, db *sqlstore.Store, service string) int {
	t.Helper()
	name, err := db.LeaseHolder(context.Background(), service)
	if err != nil {
		t.Fatal(err)
	}
	return pidOf(name)
}

// freeze stops the process that holds a service's lease.
func (s *system) freeze(t *testing.T, service string) int {
	t.Helper()
	pid := 0
	s.until(t, "a leading "+service, func(db *sqlstore.Store) bool { pid = s.holder(t, db, service); return pid != 0 })
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return pid
}

// thaw lets all processes go on.
func (s *system) thaw(t *testing.T) {
	t.Helper()
	for _, p := range s.processes {
		if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
}

// pidOf is the number in the middle of a holder's name: host/pid/random.
func pidOf(holder string) int {
	parts := strings.Split(holder, "/")
	if len(parts) != 3 {
		return 0
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0
	}
	return pid
}
