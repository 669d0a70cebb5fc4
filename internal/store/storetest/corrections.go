package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var correctionTests = []test{
	{"there are none to begin with", correctionsNone},
	{"a correction is kept and in the layer", correctionKept},
	{"the battles concerned are queued whole", correctionQueues},
	{"a correction of an older layer is refused", correctionOfOlderLayer},
	{"what cannot be is refused and leaves nothing", correctionRefused},
	{"a change of an older layer is refused", correctionRefusesChange},
	{"what is taken back leaves the layer and stays in the history", correctionTakenBack},
	{"a battle tells its corrections", correctionsOfBattle},
	{"corrections follow redirects", correctionsOfMerged},
	{"work says that a correction made it", correctedWork},
	{"a battle that was gone goes on under its id", battleRevived},
	{"corrected battles are announced however old", correctedAnnounced},
	{"of several corrections on one layer one is kept", correctionsAtOnce},
}

// correct saves a decision about a battle on the present layer.
func correct(t *testing.T, s store.Store, battleID int64, d battle.Decision, g battle.Ground, change ...func(*store.Correction)) int64 {
	t.Helper()
	c := store.Correction{BattleID: battleID, Note: "why", Author: "somebody", CreatedAt: at(100), Decision: d, Rules: d.Rules(g)}
	for _, f := range change {
		f(&c)
	}
	id, err := s.SaveCorrection(t.Context(), c, layer(t, s).Version)
	must(t, err)
	return id
}

func layer(t *testing.T, s store.Store) battle.Corrections {
	t.Helper()
	l, err := s.Layer(t.Context(), battle.Corrections{Version: -1})
	must(t, err)
	return l
}

func history(t *testing.T, s store.Store, battleID int64) []int64 {
	t.Helper()
	list, err := s.BattleCorrections(t.Context(), battleID)
	must(t, err)
	out := make([]int64, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

// excluding takes one killmail out of its battle.
func excluding(id int64) battle.Decision {
	return battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: id}}}
}

// apartOn puts the two alliances of all documents on different sides.
var apartOn = battle.Decision{Entities: []battle.EntityCorrection{{
	Verb: battle.Apart, Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_001}, With: eve.Entity{Type: eve.Alliance, ID: 99_000_002},
}}}

// settle takes everything off the list.
func settle(t *testing.T, s store.Store) {
	t.Helper()
	apply(t, s, store.Change{Done: work(t, s)})
}

func correctionsNone(t *testing.T, s store.Store) {
	id := create(t, s, mail(1, 0), mail(2, 1))
	same(t, "layer", layer(t, s), battle.Corrections{})
	got, err := s.BattleCorrections(t.Context(), id)
	must(t, err)
	same(t, "corrections", got, []store.Correction{})
	b, err := s.Battle(t.Context(), id)
	must(t, err)
	same(t, "count", b.Corrections, 0)
	marked, err := s.CorrectedWork(t.Context())
	must(t, err)
	same(t, "work", marked, map[int64]int64{})
	_, err = s.BattleCorrections(t.Context(), 999)
	is(t, "corrections of no battle", err, store.ErrNotFound)
	_, err = s.Correction(t.Context(), 1)
	is(t, "no correction", err, store.ErrNotFound)
	is(t, "taking back none", s.TakeBackCorrection(t.Context(), 1, "x", at(1)), store.ErrNotFound)
	same(t, "layer", layer(t, s), battle.Corrections{})
}

// is fails the test when err is another error than wanted.
func is(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func correctionKept(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2), mail(4, 3)}
	b := create(t, s, docs...)
	g := battle.Ground{Kills: ids(docs...)}
	d := battle.Decision{
		Kills: []battle.KillCorrection{
			{Verb: battle.Apart, Kill: 4}, {Verb: battle.Move, Kill: 3, With: 1}, {Verb: battle.Together, Kill: 1, With: 2},
		},
		Entities: apartOn.Entities,
	}
	one := correct(t, s, b, d, g)
	same(t, "layer", layer(t, s), battle.Corrections{Version: 1, Kills: d.Rules(g).Kills, Entities: d.Rules(g).Entities})
	two := correct(t, s, b, battle.Decision{Merge: true}, battle.Ground{Kills: []int64{1}, Other: []int64{2}},
		func(c *store.Correction) { c.MergedID, c.Note, c.Author = 77, "", "other" })
	got, err := s.BattleCorrections(t.Context(), b)
	must(t, err)
	want := []store.Correction{
		{
			ID: two, BattleID: b, MergedID: 77, Author: "other", CreatedAt: at(100), Decision: battle.Decision{Merge: true},
			Rules: battle.Corrections{Kills: []battle.KillCorrection{{Verb: battle.Together, Kill: 1, With: 2}}},
		},
		{ID: one, BattleID: b, Note: "why", Author: "somebody", CreatedAt: at(100), Decision: d, Rules: d.Rules(g)},
	}
	same(t, "corrections", got, want)
	alone, err := s.Correction(t.Context(), one)
	must(t, err)
	same(t, "one correction", alone, want[1])
	now := layer(t, s)
	same(t, "layer of both", now.Kills[len(now.Kills)-1], battle.KillCorrection{Verb: battle.Together, Kill: 1, With: 2})
	again, err := s.Layer(t.Context(), battle.Corrections{Version: 2})
	must(t, err)
	same(t, "a layer that is known is not read again", again, battle.Corrections{Version: 2})
}

