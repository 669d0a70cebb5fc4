package storetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

var applyTests = []test{
	{"creates a battle", applyCreate},
	{"grows a battle", applyGrow},
	{"merges battles and redirects", applyMerge},
	{"redirects follow through many merges", applyChain},
	{"splits a battle", applySplit},
	{"moves a killmail from one battle to another", applyMove},
	{"dissolves a battle", applyDissolve},
	{"does nothing but take work off the list", applyNothing},
	{"writes thousands of kills at once", applyLarge},
}

// members returns the killmails of a battle.
func members(t *testing.T, s store.Store, battle int64) []int64 {
	t.Helper()
	d, err := s.Battle(t.Context(), battle)
	must(t, err)
	var got []int64
	for _, k := range d.Killmails {
		got = append(got, k.ID)
	}
	return sorted(got)
}

// holds checks that a battle exists with these killmails, and that they say so.
func holds(t *testing.T, s store.Store, battle int64, want ...int64) {
	t.Helper()
	same(t, "killmails of the battle", members(t, s, battle), want)
	for _, k := range want {
		got, err := s.BattleOf(t.Context(), k)
		must(t, err)
		same(t, "battle of the killmail", got, battle)
	}
}

// alone checks that killmails are in no battle.
func alone(t *testing.T, s store.Store, killmails ...int64) {
	t.Helper()
	for _, k := range killmails {
		if b, err := s.BattleOf(t.Context(), k); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("killmail %d: got battle %d, %v, want not found", k, b, err)
		}
	}
}

// answers checks which battle answers for an id.
func answers(t *testing.T, s store.Store, id, want int64) {
	t.Helper()
	row, err := s.BattleSummary(t.Context(), id)
	must(t, err)
	same(t, "summary of the id", row.ID, want)
	d, err := s.Battle(t.Context(), id)
	must(t, err)
	same(t, "battle of the id", d.ID, want)
}

// gone checks that no battle answers for an id.
func gone(t *testing.T, s store.Store, id int64) {
	t.Helper()
	if _, err := s.BattleSummary(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("summary of battle %d: got %v, want not found", id, err)
	}
	if _, err := s.Battle(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("battle %d: got %v, want not found", id, err)
	}
}

func applyCreate(t *testing.T, s store.Store) {
	gone(t, s, 1)
	one := create(t, s, mail(1, 0), mail(2, 10))
	two := create(t, s, mail(3, 0), mail(4, 10))
	holds(t, s, one, 1, 2)
	holds(t, s, two, 3, 4)
	same(t, "work", len(work(t, s)), 0)
	d, err := s.Battle(t.Context(), one)
	must(t, err)
	same(t, "revisions", d.Revisions, []store.Revision{{Number: 1, At: at(0), Reason: "created", Kills: 2}})
}

func applyGrow(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 10)}
	id := create(t, s, docs...)
	other := create(t, s, mail(8, 0), mail(9, 0))
	docs = append(docs, mail(3, 20))
	save(t, s, docs[2])
	p := put(id, fight(docs...))
	p.Reason, p.Added = "grew", 1
	apply(t, s, store.Change{Basis: known(t, s, 1, 2), Component: considered(docs...), Put: []store.PutBattle{p}, Done: []int64{3}, Now: at(30)})
	holds(t, s, id, 1, 2, 3)
	holds(t, s, other, 8, 9)
	d, err := s.Battle(t.Context(), id)
	must(t, err)
	same(t, "revision", d.Revision, 2)
	same(t, "updated", d.UpdatedAt, at(30))
	same(t, "revisions", d.Revisions, []store.Revision{
		{Number: 1, At: at(0), Reason: "created", Kills: 2},
		{Number: 2, At: at(30), Reason: "grew", Added: 1, Kills: 3},
	})
	same(t, "digest", known(t, s, 3)[0].Digest, p.Digest)
}

