package battle_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// lossAt makes a loss at a second.
func lossAt(id int64, second int, side string, class eve.HullClass, millions int64) battle.Loss {
	return battle.Loss{
		ID: id, At: epoch.Add(time.Duration(second) * time.Second), Side: side, Class: class,
		Value: killmail.Value{ISK: eve.ISK(millions) * 1e8, Source: killmail.ValueZkb},
	}
}

// steady makes n losses of both sides in turn, so many seconds apart.
func steady(losses []battle.Loss, from, n, every int) []battle.Loss {
	for i := range n {
		losses = append(losses, lossAt(int64(len(losses)+1), from+i*every, []string{"A", "B"}[i%2], eve.ClassCruiser, 10))
	}
	return losses
}

func TestPhases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		losses []battle.Loss
		rules  []string // a part of each
	}{
		{"none", nil, nil},
		{"one loss", steady(nil, 0, 1, 1), []string{"first loss"}},
		{"steady", steady(nil, 0, 60, 30), []string{"first loss"}},
		{"a lull", steady(steady(nil, 0, 20, 30), 1200, 20, 30), []string{"first loss", "lull of 10 minutes"}},
		{"a short lull in a long battle", steady(steady(nil, 0, 200, 60), 12_000+5*60, 200, 60), []string{"first loss"}},
		{"escalation", steady(steady(nil, 0, 10, 60), 600, 100, 6), []string{"first loss", "from 1.0 to"}},
		{"slightly faster", steady(steady(nil, 0, 10, 60), 600, 20, 40), []string{"first loss"}},
	}
	for _, tt := range tests {
		got := battle.Phases(tt.losses, battle.DefaultCourse())
		if len(got) != len(tt.rules) {
			t.Errorf("%s: %d phases, want %d: %+v", tt.name, len(got), len(tt.rules), got)
			continue
		}
		kills := 0
		for i, p := range got {
			kills += p.Kills
			if !strings.Contains(p.Rule, tt.rules[i]) {
				t.Errorf("%s: phase %d begins because %q, want %q", tt.name, i+1, p.Rule, tt.rules[i])
			}
		}
		if kills != len(tt.losses) {
			t.Errorf("%s: the phases have %d kills, want %d", tt.name, kills, len(tt.losses))
		}
	}
}

func TestTurningPoints(t *testing.T) {
	t.Parallel()
	losses := []battle.Loss{
		lossAt(1, 0, "A", eve.ClassCruiser, 100), // B leads
		lossAt(2, 60, "B", eve.ClassLogistics, 10),
		lossAt(3, 80, "B", eve.ClassLogistics, 10),
		lossAt(4, 100, "B", eve.ClassForceAuxiliary, 2000), // A leads
		lossAt(5, 170, "B", eve.ClassLogisticsFrigate, 10),
		lossAt(6, 400, "B", eve.ClassLogistics, 10), // too late
		lossAt(7, 500, battle.Unassigned, eve.ClassStructure, 500),
		lossAt(8, 600, "B", eve.ClassDreadnought, 100), // not its first
	}
	type short struct {
		Kind battle.MomentKind
		Side string
		ID   int64
		Text string
	}
	var got []short
	for _, m := range battle.TurningPoints(losses, battle.DefaultCourse()) {
		got = append(got, short{m.Kind, m.Side, m.KillID, m.Text})
	}
	// A's first cruiser is 4 % of all ISK, too little for a lead of B.
	want := []short{
		{battle.LogisticsLost, "B", 2, "side B lost 4 logistics in 2 minutes"},
		{battle.FirstCapital, "B", 4, "side B lost its first capital"},
		{battle.StructureLost, battle.Unassigned, 7, "side unassigned lost a structure"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("turning points (-want +got):\n%s", diff)
	}
}

func TestLeadAndBlows(t *testing.T) {
	t.Parallel()
	losses := steady(nil, 0, 2, 10)
	losses = append(losses, lossAt(50, 30, "A", eve.ClassBattleship, 500))
	for i := range 12 {
		losses = append(losses, lossAt(int64(60+i), 600+5*i, "B", eve.ClassCruiser, 100))
	}
	got := battle.TurningPoints(losses, battle.DefaultCourse())
	if len(got) != 2 || got[0].Kind != battle.HeavyBlow || got[0].Ships != 12 || got[1].Kind != battle.LeadChange || got[1].Side != "A" {
		t.Errorf("got %+v, want a heavy blow of 12 ships of B, then A taking the lead", got)
	}
}

func TestCourseIsDeterminedByTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, b := range form(t, drawHistory(t), drawParams(t)) {
			losses := b.Losses(testWorld{})
			mixed := rapid.Permutation(losses).Draw(t, "order")
			p := battle.DefaultCourse()
			if diff := cmp.Diff(battle.Phases(losses, p), battle.Phases(mixed, p)); diff != "" {
				t.Fatalf("phases depend on the order:\n%s", diff)
			}
			if diff := cmp.Diff(battle.TurningPoints(losses, p), battle.TurningPoints(mixed, p)); diff != "" {
				t.Fatalf("turning points depend on the order:\n%s", diff)
			}
			if diff := cmp.Diff(battle.TopLosses(losses, 3), battle.TopLosses(mixed, 3)); diff != "" {
				t.Fatalf("top losses depend on the order:\n%s", diff)
			}
		}
	})
}

func TestTopsAndCapitals(t *testing.T) {
	t.Parallel()
	unknown := lossAt(9, 0, "A", eve.ClassTitan, 9)
	unknown.Value = killmail.Value{}
	top := battle.TopLosses([]battle.Loss{lossAt(1, 0, "A", "", 5), lossAt(2, 0, "A", "", 7), unknown, lossAt(3, 0, "B", "", 7)}, 2)
	if len(top) != 2 || top[0].ID != 2 || top[1].ID != 3 {
		t.Errorf("top losses %+v, want 2 and 3", top)
	}
	best := battle.MostFinalBlows([]battle.Pilot{{CharacterID: 1, FinalBlows: 1}, {CharacterID: 2}, {CharacterID: 3, FinalBlows: 1, Kills: 5}}, 5)
	if len(best) != 2 || best[0].CharacterID != 3 {
		t.Errorf("final blows %+v, want pilots 3 and 1", best)
	}
	class := func(id int64) eve.HullClass {
		return map[int64]eve.HullClass{1: eve.ClassTitan, 2: eve.ClassCruiser}[id]
	}
	if got := battle.Capitals([]battle.Hull{{ShipTypeID: 1}, {ShipTypeID: 2}}, class); len(got) != 1 || got[0].Class != eve.ClassTitan {
		t.Errorf("capitals %+v, want the titan", got)
	}
}
