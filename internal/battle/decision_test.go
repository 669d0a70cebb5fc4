package battle_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// numbers lists from to to, both included.
func numbers(from, to int64) []int64 {
	var out []int64
	for id := from; id <= to; id++ {
		out = append(out, id)
	}
	return out
}

// groupsOf maps killmails to the number of their group.
func groupsOf(kills []*killmail.Killmail, p battle.Params) map[int64]int {
	out := make(map[int64]int)
	for i, g := range battle.Link(kills, testWorld{}, p) {
		for _, k := range g {
			out[k.ID] = i
		}
	}
	return out
}

// biggest returns the battle with most kills.
func biggest(battles []battle.Battle) *battle.Battle {
	best := &battles[0]
	for i := range battles {
		if len(battles[i].Kills) > len(best.Kills) {
			best = &battles[i]
		}
	}
	return best
}

// TestSplitHolds takes any part out of a battle: it is one group, and nothing of the rest is in it,
// whatever else arrives later.
func TestSplitHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		known := shuffled(t, kills)[:rapid.IntRange(1, len(kills)).Draw(t, "known")]
		battles := form(t, known, p)
		if len(battles) == 0 || len(biggest(battles).Kills) < 2 {
			t.Skip("no battle to split")
		}
		whole := killIDs(*biggest(battles))
		own := rapid.Permutation(whole).Draw(t, "part")[:rapid.IntRange(1, len(whole)-1).Draw(t, "size")]
		var d battle.Decision
		for _, id := range own {
			d.Kills = append(d.Kills, battle.KillCorrection{Verb: battle.Apart, Kill: id})
		}
		ground := battle.Ground{Kills: whole}
		if r := d.Check(ground, nil); r != nil {
			t.Fatal(r)
		}
		p.Corrections = d.Rules(ground)
		group := groupsOf(kills, p) // the late ones as well
		for _, id := range whole {
			if together := group[id] == group[own[0]]; together != slices.Contains(own, id) {
				t.Fatalf("killmail %d with the part %v: %v", id, own, together)
			}
		}
	})
}

// TestMergeHolds puts any two battles together; taking killmails out of the merged one
// does not take it apart.
func TestMergeHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kills, p := drawHistory(t), drawParams(t)
		battles := form(t, kills, p)
		if len(battles) < 2 {
			t.Skip("nothing to merge")
		}
		order := rapid.Permutation(battles).Draw(t, "battles")
		ground := battle.Ground{Kills: killIDs(order[0]), Other: killIDs(order[1])}
		d := battle.Decision{Merge: true}
		if r := d.Check(ground, nil); r != nil {
			t.Fatal(r)
		}
		p.Corrections = d.Rules(ground)
		merged := slices.Concat(ground.Kills, ground.Other)
		slices.Sort(merged)
		group := groupsOf(kills, p)
		for _, k := range kills {
			if together := group[k.ID] == group[merged[0]]; together != slices.Contains(merged, k.ID) {
				t.Fatalf("killmail %d in the merged battle %v: %v", k.ID, merged, together)
			}
		}
	})
}

func TestMergeOutlivesAnExclusion(t *testing.T) {
	t.Parallel()
	var kills []*killmail.Killmail
	for i := range 6 {
		at, who := i*30, int64(1)
		if i >= 3 {
			at, who = 20*3600+i*30, 3
		}
		kills = append(kills, kill(int64(i+1), at, nullsec, pilotOf(who, int64(i)), pilotOf(who+1, 1), pilotOf(who+1, 2)))
	}
	p := battle.Linked()
	ground := battle.Ground{Kills: numbers(1, 3), Other: numbers(4, 6)}
	p.Corrections = battle.Decision{Merge: true}.Rules(ground)
	for _, out := range numbers(1, 6) {
		p := p
		p.Corrections.Kills = append(slices.Clone(p.Corrections.Kills), battle.KillCorrection{Verb: battle.Exclude, Kill: out})
		battles := form(t, kills, p)
		if len(battles) != 1 || len(battles[0].Kills) != 5 {
			t.Errorf("without %d there are %d battles, want one of 5 kills", out, len(battles))
		}
	}
}

