package sim_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/test/sim"
)

// TestEngineFindsTheLabels holds labels and battle engine against each other: a
// simulation whose truth no rule could find would be no truth.
func TestEngineFindsTheLabels(t *testing.T) {
	t.Parallel()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	kindOf := map[int64]sim.Kind{}
	truth, guess := map[int64]string{}, map[int64]int{}
	set := sim.Day(5, 6000)
	for _, k := range set.Kills {
		kindOf[k.Mail.ID] = k.Fight.Kind
		if k.Label() != "" {
			truth[k.Mail.ID] = k.Label()
		}
	}
	for i, group := range battle.Link(set.Mails(), world, battle.Linked()) {
		for _, k := range group {
			guess[k.ID] = i
		}
	}
	type cell struct {
		label string
		group int
	}
	labels, groups, both := map[string]float64{}, map[int]float64{}, map[cell]float64{}
	for id, label := range truth {
		labels[label]++
		groups[guess[id]]++
		both[cell{label, guess[id]}]++
	}
	kills, found := map[sim.Kind]float64{}, map[sim.Kind]float64{}
	all := 0.0
	for id, label := range truth {
		n := both[cell{label, guess[id]}]
		f1 := 2 * n / (labels[label] + groups[guess[id]])
		kills[kindOf[id]]++
		found[kindOf[id]] += f1
		all += f1 / float64(len(truth))
	}
	for _, kind := range sim.Kinds() {
		t.Logf("%-10s %5.0f kills  F1 %.3f", kind, kills[kind], found[kind]/max(1, kills[kind]))
	}
	if all < 0.95 {
		t.Errorf("the engine finds the labels with F1 %.3f, want at least 0.95", all)
	}
}
