package battle

import (
	"cmp"
	"math"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
)

// members fills the entities of every side with their figures and evidence, the
// largest first.
func (f *former) members(b *Battle, kills []int32) {
	s := &f.sider
	f.all = zeroed(f.all, len(s.nodes))
	all := f.all
	f.counted = zeroed(f.counted, len(s.nodes))
	f.sumFire()
	for v := range all {
		all[v].Entity = f.entity(int32(v))
		f.judge(&all[v], int32(v))
	}
	for _, k := range kills {
		f.countMember(all, k)
	}
	f.forgetPilots()
	unassigned := len(b.Sides) - 1
	on := func(v int) int {
		if c := f.side[v]; c != none {
			return int(c)
		}
		return unassigned
	}
	// All members lie in one array, side by side.
	sorted := make([]Member, 0, len(all))
	for side := range b.Sides {
		from := len(sorted)
		for v := range all {
			if on(v) == side && (f.absent == nil || !f.absent[v]) {
				sorted = append(sorted, all[v])
				b.Sides[side].Pilots += all[v].Pilots
			}
		}
		b.Sides[side].Members = sorted[from:len(sorted):len(sorted)]
		b.PilotCount += b.Sides[side].Pilots
	}
	for i := range b.Sides {
		side := &b.Sides[i]
		slices.SortFunc(side.Members, func(a, b Member) int {
			return cmp.Or(cmp.Compare(b.Pilots, a.Pilots), cmp.Compare(a.Entity.ID, b.Entity.ID))
		})
		if side.ID == Unassigned {
			continue
		}
		side.Confidence = meanConfidence(side.Members)
	}
}

// meanConfidence is the confidence of the members, each with the weight of its pilots
// and at least of one, because a structure's owner may have none there.
func meanConfidence(members []Member) float64 {
	sum, weight := 0.0, 0
	for i := range members {
		w := max(members[i].Pilots, 1)
		sum += float64(w) * members[i].Confidence
		weight += w
	}
	if weight == 0 {
		return 0
	}
	return sum / float64(weight)
}

// countMember adds one killmail to the figures of the entities on it.
func (f *former) countMember(all []Member, k int32) {
	t, s := f.t, &f.sider
	mail, first := t.kills[k], t.first[k]
	victimSide := none
	if e := f.rows[first]; e != none {
		v := s.nodeOf[e]
		victimSide = f.side[v]
		m := &all[v]
		if f.victimType(k).counted {
			m.ShipsLost++
		}
		if mail.Value.Known() {
			m.ISKLost += mail.Value.ISK
		}
		f.countPilot(m, t.pilot[first])
	}
	s.present = s.present[:0]
	for j := range mail.Attackers {
		row := first + 1 + int32(j)
		e := f.rows[row]
		if e == none {
			continue
		}
		v := s.nodeOf[e]
		m := &all[v]
		m.DamageDone += mail.Attackers[j].DamageDone
		if f.counted[v] == 0 {
			f.counted[v] = 1
			s.present = append(s.present, v)
			m.Kills++
		}
		if victimSide != none && f.side[v] == victimSide && (t.pilot[row] == none || t.pilot[row] != t.pilot[first]) {
			m.FriendlyFire++
		}
		f.countPilot(m, t.pilot[row])
	}
	for _, v := range s.present {
		f.counted[v] = 0
	}
}

// countPilot counts a pilot once, for the entity it is first seen with.
func (f *former) countPilot(m *Member, pilot int32) {
	if pilot != none && f.pilotAt[pilot] == none {
		f.pilotAt[pilot] = 0
		f.touched = append(f.touched, pilot)
		m.Pilots++
	}
}

// entity names the entity of a node.
func (f *former) entity(v int32) eve.Entity {
	id := f.t.entities.keys[f.sider.nodes[v]]
	p := f.party(f.killOf[v], f.rowOf[v])
	switch id {
	case p.AllianceID:
		return eve.Entity{Type: eve.Alliance, ID: id}
	case p.CorporationID:
		return eve.Entity{Type: eve.Corporation, ID: id}
	}
	return eve.Entity{Type: eve.Character, ID: id}
}

