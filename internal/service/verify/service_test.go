package verify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/verify"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

type states = map[store.Check]store.FindingState

func TestCleanStoreHasNoFindings(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.History = history{"20260101": len(b.mails)}
	for _, o := range []verify.Options{{}, {All: true, Samples: 1000}, {Repair: true}, {Since: day.Add(2 * time.Hour), Until: day.Add(20 * time.Hour)}} {
		r, got := b.run(t, o)
		found(t, got, states{})
		if len(r.NotChecked) > 0 {
			t.Errorf("%+v: not checked: %v", o, r.NotChecked)
		}
		if r.Days != 1 || r.Open != 0 || r.Found != 0 || r.Neighbourhoods == 0 {
			t.Errorf("%+v: %+v", o, r)
		}
		if whole := o.Until.IsZero(); whole != (r.Killmails == int64(len(b.mails))) || r.Battles == 0 {
			t.Errorf("%+v covers %d killmails of %d and %d battles", o, r.Killmails, len(b.mails), r.Battles)
		}
	}
	if b.drained > 0 || len(b.scheduled) > 0 {
		t.Errorf("a clean store was repaired: %d, %v", b.drained, b.scheduled)
	}
}

// TestDryRunChangesNothing meets damage twice, and what the runs found is kept.
func TestDryRunChangesNothing(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.sql(t, "UPDATE battles SET kills = kills + 1")
	b.sql(t, "INSERT INTO battle_systems (battle_id, system_id, position) VALUES (99999, 1, 0)")
	want := states{store.CheckBattleTotals: store.FindingOpen, store.CheckBattleOrphans: store.FindingOpen}
	var last store.VerifyRun
	for range 2 {
		r, got := b.run(t, verify.Options{All: true})
		found(t, got, want)
		if r.Found != 2 || r.Open != 2 {
			t.Errorf("got %d findings, %d open, want 2 and 2", r.Found, r.Open)
		}
		if f := got[store.CheckBattleTotals]; f.Count != r.Battles || len(f.Samples) != 10 || f.Left != f.Count || f.Repair == "" || f.Detail == "" {
			t.Errorf("totals of all %d battles are wrong, found %+v", r.Battles, f)
		}
		last = r
	}
	runs, err := b.store.VerifyRuns(t.Context(), 5)
	must(t, err)
	if len(runs) != 2 {
		t.Fatalf("%d runs are kept, want 2", len(runs))
	}
	if diff := cmp.Diff(last, runs[0]); diff != "" {
		t.Errorf("the newest run (-returned +kept):\n%s", diff)
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.sql(t, "UPDATE battles SET kills = kills + 1 WHERE id % 2 = 0")
	b.sql(t, "DELETE FROM battle_participants WHERE battle_id % 3 = 0")
	b.sql(t, "INSERT INTO unclustered (killmail_id, occurred_at) VALUES (5, 5)")
	b.sql(t, "DELETE FROM participants WHERE position = 0 AND killmail_id = (SELECT MIN(killmail_id) FROM killmails)")
	r, got := b.run(t, verify.Options{Repair: true})
	want := states{
		store.CheckBattleTotals: store.FindingRepaired, store.CheckBattlePilots: store.FindingRepaired,
		store.CheckWorkOrphans: store.FindingRepaired, store.CheckParticipantCount: store.FindingOpen,
	}
	for c, want := range want {
		if f := got[c]; f.State != want {
			t.Errorf("%s is %q, want %q", c, f.State, want)
		}
	}
	if b.drained != 1 {
		t.Errorf("clustering was run %d times, want once", b.drained)
	}
	if r.Open == 0 {
		t.Error("the lost participant is not told of as open")
	}
	_, got = b.run(t, verify.Options{})
	delete(got, store.CheckClustering) // whose victim nobody knows any more may move
	delete(got, store.CheckBattleFigures)
	found(t, got, states{store.CheckParticipantCount: store.FindingOpen})
}

// TestRepairByAnother leaves clustering to the cluster service.
func TestRepairByAnother(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	drain := b.Recluster
	b.Recluster = nil
	b.sql(t, "DELETE FROM battle_sides WHERE battle_id = (SELECT MIN(id) FROM battles)")
	_, got := b.run(t, verify.Options{Repair: true})
	found(t, got, states{store.CheckBattleSides: store.FindingQueued})
	if f := got[store.CheckBattleSides]; f.Left != f.Count {
		t.Errorf("%d of %d are left before anybody has mended them", f.Left, f.Count)
	}
	must(t, drain(t.Context()))
	_, got = b.run(t, verify.Options{})
	found(t, got, states{})
}

// TestMisplaced takes a battle apart and changes the figures of another behind the back
// of everybody: only the engine can tell.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	largest := "(SELECT id FROM battles ORDER BY kills DESC, id LIMIT 1)"
	for _, list := range []string{"systems", "sides", "members", "participants", "participant_hulls", "hulls", "killmails"} {
		b.sql(t, "DELETE FROM battle_"+list+" WHERE battle_id = "+largest)
	}
	b.sql(t, "INSERT INTO battle_redirects (from_id, to_id, at) SELECT id, 0, 0 FROM battles WHERE id = "+largest)
	b.sql(t, "DELETE FROM battles WHERE id = "+largest)
	must(t, b.store.RefreshStats(t.Context()))
	b.sql(t, "UPDATE battle_members SET kills = kills + 1 WHERE battle_id = "+largest)
	b.sql(t, "UPDATE battles SET digest = 'another' WHERE id = "+largest)
	o := verify.Options{Samples: 1000}
	_, got := b.run(t, o)
	found(t, got, states{store.CheckClustering: store.FindingOpen, store.CheckBattleFigures: store.FindingOpen})
	o.Repair = true
	_, got = b.run(t, o)
	found(t, got, states{store.CheckClustering: store.FindingRepaired, store.CheckBattleFigures: store.FindingRepaired})
	_, got = b.run(t, o)
	found(t, got, states{})
}

