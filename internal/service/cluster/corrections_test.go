package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// layered lets a service follow the corrections of a store, as the program does.
func layered(s store.Store) func(*cluster.Config) {
	return func(cfg *cluster.Config) {
		cfg.Active = func(ctx context.Context) (battle.Params, error) {
			p := battle.Linked()
			var err error
			p.Corrections, err = s.Layer(ctx, battle.Corrections{Version: -1})
			return p, err
		}
	}
}

// correct saves a decision about a battle.
func correct(t *testing.T, s store.Store, b *store.BattleDetail, d battle.Decision, other ...*store.BattleDetail) int64 {
	t.Helper()
	g := battle.Ground{Kills: killsOf(b)}
	c := store.Correction{BattleID: b.ID, Author: "somebody", CreatedAt: now, Decision: d}
	for _, o := range other {
		c.MergedID, g.Other = o.ID, killsOf(o)
	}
	if r := d.Check(g, nil); r != nil {
		t.Fatal(r)
	}
	c.Rules = d.Rules(g)
	l, err := s.Layer(t.Context(), battle.Corrections{Version: -1})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.SaveCorrection(t.Context(), c, l.Version)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func killsOf(b *store.BattleDetail) []int64 {
	out := make([]int64, len(b.Killmails))
	for i := range b.Killmails {
		out[i] = b.Killmails[i].ID
	}
	return out
}

// correctedBatch is what the engine makes of all killmails at once with the layer of a store.
func correctedBatch(t *testing.T, s store.Store, mails []*killmail.Killmail) []figures {
	t.Helper()
	p := battle.Linked()
	var err error
	if p.Corrections, err = s.Layer(t.Context(), battle.Corrections{Version: -1}); err != nil {
		t.Fatal(err)
	}
	battles, err := battle.Form(mails, world(t), p)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]figures, len(battles))
	for i := range battles {
		out[i] = ofEngine(&battles[i])
	}
	return byFirstKill(out)
}

// reload returns a battle as it is now.
func reload(t *testing.T, s store.Store, id int64) *store.BattleDetail {
	t.Helper()
	d, err := s.Battle(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func lastReason(d *store.BattleDetail) string { return d.Revisions[len(d.Revisions)-1].Reason }

// scenes are decisions about the two largest battles of a store, and what they must do.
var scenes = []struct {
	name   string
	merge  bool
	decide func(one, two *store.BattleDetail) battle.Decision
	holds  func(t *testing.T, s store.Store, one, two *store.BattleDetail)
}{
	{
		name: "a killmail is excluded",
		decide: func(one, _ *store.BattleDetail) battle.Decision {
			return battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: one.Killmails[1].ID}}}
		},
		holds: func(t *testing.T, s store.Store, one, _ *store.BattleDetail) {
			if id, err := s.BattleOf(t.Context(), one.Killmails[1].ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the excluded killmail is in battle %d (%v)", id, err)
			}
		},
	},
	{
		name: "a killmail is moved to another battle",
		decide: func(one, two *store.BattleDetail) battle.Decision {
			return battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Move, Kill: one.Killmails[1].ID, With: two.Killmails[0].ID}}}
		},
		holds: func(t *testing.T, s store.Store, one, two *store.BattleDetail) {
			if id, err := s.BattleOf(t.Context(), one.Killmails[1].ID); err != nil || id != two.ID {
				t.Errorf("the moved killmail is in battle %d (%v), want %d", id, err, two.ID)
			}
		},
	},
	{
		name: "the battle is split",
		decide: func(one, _ *store.BattleDetail) battle.Decision {
			var d battle.Decision
			for i, k := range one.Killmails {
				if i%3 == 0 {
					d.Kills = append(d.Kills, battle.KillCorrection{Verb: battle.Apart, Kill: k.ID})
				}
			}
			return d
		},
		holds: func(t *testing.T, s store.Store, one, _ *store.BattleDetail) {
			var own int64
			for i, k := range one.Killmails {
				id, err := s.BattleOf(t.Context(), k.ID)
				if i == 0 {
					own = id
				}
				if err != nil && i%3 == 0 || (id == own) != (i%3 == 0) {
					t.Errorf("killmail %d of the split battle is in %d (%v), the part is %d", i, id, err, own)
				}
			}
		},
	},
	{
		name: "two battles are merged", merge: true,
		decide: func(_, _ *store.BattleDetail) battle.Decision { return battle.Decision{Merge: true} },
		holds: func(t *testing.T, s store.Store, one, two *store.BattleDetail) {
			for _, k := range slices.Concat(killsOf(one), killsOf(two)) {
				if id, err := s.BattleOf(t.Context(), k); err != nil || id != reload(t, s, one.ID).ID {
					t.Errorf("killmail %d is in battle %d (%v)", k, id, err)
				}
			}
		},
	},
	{
		name: "an alliance is on no side",
		decide: func(one, _ *store.BattleDetail) battle.Decision {
			return battle.Decision{Entities: []battle.EntityCorrection{{Verb: battle.Exclude, Entity: one.Sides[0].Members[0].Entity}}}
		},
		holds: func(t *testing.T, s store.Store, one, _ *store.BattleDetail) {
			for _, side := range reload(t, s, one.ID).Sides {
				for _, m := range side.Members {
					if m.Entity == one.Sides[0].Members[0].Entity && side.ID != battle.Unassigned {
						t.Errorf("%v is on side %s", m.Entity, side.ID)
					}
				}
			}
		},
	},
	{
		name: "enemies are on one side",
		decide: func(one, _ *store.BattleDetail) battle.Decision {
			return battle.Decision{Entities: []battle.EntityCorrection{{
				Verb: battle.Together, Entity: one.Sides[0].Members[0].Entity, With: one.Sides[1].Members[0].Entity,
			}}}
		},
		holds: func(t *testing.T, s store.Store, one, _ *store.BattleDetail) {
			on := map[eve.Entity]string{}
			for _, side := range reload(t, s, one.ID).Sides {
				for _, m := range side.Members {
					on[m.Entity] = side.ID
				}
			}
			if a, b := on[one.Sides[0].Members[0].Entity], on[one.Sides[1].Members[0].Entity]; a != b || a == "" {
				t.Errorf("they are on sides %q and %q", a, b)
			}
		},
	},
}