func correctionQueues(t *testing.T, s store.Store) {
	a, b, c := []store.Document{mail(1, 0), mail(2, 1)}, []store.Document{mail(3, 2), mail(4, 3)}, []store.Document{mail(5, 4), mail(6, 5)}
	id := create(t, s, a...)
	create(t, s, b...)
	create(t, s, c...)
	save(t, s, mail(7, 6), mail(8, 7))
	settle(t, s)
	correct(t, s, id, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Together, Kill: 7, With: 1}}}, battle.Ground{Kills: ids(a...)})
	same(t, "a battle and a killmail that stands alone", work(t, s), []int64{1, 2, 7})
	settle(t, s)
	save(t, s, mail(2, 1, worth(5e6), sequence(3))) // waits already
	correct(t, s, id, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Move, Kill: 2, With: 4}}}, battle.Ground{Kills: ids(a...)})
	same(t, "two battles", work(t, s), []int64{1, 2, 3, 4})
}

func correctionOfOlderLayer(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}
	b := create(t, s, docs...)
	old := layer(t, s).Version
	correct(t, s, b, excluding(1), battle.Ground{Kills: ids(docs...)})
	settle(t, s)
	_, err := s.SaveCorrection(t.Context(), store.Correction{BattleID: b, Decision: excluding(2), Rules: excluding(2).Rules(battle.Ground{})}, old)
	is(t, "on the older layer", err, store.ErrConflict)
	same(t, "work", work(t, s), []int64{}, cmpopts.EquateEmpty())
	same(t, "corrections", history(t, s, b), []int64{1})
	correct(t, s, b, excluding(2), battle.Ground{Kills: ids(docs...)})
}

func correctionRefused(t *testing.T, s store.Store) {
	b := create(t, s, mail(1, 0), mail(2, 1))
	for what, c := range map[string]struct {
		rules battle.Corrections
		want  error
	}{
		"a killmail that is not stored": {battle.Corrections{Kills: []battle.KillCorrection{{Verb: battle.Together, Kill: 1, With: 99}}}, store.ErrNotFound},
		"a side of one that is not":     {battle.Corrections{Entities: []battle.EntityCorrection{{Verb: battle.Exclude, In: 99, Entity: apartOn.Entities[0].Entity}}}, store.ErrNotFound},
		"a rule that makes no sense":    {battle.Corrections{Kills: []battle.KillCorrection{{Verb: "glue", Kill: 1, With: 2}}}, nil},
	} {
		_, err := s.SaveCorrection(t.Context(), store.Correction{BattleID: b, Rules: c.rules}, 0)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want an error (%v)", what, err, c.want)
		}
	}
	same(t, "layer", layer(t, s), battle.Corrections{})
	same(t, "work", work(t, s), []int64{}, cmpopts.EquateEmpty())
	same(t, "corrections", history(t, s, b), []int64{})
}

func correctionRefusesChange(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}
	id := create(t, s, docs...)
	plan := store.Change{
		Profile: "linked", Basis: known(t, s, 1), Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs[:2]...))},
	}
	correct(t, s, id, excluding(3), battle.Ground{Kills: ids(docs...)})
	plan.Done = work(t, s)
	conflicts(t, s, plan)
	same(t, "work", work(t, s), []int64{1, 2, 3})
	plan.Layer = 1
	apply(t, s, plan)
	must(t, s.TakeBackCorrection(t.Context(), 1, "x", at(9)))
	plan.Basis = known(t, s, 1)
	conflicts(t, s, plan)
	plan.Layer = 2
	apply(t, s, plan)
	plan.Basis, plan.Profile, plan.Layer = known(t, s, 1), "", 0 // without a profile nothing is checked
	apply(t, s, plan)
}

