package battle

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
)

// systems returns the systems of the kills, those with most kills first.
func (f *former) systems(kills []int32) []int64 {
	type count struct {
		id int64
		n  int
	}
	var counts []count
	for _, k := range kills {
		id := f.t.kills[k].SystemID
		i := slices.IndexFunc(counts, func(c count) bool { return c.id == id })
		if i < 0 {
			i = len(counts)
			counts = append(counts, count{id: id})
		}
		counts[i].n++
	}
	slices.SortFunc(counts, func(a, b count) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.id, b.id)) })
	out := make([]int64, len(counts))
	for i := range counts {
		out[i] = counts[i].id
	}
	return out
}

// sideOfRow returns the index of the side a row stands on, the last for Unassigned.
func (f *former) sideOfRow(row int32, unassigned int) int {
	if e := f.rows[row]; e != none {
		if c := f.side[f.sider.nodeOf[e]]; c != none {
			return int(c)
		}
	}
	return unassigned
}

// sideName is what a side is called.
func (f *former) sideName(side int) string {
	if f.names != nil {
		return f.names[side]
	}
	return letter(side)
}

// report fills everything but the kind.
func (f *former) report(b *Battle, kills []int32) {
	sides := len(f.names)
	for _, c := range f.side {
		sides = max(sides, int(c)+1)
	}
	// The last side takes whoever is on none and is dropped again if it stays empty.
	b.Sides = make([]Side, sides+1)
	for i := range sides {
		b.Sides[i].ID = f.sideName(i)
		b.Sides[i].ThirdParty = f.thirdParty(int32(i))
	}
	b.Sides[sides].ID = Unassigned

	f.members(b, kills)
	b.Kills = make([]Kill, len(kills))
	f.shots = zeroed(f.shots, sides+1)
	for i, k := range kills {
		b.Kills[i] = Kill{Mail: f.t.kills[k], Side: b.Sides[f.sideOfRow(f.t.first[k], sides)].ID}
		f.loss(b, k, sides, f.shots)
	}
	if f.g != nil {
		f.evidence(b, kills)
	}
	f.pilots(b, kills, sides)
	f.hullTable(b, kills)
	if last := &b.Sides[sides]; len(last.Members) == 0 && last.ShipsLost+last.CapsulesLost+last.StructuresLost == 0 &&
		!slices.ContainsFunc(b.Kills, func(k Kill) bool { return k.Side == Unassigned }) {
		b.Sides = b.Sides[:sides]
	}
}

// thirdParty reports whether a side after the second fought both of the larger ones.
func (f *former) thirdParty(side int32) bool {
	if side < 2 {
		return false
	}
	s := &f.sider
	var with [2]float64
	total := 0.0
	for v := range s.n {
		if f.side[v] != side {
			continue
		}
		for u := range s.n {
			h := s.hostile[v*s.n+u]
			total += h
			if c := f.side[u]; c == 0 || c == 1 {
				with[c] += h
			}
		}
	}
	return total > 0 && min(with[0], with[1]) >= f.p.Sides.ThirdParty*total
}

// evidence names for every kill why it was linked, unless that kill went to another
// group at a cut.
func (f *former) evidence(b *Battle, kills []int32) {
	for _, k := range kills {
		f.inBattle[k] = kills[0]
	}
	for i, k := range kills {
		if l := f.g.links[k]; l.rule != ruleNone && f.inBattle[l.with] == kills[0] {
			b.Kills[i].Link = Evidence{Rule: ruleNames[l.rule], With: f.t.kills[l.with].ID, Pilots: int(l.pilots)}
		}
	}
}

// shot sums what the attackers of one side did to one victim.
type shot struct {
	rows   int64
	damage int64
	final  bool
}

// loss books one killmail on the battle, the victim's side and the attackers' sides.
func (f *former) loss(b *Battle, k int32, unassigned int, shots []shot) {
	mail := f.t.kills[k]
	first := f.t.first[k]
	hull := f.victimType(k)
	own := f.sideOfRow(first, unassigned)
	victim := &b.Sides[own]
	switch {
	case hull.counted:
		b.ShipsLost++
		victim.ShipsLost++
	case hull.class == eve.ClassCapsule:
		b.CapsulesLost++
		victim.CapsulesLost++
	case hull.structure:
		b.StructuresLost++
		victim.StructuresLost++
	}
	victim.DamageTaken += mail.Victim.DamageTaken
	value := eve.ISK(0)
	if mail.Value.Known() {
		value = mail.Value.ISK
		b.ISKDestroyed += value
		victim.ISKLost += value
		if mail.Value.Estimated() {
			b.ISKEstimated += value
		}
	} else {
		b.UnknownValues++
	}

	clear(shots)
	for j := range mail.Attackers {
		row := first + 1 + int32(j)
		if f.rows[row] == none {
			continue
		}
		s := &shots[f.sideOfRow(row, unassigned)]
		s.rows++
		s.damage += mail.Attackers[j].DamageDone
		s.final = s.final || mail.Attackers[j].FinalBlow
	}
	if own != unassigned {
		shots[own] = shot{} // friendly fire earns nothing
	}
	for i := range shots {
		if shots[i].rows > 0 {
			b.Sides[i].Kills++
			if hull.structure {
				b.Sides[i].StructureDamage += shots[i].damage
			} else {
				b.Sides[i].DamageDone += shots[i].damage
			}
			if shots[i].final {
				b.Sides[i].FinalBlows++
			}
		}
	}
	credit(b.Sides, shots, value)
}

// credit shares the value of a loss among the sides that shot the victim, in
// proportion to their damage (to their attackers where nobody did any), exact to the
// cent: what rounding leaves goes to the side with the largest part.
func credit(sides []Side, shots []shot, value eve.ISK) {
	var damage, rows int64
	for _, s := range shots {
		damage += s.damage
		rows += s.rows
	}
	if value <= 0 || rows == 0 {
		return
	}
	part := func(s shot) int64 {
		if damage > 0 {
			return s.damage
		}
		return s.rows
	}
	total := damage
	if total == 0 {
		total = rows
	}
	left, largest := value, 0
	for i, s := range shots {
		hi, lo := bits.Mul64(uint64(value), uint64(part(s)))
		share, _ := bits.Div64(hi, lo, uint64(total))
		sides[i].ISKDestroyed += eve.ISK(share)
		left -= eve.ISK(share)
		if part(s) > part(shots[largest]) {
			largest = i
		}
	}
	sides[largest].ISKDestroyed += left
}
