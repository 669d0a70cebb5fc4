package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

var retentionTests = []test{
	{"battles lose their killmails whole and keep everything else", retentionBattles},
	{"a battle that reaches over the horizon keeps its killmails", retentionOver},
	{"what waits for clustering is left alone", retentionWaiting},
	{"pilots go when they are not kept, then or later", retentionPilots},
	{"the plan is what is done, and writes nothing", retentionPlan},
	{"what was removed is not stored again", retentionAgain},
	{"no change is planned on what is gone", retentionConflict},
	{"many small parts, each noted in the run", retentionParts},
	{"a run that never ended is noted", retentionInterrupted},
	{"pruned battles are not made with other parameters", retentionEngine},
	{"maintenance does no harm", maintained},
}

// retain runs retention to its end and returns what it removed.
func retain(t *testing.T, s store.Store, r store.RetentionRule) store.Removed {
	t.Helper()
	run, err := s.BeginRetention(t.Context(), r, at(5000))
	must(t, err)
	var total store.Removed
	for range 1000 {
		n, done, err := s.Retain(t.Context(), run, r, at(5000))
		must(t, err)
		total.Add(n)
		if done {
			must(t, s.EndRetention(t.Context(), run, at(5001), ""))
			return total
		}
		if n == (store.Removed{}) {
			t.Fatal("a part of a run that is not done removed nothing")
		}
	}
	t.Fatal("retention does not end")
	return total
}

func retentionBattles(t *testing.T, s store.Store) {
	a, b := sound(t, s)
	before, err := s.Battle(t.Context(), a)
	must(t, err)
	got := retain(t, s, store.RetentionRule{Horizon: at(60), KeepPilots: true})
	same(t, "removed", got, store.Removed{Battles: 2, Killmails: 7, Participants: 21})
	after, err := s.Battle(t.Context(), a)
	must(t, err)
	same(t, "pruned", after.PrunedAt, at(5000))
	same(t, "pilots pruned", after.PilotsPrunedAt, time.Time{})
	same(t, "killmails", len(after.Killmails), 0)
	same(t, "revision", after.Revision, before.Revision+1)
	same(t, "reason", after.Revisions[len(after.Revisions)-1].Reason, "killmails removed by retention")
	after.Killmails, after.Revisions, after.Revision, after.PrunedAt, after.UpdatedAt = before.Killmails, before.Revisions, before.Revision, time.Time{}, before.UpdatedAt
	same(t, "everything else", after, before)
	rows := list(t, s, store.BattleFilter{Order: store.OrderStarted}, 10)
	same(t, "battles listed", len(rows), 2)
	row, err := s.BattleSummary(t.Context(), b)
	must(t, err)
	same(t, "pruned in the summary", row.PrunedAt, at(5000))
	id, err := s.BattleOf(t.Context(), 4)
	must(t, err)
	same(t, "battle of a removed killmail", id, b)
	for _, k := range []int64{1, 4, 7} {
		if _, err := s.Killmail(t.Context(), k); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("killmail %d: got %v, want not found", k, err)
		}
	}
	sum, err := s.Summary(t.Context(), at(-10), at(-10))
	must(t, err)
	same(t, "killmails counted", sum.Killmails, 0)
	same(t, "value counted", sum.ISKSince, 0)
	same(t, "battles counted", sum.Battles, map[battle.Kind]int64{battle.KindBattle: 2})
	if found := findings(t, s, everything); len(found) > 0 {
		t.Errorf("verification finds %v", found)
	}
	same(t, "another run", retain(t, s, store.RetentionRule{Horizon: at(60), KeepPilots: true}), store.Removed{})
}