func correctionTakenBack(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}
	b := create(t, s, docs...)
	g := battle.Ground{Kills: ids(docs...)}
	one, two := correct(t, s, b, excluding(1), g), correct(t, s, b, apartOn, g)
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(docs...), Put: []store.PutBattle{put(b, fight(docs[1:]...))}, Done: work(t, s)})
	must(t, s.TakeBackCorrection(t.Context(), one, "else", at(200)))
	same(t, "layer", layer(t, s), battle.Corrections{Version: 3, Entities: apartOn.Rules(g).Entities})
	same(t, "work", work(t, s), []int64{1, 2, 3})
	same(t, "history", history(t, s, b), []int64{two, one})
	c, err := s.Correction(t.Context(), one)
	must(t, err)
	same(t, "in force", c.InForce(), false)
	same(t, "taken back at", c.TakenBackAt, at(200))
	same(t, "taken back by", c.TakenBackBy, "else")
	same(t, "what was said", c.Decision, excluding(1))
	row, err := s.BattleSummary(t.Context(), b)
	must(t, err)
	same(t, "count", row.Corrections, 1)
	settle(t, s)
	is(t, "a second time", s.TakeBackCorrection(t.Context(), one, "third", at(300)), store.ErrConflict)
	same(t, "work", work(t, s), []int64{}, cmpopts.EquateEmpty())
	same(t, "layer", layer(t, s).Version, 3)
	must(t, s.TakeBackCorrection(t.Context(), two, "else", at(200)))
	same(t, "work of sides", work(t, s), []int64{1, 2, 3})
	same(t, "layer", layer(t, s), battle.Corrections{Version: 4})
}

func correctionsOfBattle(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}, []store.Document{mail(4, 3), mail(5, 4)}
	one, two := create(t, s, a...), create(t, s, b...)
	taken := correct(t, s, one, excluding(1), battle.Ground{Kills: ids(a...)})
	sides := correct(t, s, one, apartOn, battle.Ground{Kills: ids(a[1:]...)})
	into := correct(t, s, one, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Move, Kill: 3, With: 4}}}, battle.Ground{Kills: ids(a...)})
	must(t, s.TakeBackCorrection(t.Context(), taken, "x", at(9)))
	for _, c := range []struct {
		battle int64
		want   []int64
		active int
	}{{one, []int64{into, sides, taken}, 2}, {two, []int64{into}, 1}} {
		same(t, "corrections", history(t, s, c.battle), c.want)
		d, err := s.Battle(t.Context(), c.battle)
		must(t, err)
		same(t, "count", d.Corrections, c.active)
	}
	// Killmail 1 goes elsewhere, and the correction is still told of the battle it was made of.
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(a...), Put: []store.PutBattle{put(one, fight(a[1:]...))}})
	same(t, "corrections", history(t, s, one), []int64{into, sides, taken})
}

func correctionsOfMerged(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1)}, []store.Document{mail(3, 2), mail(4, 3)}
	all := slices.Concat(a, b)
	one, two := create(t, s, a...), create(t, s, b...)
	gone := correct(t, s, two, excluding(4), battle.Ground{Kills: ids(b...)})
	apply(t, s, store.Change{
		Basis: known(t, s, 1, 3), Component: considered(all...), Put: []store.PutBattle{put(one, fight(all[:3]...))},
		Remove: []store.RemoveBattle{{ID: two, Redirect: one}},
	})
	for _, id := range []int64{one, two} {
		same(t, "corrections", history(t, s, id), []int64{gone})
	}
	// Nothing takes the place of a battle whose killmails stand alone, but its corrections can be found.
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(all...), Remove: []store.RemoveBattle{{ID: one}}})
	last := correct(t, s, one, excluding(1), battle.Ground{Kills: ids(a...)})
	same(t, "corrections of a battle that is gone", history(t, s, one), []int64{last})
}

func correctedWork(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}, []store.Document{mail(4, 3), mail(5, 4)}
	one, two := create(t, s, a...), create(t, s, b...)
	marked := func() map[int64]int64 {
		t.Helper()
		got, err := s.CorrectedWork(t.Context())
		must(t, err)
		return got
	}
	merge := correct(t, s, one, battle.Decision{Merge: true}, battle.Ground{Kills: []int64{1}, Other: []int64{4}})
	save(t, s, mail(6, 7), mail(2, 1, worth(5e6), sequence(2))) // other work, and once more for one that waits
	same(t, "work", work(t, s), []int64{1, 2, 3, 4, 5, 6})
	same(t, "corrected", marked(), map[int64]int64{1: 0, 2: 0, 3: 0, 4: 0, 5: 0})
	all := slices.Concat(a, b)
	all[1] = mail(2, 1, worth(5e6))
	apply(t, s, store.Change{
		Basis: known(t, s, 1, 4), Component: considered(all...), Put: []store.PutBattle{put(one, fight(all...))},
		Remove: []store.RemoveBattle{{ID: two, Redirect: one}}, Done: []int64{1, 2, 3, 4, 5},
	})
	same(t, "corrected after the change", marked(), map[int64]int64{})
	must(t, s.TakeBackCorrection(t.Context(), merge, "x", at(9)))
	same(t, "corrected, with the battle that is gone", marked(), map[int64]int64{1: 0, 2: 0, 3: 0, 4: two, 5: 0})
}