// sumFire sums for judge what the sides shot at each other.
func (f *former) sumFire() {
	s, sides := &f.sider, 0
	for _, c := range f.side {
		sides = max(sides, int(c)+1)
	}
	f.fire = zeroed(f.fire, sides*sides)
	f.fit, f.shot = zeroed(f.fit, sides), zeroed(f.shot, sides)
	for v := range s.n {
		for u, h := range s.hostile[v*s.n : (v+1)*s.n] {
			if a, b := f.side[v], f.side[u]; h != 0 && a != none && b != none {
				f.fire[int(a)*sides+int(b)] += h
			}
		}
	}
}

// judge fills confidence and the strongest evidence of node v. The confidence is the
// margin of the own side over the best other side.
func (f *former) judge(m *Member, v int32) {
	s := &f.sider
	own := f.side[v]
	if own == none || int(v) >= s.n {
		return
	}
	clear(f.fit)
	clear(f.shot)
	total, ally, enemy := 0.0, none, none
	for u := range int32(s.n) {
		i, c := int(v)*s.n+int(u), f.side[u]
		if u == v || c == none {
			continue
		}
		f.fit[c] += s.weight[i]
		f.shot[c] += s.hostile[i]
		total += s.together[i] + s.hostile[i]
		if c == own {
			if s.together[i] > 0 && (ally == none || s.together[i] > s.together[int(v)*s.n+int(ally)]) {
				ally = u
			}
		} else if s.hostile[i] > 0 && (enemy == none || s.hostile[i] > s.hostile[int(v)*s.n+int(enemy)]) {
			enemy = u
		}
	}
	switch {
	case s.bound != nil && s.bound.held[v]:
		m.Confidence = 1 // a person decided
	case total > 0:
		m.Confidence = f.confidence(own)
	}
	m.TogetherWith = f.witness("together", v, ally)
	m.Against = f.witness("against", v, enemy)
}

// Confidences for want of better evidence.
const (
	undecided   = 0.5 // nothing puts the member on its side, or on another
	enemiesOnly = 0.8 // at most: only its enemies do, and another side never shot it
)

// confidence is the margin by which side own fits the judged node better than any other.
func (f *former) confidence(own int32) float64 {
	direct, other := f.fit[own], f.bestOther(own)
	sure := margin(direct+f.sider.p.Lambda*f.commonEnemies(own), other)
	if direct <= 0 && other >= 0 {
		return min(sure, enemiesOnly)
	}
	return sure
}

// commonEnemies is how much of the judged node's fire was on enemies of its own side own:
// what holds those together who hardly ever shoot together (mergeCommonEnemies). It counts
// the less, the nearer their fire on each other comes to what takes an entity off its side
// (Betrayal). For other sides it says nothing: had they been with the node, the search for
// sides would have joined them.
func (f *former) commonEnemies(own int32) float64 {
	common, total := 0.0, 0.0
	for z, shot := range f.shot {
		total += shot
		if z != int(own) {
			common += max(0, min(shot, f.fire[int(own)*len(f.shot)+z]-shot)) // the fire without its own
		}
	}
	if f.shot[own] == 0 {
		return common
	}
	return common * max(0, 1-f.shot[own]/(f.sider.p.Betrayal*total))
}

// bestOther is the fit of the best side but the own one; of nobody, where there is none.
func (f *former) bestOther(own int32) float64 {
	other, found := 0.0, false
	for c, fit := range f.fit {
		if int32(c) != own && (!found || fit > other) {
			other, found = fit, true
		}
	}
	if !found {
		return min(0, f.fit[own])
	}
	return other
}

// margin says by how much the own side fits better than the best other one, from 0
// (as well) to 1 (nothing speaks for the other).
func margin(own, other float64) float64 {
	sum := math.Abs(own) + math.Abs(other)
	if sum == 0 {
		return undecided
	}
	return min(max((own-other)/sum, 0), 1)
}

// witness counts the kills that nodes v and u shot together and at each other.
func (f *former) witness(rule string, v, u int32) Evidence {
	if u == none {
		return Evidence{}
	}
	s := &f.sider
	i, j := int(v)*s.n+int(u), int(u)*s.n+int(v)
	return Evidence{
		Rule: rule, With: f.t.entities.keys[s.nodes[u]],
		Together: int(s.joint[i]), Against: int(s.shots[i] + s.shots[j]),
	}
}