// merge joins battles into the first one.
func merge(t *testing.T, s store.Store, into int64, from []int64, docs ...store.Document) {
	t.Helper()
	p := put(into, fight(docs...))
	p.Reason = "merge"
	c := store.Change{Basis: known(t, s, ids(docs...)...), Component: considered(docs...), Put: []store.PutBattle{p}}
	for _, id := range from {
		c.Remove = append(c.Remove, store.RemoveBattle{ID: id, Redirect: into})
	}
	apply(t, s, c)
}

func applyMerge(t *testing.T, s store.Store) {
	a, b, c := []store.Document{mail(1, 0), mail(2, 1)}, []store.Document{mail(3, 2), mail(4, 3)}, []store.Document{mail(5, 4), mail(6, 5)}
	one, two, three := create(t, s, a...), create(t, s, b...), create(t, s, c...)
	merge(t, s, two, []int64{one, three}, slices.Concat(a, b, c)...)
	holds(t, s, two, 1, 2, 3, 4, 5, 6)
	for _, id := range []int64{one, two, three} {
		answers(t, s, id, two)
	}
	same(t, "battles", len(list(t, s, store.BattleFilter{Order: store.OrderStarted}, 10)), 1)
}

func applyChain(t *testing.T, s store.Store) {
	var docs []store.Document
	var chain []int64
	for i := range int64(5) {
		d := []store.Document{mail(10*i+1, int(i)), mail(10*i+2, int(i))}
		id := create(t, s, d...)
		docs = append(docs, d...)
		if i > 0 {
			merge(t, s, id, chain[i-1:], docs...)
		}
		chain = append(chain, id)
	}
	last := chain[len(chain)-1]
	for _, id := range chain {
		answers(t, s, id, last)
	}
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(docs...), Remove: []store.RemoveBattle{{ID: last}}})
	for _, id := range chain {
		gone(t, s, id)
	}
	alone(t, s, ids(docs...)...)
}

func applySplit(t *testing.T, s store.Store) {
	a, b := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}, []store.Document{mail(4, 500), mail(5, 501)}
	both := slices.Concat(a, b)
	one := create(t, s, both...)
	two := newIDs(t, s, 1)[0]
	apply(t, s, store.Change{
		Basis: known(t, s, 1), Component: considered(both...), Put: []store.PutBattle{put(one, fight(a...)), put(two, fight(b...))},
	})
	holds(t, s, one, 1, 2, 3)
	holds(t, s, two, 4, 5)
	answers(t, s, one, one)
}

func applyMove(t *testing.T, s store.Store) {
	d := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2), mail(4, 3), mail(5, 4)}
	one, two := create(t, s, d[:3]...), create(t, s, d[3:]...)
	for range 2 { // there and back, so that either order of writing must work
		apply(t, s, store.Change{
			Basis: known(t, s, 1, 4), Component: considered(d...), Put: []store.PutBattle{put(one, fight(d[:2]...)), put(two, fight(d[2:]...))},
		})
		holds(t, s, one, 1, 2)
		holds(t, s, two, 3, 4, 5)
		apply(t, s, store.Change{
			Basis: known(t, s, 1, 4), Component: considered(d...), Put: []store.PutBattle{put(one, fight(d[:3]...)), put(two, fight(d[3:]...))},
		})
		holds(t, s, one, 1, 2, 3)
		holds(t, s, two, 4, 5)
	}
}

func applyDissolve(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	id := create(t, s, docs...)
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(docs...), Remove: []store.RemoveBattle{{ID: id}}})
	gone(t, s, id)
	alone(t, s, 1, 2)
	same(t, "battles", len(list(t, s, store.BattleFilter{Order: store.OrderStarted}, 10)), 0)
	for _, f := range []store.BattleFilter{
		{SystemIDs: []int64{tama}}, {AllianceIDs: []int64{99_000_001}}, {ShipTypeIDs: []int64{cruiser}},
	} {
		f.Order = store.OrderStarted
		same(t, "battles by a filter", len(list(t, s, f, 10)), 0)
	}
}

