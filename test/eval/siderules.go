package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// majority gives each entity the side most of its members have; ties go to the
// first side.
func majority(votes map[int64]map[string]int) map[int64]string {
	out := make(map[int64]string, len(votes))
	for e, count := range votes {
		best := ""
		for _, s := range sortedKeys(count) {
			if best == "" || count[s] > count[best] {
				best = s
			}
		}
		out[e] = best
	}
	return out
}

func vote(votes map[int64]map[string]int, entity int64, side string) {
	if entity == 0 {
		return
	}
	if votes[entity] == nil {
		votes[entity] = map[string]int{}
	}
	votes[entity][side]++
}

// pair is two ids, the smaller first.
type pair [2]int64

func pairOf(a, b int64) pair { return pair{min(a, b), max(a, b)} }

// hateTeams is zKillboard's two teams: only shooting counts, and the pilots of the
// largest alliances are placed first.
func hateTeams(_ battle.World, kills []*killmail.Killmail) map[int64]string {
	hate := map[pair]float64{}
	pilots, size := map[int64]killmail.Party{}, map[int64]int{}
	var order []int64 // of appearance
	affiliation := func(p killmail.Party) int64 { return cmp.Or(p.AllianceID, p.CorporationID) }
	meet := func(p *killmail.Party) {
		id := cmp.Or(p.CharacterID, p.CorporationID)
		if _, known := pilots[id]; !known && id != 0 {
			pilots[id] = *p
			order = append(order, id)
			size[affiliation(*p)]++
		}
	}
	ids := func(p killmail.Party) [3]int64 { return [3]int64{p.CharacterID, p.CorporationID, p.AllianceID} }
	for _, k := range kills {
		meet(&k.Victim.Party)
		for i := range k.Attackers {
			meet(&k.Attackers[i].Party)
			for _, v := range ids(k.Victim.Party) {
				for _, a := range ids(k.Attackers[i].Party) {
					if v != 0 && a != 0 && v != a {
						hate[pairOf(v, a)] += 5
					}
				}
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int64) int {
		return cmp.Compare(size[affiliation(pilots[b])], size[affiliation(pilots[a])])
	})
	var teams [2]map[int64]killmail.Party // by affiliation: its latest member
	teams[0], teams[1] = map[int64]killmail.Party{}, map[int64]killmail.Party{}
	votes := map[int64]map[string]int{}
	for _, id := range order {
		p := pilots[id]
		var feeling [2]float64
		for t := range teams {
			for _, other := range teams[t] {
				for _, a := range ids(p) {
					for _, b := range ids(other) {
						switch {
						case a == 0 || b == 0:
						case a == b:
							feeling[t] -= 50
						default:
							feeling[t] += hate[pairOf(a, b)]
						}
					}
				}
			}
		}
		team := 0
		if feeling[0] > feeling[1] {
			team = 1
		}
		teams[team][affiliation(p)] = p
		vote(votes, entityOf(&p), string(rune('A'+team)))
	}
	return majority(votes)
}

// twoColours is EVE-KILL's: corporations in two colours along the strongest edges.
func twoColours(_ battle.World, kills []*killmail.Killmail) map[int64]string {
	weight, alliance := map[pair]float64{}, map[int64]*killmail.Party{}
	for _, k := range kills {
		total := int64(0)
		for i := range k.Attackers {
			total += k.Attackers[i].DamageDone
		}
		alliance[k.Victim.CorporationID] = &k.Victim.Party
		for i := range k.Attackers {
			a := &k.Attackers[i]
			if !a.IsPlayer() {
				continue
			}
			alliance[a.CorporationID] = &a.Party
			if a.CorporationID != k.Victim.CorporationID && float64(a.DamageDone) >= 0.05*float64(total) && total > 0 {
				weight[pairOf(a.CorporationID, k.Victim.CorporationID)] += math.Log10(max(k.Value.ISK.Float(), 10_000))
			}
		}
	}
	edges := make([]pair, 0, len(weight))
	for e := range weight {
		edges = append(edges, e)
	}
	slices.SortFunc(edges, func(a, b pair) int {
		return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	// An edge colours its ends differently unless stronger ones have settled both: parts
	// that are coloured apart are turned to fit.
	part, other := map[int64]int64{}, map[int64]bool{} // first corporation of the part; in its second colour
	for _, e := range edges {
		for _, c := range e {
			if _, known := part[c]; !known {
				part[c] = c
			}
		}
		one, two := part[e[0]], part[e[1]]
		if one == two {
			continue
		}
		turn := other[e[0]] == other[e[1]]
		for c, p := range part {
			if p == two {
				part[c], other[c] = one, other[c] != turn
			}
		}
	}
	votes := map[int64]map[string]int{}
	for c := range part {
		vote(votes, entityOf(alliance[c]), map[bool]string{false: "A", true: "B"}[other[c]])
	}
	return majority(votes)
}

// present lists the attacking entities of a kill once each, with their damage.
func present(k *killmail.Killmail) (entities []int64, damage map[int64]float64, total float64) {
	damage = map[int64]float64{}
	for i := range k.Attackers {
		e := entityOf(&k.Attackers[i].Party)
		if e == 0 {
			continue
		}
		if _, known := damage[e]; !known {
			entities = append(entities, e)
		}
		damage[e] += float64(k.Attackers[i].DamageDone)
		total += float64(k.Attackers[i].DamageDone)
	}
	return entities, damage, total
}

// twoPoles is br.evetools': the busiest entity and its main enemy, the others by them.
func twoPoles(_ battle.World, kills []*killmail.Killmail) map[int64]string {
	impact := map[int64]int{}
	on := map[[2]int64]int{} // kills on which the first shot the second
	for _, k := range kills {
		v := entityOf(&k.Victim.Party)
		entities, _, _ := present(k)
		impact[v]++
		for _, e := range entities {
			impact[e]++
			if e != v {
				on[[2]int64{e, v}]++
			}
		}
	}
	delete(impact, 0)
	all := sortedKeys(impact)
	if len(all) == 0 {
		return nil
	}
	// most returns the entity for which count is largest; 0 when it is 0 for all.
	most := func(count func(e int64) int) int64 {
		best, n := int64(0), 0
		for _, e := range all {
			if c := count(e); c > n {
				best, n = e, c
			}
		}
		return best
	}
	one := most(func(e int64) int { return impact[e] })
	two := most(func(e int64) int { return on[[2]int64{one, e}] })
	if two == 0 {
		two = most(func(e int64) int { return on[[2]int64{e, one}] })
	}
	out := map[int64]string{one: "A", two: "B"}
	delete(out, 0)
	for _, e := range all {
		if e == one || e == two {
			continue
		}
		a, b := on[[2]int64{one, e}], on[[2]int64{two, e}]
		if a == 0 && b == 0 {
			a, b = on[[2]int64{e, one}], on[[2]int64{e, two}]
		}
		if a >= b && a > 0 {
			out[e] = "B"
		} else {
			out[e] = "A"
		}
	}
	return out
}

// agglomerate is WarBeacon's: teams that are not hostile merge by what they have in common.
func agglomerate(_ battle.World, kills []*killmail.Killmail) map[int64]string {
	number := map[int64]int{}
	var ids []int64
	node := func(e int64) int {
		i, known := number[e]
		if !known {
			i = len(ids)
			number[e] = i
			ids = append(ids, e)
		}
		return i
	}
	for _, k := range kills {
		for i := range k.Attackers {
			if e := entityOf(&k.Attackers[i].Party); e != 0 {
				node(e)
			}
		}
		if e := entityOf(&k.Victim.Party); e != 0 {
			node(e)
		}
	}
	n := len(ids)
	square := func() []float64 { return make([]float64, n*n) }
	hurt, shared := square(), square() // from row to column; symmetric
	out, in := make([]float64, n), make([]float64, n)
	total := 0.0
	for _, k := range kills {
		isk := max(k.Value.ISK.Float(), 1)
		total += isk
		entities, damage, sum := present(k)
		v := entityOf(&k.Victim.Party)
		for i, a := range entities {
			x := node(a)
			if v != 0 && v != a {
				value := max(damage[a]/max(sum, 1), 0.001) * isk
				hurt[x*n+node(v)] += value
				out[x] += value
				in[node(v)] += value
			}
			for _, b := range entities[i+1:] {
				if a != v && b != v {
					closeness := isk / (1 + math.Abs(math.Log((damage[a]+1)/(damage[b]+1))))
					shared[x*n+node(b)] += closeness
					shared[node(b)*n+x] += closeness
				}
			}
		}
	}
	hostile, liking := make([]bool, n*n), square()
	for a := range n {
		for b := range n {
			mutual := hurt[a*n+b] + hurt[b*n+a]
			hostile[a*n+b] = mutual >= 0.001*total && (mutual >= 0.1*(out[a]+in[a]) || mutual >= 0.1*(out[b]+in[b]))
			liking[a*n+b] = 2 * shared[a*n+b]
			for z := range n {
				liking[a*n+b] += 2*min(hurt[z*n+a], hurt[z*n+b]) + min(hurt[a*n+z], hurt[b*n+z])
			}
		}
	}
	team := make([]int, n) // dead teams are empty
	for i := range team {
		team[i] = i
	}
	for {
		from, to, best := 0, 0, 0.0
		for a := range n {
			for b := a + 1; b < n; b++ {
				if team[a] != a || team[b] != b || hostile[a*n+b] {
					continue
				}
				if liking[a*n+b] > best {
					from, to, best = b, a, liking[a*n+b]
				}
			}
		}
		if from == to {
			break
		}
		for i := range team {
			if team[i] == from {
				team[i] = to
			}
		}
		for z := range n { // the teams' sums; one hostile pair forbids
			liking[to*n+z] += liking[from*n+z]
			liking[z*n+to] = liking[to*n+z]
			hostile[to*n+z] = hostile[to*n+z] || hostile[from*n+z]
			hostile[z*n+to] = hostile[to*n+z]
		}
	}
	sides := make(map[int64]string, n)
	for i, e := range ids {
		sides[e] = fmt.Sprint(team[i])
	}
	return sides
}
