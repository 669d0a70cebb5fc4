package sim

import "time"

// brawl is a quarter of an hour in a hub of the faction war: crews of two militias meet in the
// complexes of one system, several pairs at a time. The corporations of a militia are
// shared: the crews of two fights wear the same colours, and at times a pilot leaves
// one crew for another. Each pair of crews is a fight of its own.
func (g *generator) brawl(start time.Time) []Kill {
	hub := pickOne(g.rng, hubs)[0]
	var kills []Kill
	var changed *pilot // who goes on to the next crew
	pairs := 3 + g.rng.IntN(3)
	for i := range pairs {
		// The pairs overlap: each takes three to six minutes.
		at := start.Add(time.Duration(i)*2*time.Minute + time.Duration(g.rng.IntN(120))*time.Second)
		plex := g.newGround(KindBrawl, hub, at)
		var forces []*force
		for side, m := range g.people.militias {
			f := plex.gang(side, 3+g.rng.IntN(4), militiaHulls, m.corps...)
			f.reship, f.again = 0.3, militiaHulls
			forces = append(forces, f)
		}
		if changed != nil {
			forces[0].ships = append(forces[0].ships, ship{pilot: changed, side: "A", hull: pickOne(g.rng, militiaHulls)})
		}
		changed = nil
		plex.clash(forces, 5+g.rng.IntN(5), 6*time.Minute, Route{hub})
		if left := forces[0].there(plex.now); len(left) > 0 && g.rng.IntN(3) == 0 {
			changed = forces[0].ships[left[0]].pilot
		}
		kills = append(kills, plex.end()...)
	}
	return kills
}