// evening is a day with two fights that stand out.
func evening(seed uint64) []*killmail.Killmail {
	mails := sim.Day(seed, 80).Mails()
	for i := range uint64(2) {
		fleet := sim.Fleet(seed*10+i+1, sim.FleetOptions{Start: now.Add(-time.Duration(6+3*i) * time.Hour), Pilots: 14 - 3*int(i)}).Mails()
		for _, k := range fleet {
			k.ID += int64(i+1) * 10_000_000
		}
		mails = append(mails, fleet...)
	}
	return mails
}

// twoLargest returns the battles with most kills.
func twoLargest(t *testing.T, s store.Store) (one, two *store.BattleDetail) {
	t.Helper()
	list := stored(t, s)
	slices.SortStableFunc(list, func(a, b *store.BattleDetail) int { return b.Kills - a.Kills })
	if len(list) < 2 || list[1].Kills < 6 || len(list[0].Sides) < 2 {
		t.Fatalf("got %d battles, want two large ones", len(list))
	}
	return list[0], list[1]
}

// TestCorrections corrects battles of which a part of the killmails is still missing, lets
// them arrive at services that were just started, and takes the correction back. At
// every step what is stored is what the engine makes of all killmails at once.
func TestCorrections(t *testing.T) {
	t.Parallel()
	for i, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			t.Parallel()
			mails := evening(uint64(i))
			var early, late []*killmail.Killmail
			for j, k := range mails {
				if j%4 == 3 {
					late = append(late, k)
				} else {
					early = append(early, k)
				}
			}
			s := newStore(t)
			c := service(t, s, nil, layered(s))
			save(t, s, early...)
			drain(t, c)
			one, two := twoLargest(t, s)
			var merged []*store.BattleDetail
			if scene.merge {
				merged = append(merged, two)
			}
			before := figuresOf(t, s)
			id := correct(t, s, one, scene.decide(one, two), merged...)
			if len(work(t, s)) < one.Kills {
				t.Errorf("%d killmails are queued, want at least those of the battle", len(work(t, s)))
			}
			settled := func(what string, mails []*killmail.Killmail) {
				t.Helper()
				if left := work(t, s); len(left) > 0 {
					t.Errorf("%s: %d killmails are still to be done", what, len(left))
				}
				if diff := cmp.Diff(correctedBatch(t, s, mails), figuresOf(t, s)); diff != "" {
					t.Errorf("%s (-batch +stored):\n%s", what, diff)
				}
			}
			drain(t, service(t, s, nil, layered(s))) // another process does the work
			settled("corrected", early)
			scene.holds(t, s, one, two)
			if cmp.Equal(before, figuresOf(t, s)) {
				t.Error("the correction changed nothing")
			}
			corrected := reload(t, s, one.ID)
			if corrected.ID != one.ID || lastReason(corrected) != "correction" || corrected.Corrections != 1 {
				t.Errorf("battle %d is %d, for %q, with %d corrections", one.ID, corrected.ID, lastReason(corrected), corrected.Corrections)
			}

			for j, k := range late {
				save(t, s, k)
				if j%20 == 19 {
					drain(t, c)
				}
			}
			drain(t, c)
			settled("with the late ones", mails)
			scene.holds(t, s, one, two)
			if r := lastReason(reload(t, s, one.ID)); r == "correction" {
				t.Error("late kills are told as a correction")
			}

			if err := s.TakeBackCorrection(t.Context(), id, "else", now); err != nil {
				t.Fatal(err)
			}
			drain(t, c)
			settled("taken back", mails)
			if diff := cmp.Diff(batch(t, mails), figuresOf(t, s)); diff != "" {
				t.Errorf("taken back (-never corrected +stored):\n%s", diff)
			}
			for _, b := range []*store.BattleDetail{one, two} {
				again := reload(t, s, b.ID)
				if again.ID != b.ID || again.Corrections != 0 {
					t.Errorf("battle %d is %d, with %d corrections", b.ID, again.ID, again.Corrections)
				}
			}
			if r := lastReason(reload(t, s, one.ID)); r != "correction" {
				t.Errorf("the last revision is for %q", r)
			}
			list, err := s.BattleCorrections(t.Context(), one.ID)
			if err != nil || len(list) != 1 || list[0].InForce() {
				t.Errorf("the history has %+v (%v)", list, err)
			}
			misplaced, differing := check(t, c, killsOf(one))
			if len(misplaced)+len(differing) > 0 {
				t.Errorf("verification finds %v and %v", misplaced, differing)
			}
		})
	}
}

