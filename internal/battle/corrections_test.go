package battle_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

func alliance(n int64) eve.Entity { return eve.Entity{Type: eve.Alliance, ID: 99_000_000 + n} }

// drawCorrections makes corrections of killmails and alliances of a history, some of
// unknown ones.
func drawCorrections(t *rapid.T, kills []*killmail.Killmail) battle.Corrections {
	var c battle.Corrections
	verb := rapid.SampledFrom([]battle.Verb{battle.Together, battle.Apart, battle.Move, battle.Exclude})
	id := rapid.Int64Range(1, int64(len(kills))+3)
	for range rapid.IntRange(0, 6).Draw(t, "kill corrections") {
		k := battle.KillCorrection{Verb: verb.Draw(t, "verb"), Kill: id.Draw(t, "kill"), With: id.Draw(t, "with")}
		if k.Verb == battle.Exclude {
			k.With = 0
		}
		if k.Kill != k.With {
			c.Kills = append(c.Kills, k)
		}
	}
	who := rapid.Int64Range(0, 4)
	for range rapid.IntRange(0, 4).Draw(t, "entity corrections") {
		e := battle.EntityCorrection{Verb: verb.Draw(t, "verb"), In: id.Draw(t, "in"), Entity: alliance(who.Draw(t, "entity"))}
		if e.Verb != battle.Exclude {
			e.With = alliance(who.Draw(t, "with"))
		}
		if e.Entity != e.With {
			c.Entities = append(c.Entities, e)
		}
	}
	return c
}

func TestCorrectionsAreDeterminedByTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		p.Corrections = drawCorrections(t, kills)
		want := form(t, kills, p)
		p.Corrections.Kills = rapid.Permutation(p.Corrections.Kills).Draw(t, "order of kill corrections")
		p.Corrections.Entities = rapid.Permutation(p.Corrections.Entities).Draw(t, "order of entity corrections")
		if diff := cmp.Diff(want, form(t, shuffled(t, kills), p)); diff != "" {
			t.Fatalf("the order of kills or corrections changed the battles (-want +got):\n%s", diff)
		}
	})
}

func TestCorrectionsOfOthersChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		want := form(t, kills, p)
		p.Corrections.Version = 7
		p.Corrections.Kills = []battle.KillCorrection{
			{Verb: battle.Together, Kill: 1 << 40, With: kills[0].ID}, {Verb: battle.Exclude, Kill: 1<<40 + 1},
		}
		p.Corrections.Entities = []battle.EntityCorrection{{Verb: battle.Move, In: 1 << 40, Entity: alliance(0), With: alliance(1)}}
		if diff := cmp.Diff(want, form(t, kills, p)); diff != "" {
			t.Fatalf("corrections of unknown killmails changed the battles (-without +with):\n%s", diff)
		}
	})
}

func TestComponentIsEnoughWithCorrections(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		p.Corrections = drawCorrections(t, kills)
		seeds := shuffled(t, kills)[:rapid.IntRange(1, min(3, len(kills))).Draw(t, "seeds")]
		component := p.Component(seeds, kills)
		if diff := cmp.Diff(within(form(t, kills, p), component), form(t, component, p)); diff != "" {
			t.Fatalf("the component alone gives other battles (-all +component):\n%s", diff)
		}
		loaded, err := p.Neighbourhood(seeds, func(reaches []battle.Reach) ([]*killmail.Killmail, error) {
			found := answer(kills, reaches)
			for _, k := range kills {
				if slices.ContainsFunc(reaches, func(r battle.Reach) bool { return slices.Contains(r.Kills, k.ID) }) {
					found = append(found, k)
				}
			}
			return found, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ids(component), ids(loaded)); diff != "" {
			t.Fatalf("loading step by step found another component (-all at once +steps):\n%s", diff)
		}
	})
}

func TestKillCorrectionsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		c := drawCorrections(t, kills)
		p.Corrections = c
		group, size := map[int64]int{}, map[int]int{}
		for i, g := range battle.Link(kills, testWorld{}, p) {
			size[i] = len(g)
			for _, k := range g {
				group[k.ID] = i + 1
			}
		}
		excluded := map[int64]bool{}
		apart := false
		for _, k := range c.Kills {
			excluded[k.Kill] = excluded[k.Kill] || k.Verb == battle.Exclude
			apart = apart || k.Verb == battle.Apart
		}
		for _, k := range c.Kills {
			known := group[k.Kill] > 0 && group[k.With] > 0
			free := !excluded[k.Kill] && !excluded[k.With]
			switch k.Verb {
			case battle.Exclude:
				if g := group[k.Kill]; g > 0 && size[g-1] != 1 {
					t.Fatalf("killmail %d is excluded and in a group of %d", k.Kill, size[g-1])
				}
			case battle.Apart:
				if known && group[k.Kill] == group[k.With] {
					t.Fatalf("killmails %d and %d are in one group", k.Kill, k.With)
				}
			default:
				if known && free && !apart && group[k.Kill] != group[k.With] {
					t.Fatalf("killmails %d and %d are in two groups", k.Kill, k.With)
				}
			}
		}
	})
}

func TestEntityCorrectionsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		c := drawCorrections(t, kills)
		p.Corrections.Entities = c.Entities
		for _, b := range form(t, kills, p) {
			apart := false
			var here []battle.EntityCorrection
			for _, e := range c.Entities {
				if slices.Contains(killIDs(b), e.In) {
					here = append(here, e)
					apart = apart || e.Verb == battle.Apart
				}
			}
			if len(here) != b.Corrected {
				t.Fatalf("%d corrections concern the battle, it says %d", len(here), b.Corrected)
			}
			excluded := map[int64]bool{}
			for _, e := range here {
				excluded[e.Entity.ID] = excluded[e.Entity.ID] || e.Verb == battle.Exclude
			}
			for _, e := range here {
				one, two := sideOf(&b, e.Entity.ID), sideOf(&b, e.With.ID)
				free := !excluded[e.Entity.ID] && !excluded[e.With.ID]
				placed := one != "" && two != "" && one != battle.Unassigned && two != battle.Unassigned
				switch {
				case e.Verb == battle.Exclude && one != "" && one != battle.Unassigned:
					t.Fatalf("%d is excluded and on side %s", e.Entity.ID, one)
				case e.Verb == battle.Apart && free && placed && one == two:
					t.Fatalf("%d and %d are both on side %s", e.Entity.ID, e.With.ID, one)
				case (e.Verb == battle.Together || e.Verb == battle.Move) && free && placed && !apart && one != two:
					t.Fatalf("%d and %d are on sides %s and %s", e.Entity.ID, e.With.ID, one, two)
				}
			}
		}
	})
}

// An alliance fights beside its enemies' victims; moving one corporation of it leaves
// the others where they are.
func TestNamedCorporationLeavesItsAlliance(t *testing.T) {
	t.Parallel()
	turncoat := in(pilotOf(1, 9), cruiser)
	turncoat.CorporationID = 98_777_777
	kills := []*killmail.Killmail{
		kill(1, 0, nullsec, pilotOf(1, 1), pilotOf(2, 1), pilotOf(2, 2)),
		kill(2, 60, nullsec, pilotOf(2, 3), pilotOf(1, 2), turncoat),
		kill(3, 120, nullsec, pilotOf(1, 2), pilotOf(2, 1), pilotOf(2, 2)),
	}
	p := battle.Linked()
	corporation := eve.Entity{Type: eve.Corporation, ID: turncoat.CorporationID}
	p.Corrections.Entities = []battle.EntityCorrection{{Verb: battle.Move, In: 1, Entity: corporation, With: alliance(2)}}
	b := form(t, kills, p)[0]
	side := map[eve.Entity]string{}
	for _, s := range b.Sides {
		for _, m := range s.Members {
			side[m.Entity] = s.ID
		}
	}
	if side[corporation] != side[alliance(2)] || side[alliance(1)] == side[alliance(2)] || side[corporation] == "" {
		t.Errorf("got sides %v, want the corporation with alliance 2 and its alliance opposite", side)
	}
}

func TestBadCorrections(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]battle.Corrections{
		"unknown verb":           {Kills: []battle.KillCorrection{{Verb: "glue", Kill: 1, With: 2}}},
		"needs a second id":      {Kills: []battle.KillCorrection{{Verb: battle.Move, Kill: 1}}},
		"with itself":            {Kills: []battle.KillCorrection{{Verb: battle.Apart, Kill: 1, With: 1}}},
		"names no id":            {Kills: []battle.KillCorrection{{Verb: battle.Exclude}}},
		"exclude takes one id":   {Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: 1, With: 2}}},
		"names no killmail":      {Entities: []battle.EntityCorrection{{Verb: battle.Exclude, Entity: alliance(1)}}},
		"entities 1: apart need": {Entities: []battle.EntityCorrection{{Verb: battle.Apart, In: 1, Entity: alliance(1)}}},
	} {
		p := battle.Linked()
		p.Corrections = c
		if _, err := battle.Form(nil, testWorld{}, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error about %q", err, want)
		}
	}
}
