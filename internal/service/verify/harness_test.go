package verify_test

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/service/verify"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The simulated day begins with 2026; it is looked at in the morning after the next.
var (
	day = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now = day.Add(32 * time.Hour)
)

// bench is a store with the battles of a simulated day, and what verifies it.
type bench struct {
	*verify.Service
	store     store.Store
	dir       string
	mails     []*killmail.Killmail
	scheduled []time.Time
	drained   int
}

func world(t *testing.T) *sde.Data {
	t.Helper()
	w, err := sde.Load()
	must(t, err)
	return w
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{dir: t.TempDir()}
	s, err := sqlite.Open(t.Context(), b.dir)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b.store = s
	log := slog.New(slog.DiscardHandler)
	clusters, err := cluster.New(cluster.DefaultConfig(), s, membus.New(), world(t), log, func() time.Time { return now })
	must(t, err)
	b.Service = &verify.Service{
		Store: s, Log: log, Now: func() time.Time { return now },
		Compare: func(ctx context.Context, ids []int64) (verify.Comparison, error) {
			c, err := clusters.Check(ctx, ids)
			return verify.Comparison(c), err
		},
		Schedule: func(_ context.Context, day time.Time) error { b.scheduled = append(b.scheduled, day); return nil },
		Recluster: func(ctx context.Context) error {
			b.drained++
			_, err := clusters.Drain(ctx, nil)
			return err
		},
	}
	return b
}

// simulated is a bench with a day of fights, clustered.
func simulated(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	for _, k := range sim.Day(3, 200).Mails() {
		if k.Time.Before(day.Add(24 * time.Hour)) {
			b.mails = append(b.mails, k)
		}
	}
	b.save(t, b.mails...)
	must(t, b.Recluster(t.Context()))
	b.drained = 0
	return b
}

// save stores killmails as ingest does, when the day began. Everybody has a name.
func (b *bench) save(t *testing.T, mails ...*killmail.Killmail) {
	t.Helper()
	batch := store.Batch{Now: day}
	for _, k := range mails {
		system, _ := world(t).System(k.SystemID)
		batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: k}, Space: eve.SpaceOf(system)})
	}
	_, err := b.store.Save(t.Context(), batch)
	must(t, err)
	b.sql(t, "UPDATE entities SET state = 'resolved'")
}

// sql changes the database behind the back of the store.
func (b *bench) sql(t *testing.T, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.dir, sqlite.FileName))
	must(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	must(t, err)
	must(t, db.Close())
}

// run verifies and returns the findings by check.
func (b *bench) run(t *testing.T, o verify.Options) (store.VerifyRun, map[store.Check]store.Finding) {
	t.Helper()
	r, err := b.Run(t.Context(), o)
	must(t, err)
	out := make(map[store.Check]store.Finding)
	for _, f := range r.Findings {
		out[f.Check] = f
	}
	return r, out
}

// found checks which findings a run has, and in which state.
func found(t *testing.T, got map[store.Check]store.Finding, want map[store.Check]store.FindingState) {
	t.Helper()
	for c, state := range want {
		if f, ok := got[c]; !ok {
			t.Errorf("%s was not found", c)
		} else if f.State != state {
			t.Errorf("%s is %s, want %s: %+v", c, f.State, state, f)
		}
	}
	for c, f := range got {
		if _, ok := want[c]; !ok {
			t.Errorf("found %s, too: %+v", c, f)
		}
	}
}

// history is what zKillboard counts.
type history map[zkb.Day]int

func (h history) Totals(context.Context) (map[zkb.Day]int, error) { return h, nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
