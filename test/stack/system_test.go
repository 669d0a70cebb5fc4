package stack_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/servers"
)

// system is BattleScope running on a feed: one process, or one or two for every service.
type system struct {
	processes []*process
	where     []string // flags that say where the data are
	open      func(t *testing.T) *sqlstore.Store
}

// source is where a system gets its killmails and names.
type source struct {
	feed, esi string // addresses; without esi nobody is asked
	rate      int    // documents a second, about
}

func (s source) flags() []string {
	flags := []string{"--feed-url", s.feed, "--feed-max-rate", strconv.Itoa(max(s.rate, 1)), "--feed-idle", "20ms", "--ops-listen="}
	if s.esi == "" {
		return append(flags, "--no-esi")
	}
	return append(flags, "--esi-url", s.esi, "--esi-max-rate", "1000")
}

// apart are the processes of a system whose services run apart.
var apart = []string{"ingest", "ingest", "enrich", "enrich", "cluster", "cluster", "scheduler", "api", "api"}

// modes are the ways to run, each a function that starts a system.
var modes = []struct {
	name  string
	start func(t *testing.T, from source) *system
}{
	{"one process", func(t *testing.T, from source) *system { return together(t, t.TempDir(), from) }},
	{"services apart", func(t *testing.T, from source) *system {
		return distributed(t, servers.Postgres(t), servers.Redis(t), from)
	}},
}

// together starts everything in one process on a data folder.
func together(t *testing.T, data string, from source, more ...string) *system {
	t.Helper()
	s := &system{where: []string{"--data", data}, open: func(t *testing.T) *sqlstore.Store { return openFolder(t, data) }}
	s.add(t, "serve", from, append([]string{"--listen", "127.0.0.1:0"}, more...)...)
	return s
}

// distributed starts every service apart, most of them twice.
func distributed(t *testing.T, database, redis string, from source) *system {
	t.Helper()
	s := &system{
		where: []string{"--data", t.TempDir(), "--database-url", database, "--redis-url", redis},
		open: func(t *testing.T) *sqlstore.Store {
			t.Helper()
			db, err := postgres.Open(context.Background(), database, postgres.Options{Migrate: true})
			if err != nil {
				t.Fatal(err)
			}
			return db.Store
		},
	}
	for _, service := range apart {
		s.add(t, service, from, "--listen", "127.0.0.1:0", "--lease", "1s")
	}
	return s
}

func (s *system) add(t *testing.T, verb string, from source, more ...string) {
	t.Helper()
	s.processes = append(s.processes, start(t, slices.Concat([]string{verb}, s.where, from.flags(), more)...))
}

// sites are the addresses of all processes that serve the API.
func (s *system) sites(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, p := range s.processes {
		if verb := p.args[0]; verb == "serve" || verb == "api" {
			out = append(out, p.site(t))
		}
	}
	return out
}

// stop asks all processes to end.
func (s *system) stop(t *testing.T) {
	t.Helper()
	for _, p := range s.processes {
		p.stop(t)
	}
}

// until waits until the store says that something holds.
func (s *system) until(t *testing.T, what string, holds func(*sqlstore.Store) bool) {
	t.Helper()
	var db *sqlstore.Store
	defer func() {
		if db != nil {
			_ = db.Close()
		}
		if t.Failed() {
			for _, p := range s.processes {
				t.Logf("%v\n%s", p.args, p.log)
			}
		}
	}()
	until(t, what, func() bool {
		for _, p := range s.processes {
			p.alive(t)
		}
		if db == nil {
			db = s.open(t)
		}
		return holds(db)
	})
}

// untilDone waits until the feed has been read to a number and every killmail is in
// its battle.
func (s *system) untilDone(t *testing.T, head int64) {
	t.Helper()
	s.until(t, "the end of the feed and of clustering", func(db *sqlstore.Store) bool {
		seq, _, err := db.Cursor(context.Background(), "r2z2")
		return err == nil && seq == head && count(t, db).Unclustered == 0
	})
}

// run runs a verb on the system's data and returns what it prints.
func (s *system) run(t *testing.T, verb string, args ...string) (string, error) {
	t.Helper()
	out, err := command(t, slices.Concat([]string{verb}, s.where, args)...).CombinedOutput()
	return string(out), err
}

func openFolder(t *testing.T, data string) *sqlstore.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type summary struct{ Killmails, Unclustered int64 }

func count(t *testing.T, s *sqlstore.Store) summary {
	t.Helper()
	sum, err := s.Summary(context.Background(), time.Now(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return summary{sum.Killmails, sum.Unclustered}
}
