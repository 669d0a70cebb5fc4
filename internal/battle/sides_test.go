package battle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// fight makes a fight between groups of alliances, given as sides of alliance
// numbers: round by round every side loses a pilot to the next one, in the way that
// all alliances of the shooting side are on the mail.
func fight(rounds int, sides ...[]int64) []*killmail.Killmail {
	var kills []*killmail.Killmail
	for round := range rounds {
		for i, losing := range sides {
			shooting := sides[(i+1)%len(sides)]
			var attackers []killmail.Party
			for _, alliance := range shooting {
				for n := range int64(2) {
					attackers = append(attackers, pilotOf(alliance, n))
				}
			}
			victim := pilotOf(losing[round%len(losing)], int64(round))
			kills = append(kills, kill(int64(len(kills)+1), len(kills)*20, nullsec, victim, attackers...))
		}
	}
	return kills
}

// sidesOf lists the entities of every side.
func sidesOf(b battle.Battle) map[string][]int64 {
	out := map[string][]int64{}
	for _, s := range b.Sides {
		for _, m := range s.Members {
			out[s.ID] = append(out[s.ID], m.Entity.ID-99_000_000)
		}
	}
	return out
}

func one(t *testing.T, kills []*killmail.Killmail) battle.Battle {
	t.Helper()
	battles := form(t, kills, battle.Linked())
	if len(battles) != 1 {
		t.Fatalf("got %d battles, want 1", len(battles))
	}
	return battles[0]
}

func TestSides(t *testing.T) {
	t.Parallel()
	whore := fight(6, []int64{1, 2}, []int64{3})
	// Two of alliance 2 shoot an ally once.
	whore = append(whore, kill(100, 400, nullsec, pilotOf(1, 7), pilotOf(3, 0), pilotOf(2, 0)))
	stomp := []*killmail.Killmail{}
	for n := range int64(6) {
		stomp = append(stomp, kill(n+1, int(n)*10, nullsec, pilotOf(5+n%3, n), pilotOf(1, 0), pilotOf(2, 0), pilotOf(1, 1)))
	}
	tests := []struct {
		name  string
		kills []*killmail.Killmail
		want  map[string][]int64
	}{
		{"two against two", fight(6, []int64{1, 2}, []int64{3, 4}), map[string][]int64{"A": {1, 2}, "B": {3, 4}}},
		{"three parties", fight(8, []int64{1}, []int64{2}, []int64{3}), map[string][]int64{"A": {1}, "B": {2}, "C": {3}}},
		{"blue on blue", whore, map[string][]int64{"A": {1, 2}, "B": {3}}},
		{"victims that never shoot stand together", stomp, map[string][]int64{"A": {5, 6, 7}, "B": {1, 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := sidesOf(one(t, tt.kills))
			for _, members := range got {
				sortIDs(members)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("sides (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAllianceThatShootsItselfIsTakenApart(t *testing.T) {
	t.Parallel()
	var kills []*killmail.Killmail
	for n := range int64(6) { // corporations 0 and 1 of alliance 1 fight each other
		victim, shooter := pilotOf(1, n%2), pilotOf(1, 1-n%2)
		kills = append(kills, kill(n+1, int(n)*20, nullsec, victim, shooter, pilotOf(1, 4-n%2)))
	}
	b := one(t, kills)
	if len(b.Sides) != 2 {
		t.Fatalf("got %d sides, want 2: %+v", len(b.Sides), b.Sides)
	}
	for _, s := range b.Sides {
		for _, m := range s.Members {
			if m.Entity.Type != eve.Corporation {
				t.Errorf("side %s holds %+v, want corporations", s.ID, m.Entity)
			}
		}
	}
}

func TestSideEvidence(t *testing.T) {
	t.Parallel()
	b := one(t, fight(5, []int64{1, 2}, []int64{3}))
	m := b.Sides[0].Members[0]
	want := battle.Member{
		Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_001}, Pilots: m.Pilots, ShipsLost: 3, Kills: 5,
		ISKLost: eve.FromFloat(60e6), DamageDone: m.DamageDone, Confidence: 1,
		TogetherWith: battle.Evidence{Rule: "together", With: 99_000_002, Together: 5},
		Against:      battle.Evidence{Rule: "against", With: 99_000_003, Against: 8},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("member (-want +got):\n%s", diff)
	}
}

func TestManyUnconnectedAttackers(t *testing.T) {
	t.Parallel()
	// A padded mail: thousands of pilots without corporation on one victim.
	var attackers []killmail.Party
	for n := range int64(5000) {
		attackers = append(attackers, pilotOf(0, n))
	}
	b := one(t, []*killmail.Killmail{
		kill(1, 0, jspace, pilotOf(1, 1), attackers...), kill(2, 60, jspace, pilotOf(1, 2), attackers[:3]...),
	})
	if len(b.Sides) != 2 || b.Sides[0].Pilots != 5000 || b.Sides[1].Pilots != 2 {
		t.Fatalf("got %d sides with %d and %d pilots, want 5000 against 2", len(b.Sides), b.Sides[0].Pilots, b.Sides[1].Pilots)
	}
}

func TestISKIsCreditedOnceByDamage(t *testing.T) {
	t.Parallel()
	kills := fight(9, []int64{1}, []int64{2}, []int64{3})
	last := kill(1000, 600, nullsec, pilotOf(1, 50), pilotOf(2, 0), pilotOf(3, 0), pilotOf(1, 0))
	last.Value.ISK = 1001
	last.Attackers[0].DamageDone, last.Attackers[1].DamageDone, last.Attackers[2].DamageDone = 300, 100, 9999
	before, after := one(t, kills), one(t, append(kills, last))
	destroyed := func(b battle.Battle, alliance int64) eve.ISK {
		for _, s := range b.Sides {
			if s.Members[0].Entity.ID == 99_000_000+alliance {
				return s.ISKDestroyed
			}
		}
		t.Fatalf("alliance %d has no side", alliance)
		return 0
	}
	for alliance, want := range map[int64]eve.ISK{1: 0, 2: 751, 3: 250} {
		if got := destroyed(after, alliance) - destroyed(before, alliance); got != want {
			t.Errorf("alliance %d is credited with %d, want %d", alliance, got, want)
		}
	}
}

func TestThirdParty(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, s := range one(t, fight(8, []int64{1}, []int64{2}, []int64{3})).Sides {
		got[s.ID] = s.ThirdParty
	}
	want := map[string]bool{"A": false, "B": false, "C": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("third parties (-want +got):\n%s", diff)
	}
}

func TestBystandersKilledLaterAreNoAllies(t *testing.T) {
	t.Parallel()
	// 1 and 2 fight; ten minutes later 1 shoots pilots of 5, who never fought.
	kills := fight(5, []int64{1}, []int64{2})
	for n := range int64(4) {
		kills = append(kills, kill(50+n, 700+int(n)*30, nullsec, pilotOf(5, n), pilotOf(1, 0), pilotOf(1, 1)))
	}
	b := one(t, kills)
	if one, other := sideOf(&b, 99_000_002), sideOf(&b, 99_000_005); one == other {
		t.Errorf("the fighters and the bystanders both stand on side %s", one)
	}
}
