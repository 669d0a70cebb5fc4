package eval

import (
	"fmt"
	"strings"
	"time"
)

// How often every simulation is repeated, with other random numbers.
const (
	eveningSeeds = 8
	lineUpSeeds  = 12
)

// row is one line of the table: a figure per rule, "" where a rule has none.
type row struct {
	name   string
	cells  []string
	real   bool      // measured on real killmails
	values []float64 // of a scenario, NaN-free: -1 where a rule has none
}

func newRow(name string) row {
	r := row{name: name, cells: make([]string, len(rules)), values: make([]float64, len(rules))}
	for i := range r.values {
		r.values[i] = -1
	}
	return r
}

func (r *row) set(i int, value float64, format string) {
	r.cells[i], r.values[i] = fmt.Sprintf(format, value), value
}

// groupingRows measures the grouping of the simulated evenings.
func groupingRows() (scenarios, means []row) {
	sums := make([]grouping, len(rules))
	n := float64(len(evenings))
	for _, evening := range evenings {
		r := newRow(evening.name)
		for i := range rules {
			if rules[i].group == nil {
				continue
			}
			var g grouping
			for seed := range uint64(eveningSeeds) {
				s := newSimulation(seed)
				evening.make(s)
				g = g.plus(compareGroups(s.truth, rules[i].group(space{}, s.kills)), eveningSeeds)
			}
			r.set(i, g.f1, "%.3f")
			sums[i] = sums[i].plus(g, n)
		}
		scenarios = append(scenarios, r)
	}
	for _, m := range []struct {
		name string
		of   func(g grouping) float64
	}{
		{"**mean B³-F1**", func(g grouping) float64 { return g.f1 }},
		{"mean B³ precision", func(g grouping) float64 { return g.precision }},
		{"mean B³ recall", func(g grouping) float64 { return g.recall }},
		{"mean F1 over pairs of kills", func(g grouping) float64 { return g.pairs }},
	} {
		r := newRow(m.name)
		for i := range rules {
			if rules[i].group != nil {
				r.set(i, m.of(sums[i]), "%.3f")
			}
		}
		means = append(means, r)
	}
	return scenarios, means
}

// plus adds a part of n equal ones.
func (g grouping) plus(o grouping, n float64) grouping {
	return grouping{g.precision + o.precision/n, g.recall + o.recall/n, g.f1 + o.f1/n, g.pairs + o.pairs/n}
}

// sideRows measures the sides of the simulated line-ups, whose kills are known to be
// one battle.
func sideRows() (scenarios, means []row) {
	mean, shooting := make([]float64, len(rules)), make([]fire, len(rules))
	for _, lineUp := range lineUps {
		r := newRow(lineUp.name)
		for i := range rules {
			if rules[i].sides == nil {
				continue
			}
			score := 0.0
			for seed := range uint64(lineUpSeeds) {
				s := newSimulation(seed)
				truth := map[int64]string{}
				for side, pilots := range lineUp.make(s) {
					for p := range pilots {
						truth[entityOf(&pilots[p])] = string(rune('A' + side))
					}
				}
				guess := rules[i].sides(space{}, s.kills)
				score += adjustedRand(truth, guess) / lineUpSeeds
				shooting[i].add(s.kills, sideOf(guess))
			}
			r.set(i, score, "%.3f")
			mean[i] += score / float64(len(lineUps))
		}
		scenarios = append(scenarios, r)
	}
	ari, inside, kept := newRow("**mean ARI**"), newRow("in-side fire"), newRow("co-attacks kept")
	for i := range rules {
		if rules[i].sides != nil {
			ari.set(i, mean[i], "%.3f")
			inside.set(i, 100*shooting[i].insideShare(), "%.2f %%")
			kept.set(i, 100*shooting[i].keptShare(), "%.1f %%")
		}
	}
	return scenarios, []row{ari, inside, kept}
}

// stabilitySeeds is less than the others: every kill is a recomputation.
const stabilitySeeds = 2

// stabilityRows measures names under late kills, and how soon a fight shows.
func stabilityRows() []row {
	broken, moved := newRow("late kills that break a link"), newRow("late kills that redirect a link")
	delay, never := newRow("fight shown after its 2nd kill, median / p95"), newRow("fights never shown")
	for i := range rules {
		r := &rules[i]
		if r.group == nil {
			continue
		}
		var c churn
		var shown []time.Duration
		missed := 0
		for _, evening := range evenings {
			for seed := range uint64(stabilitySeeds) {
				s := newSimulation(seed)
				evening.make(s)
				if r.names == byFirstKill || r.names == byReconcile {
					one := brokenNames(r, s)
					c = churn{c.late + one.late, c.broken + one.broken, c.moved + one.moved}
				}
				if !r.manual {
					some, none := delays(r, s)
					shown, missed = append(shown, some...), missed+none
				}
			}
		}
		switch r.names {
		case byNothing:
			broken.cells[i], moved.cells[i] = "all", "–"
		case byPlace:
			broken.cells[i], moved.cells[i] = "0.0 %", "0.0 %"
		default:
			broken.set(i, 100*float64(c.broken)/float64(c.late), "%.1f %%")
			moved.set(i, 100*float64(c.moved)/float64(c.late), "%.1f %%")
		}
		if r.manual {
			delay.cells[i], never.cells[i] = "on demand", "–"
			continue
		}
		sortDurations(shown)
		delay.cells[i] = minutes(shown[len(shown)/2]) + " / " + minutes(shown[len(shown)*95/100])
		never.set(i, 100*float64(missed)/float64(missed+len(shown)), "%.1f %%")
	}
	return []row{broken, moved, delay, never}
}

func minutes(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.1f", d.Minutes()), "0"), ".") + " min"
}
