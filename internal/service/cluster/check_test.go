package cluster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// check compares the neighbourhoods of all killmails, one call each.
func check(t *testing.T, c *cluster.Service, ids []int64) (misplaced, differing map[int64]bool) {
	t.Helper()
	misplaced, differing = make(map[int64]bool), make(map[int64]bool)
	for _, id := range ids {
		got, err := c.Check(t.Context(), []int64{id})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Considered) == 0 {
			t.Fatalf("killmail %d: nothing was considered", id)
		}
		for _, k := range got.Misplaced {
			misplaced[k] = true
		}
		for _, b := range got.Differing {
			differing[b] = true
		}
	}
	return misplaced, differing
}

func TestCheck(t *testing.T) {
	t.Parallel()
	mails := sim.Day(5, 120).Mails()
	ids := make([]int64, len(mails))
	for i, k := range mails {
		ids[i] = k.ID
	}
	s := newStore(t)
	save(t, s, mails...)
	c := service(t, s, nil)
	want := make(map[int64]bool)
	battles, err := battle.Form(mails, world(t), battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	for i := range battles {
		for _, k := range battles[i].Kills {
			want[k.Mail.ID] = true
		}
	}
	misplaced, _ := check(t, c, ids)
	if diff := cmp.Diff(want, misplaced); diff != "" {
		t.Errorf("misplaced before clustering (-want +got):\n%s", diff)
	}
	if got := len(stored(t, s)); got != 0 {
		t.Fatalf("checking wrote %d battles", got)
	}
	drain(t, c)
	misplaced, differing := check(t, c, ids)
	if len(misplaced)+len(differing) > 0 {
		t.Errorf("after clustering %v are misplaced and %v differ", misplaced, differing)
	}

	// A battle falls apart and another gets other figures behind the back of the service.
	var apart, other *store.BattleDetail
	for _, b := range stored(t, s) {
		if apart == nil || b.Kills > apart.Kills {
			apart = b
		}
	}
	for _, b := range stored(t, s) {
		if b.ID != apart.ID && (other == nil || b.Kills > other.Kills) {
			other = b
		}
	}
	known, err := s.Known(t.Context(), []int64{apart.Killmails[0].ID, other.Killmails[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	change := store.Change{Basis: known, Now: now, Remove: []store.RemoveBattle{{ID: apart.ID}}}
	for i := range battles {
		if battles[i].Kills[0].Mail.ID == other.Killmails[0].ID {
			change.Put = []store.PutBattle{{ID: other.ID, Digest: "another", Battle: &battles[i], Reason: "test"}}
		}
	}
	if len(change.Put) == 0 {
		t.Fatal("the engine has no battle that begins as the stored one")
	}
	if err := s.Apply(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	want = make(map[int64]bool)
	for _, k := range apart.Killmails {
		want[k.ID] = true
	}
	misplaced, differing = check(t, c, ids)
	if diff := cmp.Diff(want, misplaced); diff != "" {
		t.Errorf("misplaced (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]bool{other.ID: true}, differing); diff != "" {
		t.Errorf("differing (-want +got):\n%s", diff)
	}
}