func battleRevived(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}, []store.Document{mail(4, 3), mail(5, 4)}
	all := slices.Concat(a, b)
	one, two := create(t, s, a...), create(t, s, b...)
	apply(t, s, store.Change{Basis: known(t, s, 4), Component: considered(b...), Put: []store.PutBattle{put(two, fight(b...))}})
	apply(t, s, store.Change{
		Basis: known(t, s, 1, 4), Component: considered(all...), Put: []store.PutBattle{put(one, fight(all...))},
		Remove: []store.RemoveBattle{{ID: two, Redirect: one}},
	})
	again := put(two, fight(b...))
	again.Revived, again.Reason = true, "correction"
	apply(t, s, store.Change{
		Basis: known(t, s, 1), Component: considered(all...), Put: []store.PutBattle{put(one, fight(a...)), again}, Now: at(50),
	})
	d, err := s.Battle(t.Context(), two)
	must(t, err)
	same(t, "id", d.ID, two)
	same(t, "revision", d.Revision, 3)
	var reasons []string
	for _, r := range d.Revisions {
		reasons = append(reasons, r.Reason)
	}
	same(t, "revisions", reasons, []string{"created", "created", "correction"})
	holds(t, s, one, 1, 2, 3)
	holds(t, s, two, 4, 5)
	sum, err := s.Summary(t.Context(), at(-10), at(-10))
	must(t, err)
	same(t, "battles counted", sum.Battles, map[battle.Kind]int64{battle.KindBattle: 2})
	if found := findings(t, s, everything); len(found) > 0 {
		delete(found, store.CheckBattleTotals) // of the made battles
		if len(found) > 0 {
			t.Errorf("verification finds %v", found)
		}
	}
}

func correctedAnnounced(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1)}, []store.Document{mail(3, 2), mail(4, 3)}
	one, two := create(t, s, a...), create(t, s, b...)
	merged := put(one, fight(slices.Concat(a, b)...))
	merged.Reason = "correction"
	apply(t, s, store.Change{
		Basis: known(t, s, 1, 3), Component: considered(slices.Concat(a, b)...), Put: []store.PutBattle{merged},
		Remove: []store.RemoveBattle{{ID: two, Redirect: one, Reason: "correction"}}, AnnounceAfter: at(3600),
	})
	events, err := s.EventsAfter(t.Context(), 0, 10)
	must(t, err)
	var got []int64
	for _, e := range events {
		got = append(got, e.Subject)
	}
	same(t, "announced", got, []int64{one, two})
}

func correctionsAtOnce(t *testing.T, s store.Store) {
	const people, rounds = 4, 4
	ctx := t.Context()
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}
	b := create(t, s, docs...)
	rules := battle.Corrections{Kills: []battle.KillCorrection{{Verb: battle.Together, Kill: 1, With: 2}}}
	for round := range rounds {
		version := layer(t, s).Version
		results := make([]error, people)
		var g errgroup.Group
		for i := range people {
			g.Go(func() error {
				_, results[i] = s.SaveCorrection(ctx, store.Correction{BattleID: b, Rules: rules, CreatedAt: at(i)}, version)
				return nil
			})
		}
		// Work goes on meanwhile, and killmails come in.
		g.Go(func() error {
			_, err := s.Save(ctx, store.Batch{Documents: []store.Document{mail(1, 0, worth(float64(1e6*(round+1))), sequence(int64(round+2)))}, Now: at(0)})
			return err
		})
		must(t, g.Wait())
		kept := 0
		for _, err := range results {
			switch {
			case err == nil:
				kept++
			case !errors.Is(err, store.ErrConflict):
				t.Errorf("got %v, want nothing but %v", err, store.ErrConflict)
			}
		}
		same(t, "corrections that were kept", kept, 1)
		same(t, "layer", layer(t, s).Version, version+1)
	}
	list, err := s.BattleCorrections(ctx, b)
	must(t, err)
	same(t, "corrections", len(list), rounds)
	for i, c := range list {
		same(t, "number", c.ID, int64(rounds-i))
		if c.CreatedAt.Before(at(0)) || c.CreatedAt.After(at(0).Add(time.Minute)) {
			t.Errorf("correction %d was made at %v", c.ID, c.CreatedAt)
		}
	}
}
