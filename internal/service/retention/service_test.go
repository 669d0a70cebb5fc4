package retention_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/service/retention"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/test/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is two months after the simulated day, which is the first of 2026.
var now = time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)

func TestHorizon(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		months int
		now    string
		want   string
	}{
		{0, "2026-03-31T12:00:00Z", "0001-01-01T00:00:00Z"},
		{1, "2026-03-31T12:00:00Z", "2026-02-01T00:00:00Z"},
		{1, "2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		{1, "2026-02-28T23:59:59Z", "2026-01-01T00:00:00Z"},
		{2, "2026-01-31T12:00:00Z", "2025-11-01T00:00:00Z"},
		{60, "2026-03-31T12:00:00+13:00", "2021-03-01T00:00:00Z"},
		{1, "2026-04-01T05:00:00+13:00", "2026-02-01T00:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.now)
		must(t, err)
		if got := (retention.Config{Months: c.months}).Horizon(at).Format(time.RFC3339); got != c.want {
			t.Errorf("%d months at %s: got %s, want %s", c.months, c.now, got, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		retention.Config
		ok bool
	}{
		{retention.Config{Participants: "keep"}, true},
		{retention.Config{Months: 60, Participants: "drop"}, true},
		{retention.Config{Months: -1, Participants: "keep"}, false},
		{retention.Config{Months: 1201, Participants: "keep"}, false},
		{retention.Config{Months: 1, Participants: "shred"}, false},
		{retention.Config{Months: 1}, false},
	} {
		if err := c.Validate(); (err == nil) != c.ok {
			t.Errorf("%+v: got %v", c.Config, err)
		}
	}
}

// broken is a store that fails before its n-th part of a run.
type broken struct {
	store.Store
	before int
	err    error
	calls  int
}

func (b *broken) Retain(ctx context.Context, run int64, r store.RetentionRule, at time.Time) (store.Removed, bool, error) {
	if b.calls++; b.calls == b.before {
		return store.Removed{}, false, b.err
	}
	return b.Store.Retain(ctx, run, r, at)
}

// template is a database with the battles of a simulated day, many times over: one copy
// every eighth day from the first of 2026 on. It is made once and copied for every test.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "retention")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	s, err := sqlite.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(fill(ctx, s), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, sqlite.FileName))
})

func fill(ctx context.Context, s store.Store) error {
	w, err := sde.Load()
	if err != nil {
		return err
	}
	batch := store.Batch{Now: now}
	for copied := range int64(8) {
		for _, k := range sim.Day(11, 400).Mails() {
			again := *k
			again.ID += copied * 1_000_000_000
			again.Time = k.Time.AddDate(0, 0, int(copied)*8)
			system, _ := w.System(k.SystemID)
			batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: &again}, Space: eve.SpaceOf(system)})
		}
	}
	if _, err := s.Save(ctx, batch); err != nil {
		return err
	}
	c, err := cluster.New(cluster.DefaultConfig(), s, membus.New(), w, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		return err
	}
	_, err = c.Drain(ctx, nil)
	return err
}

// simulated opens a copy of the template.
func simulated(t *testing.T) store.Store {
	t.Helper()
	file, err := template()
	must(t, err)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), file, 0o600))
	s, err := sqlite.Open(t.Context(), dir)
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func service(s store.Retention, months int, participants string) *retention.Service {
	return &retention.Service{
		Config: retention.Config{Months: months, Participants: participants}, Store: s,
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
	}
}

// state is what a store holds after retention.
func state(t *testing.T, s store.Store) []string {
	t.Helper()
	ids, err := s.Between(t.Context(), time.UnixMilli(0), now)
	must(t, err)
	out := []string{fmt.Sprint(len(ids), " killmails")}
	for p := (store.Page{Limit: 100}); ; {
		rows, next, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, p)
		must(t, err)
		for _, r := range rows {
			d, err := s.Battle(t.Context(), r.ID)
			must(t, err)
			out = append(out, fmt.Sprint(d.ID, d.Kills, d.Pilots, d.ISKDestroyed, len(d.Killmails), len(d.Members), d.Revision, d.PrunedAt, d.PilotsPrunedAt))
		}
		if next == "" {
			return out
		}
		p.Cursor = next
	}
}

// TestCarriesOn has every part of a run fail in turn; the next run ends as one that
// was never disturbed, and together they noted what is gone.
func TestCarriesOn(t *testing.T) {
	t.Parallel()
	clean := simulated(t)
	svc := service(clean, 1, retention.DropParticipants)
	horizon, plan, err := svc.Plan(t.Context())
	must(t, err)
	if want := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC); !horizon.Equal(want) {
		t.Errorf("horizon is %v, want %v", horizon, want)
	}
	parts := 0
	want, err := svc.Run(t.Context(), func(store.Removed) { parts++ })
	must(t, err)
	if want != plan || parts < 5 || want.Battles == 0 {
		t.Fatalf("removed %+v in %d parts, planned was %+v", want, parts, plan)
	}
	end := state(t, clean)
	for n := 1; n <= parts; n++ {
		t.Run(fmt.Sprint("part ", n), func(t *testing.T) {
			t.Parallel()
			s := simulated(t)
			failure := errors.New("disk is gone")
			first, err := service(&broken{Store: s, before: n, err: failure}, 1, retention.DropParticipants).Run(t.Context(), nil)
			if !errors.Is(err, failure) {
				t.Fatalf("got %v, want %v", err, failure)
			}
			second, err := service(s, 1, retention.DropParticipants).Run(t.Context(), nil)
			must(t, err)
			total := first
			total.Add(second)
			if total != want {
				t.Errorf("two runs removed %+v, want %+v", total, want)
			}
			if diff := cmp.Diff(end, state(t, s)); diff != "" {
				t.Errorf("after both (-undisturbed +got):\n%s", diff)
			}
			runs, err := s.RetentionRuns(t.Context(), 5)
			must(t, err)
			if len(runs) != 2 || runs[0].Problem != "" || runs[1].Problem != failure.Error() || runs[1].Removed != first || runs[0].Removed != second {
				t.Errorf("noted %+v", runs)
			}
		})
	}
}

func TestStopped(t *testing.T) {
	t.Parallel()
	s := simulated(t)
	ctx, cancel := context.WithCancel(t.Context())
	got, err := service(s, 1, retention.KeepParticipants).Run(ctx, func(store.Removed) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	runs, err := s.RetentionRuns(t.Context(), 5)
	must(t, err)
	if len(runs) != 1 || runs[0].FinishedAt.IsZero() || runs[0].Removed != got || got.Killmails == 0 || runs[0].Problem == "" {
		t.Errorf("noted %+v, removed %+v", runs, got)
	}
}

func TestKeepsEverythingByDefault(t *testing.T) {
	t.Parallel()
	s := simulated(t)
	before := state(t, s)
	svc := service(s, 0, retention.DropParticipants)
	horizon, plan, err := svc.Plan(t.Context())
	must(t, err)
	got, err := svc.Run(t.Context(), nil)
	must(t, err)
	if !horizon.IsZero() || plan != (store.Removed{}) || got != (store.Removed{}) {
		t.Errorf("planned %+v up to %v, removed %+v", plan, horizon, got)
	}
	if diff := cmp.Diff(before, state(t, s)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	runs, err := s.RetentionRuns(t.Context(), 5)
	must(t, err)
	if len(runs) != 0 {
		t.Errorf("noted %+v", runs)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