// TestApartHoldsForWhatIsTogether names one pair only, and ties others to its ends.
func TestApartHoldsForWhatIsTogether(t *testing.T) {
	t.Parallel()
	var kills []*killmail.Killmail
	for i := range 8 {
		kills = append(kills, kill(int64(i+1), i*30, nullsec, pilotOf(1, int64(i)), pilotOf(2, 1), pilotOf(2, 2)))
	}
	p := battle.Linked()
	if got := groupsOf(kills, p); got[1] != got[8] {
		t.Fatal("the fight is not one group to begin with")
	}
	p.Corrections.Kills = []battle.KillCorrection{
		{Verb: battle.Together, Kill: 3, With: 1}, {Verb: battle.Together, Kill: 5, With: 3}, {Verb: battle.Apart, Kill: 5, With: 2},
	}
	got := groupsOf(kills, p)
	if got[1] != got[3] || got[3] != got[5] || got[1] == got[2] {
		t.Errorf("got groups %v, want 1, 3 and 5 together and apart from 2", got)
	}
}

func TestSidesHoldOnToSeveralKillmails(t *testing.T) {
	t.Parallel()
	d := battle.Decision{
		Entities: []battle.EntityCorrection{{Verb: battle.Apart, Entity: alliance(1), With: alliance(2)}},
		Kills:    []battle.KillCorrection{{Verb: battle.Exclude, Kill: 1}},
	}
	var in []int64
	for _, e := range d.Rules(battle.Ground{Kills: numbers(1, 30)}).Entities {
		in = append(in, e.In)
	}
	if want := []int64{2, 9, 16, 23, 30}; !slices.Equal(in, want) {
		t.Errorf("got the killmails %v, want %v", in, want)
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	t.Parallel()
	ground := battle.Ground{Kills: numbers(1, 10), Other: numbers(11, 15)}
	k := func(verb battle.Verb, kill, with int64) battle.Decision {
		return battle.Decision{Kills: []battle.KillCorrection{{Verb: verb, Kill: kill, With: with}}}
	}
	e := func(verb battle.Verb, who, with int64) battle.Decision {
		c := battle.EntityCorrection{Verb: verb, Entity: alliance(who)}
		if with > 0 {
			c.With = alliance(with)
		}
		return battle.Decision{Entities: []battle.EntityCorrection{c}}
	}
	both := func(a, b battle.Decision) battle.Decision {
		return battle.Decision{Kills: append(a.Kills, b.Kills...), Entities: append(a.Entities, b.Entities...), Merge: a.Merge || b.Merge}
	}
	split := both(k(battle.Apart, 1, 0), k(battle.Apart, 2, 0))
	merge := battle.Decision{Merge: true}
	all := battle.Decision{}
	for _, id := range ground.Kills {
		all.Kills = append(all.Kills, battle.KillCorrection{Verb: battle.Apart, Kill: id})
	}
	for _, c := range []struct {
		name     string
		d        battle.Decision
		standing []battle.Decision
		want     string // "" when it can be
		by       int64
	}{
		{"nothing", battle.Decision{}, nil, "nothing is decided", 0},
		{"everything apart", all, nil, "no killmail would be left", 0},
		{"a merge with nothing", battle.Decision{Merge: true, Kills: []battle.KillCorrection{
			{Verb: battle.Exclude, Kill: 11}, {Verb: battle.Exclude, Kill: 12}, {Verb: battle.Exclude, Kill: 13}, {Verb: battle.Exclude, Kill: 14}, {Verb: battle.Exclude, Kill: 15},
		}}, nil, "cannot be merged", 0},
		{"a verb that is none", k("glue", 1, 2), nil, "unknown verb", 0},
		{"with itself", k(battle.Together, 1, 1), nil, "itself", 0},
		{"twice in one", both(k(battle.Together, 1, 2), k(battle.Together, 2, 1)), nil, "together already", 0},
		{"twice", k(battle.Exclude, 1, 0), []battle.Decision{k(battle.Exclude, 2, 0), k(battle.Exclude, 1, 0)}, "excluded already", 2},
		{"together and apart", both(k(battle.Together, 1, 2), k(battle.Apart, 2, 1)), nil, "together and apart", 0},
		{"apart over three", k(battle.Apart, 1, 3), []battle.Decision{both(k(battle.Together, 1, 2), k(battle.Together, 2, 3))}, "together and apart", 1},
		{"apart over several", k(battle.Apart, 1, 3), []battle.Decision{k(battle.Together, 1, 2), k(battle.Move, 2, 3)}, "together and apart", 2},
		{"excluded and then moved", k(battle.Move, 1, 2), []battle.Decision{k(battle.Exclude, 1, 0)}, "1 is excluded", 1},
		{"excluded and then the goal", k(battle.Move, 2, 1), []battle.Decision{k(battle.Exclude, 1, 0)}, "1 is excluded", 1},
		{"moved and then excluded", k(battle.Exclude, 1, 0), []battle.Decision{k(battle.Move, 1, 2)}, "put together", 1},
		{"moved twice", k(battle.Move, 1, 3), []battle.Decision{k(battle.Move, 1, 2)}, "moved elsewhere", 1},
		{"moved there and back", k(battle.Move, 2, 1), []battle.Decision{k(battle.Move, 1, 2)}, "", 0},
		{"split and merged again", k(battle.Together, 1, 5), []battle.Decision{split}, "together and apart", 1},
		{"a split of a part", k(battle.Apart, 1, 2), []battle.Decision{split}, "together and apart", 1},
		{"another split of the rest", both(k(battle.Apart, 3, 0), k(battle.Apart, 4, 0)), []battle.Decision{k(battle.Apart, 1, 5)}, "", 0},
		{"a split through a merge", k(battle.Apart, 1, 11), []battle.Decision{merge}, "together and apart", 1},
		{"out of a merge", k(battle.Exclude, 1, 0), []battle.Decision{merge}, "", 0},
		{"out of a split", k(battle.Exclude, 1, 0), []battle.Decision{split}, "", 0},
		{"sides together and apart", e(battle.Apart, 1, 2), []battle.Decision{e(battle.Together, 2, 1)}, "together and apart", 1},
		{"sides again", e(battle.Exclude, 1, 0), []battle.Decision{e(battle.Exclude, 1, 0)}, "excluded already", 1},
		{"sides moved twice", e(battle.Move, 1, 3), []battle.Decision{e(battle.Move, 1, 2)}, "moved elsewhere", 1},
		{"sides of others", e(battle.Move, 1, 3), []battle.Decision{e(battle.Move, 2, 3)}, "", 0},
	} {
		var standing []battle.Standing
		for i, d := range c.standing {
			standing = append(standing, battle.Standing{ID: int64(i + 1), Decision: d, Rules: d.Rules(ground)})
		}
		r := c.d.Check(ground, standing)
		switch {
		case r == nil && c.want != "":
			t.Errorf("%s: was accepted", c.name)
		case r != nil && c.want == "":
			t.Errorf("%s: refused: %v", c.name, r)
		case r != nil && (!strings.Contains(r.Error(), c.want) || r.Standing != c.by):
			t.Errorf("%s: got %q because of %d, want %q because of %d", c.name, r, r.Standing, c.want, c.by)
		}
	}
}

// TestSidesOfAnotherBattleDoNotClash leaves a correction out that holds on to killmails
// of a battle that is not this one any more.
func TestSidesOfAnotherBattleDoNotClash(t *testing.T) {
	t.Parallel()
	there, here := battle.Ground{Kills: numbers(20, 30)}, battle.Ground{Kills: numbers(1, 10)}
	d := battle.Decision{Entities: []battle.EntityCorrection{{Verb: battle.Exclude, Entity: alliance(1)}}}
	standing := []battle.Standing{{ID: 1, Decision: d, Rules: d.Rules(there)}}
	if r := d.Check(here, standing); r != nil {
		t.Errorf("refused: %v", r)
	}
	if r := d.Check(there, standing); r == nil {
		t.Error("the same correction was accepted twice")
	}
}
