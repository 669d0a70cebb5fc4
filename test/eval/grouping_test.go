// Package eval_test measures the battle engine on simulated evenings of New Eden of
// which the truth is known, against the rules of the tools before it.
package eval_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

const runs = 8 // seeds per scenario

// evenings are the scenarios: each fills a simulation.
var evenings = []struct {
	name string
	make func(s *simulation)
}{
	{"fleet fight with strangers around", func(s *simulation) {
		s.fight("fleet", 0, 50*time.Minute, system, s.gang(1, 60), s.gang(2, 60), 130, 25)
		for range 15 {
			s.kill("", s.between(0, 50*time.Minute), system, s.gang(0, 1)[0], s.gang(0, 2))
		}
	}},
	{"capital fight of 14 hours with lulls of an hour", func(s *simulation) {
		one, two := s.gang(1, 120), s.gang(2, 120)
		for wave := range 7 {
			s.fight("siege", time.Duration(wave)*2*time.Hour, time.Hour, system, one, two, 40, 40)
		}
	}},
	{"small gang, 25 minutes", func(s *simulation) {
		s.fight("gang", 0, 25*time.Minute, system, s.gang(1, 6), s.gang(2, 6), 6, 6)
	}},
	{"three gank crews in one hub", func(s *simulation) {
		for crew := range 3 {
			pilots := s.gang(int64(crew+1), 8)
			for i := range 12 {
				at := time.Duration(i)*9*time.Minute + s.between(0, 2*time.Minute)
				s.kill(fmt.Sprint("crew", crew), at, system, s.gang(0, 1)[0], s.some(pilots, 6))
			}
		}
	}},
	{"running fight over three gates", func(s *simulation) {
		one, two := s.gang(1, 12), s.gang(2, 12)
		for leg := range 3 {
			s.fight("run", time.Duration(leg)*10*time.Minute, 7*time.Minute, system+int64(leg), one, two, 8, 8)
		}
	}},
	{"60 unrelated duels", func(s *simulation) {
		for i := range 60 {
			s.kill(fmt.Sprint("duel", i), s.between(0, 3*time.Hour), system, s.gang(int64(2*i+1), 1)[0], s.gang(int64(2*i+2), 1))
		}
	}},
	{"two fights, same place and hour", func(s *simulation) {
		s.fight("one", 0, 40*time.Minute, system, s.gang(1, 15), s.gang(2, 15), 30, 10)
		s.fight("two", 5*time.Minute, 40*time.Minute, system, s.gang(3, 15), s.gang(4, 15), 30, 10)
	}},
	{"two fights, same sides, three hours apart", func(s *simulation) {
		one, two := s.gang(1, 30), s.gang(2, 30)
		s.fight("early", 0, 30*time.Minute, system, one, two, 30, 15)
		s.fight("late", 210*time.Minute, 30*time.Minute, system, one, two, 30, 15)
	}},
	{"militia evening, 40 skirmishes of 12 alliances", func(s *simulation) {
		for i := range 40 {
			a := 1 + s.r.Int64N(6)
			s.fight(fmt.Sprint("plex", i), s.between(0, 4*time.Hour), 6*time.Minute, system, s.gang(a, 4), s.gang(a+6, 4), 4, 4)
		}
	}},
	{"gankers and victims of NPC corporations", func(s *simulation) {
		for crew := range 2 {
			pilots := s.gang(0, 6)
			for i := range 10 {
				s.kill(fmt.Sprint("crew", crew), time.Duration(i)*8*time.Minute+s.between(0, time.Minute), system, s.gang(0, 1)[0], s.some(pilots, 5))
			}
		}
	}},
	{"two fleet fights in adjacent systems", func(s *simulation) {
		s.fight("here", 0, 40*time.Minute, system, s.gang(1, 40), s.gang(2, 40), 60, 20)
		s.fight("there", 0, 40*time.Minute, system+1, s.gang(3, 40), s.gang(4, 40), 60, 20)
	}},
	{"slow start, then escalation", func(s *simulation) {
		one, two := s.gang(1, 40), s.gang(2, 40)
		s.fight("war", 0, 24*time.Minute, system, one[:5], two[:5], 4, 4)
		s.fight("war", 30*time.Minute, 40*time.Minute, system, one, two, 80, 20)
	}},
}

// rules are the engine and what it is measured against, from kill to group.
var rules = []struct {
	name  string
	group func(kills []*killmail.Killmail) map[int64]int
}{
	{"linked", func(kills []*killmail.Killmail) map[int64]int { return engine(kills, battle.Linked()) }},
	{"classic", func(kills []*killmail.Killmail) map[int64]int { return engine(kills, battle.Classic()) }},
	{"30 min gap", func(kills []*killmail.Killmail) map[int64]int { return gap(kills, 30*time.Minute) }},
}

func engine(kills []*killmail.Killmail, p battle.Params) map[int64]int {
	out := make(map[int64]int, len(kills))
	for i, g := range battle.Link(kills, space{}, p) {
		for _, k := range g {
			out[k.ID] = i
		}
	}
	return out
}

// gap is the plainest rule: kills of one system without a longer pause are one fight.
func gap(kills []*killmail.Killmail, pause time.Duration) map[int64]int {
	kills = slices.Clone(kills)
	slices.SortStableFunc(kills, func(a, b *killmail.Killmail) int { return a.Time.Compare(b.Time) })
	last, current, out := map[int64]time.Time{}, map[int64]int{}, map[int64]int{}
	for i, k := range kills {
		if at, ok := last[k.SystemID]; !ok || k.Time.Sub(at) > pause {
			current[k.SystemID] = i
		}
		last[k.SystemID] = k.Time
		out[k.ID] = current[k.SystemID]
	}
	return out
}

// bCubed returns the B-cubed F1 over the labelled kills.
func bCubed(truth map[int64]string, guess map[int64]int) float64 {
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
	precision, recall := 0.0, 0.0
	for c, n := range both {
		precision += n * n / groups[c.group]
		recall += n * n / labels[c.label]
	}
	n := float64(len(truth))
	precision, recall = precision/n, recall/n
	return 2 * precision * recall / (precision + recall)
}

func TestGroupingOfSimulatedEvenings(t *testing.T) {
	t.Parallel()
	mean := make([]float64, len(rules))
	for _, evening := range evenings {
		score := make([]float64, len(rules))
		for seed := range uint64(runs) {
			s := newSimulation(seed)
			evening.make(s)
			for i, rule := range rules {
				score[i] += bCubed(s.truth, rule.group(s.kills)) / runs
			}
		}
		line := ""
		for i := range rules {
			mean[i] += score[i] / float64(len(evenings))
			line += fmt.Sprintf("  %s %.3f", rules[i].name, score[i])
			if i > 0 && score[0] < score[i]-0.02 {
				t.Errorf("%s: linked has %.3f, behind %s with %.3f", evening.name, score[0], rules[i].name, score[i])
			}
		}
		t.Logf("%-50s%s", evening.name, line)
	}
	t.Logf("mean %.4f", mean)
	if mean[0] < 0.985 {
		t.Errorf("mean B-cubed F1 is %.4f, want at least 0.985", mean[0])
	}
}
