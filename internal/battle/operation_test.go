package battle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/battle"
)

// outline makes a battle of ten minutes with one crew of side A.
func outline(id int64, minute int, system int64, pilots ...int64) battle.Outline {
	start := epoch.Add(time.Duration(minute) * time.Minute)
	o := battle.Outline{ID: id, Start: start, End: start.Add(10 * time.Minute), SystemIDs: []int64{system}}
	for _, p := range pilots {
		o.Add("A", p)
	}
	return o
}

func TestOperations(t *testing.T) {
	t.Parallel()
	first := outline(1, 0, nullsec, 1, 2, 3, 4)
	tests := []struct {
		name   string
		second battle.Outline
		want   bool
	}{
		{"the same crew", outline(2, 40, nullsec+3, 1, 2, 3, 4), true},
		{"half of both", outline(2, 40, nullsec, 1, 2, 3, 5, 6), true},
		{"too few in common", outline(2, 40, nullsec, 1, 2, 5, 6), false},
		{"an hour later", outline(2, 70, nullsec, 1, 2, 3, 4), true},
		{"too late", outline(2, 71, nullsec, 1, 2, 3, 4), false},
		{"at the same time", outline(2, 5, nullsec, 1, 2, 3, 4), true},
		{"ten jumps", outline(2, 40, nullsec+10, 1, 2, 3, 4), true},
		{"eleven jumps", outline(2, 40, nullsec+11, 1, 2, 3, 4), false},
		{"in J-space", outline(2, 40, jspace, 1, 2, 3, 4), true},
		{"a crew of two", outline(2, 40, nullsec, 1, 2), false},
	}
	for _, tt := range tests {
		got := battle.Operations([]battle.Outline{tt.second, first}, testWorld{}, battle.DefaultOperations())
		if (len(got) == 1) != tt.want {
			t.Errorf("%s: got %+v, want an operation: %v", tt.name, got, tt.want)
		}
	}
}

func TestOperationFollowsTheChain(t *testing.T) {
	t.Parallel()
	got := battle.Operations([]battle.Outline{
		outline(3, 100, nullsec, 3, 4, 5, 6), outline(1, 0, nullsec, 1, 2, 3, 4), outline(2, 50, nullsec, 2, 3, 4, 5),
		outline(9, 50, nullsec, 70, 71, 72),
	}, testWorld{}, battle.DefaultOperations())
	want := []battle.Operation{{Pilots: 6, Battles: []battle.OperationBattle{
		{ID: 1, Side: "A"}, {ID: 2, Side: "A", With: 1, Shared: 3, Share: 0.6}, {ID: 3, Side: "A", With: 2, Shared: 3, Share: 0.6},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

func TestOperationsAreDeterminedByTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var outlines []battle.Outline
		for i, b := range form(t, drawHistory(t), battle.Linked()) {
			outlines = append(outlines, b.Outline(int64(i+1)))
		}
		if len(outlines) == 0 {
			return
		}
		mixed := rapid.Permutation(outlines).Draw(t, "order")
		p := battle.DefaultOperations()
		p.Overlap = 0.1
		if diff := cmp.Diff(battle.Operations(outlines, testWorld{}, p), battle.Operations(mixed, testWorld{}, p)); diff != "" {
			t.Fatalf("operations depend on the order (-want +got):\n%s", diff)
		}
	})
}