func retentionOver(t *testing.T, s store.Store) {
	a, b := sound(t, s) // a ends at 20, b at 25, the lonely one is at 30
	for _, c := range []struct {
		horizon int
		want    store.Removed
	}{
		{0, store.Removed{}},
		{20, store.Removed{}}, // a ends at the horizon, not before it
		{21, store.Removed{Battles: 1, Killmails: 3, Participants: 9}},
		{25, store.Removed{}},
		{30, store.Removed{Battles: 1, Killmails: 3, Participants: 9}},
		{31, store.Removed{Killmails: 1, Participants: 3}},
	} {
		same(t, "removed", retain(t, s, store.RetentionRule{Horizon: at(c.horizon), KeepPilots: true}), c.want)
		if c.horizon == 21 {
			holds(t, s, b, 4, 5, 6)
			same(t, "killmails of the pruned battle", len(members(t, s, a)), 0)
		}
	}
}

func retentionWaiting(t *testing.T, s store.Store) {
	_, b := sound(t, s)
	save(t, s, mail(5, 15, worth(20e6), sequence(9)), mail(8, 3))
	rule := store.RetentionRule{Horizon: at(60), KeepPilots: true}
	same(t, "removed", retain(t, s, rule), store.Removed{Battles: 1, Killmails: 4, Participants: 12})
	holds(t, s, b, 4, 5, 6)
	load(t, s, 8)
	apply(t, s, store.Change{Done: work(t, s)})
	same(t, "removed when nothing waits", retain(t, s, rule), store.Removed{Battles: 1, Killmails: 4, Participants: 12})
}

func retentionPilots(t *testing.T, s store.Store) {
	a, b := sound(t, s)
	retain(t, s, store.RetentionRule{Horizon: at(21), KeepPilots: true})
	got := retain(t, s, store.RetentionRule{Horizon: at(60)})
	same(t, "removed", got, store.Removed{Battles: 1, Killmails: 4, Participants: 12, PilotLists: 2, PilotRows: 6})
	for _, id := range []int64{a, b} {
		d, err := s.Battle(t.Context(), id)
		must(t, err)
		same(t, "pilots listed", len(d.Members), 0)
		same(t, "pilots counted", d.Pilots, 3)
		same(t, "sides", len(d.Sides), 2)
		same(t, "hulls", len(d.Hulls), 2)
		same(t, "pruned", d.PilotsPrunedAt, at(5000))
		same(t, "last revision", d.Revisions[len(d.Revisions)-1].Number, d.Revision)
	}
	same(t, "another run", retain(t, s, store.RetentionRule{Horizon: at(60)}), store.Removed{})
}

func retentionPlan(t *testing.T, s store.Store) {
	sound(t, s)
	for _, r := range []store.RetentionRule{
		{Horizon: at(0)}, {Horizon: at(21), KeepPilots: true}, {Horizon: at(21)}, {Horizon: at(60)}, {Horizon: at(60)},
	} {
		plan, err := s.PlanRetention(t.Context(), r)
		must(t, err)
		again, err := s.PlanRetention(t.Context(), r)
		must(t, err)
		same(t, "planned twice", again, plan)
		same(t, "done", retain(t, s, r), plan)
	}
}

func retentionAgain(t *testing.T, s store.Store) {
	a, _ := sound(t, s)
	retain(t, s, store.RetentionRule{Horizon: at(21), KeepPilots: true})
	same(t, "saved", save(t, s, mail(1, 0), mail(2, 10), mail(2, 10, sequence(3)), mail(4, 5), mail(8, 1)), store.Saved{New: 1, Known: 4})
	same(t, "killmails of the pruned battle", len(members(t, s, a)), 0)
	same(t, "work", work(t, s), []int64{8})
}

// retentionConflict plans a change, lets retention run, and applies it.
func retentionConflict(t *testing.T, s store.Store) {
	sound(t, s)
	save(t, s, mail(8, 40))
	all := slices.Concat(battleA, []store.Document{mail(8, 40)})
	withBattle := store.Change{
		Basis: known(t, s, 1), Component: considered(all...), Put: []store.PutBattle{put(known(t, s, 1)[0].ID, whole(all...))}, Done: []int64{8},
	}
	pair := []store.Document{lonely, mail(8, 40)}
	withLoose := store.Change{
		Component: considered(pair...), Put: []store.PutBattle{put(newIDs(t, s, 1)[0], whole(pair...))}, Done: []int64{8},
	}
	same(t, "removed", retain(t, s, store.RetentionRule{Horizon: at(31), KeepPilots: true}), store.Removed{Battles: 2, Killmails: 7, Participants: 21})
	conflicts(t, s, withBattle)
	conflicts(t, s, withLoose)
	same(t, "work", work(t, s), []int64{8})
	apply(t, s, store.Change{Component: considered(mail(8, 40)), Done: []int64{8}})
}

