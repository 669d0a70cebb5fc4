package eval

import (
	"cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// grouping is how well groups of kills agree with labels.
type grouping struct {
	precision, recall, f1 float64 // B-cubed
	pairs                 float64 // F1 over pairs of kills
}

// compareGroups scores a partition of the labelled kills. B-cubed is the mean, over
// kills, of the share of its group that has its label (precision) and of its label
// that is in its group (recall): Bagga and Baldwin 1998; it alone meets the four
// constraints of Amigó and others 2009.
func compareGroups(truth map[int64]string, guess map[int64]int) grouping {
	type cell struct {
		label string
		group int
	}
	labels, groups, both := map[string]int{}, map[int]int{}, map[cell]int{}
	for id, label := range truth {
		labels[label]++
		groups[guess[id]]++
		both[cell{label, guess[id]}]++
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	// Sums of whole numbers, so that the order of the maps does not show.
	precision, recall := map[int]int{}, map[int]int{}
	common, grouped, labelled := 0, 0, 0
	for c, n := range both {
		precision[groups[c.group]] += n * n
		recall[labels[c.label]] += n * n
		common += pairs(n)
	}
	for _, n := range groups {
		grouped += pairs(n)
	}
	for _, n := range labels {
		labelled += pairs(n)
	}
	g := grouping{precision: weighted(precision, len(truth)), recall: weighted(recall, len(truth)), pairs: 1}
	g.f1 = harmonic(g.precision, g.recall)
	if grouped+labelled > 0 {
		g.pairs = 2 * float64(common) / float64(grouped+labelled)
	}
	return g
}

// weighted sums values over their keys and divides by n, in the order of the keys.
func weighted(sums map[int]int, n int) float64 {
	total := 0.0
	for _, k := range sortedKeys(sums) {
		total += float64(sums[k]) / float64(k)
	}
	return total / float64(max(n, 1))
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}

// adjustedRand compares two partitions of the same things: 1 when equal, 0 by chance
// (Hubert and Arabie 1985). What the guess leaves out stands by itself.
func adjustedRand(truth, guess map[int64]string) float64 {
	type cell struct{ a, b string }
	both, as, bs := map[cell]int{}, map[string]int{}, map[string]int{}
	index, sumA, sumB := 0, 0, 0
	for id, a := range truth {
		as[a]++
		b, ok := guess[id]
		if !ok {
			continue
		}
		both[cell{a, b}]++
		bs[b]++
	}
	pairs := func(n int) int { return n * (n - 1) / 2 }
	for _, n := range both {
		index += pairs(n)
	}
	for _, n := range as {
		sumA += pairs(n)
	}
	for _, n := range bs {
		sumB += pairs(n)
	}
	expected := float64(sumA) * float64(sumB) / float64(max(pairs(len(truth)), 1))
	if most := float64(sumA+sumB) / 2; most != expected {
		return (float64(index) - expected) / (most - expected)
	}
	return 1
}

// entityOf returns who a party fights for: its alliance, else its player corporation,
// else the pilot; 0 for NPCs.
func entityOf(p *killmail.Party) int64 {
	if p.CharacterID != 0 && !p.IsPlayer() {
		return 0
	}
	if p.AllianceID != 0 || eve.IsPlayerCorporation(p.CorporationID) {
		return cmp.Or(p.AllianceID, p.CorporationID)
	}
	return p.CharacterID
}

// fire is how sides agree with the shooting. Read both together: one side for all
// keeps all co-attacks.
type fire struct {
	inside, rows   float64 // player attacker rows on the victim's side, own entity apart; all
	kept, possible float64 // pairs of attacker rows on one side, per kill weighted by rows; all
}

// add counts the kills of one battle. side tells where a party stands, "" on no side.
func (f *fire) add(kills []*killmail.Killmail, side func(*killmail.Party) string) {
	for _, k := range kills {
		victim := side(&k.Victim.Party)
		count := map[string]int{}
		n, pairs := 0, 0
		for i := range k.Attackers {
			a := &k.Attackers[i].Party
			if !a.IsPlayer() {
				continue
			}
			f.rows++
			s := side(a)
			if s == "" {
				continue
			}
			count[s]++
			n++
			if s == victim && cmp.Or(a.AllianceID, a.CorporationID) != cmp.Or(k.Victim.AllianceID, k.Victim.CorporationID) {
				f.inside++
			}
		}
		for _, c := range count {
			pairs += c * (c - 1)
		}
		if n > 1 {
			f.kept += float64(pairs) / 2 / float64(n)
			f.possible += float64(n-1) / 2
		}
	}
}

func (f *fire) insideShare() float64 { return f.inside / max(f.rows, 1) }

func (f *fire) keptShare() float64 { return f.kept / max(f.possible, 1e-9) }
