package battle

import (
	"cmp"
	"slices"
)

// cutter cuts groups that pilots who never leave have chained together: at lulls
// across which too few of the pilots, and of the entities in a large fight, stay.
type cutter struct {
	t    *table
	p    *CutParams
	mate []int32 // by kill: the ship a capsule belongs to

	pilotStamp  []int32
	pilotSide   []uint8
	entityStamp []int32
	entityRows  [2][]int32
	entities    []int32
	stamp       int32
	held        []bool // by position in the current group: may not be cut before it
}

func newCutter(t *table, l *linker, p *CutParams) *cutter {
	return &cutter{
		t: t, p: p, mate: l.mate,
		pilotStamp: filled(t.pilots.len(), none), pilotSide: make([]uint8, t.pilots.len()),
		entityStamp: filled(t.entities.len(), none),
		entityRows:  [2][]int32{make([]int32, t.entities.len()), make([]int32, t.entities.len())},
	}
}

// cut returns the groups with the long ones cut, again by first kill.
func (c *cutter) cut(g *groups) *groups {
	var cuts []int32 // positions in g.order at which a new group begins
	for i := range g.len() {
		kills := g.kills(i)
		if c.mayCut(kills) {
			c.hold(kills)
			cuts = c.split(kills, 0, len(kills), g.start[i], cuts)
		}
	}
	if len(cuts) == 0 {
		return g
	}
	return regroup(g, cuts)
}

func (c *cutter) mayCut(kills []int32) bool {
	return len(kills) >= c.p.Kills && c.t.at[kills[len(kills)-1]]-c.t.at[kills[0]] > seconds(c.p.Span)
}

// hold marks the lulls between a ship and its capsule, which stay together.
func (c *cutter) hold(kills []int32) {
	c.held = zeroed(c.held, len(kills))
	for i, k := range kills {
		if mate := c.mate[k]; mate != none {
			for j := i; j > 0 && kills[j] != mate; j-- {
				c.held[j] = true
			}
		}
	}
}

// split appends the cuts of kills[lo:hi], earliest first; base is the position of
// kills[0] in the order of all groups.
func (c *cutter) split(kills []int32, lo, hi int, base int32, cuts []int32) []int32 {
	if !c.mayCut(kills[lo:hi]) {
		return cuts
	}
	best, lowest := 0, 0.0
	for i := lo + 1; i < hi; i++ {
		lull := c.t.at[kills[i]] - c.t.at[kills[i-1]]
		if lull < seconds(c.p.Lull) || c.held[i] {
			continue
		}
		overlap, threshold := c.overlap(kills[lo:hi], i-lo)
		if overlap >= threshold {
			continue
		}
		units := min(float64(lull)/float64(seconds(c.p.LullUnit)), 2)
		if score := overlap - threshold - c.p.LullWeight*units; best == 0 || score < lowest {
			best, lowest = i, score
		}
	}
	if best == 0 {
		return cuts
	}
	cuts = c.split(kills, lo, best, base, cuts)
	cuts = append(cuts, base+int32(best))
	return c.split(kills, best, hi, base, cuts)
}

// overlap compares the pilots before and after position i, and returns the
// threshold that applies to fights of that size.
func (c *cutter) overlap(kills []int32, i int) (overlap, threshold float64) {
	c.stamp++
	c.entities = c.entities[:0]
	var pilots, rows [2]int
	both := 0
	see := func(side uint8, k int32) {
		for row := c.t.first[k]; row < c.t.first[k+1]; row++ {
			if p := c.t.pilot[row]; p != none {
				if c.pilotStamp[p] != c.stamp {
					c.pilotStamp[p], c.pilotSide[p] = c.stamp, 0
				}
				if seen := c.pilotSide[p]; seen&(1<<side) == 0 {
					c.pilotSide[p] |= 1 << side
					pilots[side]++
					if seen != 0 {
						both++
					}
				}
			}
			if e := c.t.entity[row]; e != none && row > c.t.first[k] {
				if c.entityStamp[e] != c.stamp {
					c.entityStamp[e] = c.stamp
					c.entityRows[0][e], c.entityRows[1][e] = 0, 0
					c.entities = append(c.entities, e)
				}
				c.entityRows[side][e]++
				rows[side]++
			}
		}
	}
	edge := [2]int32{c.t.at[kills[i-1]], c.t.at[kills[i]]}
	inside := func(n int, distance int32) bool {
		return distance <= seconds(c.p.Reach) && (n < c.p.Sample || distance <= seconds(c.p.Window))
	}
	for j := i - 1; j >= 0 && inside(i-1-j, edge[0]-c.t.at[kills[j]]); j-- {
		see(0, kills[j])
	}
	for j := i; j < len(kills) && inside(j-i, c.t.at[kills[j]]-edge[1]); j++ {
		see(1, kills[j])
	}
	fewer := min(pilots[0], pilots[1])
	if fewer == 0 {
		return 0, c.p.Overlap
	}
	overlap = float64(both) / float64(fewer)
	if fewer < c.p.Large {
		return overlap, c.p.Overlap
	}
	if rows[0] > 0 && rows[1] > 0 {
		same := 0.0
		for _, e := range c.entities {
			same += min(float64(c.entityRows[0][e])/float64(rows[0]), float64(c.entityRows[1][e])/float64(rows[1]))
		}
		overlap = max(overlap, c.p.EntityWeight*same)
	}
	return overlap, c.p.OverlapLarge
}

// regroup applies cuts (ascending positions in g.order) and restores the order of
// groups by first kill.
func regroup(g *groups, cuts []int32) *groups {
	type part struct{ from, to int32 }
	parts := make([]part, 0, g.len()+len(cuts))
	next := 0
	for i := range g.len() {
		from, to := g.start[i], g.start[i+1]
		for next < len(cuts) && cuts[next] < to {
			parts = append(parts, part{from, cuts[next]})
			from = cuts[next]
			next++
		}
		parts = append(parts, part{from, to})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(g.order[a.from], g.order[b.from]) })
	out := &groups{order: make([]int32, 0, len(g.order)), start: make([]int32, 1, len(parts)+1), links: g.links}
	for _, s := range parts {
		out.order = append(out.order, g.order[s.from:s.to]...)
		out.start = append(out.start, int32(len(out.order)))
	}
	return out
}