func applyNothing(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0))
	apply(t, s, store.Change{Component: considered(mail(1, 0)), Done: []int64{1}, AnnounceAfter: at(-100)})
	same(t, "work", work(t, s), []int64{}, cmpopts.EquateEmpty())
	alone(t, s, 1)
	_, newest, err := s.EventRange(t.Context())
	must(t, err)
	same(t, "newest event", newest, 0)
}

func applyLarge(t *testing.T, s store.Store) {
	docs := make([]store.Document, 1200)
	for i := range docs {
		docs[i] = mail(int64(i+1), i, func(d *store.Document) { d.Killmail.Victim.Party = pilot(2, int64(i)) })
	}
	id := create(t, s, docs...)
	holds(t, s, id, ids(docs...)...)
	same(t, "work", len(work(t, s)), 0)
	same(t, "known", len(known(t, s, ids(docs...)...)[0].KillmailIDs), 1200)
}

var conflictTests = []test{
	{"a battle of the basis has a newer revision", conflictRevision},
	{"a battle of the basis is gone", conflictGone},
	{"a lone killmail is in a battle by now", conflictMember},
	{"a killmail has another value by now", conflictValue},
}

// conflicts checks that a change is refused and that nothing of it was written.
func conflicts(t *testing.T, s store.Store, c store.Change) {
	t.Helper()
	type state struct {
		Work    []int64
		Battles []store.BattleRow
		Known   []store.KnownBattle
		Newest  int64
	}
	look := func() state {
		var st state
		st.Work = work(t, s)
		var err error
		st.Battles, _, err = s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, store.Page{Limit: 100})
		must(t, err)
		st.Known = known(t, s, 1, 2, 3, 4, 5, 6)
		_, st.Newest, err = s.EventRange(t.Context())
		must(t, err)
		return st
	}
	before := look()
	c.Now, c.AnnounceAfter = at(50), at(-1000)
	if err := s.Apply(t.Context(), c); !errors.Is(err, store.ErrConflict) {
		t.Errorf("got %v, want %v", err, store.ErrConflict)
	}
	same(t, "state after the conflict", look(), before)
}

func conflictRevision(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	id := create(t, s, docs...)
	stale := known(t, s, 1)
	save(t, s, mail(3, 2))
	docs = append(docs, mail(3, 2))
	apply(t, s, store.Change{Basis: stale, Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}})
	fresh := newIDs(t, s, 1)[0]
	save(t, s, mail(4, 0), mail(5, 0))
	conflicts(t, s, store.Change{
		Basis: stale, Component: considered(docs...), Done: []int64{3, 4},
		Put:    []store.PutBattle{put(fresh, fight(mail(4, 0), mail(5, 0)))},
		Remove: []store.RemoveBattle{{ID: id}},
	})
}

func conflictGone(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	id := create(t, s, docs...)
	stale := known(t, s, 1)
	apply(t, s, store.Change{Basis: stale, Component: considered(docs...), Remove: []store.RemoveBattle{{ID: id}}})
	conflicts(t, s, store.Change{Basis: stale, Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}})
}

func conflictMember(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2)}
	save(t, s, docs[2])
	create(t, s, docs[:2]...)
	conflicts(t, s, store.Change{
		Component: considered(docs...), Put: []store.PutBattle{put(newIDs(t, s, 1)[0], fight(docs[1:]...))}, Done: []int64{3},
	})
}

func conflictValue(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0, worth(1e6), sequence(1)), mail(2, 1)}
	save(t, s, docs...)
	id := newIDs(t, s, 1)[0]
	save(t, s, mail(1, 0, worth(2e6), sequence(2))) // after the plan was made, before it is applied
	plan := store.Change{Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}, Done: []int64{1, 2}}
	conflicts(t, s, plan)

	save(t, s, mail(3, 0, unvalued))
	plan = store.Change{Component: considered(mail(3, 0, unvalued)), Done: []int64{3}}
	save(t, s, mail(3, 0, worth(0)))
	conflicts(t, s, plan) // 0 is a value, unknown is none
	plan.Component = []store.Considered{{ID: 3, Value: killmail.Value{Source: killmail.ValueZkb}}}
	apply(t, s, plan)
	same(t, "work", work(t, s), []int64{1, 2})
}