// TestCheckRespectsCorrections compares corrected battles with the corrections.
func TestCheckRespectsCorrections(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	c := service(t, s, nil, layered(s))
	mails := evening(3)
	save(t, s, mails...)
	drain(t, c)
	one, two := twoLargest(t, s)
	correct(t, s, one, battle.Decision{Merge: true}, two)
	if misplaced, _ := check(t, c, killsOf(one)[:1]); len(misplaced) == 0 {
		t.Error("a correction that waits for its work is not seen")
	}
	drain(t, c)
	if misplaced, differing := check(t, c, slices.Concat(killsOf(one), killsOf(two))); len(misplaced)+len(differing) > 0 {
		t.Errorf("corrected battles: %v are misplaced and %v differ", misplaced, differing)
	}
	plain := service(t, s, nil)
	if misplaced, _ := check(t, plain, killsOf(one)[:1]); len(misplaced) == 0 {
		t.Error("without the corrections nothing is misplaced: the comparison does not compare")
	}
}

// TestCorrectionWhilePlanned saves corrections, and takes them back, while a service has
// made its plan and not applied it.
func TestCorrectionWhilePlanned(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	mails := evening(4)
	save(t, s, mails...)
	drain(t, service(t, s, nil, layered(s)))
	one, two := twoLargest(t, s)
	var steps []func()
	applied := 0
	c := service(t, &hooked{s, func(name string) error {
		if name == "Apply" {
			applied++
			if len(steps) > 0 {
				steps[0]()
				steps = steps[1:]
			}
		}
		return nil
	}}, nil, layered(s))
	var id int64
	steps = []func(){
		func() { id = correct(t, s, one, battle.Decision{Merge: true}, two) },
		func() {
			if err := s.TakeBackCorrection(t.Context(), id, "else", now); err != nil {
				t.Error(err)
			}
		},
		func() { correct(t, s, one, scenes[2].decide(one, two)) },
	}
	if _, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{revalued(mails[len(mails)-1], 5)}, Now: now}); err != nil {
		t.Fatal(err)
	}
	mails[len(mails)-1] = revalued(mails[len(mails)-1], 5).Killmail
	drain(t, c)
	if applied < 4 {
		t.Errorf("changes were applied %d times, want again after each correction", applied)
	}
	if diff := cmp.Diff(correctedBatch(t, s, mails), figuresOf(t, s)); diff != "" {
		t.Errorf("(-batch +stored):\n%s", diff)
	}
	scenes[2].holds(t, s, one, two)
	if left := work(t, s); len(left) > 0 {
		t.Errorf("%d killmails are still to be done", len(left))
	}
}

