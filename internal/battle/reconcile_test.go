package battle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// group makes a battle of kills with these ids, one a minute in the order of the ids.
func group(ids ...int64) battle.Battle {
	b := battle.Battle{Profile: battle.ProfileLinked, Version: battle.ParamsVersion}
	for _, id := range ids {
		at := epoch.Add(time.Duration(id) * time.Minute)
		b.Kills = append(b.Kills, battle.Kill{Mail: &killmail.Killmail{ID: id, Time: at}})
	}
	return b
}

func known(id int64, kills ...int64) battle.Known {
	return battle.Known{ID: id, KillmailIDs: kills, Profile: battle.ProfileLinked, Version: battle.ParamsVersion}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	older := known(1, 1, 2)
	older.Version--
	tests := []struct {
		name string
		old  []battle.Known
		now  []battle.Battle
		want battle.Plan
	}{
		{"a first battle", nil, []battle.Battle{group(1, 2)},
			battle.Plan{Named: []battle.Named{{ID: 101, Reason: battle.ReasonCreated, Added: 2}}}},
		{"nothing new", []battle.Known{known(1, 1, 2)}, []battle.Battle{group(1, 2)},
			battle.Plan{Named: []battle.Named{{ID: 1, Reason: battle.ReasonUnchanged}}}},
		{"it goes on", []battle.Known{known(1, 1, 2)}, []battle.Battle{group(1, 2, 3)},
			battle.Plan{Named: []battle.Named{{ID: 1, Reason: battle.ReasonGrew, Added: 1}}}},
		{"a late kill", []battle.Known{known(1, 1, 3)}, []battle.Battle{group(1, 2, 3)},
			battle.Plan{Named: []battle.Named{{ID: 1, Reason: battle.ReasonLateKill, Added: 1}}}},
		{"a merge keeps the larger", []battle.Known{known(1, 1, 2), known(2, 3, 4, 5)}, []battle.Battle{group(1, 2, 3, 4, 5, 6)},
			battle.Plan{
				Named:   []battle.Named{{ID: 2, Reason: battle.ReasonMerge, Added: 3, Merged: []int64{1}}},
				Removed: []battle.Removal{{ID: 1, RedirectTo: 2, Reason: battle.ReasonMerge}},
			}},
		{"of equals the lowest id", []battle.Known{known(2, 3, 4), known(1, 1, 2)}, []battle.Battle{group(1, 2, 3, 4)},
			battle.Plan{
				Named:   []battle.Named{{ID: 1, Reason: battle.ReasonMerge, Added: 2, Merged: []int64{2}}},
				Removed: []battle.Removal{{ID: 2, RedirectTo: 1, Reason: battle.ReasonMerge}},
			}},
		{"a split: the larger part keeps it", []battle.Known{known(1, 1, 2, 3, 4, 5)}, []battle.Battle{group(1, 2), group(3, 4, 5)},
			battle.Plan{Named: []battle.Named{
				{ID: 101, Reason: battle.ReasonSplit, Added: 2}, {ID: 1, Reason: battle.ReasonSplit, Dropped: 2},
			}}},
		{"a kill leaves", []battle.Known{known(1, 1, 2, 3)}, []battle.Battle{group(1, 2)},
			battle.Plan{Named: []battle.Named{{ID: 1, Reason: battle.ReasonShrank, Dropped: 1}}}},
		{"it dissolves", []battle.Known{known(1, 1, 2)}, nil,
			battle.Plan{Named: []battle.Named{}, Removed: []battle.Removal{{ID: 1, Reason: battle.ReasonDissolved}}}},
		{"other parameters", []battle.Known{older}, []battle.Battle{group(1, 2)},
			battle.Plan{Named: []battle.Named{{ID: 1, Reason: battle.ReasonParameters}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			next := int64(100)
			got := battle.Reconcile(tt.old, tt.now, func() int64 { next++; return next })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}