// TestOutdatedIsNoDamage has battles that other parameters made.
func TestOutdatedIsNoDamage(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.sql(t, "UPDATE battles SET digest = 'another'")
	others := int64(7)
	b.Outdated = func(context.Context) (int64, error) { return others, nil }
	r, got := b.run(t, verify.Options{})
	found(t, got, states{})
	if len(r.NotChecked) != 2 || !strings.Contains(r.NotChecked[0], "7 battles") || r.Neighbourhoods > 0 {
		t.Errorf("got %+v", r)
	}
	others = 0
	_, got = b.run(t, verify.Options{})
	found(t, got, states{store.CheckBattleFigures: store.FindingOpen})
}

// TestUnsettledIsNoDamage looks while killmails wait for clustering.
func TestUnsettledIsNoDamage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, k := range simulated(t).mails {
		b.save(t, k)
	}
	r, got := b.run(t, verify.Options{Samples: 500})
	found(t, got, states{})
	if r.Killmails == 0 {
		t.Error("nothing was covered")
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	n := len(b.mails)
	reject := func(ids ...int64) {
		batch := store.Batch{Now: now}
		for _, id := range ids {
			batch.Rejected = append(batch.Rejected, store.Rejected{KillmailID: id, Time: day.Add(time.Hour), Reason: "min_pilots", RejectedAt: now})
		}
		_, err := b.store.Save(t.Context(), batch)
		must(t, err)
	}
	reject(1, 2)
	b.History = history{"20260101": n + 2}
	r, got := b.run(t, verify.Options{})
	found(t, got, states{})
	if r.Days != 1 {
		t.Errorf("%d days were compared, want yesterday", r.Days)
	}

	b.History = history{"20260101": n + 5}
	r, got = b.run(t, verify.Options{})
	found(t, got, states{store.CheckDays: store.FindingOpen})
	want := fmt.Sprintf("20260101: %d stored and 2 rejected of %d", n, n+5)
	if f := got[store.CheckDays]; f.Detail != want || !slices.Equal(f.Samples, []int64{20260101}) || f.Subject != "day" {
		t.Errorf("got %+v, want %q", f, want)
	}
	if r.Open != 1 || len(b.scheduled) != 0 {
		t.Errorf("a dry run leaves %d open and schedules %v", r.Open, b.scheduled)
	}

	for try := range 4 {
		r, got = b.run(t, verify.Options{Repair: true})
		state := store.FindingQueued
		if try == 3 {
			state = store.FindingOpen // repairs do not help
			if f := got[store.CheckDays]; !strings.Contains(f.Detail, "dead letters") {
				t.Errorf("got %q, want it to name the dead letters", f.Detail)
			}
		}
		found(t, got, states{store.CheckDays: state})
		if wantOpen := try / 3; r.Open != wantOpen {
			t.Errorf("try %d: %d open, want %d", try, r.Open, wantOpen)
		}
	}
	if want := []time.Time{day, day, day}; !slices.Equal(b.scheduled, want) {
		t.Errorf("scheduled %v, want %v", b.scheduled, want)
	}
	b.save(t, mail(900_001, day), mail(900_002, day.Add(23*time.Hour)), mail(900_003, day.Add(24*time.Hour-time.Second)))
	_, got = b.run(t, verify.Options{})
	found(t, got, states{})
}

// mail is a killmail far from everybody.
func mail(id int64, at time.Time) *killmail.Killmail {
	return &killmail.Killmail{
		ID: id, Time: at, SystemID: 30000001, Victim: killmail.Victim{Party: killmail.Party{CharacterID: 96_000_000 + id, ShipTypeID: 587}},
		Attackers: []killmail.Attacker{{Party: killmail.Party{CharacterID: 97_000_000 + id, ShipTypeID: 587}, FinalBlow: true}},
	}
}