// retentionParts removes more than one part takes, and looks at the run in between.
func retentionParts(t *testing.T, s store.Store) {
	var docs []store.Document
	for i := range 2500 {
		docs = append(docs, mail(int64(i+1), i))
	}
	save(t, s, docs...)
	for i := 0; i < 1500; i += 500 {
		part := docs[i : i+500]
		apply(t, s, store.Change{Component: considered(part...), Put: []store.PutBattle{put(newIDs(t, s, 1)[0], whole(part...))}})
	}
	apply(t, s, store.Change{Done: ids(docs...)})
	rule := store.RetentionRule{Horizon: at(2000)}
	run, err := s.BeginRetention(t.Context(), rule, at(5000))
	must(t, err)
	var total store.Removed
	parts := 0
	for done := false; !done; parts++ {
		var n store.Removed
		n, done, err = s.Retain(t.Context(), run, rule, at(5000))
		must(t, err)
		total.Add(n)
		runs, err := s.RetentionRuns(t.Context(), 5)
		must(t, err)
		same(t, "runs", runs, []store.RetentionRun{{ID: run, Rule: rule, StartedAt: at(5000), Removed: total}})
		left, err := s.Between(t.Context(), at(-1), at(9999))
		must(t, err)
		same(t, "killmails left", int64(len(left)), 2500-total.Killmails)
	}
	if parts < 4 {
		t.Errorf("%d killmails went in %d parts", total.Killmails, parts)
	}
	same(t, "removed", total, store.Removed{Battles: 3, Killmails: 2000, Participants: 6000, PilotLists: 3, PilotRows: 9})
	must(t, s.EndRetention(t.Context(), run, at(5100), ""))
	if _, _, err := s.Retain(t.Context(), run, store.RetentionRule{Horizon: at(2100)}, at(5200)); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a run that has ended goes on: %v", err)
	}
	left, err := s.Between(t.Context(), at(-1), at(9999))
	must(t, err)
	same(t, "killmails left", len(left), 500)
}

func retentionInterrupted(t *testing.T, s store.Store) {
	rule := store.RetentionRule{Horizon: at(1), KeepPilots: true}
	first, err := s.BeginRetention(t.Context(), rule, at(10))
	must(t, err)
	second, err := s.BeginRetention(t.Context(), rule, at(20))
	must(t, err)
	must(t, s.EndRetention(t.Context(), second, at(30), "the disk is full"))
	runs, err := s.RetentionRuns(t.Context(), 5)
	must(t, err)
	same(t, "runs", runs, []store.RetentionRun{
		{ID: second, Rule: rule, StartedAt: at(20), FinishedAt: at(30), Problem: "the disk is full"},
		{ID: first, Rule: rule, StartedAt: at(10), FinishedAt: at(20), Problem: "interrupted"},
	})
}

func retentionEngine(t *testing.T, s store.Store) {
	sound(t, s)
	others := func() int64 {
		n, err := s.BattlesNotOf(t.Context(), "other", 1)
		must(t, err)
		return n
	}
	same(t, "before", others(), 2)
	retain(t, s, store.RetentionRule{Horizon: at(21), KeepPilots: true})
	same(t, "after", others(), 1)
	must(t, s.SetEngine(t.Context(), store.EngineState{Profile: "classic", ChangedAt: at(1)}, true))
	same(t, "queued for clustering", sorted(work(t, s)), []int64{4, 5, 6, 7})
}

func maintained(t *testing.T, s store.Store) {
	must(t, s.Maintain(t.Context()))
	a, _ := sound(t, s)
	must(t, s.Maintain(t.Context()))
	holds(t, s, a, 1, 2, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Maintain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