// TestManyCorrections puts several upon each other and takes them back in another order.
func TestManyCorrections(t *testing.T) {
	t.Parallel()
	mails := evening(5)
	s := newStore(t)
	c := service(t, s, nil, layered(s))
	save(t, s, mails...)
	drain(t, c)
	one, two := twoLargest(t, s)
	ids := []int64{correct(t, s, one, battle.Decision{Merge: true}, two)}
	drain(t, c)
	whole := reload(t, s, one.ID)
	for _, i := range []int{1, 4, 7} {
		ids = append(ids, correct(t, s, whole, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: whole.Killmails[i].ID}}}))
	}
	ids = append(ids, correct(t, s, whole, scenes[4].decide(one, two)))
	drain(t, c)
	if got := reload(t, s, one.ID); got.Kills != whole.Kills-3 || got.Corrections != 5 {
		t.Errorf("the battle has %d kills of %d and %d corrections", got.Kills, whole.Kills, got.Corrections)
	}
	for _, i := range []int{0, 3, 1, 4, 2} {
		if err := s.TakeBackCorrection(t.Context(), ids[i], "else", now); err != nil {
			t.Fatal(err)
		}
		drain(t, c)
		if diff := cmp.Diff(correctedBatch(t, s, mails), figuresOf(t, s)); diff != "" {
			t.Errorf("without %d (-batch +stored):\n%s", ids[i], diff)
		}
	}
	if diff := cmp.Diff(batch(t, mails), figuresOf(t, s)); diff != "" {
		t.Errorf("all taken back (-never corrected +stored):\n%s", diff)
	}
	for _, b := range []*store.BattleDetail{one, two} {
		if got := reload(t, s, b.ID); got.ID != b.ID || !slices.Equal(killsOf(got), killsOf(b)) {
			t.Errorf("battle %d is %d with %d killmails, had %d", b.ID, got.ID, got.Kills, b.Kills)
		}
	}
}

// TestDissolvedBattleComesBack excludes one of two killmails: the battle is gone, can
// still be found by its corrections, and comes back under its id.
func TestDissolvedBattleComesBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	c := service(t, s, nil, layered(s))
	save(t, s, duel(2)...)
	drain(t, c)
	b := stored(t, s)[0]
	id := correct(t, s, b, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: b.Killmails[0].ID}}})
	drain(t, c)
	if got := stored(t, s); len(got) != 0 {
		t.Fatalf("there are %d battles, want none", len(got))
	}
	list, err := s.BattleCorrections(t.Context(), b.ID)
	if err != nil || len(list) != 1 || list[0].ID != id {
		t.Fatalf("got %+v, %v, want the correction", list, err)
	}
	if err := s.TakeBackCorrection(t.Context(), id, "else", now); err != nil {
		t.Fatal(err)
	}
	drain(t, c)
	again := reload(t, s, b.ID)
	if again.Kills != 2 || again.Revision != b.Revision+1 || len(again.Revisions) != 2 || lastReason(again) != "correction" {
		t.Errorf("got revision %d for %q with %d kills and %d revisions", again.Revision, lastReason(again), again.Kills, len(again.Revisions))
	}
}

// TestCorrectionOfFailingStore lets the question for corrected work fail.
func TestCorrectionOfFailingStore(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	save(t, s, duel(4)...)
	drain(t, service(t, s, nil, layered(s)))
	b := stored(t, s)[0]
	correct(t, s, b, battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: b.Killmails[0].ID}}})
	broken := true
	c := service(t, &hooked{s, func(name string) error {
		if name == "CorrectedWork" && broken {
			return errBroken
		}
		return nil
	}}, nil, layered(s))
	if _, err := c.Drain(t.Context(), nil); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
	if got := len(work(t, s)); got != 4 {
		t.Errorf("%d killmails are to be done after the failure, want 4", got)
	}
	broken = false
	if n := drain(t, c); n != 4 {
		t.Errorf("%d killmails were done, want 4", n)
	}
	if r := lastReason(reload(t, s, b.ID)); r != "correction" {
		t.Errorf("the last revision is for %q", fmt.Sprint(r))
	}
}
