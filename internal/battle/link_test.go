package battle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

const minute = 60

func TestLink(t *testing.T) {
	t.Parallel()
	// Alliances 1 and 2 fight; 3 is somebody else.
	a, b, c := func(n int64) killmail.Party { return pilotOf(1, n) },
		func(n int64) killmail.Party { return pilotOf(2, n) },
		func(n int64) killmail.Party { return pilotOf(3, n) }
	crew := func(of func(int64) killmail.Party, from, to int64) []killmail.Party {
		var out []killmail.Party
		for n := from; n <= to; n++ {
			out = append(out, of(n))
		}
		return out
	}
	tests := []struct {
		name  string
		kills []*killmail.Killmail
		want  [][]int64
	}{
		{"a crew goes on", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 9*minute, lowsec, c(1), a(1)),
		}, [][]int64{{1, 2}}},
		{"one attacker after a break", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 12*minute, lowsec, c(1), a(1)),
		}, [][]int64{{1}, {2}}},
		{"two attackers after the same break", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1), a(2)), kill(2, 12*minute, lowsec, c(1), a(1), a(2)),
		}, [][]int64{{1, 2}}},
		{"an attacker that stays", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, minute, lowsec, b(2), a(1)),
			kill(3, 2*minute, lowsec, b(3), a(1)), kill(4, 16*minute, lowsec, c(1), a(1)),
		}, [][]int64{{1, 2, 3, 4}}},
		{"the attacker dies", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 7*minute, lowsec, a(1), c(1), c(2), c(3), c(4), c(5), c(6)),
		}, [][]int64{{1, 2}}},
		{"the same victim, other people", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 5*minute, lowsec, b(1), c(1)),
		}, [][]int64{{1}, {2}}},
		{"one of many attackers was elsewhere", []*killmail.Killmail{
			kill(1, 0, lowsec, c(1), a(1)), kill(2, 5*minute, lowsec, b(1), crew(a, 1, 9)...),
		}, [][]int64{{1}, {2}}},
		{"two fights, same place and time", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 1, lowsec, c(2), c(3)),
			kill(3, 2, lowsec, b(2), a(1)), kill(4, 3, lowsec, c(4), c(3)),
		}, [][]int64{{1, 3}, {2, 4}}},
		{"the same sides resume", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1), a(2)), kill(2, minute, lowsec, a(3), b(1)),
			kill(3, 40*minute, lowsec, b(1), a(1), a(2), a(4)),
		}, [][]int64{{1, 2, 3}}},
		{"fleets after an hour", []*killmail.Killmail{
			kill(1, 0, nullsec, b(1), crew(a, 1, 12)...), kill(2, 65*minute, nullsec, b(1), crew(a, 3, 14)...),
		}, [][]int64{{1, 2}}},
		{"gangs after an hour", []*killmail.Killmail{
			kill(1, 0, nullsec, b(1), crew(a, 1, 4)...), kill(2, 65*minute, nullsec, b(1), crew(a, 1, 4)...),
		}, [][]int64{{1}, {2}}},
		{"the same crew, another enemy", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1), a(2)), kill(2, 40*minute, lowsec, c(1), a(1), a(2)),
		}, [][]int64{{1}, {2}}},
		{"fleets that exchange losses", []*killmail.Killmail{
			kill(1, 0, nullsec, b(99), crew(a, 1, 14)...), kill(2, minute, nullsec, a(99), crew(b, 1, 14)...),
		}, [][]int64{{1, 2}}},
		{"the same in the abyss, by place", []*killmail.Killmail{
			kill(1, 0, abyss, b(99), crew(a, 1, 14)...), kill(2, minute, abyss, a(99), crew(b, 1, 14)...),
		}, [][]int64{{1}, {2}}},
		{"a running fight through a gate", []*killmail.Killmail{
			kill(1, 0, nullsec, b(1), crew(a, 1, 5)...), kill(2, 8*minute, nullsec+1, b(2), crew(a, 1, 4)...),
		}, [][]int64{{1, 2}}},
		{"two gates away", []*killmail.Killmail{
			kill(1, 0, nullsec, b(1), a(1), a(2), a(3)), kill(2, 8*minute, nullsec+2, b(2), a(1), a(2), a(4), a(5)),
		}, [][]int64{{1}, {2}}},
		{"through a wormhole", []*killmail.Killmail{
			kill(1, 0, jspace, b(1), crew(a, 1, 5)...), kill(2, 8*minute, jspace+7, b(2), crew(a, 1, 4)...),
		}, [][]int64{{1, 2}}},
		{"a crew hunts on through a gate", []*killmail.Killmail{
			kill(1, 0, nullsec, b(1), crew(a, 1, 5)...), kill(2, 4*minute, nullsec+1, c(2), crew(a, 1, 5)...),
		}, [][]int64{{1, 2}}},
		{"capsule of another killer", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 9*minute, lowsec, in(b(1), pod), c(5)),
		}, [][]int64{{1, 2}}},
		{"capsule and ship in one second, capsule first", []*killmail.Killmail{
			kill(1, 0, lowsec, in(b(1), pod), c(5)), kill(2, 0, lowsec, b(1), a(1)),
		}, [][]int64{{1, 2}}},
		{"capsule too late", []*killmail.Killmail{
			kill(1, 0, lowsec, b(1), a(1)), kill(2, 11*minute, lowsec, in(b(1), pod), c(5)),
		}, [][]int64{{1}, {2}}},
		{"ganker and rookie ship lost to CONCORD", []*killmail.Killmail{
			kill(1, 0, highsec, b(1), a(1), a(2)), kill(2, 20, highsec, a(1), concord),
			kill(3, 5*minute, highsec, in(a(1), corvette), concord),
		}, [][]int64{{1, 2, 3}}},
		{"NPC losses link nothing", []*killmail.Killmail{
			kill(1, 0, highsec, a(1), concord), kill(2, minute, highsec, a(1), concord), kill(3, 2*minute, highsec, b(1), a(1)),
		}, [][]int64{{1}, {2}, {3}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got [][]int64
			for _, g := range battle.Link(tt.kills, testWorld{}, battle.Linked()) {
				got = append(got, ids(g))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClassic(t *testing.T) {
	t.Parallel()
	a, b := pilotOf(1, 1), pilotOf(2, 1)
	kills := []*killmail.Killmail{
		kill(1, 0, lowsec, b, a), kill(2, 14*minute, lowsec, b, a), kill(3, 28*minute, lowsec, b, a),
		kill(4, 32*minute, lowsec, b, a),                         // beyond the window of 30 minutes
		kill(5, 33*minute, lowsec+1, b, a),                       // elsewhere
		kill(6, 48*minute, lowsec, b, a),                         // after a gap of 16 minutes
		kill(7, 49*minute, lowsec, a, a),                         // shares the attacker
		kill(8, 50*minute, lowsec, pilotOf(3, 1), pilotOf(3, 2)), // nobody shared
	}
	var got [][]int64
	for _, g := range battle.Link(kills, testWorld{}, battle.Classic()) {
		got = append(got, ids(g))
	}
	want := [][]int64{{1, 2, 3}, {4}, {5}, {6, 7}, {8}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestLinkEvidence(t *testing.T) {
	t.Parallel()
	battles := form(t, []*killmail.Killmail{
		kill(1, 0, highsec, pilotOf(2, 1), pilotOf(1, 1), pilotOf(1, 2)),
		kill(2, 30, highsec, in(pilotOf(2, 1), pod), pilotOf(1, 2)),
		kill(3, 60, highsec, pilotOf(2, 2), pilotOf(1, 1), pilotOf(1, 2)),
		kill(4, 90, highsec, pilotOf(1, 1), concord),
	}, battle.Linked())
	if len(battles) != 1 {
		t.Fatalf("got %d battles, want 1", len(battles))
	}
	var got []battle.Evidence
	for _, k := range battles[0].Kills {
		got = append(got, k.Link)
	}
	want := []battle.Evidence{
		{}, {Rule: "pod", With: 1, Pilots: 1}, {Rule: "crew", With: 2, Pilots: 2}, {Rule: "environment", With: 3, Pilots: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}