// TestDaysLeftOut names why days are not compared.
func TestDaysLeftOut(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	for _, c := range []struct {
		name    string
		history verify.History
		days    []time.Time
		horizon time.Time
		want    string
	}{
		{"no history", nil, nil, time.Time{}, "days: there is no history to compare with"},
		{"not closed yet", history{"20251231": 5}, nil, time.Time{}, "day 20260101: the history does not have it (yet)"},
		{"beyond retention", history{"20250101": 5}, []time.Time{day.AddDate(-1, 0, 0)}, day.AddDate(0, -3, 0), "day 20250101: retention removes what is so old"},
		{"out of order", failing{}, nil, time.Time{}, "days: no answer"},
	} {
		b.History, b.Horizon = c.history, func() time.Time { return c.horizon }
		r, got := b.run(t, verify.Options{Days: c.days})
		found(t, got, states{})
		if !slices.Equal(r.NotChecked, []string{c.want}) || r.Days != 0 {
			t.Errorf("%s: got %q and %d days, want %q", c.name, r.NotChecked, r.Days, c.want)
		}
	}
	b.History, b.Compare = history{"20260101": 5, "20251231": 7}, nil
	b.sql(t, fmt.Sprintf("UPDATE killmails SET stored_at = %d", day.Add(time.Hour).UnixMilli()))
	r, got := b.run(t, verify.Options{})
	found(t, got, states{})
	if want := []string{"clustering: there is no engine to compare with", "day 20260101: the store is younger; ask for the day to have it compared"}; !slices.Equal(r.NotChecked, want) {
		t.Errorf("got %q, want %q", r.NotChecked, want)
	}
	_, got = b.run(t, verify.Options{Days: []time.Time{day, day.AddDate(0, 0, -1)}, Repair: true})
	found(t, got, states{store.CheckDays: store.FindingQueued})
	if want := []time.Time{day.AddDate(0, 0, -1)}; !slices.Equal(b.scheduled, want) {
		t.Errorf("scheduled %v, want %v", b.scheduled, want)
	}
}

// TestRejectedIsRemembered compares a day again when the store has forgotten what was
// rejected of it.
func TestRejectedIsRemembered(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.History = history{"20260101": len(b.mails) + 1}
	_, err := b.store.Save(t.Context(), store.Batch{Now: now, Rejected: []store.Rejected{{KillmailID: 1, Time: day, Reason: "min_pilots", RejectedAt: now}}})
	must(t, err)
	o := verify.Options{Days: []time.Time{day}}
	_, got := b.run(t, o)
	found(t, got, states{})
	must(t, b.store.PruneRejected(t.Context(), now.AddDate(1, 0, 0)))
	_, got = b.run(t, o)
	found(t, got, states{store.CheckDays: store.FindingOpen}) // it is too young to be forgotten
	must(t, b.store.PutVerifiedDay(t.Context(), store.VerifiedDay{Day: "20260101", Rejected: 1}))
	b.Now = func() time.Time { return now.AddDate(0, 0, 5) }
	_, got = b.run(t, o)
	found(t, got, states{})
}

type failing struct{}

func (failing) Totals(context.Context) (map[zkb.Day]int, error) {
	return nil, errors.New("no answer")
}

// TestGoneKillmailsAreFetchedAgain loses killmails of a battle.
func TestGoneKillmailsAreFetchedAgain(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	b.sql(t, "DELETE FROM killmails WHERE killmail_id = (SELECT MIN(killmail_id) FROM battle_killmails)")
	b.sql(t, "DELETE FROM participants WHERE killmail_id = (SELECT MIN(killmail_id) FROM battle_killmails)")
	must(t, b.store.RefreshStats(t.Context()))
	_, got := b.run(t, verify.Options{Repair: true})
	delete(got, store.CheckClustering)
	delete(got, store.CheckBattleFigures)
	found(t, got, states{store.CheckBattleGone: store.FindingRepaired})
	if want := []time.Time{day}; !slices.Equal(b.scheduled, want) {
		t.Errorf("scheduled %v, want %v", b.scheduled, want)
	}
	_, got = b.run(t, verify.Options{})
	found(t, got, states{})
}

// TestErrorsEndTheRun has parts fail: the run is not kept as if it had looked.
func TestErrorsEndTheRun(t *testing.T) {
	t.Parallel()
	b := simulated(t)
	broken := errors.New("disk is gone")
	b.Compare = nil
	b.Recluster = func(context.Context) error {
		return broken
	}
	b.sql(t, "UPDATE battles SET kills = 0")
	if _, err := b.Run(t.Context(), verify.Options{Repair: true}); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	runs, err := b.store.VerifyRuns(t.Context(), 5)
	must(t, err)
	if len(runs) != 0 {
		t.Errorf("kept %+v", runs)
	}
}
