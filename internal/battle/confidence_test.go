package battle_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// brawl makes rounds in which alliances 1 and 2 each fight alliance 3 on mails of their
// own, and alliance 4 fights 1 and 3. Every so many rounds, 0 for none, 2 hits 1. In the
// last rounds, shared of them, 1 and 2 shoot together.
func brawl(rounds, accidents, shared int) []*killmail.Killmail {
	var kills []*killmail.Killmail
	add := func(victim killmail.Party, attackers ...killmail.Party) {
		kills = append(kills, kill(int64(len(kills)+1), len(kills)*10, nullsec, victim, attackers...))
	}
	for n := range rounds {
		pilot := func(alliance int64) killmail.Party { return pilotOf(alliance, int64(n)) }
		add(pilot(3), pilotOf(1, 0), pilotOf(1, 1))
		add(pilot(1), pilotOf(3, 0), pilotOf(3, 1))
		add(pilot(3), pilotOf(2, 0), pilotOf(2, 1))
		add(pilot(2), pilotOf(3, 0), pilotOf(3, 1))
		add(pilot(3), pilotOf(4, 0))
		add(pilot(1), pilotOf(4, 0))
		if accidents > 0 && n%accidents == 0 {
			add(pilot(1), pilotOf(2, 0))
		}
		if n >= rounds-shared {
			add(pilot(3), pilotOf(1, 0), pilotOf(2, 0))
		}
	}
	return kills
}

// Alliance 4 never shot alliance 2, and would be the next best side for it.
func TestConfidence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		kills     []*killmail.Killmail
		low, high float64 // of alliance 2
	}{
		{"everything speaks for its side", fight(6, []int64{1, 2}, []int64{3}), 1, 1},
		{"only common enemies put it there", brawl(20, 0, 0), 0.8, 0.8},
		{"common enemies, and accidents", brawl(40, 20, 0), 0.8, 0.8},
		{"common enemies and some common kills", brawl(20, 0, 4), 0.95, 1},
		{"more common kills than accidents", brawl(40, 20, 12), 0.95, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			side, got := map[int64]string{}, -1.0
			for _, s := range one(t, tt.kills).Sides {
				for _, m := range s.Members {
					side[m.Entity.ID-99_000_000] = s.ID
					if m.Entity.ID == 99_000_002 {
						got = m.Confidence
					}
				}
			}
			if side[1] != side[2] || side[1] == side[3] || side[1] == side[4] {
				t.Fatalf("sides are %v, want 1 and 2 on one of their own", side)
			}
			if got < tt.low || got > tt.high {
				t.Errorf("confidence of alliance 2 is %.3f, want %.2f to %.2f", got, tt.low, tt.high)
			}
		})
	}
}

// Fire on the own side makes a member less sure of it, however many enemies they share.
func TestConfidenceFallsWithFireOnTheOwnSide(t *testing.T) {
	t.Parallel()
	before := 2.0
	for _, accidents := range []int{0, 20, 14} {
		for _, s := range one(t, brawl(40, accidents, 2)).Sides {
			for _, m := range s.Members {
				if m.Entity.ID != 99_000_002 {
					continue
				}
				if m.Confidence > before {
					t.Errorf("confidence is %.3f with an accident every %d rounds, %.3f with fewer", m.Confidence, accidents, before)
				}
				before = m.Confidence
			}
		}
	}
	if before == 2 {
		t.Fatal("alliance 2 is on no side")
	}
}

// Where any fire on the own side takes an entity off it, the one without is as sure as ever.
func TestConfidenceWithoutPatience(t *testing.T) {
	t.Parallel()
	p := battle.Linked()
	p.Sides.Betrayal = 0
	for _, s := range form(t, brawl(20, 0, 0), p)[0].Sides {
		for _, m := range s.Members {
			if m.Entity.ID == 99_000_002 && m.Confidence != 0.8 {
				t.Errorf("confidence of alliance 2 is %g, want 0.8", m.Confidence)
			}
		}
	}
}
