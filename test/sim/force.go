package sim

import (
	"maps"
	"math"
	"slices"
	"time"
)

// force is one side in a fight: the ships still flying.
type force struct {
	side  string
	ships []ship
	// weight is how likely it is to be the one that loses a ship.
	weight float64
	// reship is the share of its losses that come back, and in what.
	reship float64
	again  []Hull
}

// there are the ships that have come to the fight.
func (f *force) there(now time.Time) []int {
	var found []int
	for i, s := range f.ships {
		if !s.from.After(now) {
			found = append(found, i)
		}
	}
	return found
}

// shooters are the ships that are there and can appear on a mail.
func (f *force) shooters(now time.Time) []ship {
	var armed []ship
	for _, s := range f.ships {
		if s.hull.Weapon != 0 && !s.from.After(now) {
			armed = append(armed, s)
		}
	}
	return armed
}

// sideName is A, B, C, …
func sideName(i int) string { return string(rune('A' + i)) }

// clash lets forces shoot each other until so many ships are lost or only one force
// can still shoot. It takes about length: slow in the beginning, fast in the middle,
// slow again when one side leaves. Every second pilot loses the pod too. Along the
// route the fight changes system at even intervals.
func (g *ground) clash(forces []*force, losses int, length time.Duration, route Route) {
	pace := float64(length) / float64(losses)
	burst := 0
	for n := range losses {
		g.move(route[n*len(route)/losses])
		if burst > 0 {
			burst-- // bombs and smartbombs kill several at once
		} else {
			// 0.3 in the middle, 2.4 at both ends, 1 on the whole
			g.wait(time.Duration(pace * (0.3 + 2.1*math.Pow(2*float64(n)/float64(losses)-1, 2))))
			if len(forces[0].ships) > 25 && g.rng.IntN(15) == 0 {
				burst = 1 + g.rng.IntN(5)
			}
		}
		loser, winner := g.pair(forces)
		if loser == nil {
			return
		}
		g.lose(loser, winner)
	}
}

// lose lets one ship of the loser be destroyed.
func (g *ground) lose(loser, winner *force) {
	at := g.target(loser)
	victim := loser.ships[at]
	loser.ships = append(loser.ships[:at], loser.ships[at+1:]...)
	armed := winner.shooters(g.now)
	attackers := g.pick(armed, g.involved(len(armed), victim.hull))
	g.kill(victim, attackers)
	if !victim.hull.capital() && g.rng.IntN(2) == 0 {
		g.pod(victim, attackers)
	}
	if len(loser.again) > 0 && g.rng.Float64() < loser.reship {
		victim.hull = pickOne(g.rng, loser.again)
		victim.from = g.now.Add(2*time.Minute + time.Duration(g.rng.IntN(120))*time.Second)
		loser.ships = append(loser.ships, victim)
	}
}

// target picks which ship of the loser is next: any, but capitals more often.
func (g *ground) target(loser *force) int {
	there := loser.there(g.now)
	if g.rng.IntN(14) == 0 {
		for _, i := range there {
			if loser.ships[i].hull.capital() {
				return i
			}
		}
	}
	return there[g.rng.IntN(len(there))]
}

// involved is how many of the ships that can shoot are on the mail of a victim.
func (g *ground) involved(armed int, victim Hull) int {
	least, most := armed/20, min(45, armed*2/3)
	switch {
	case victim.capital(): // everybody's affair
		least, most = armed*3/5, armed*4/5
	case armed < 15: // a gang shoots together
		least, most = armed/2, armed
	}
	least = max(1, least)
	return least + g.rng.IntN(max(1, most-least+1))
}

// pair picks who loses a ship to whom, nil when nobody is there to do so.
func (g *ground) pair(forces []*force) (loser, winner *force) {
	var (
		total float64
		pairs [][2]*force
		odds  []float64
	)
	for _, l := range forces {
		if len(l.there(g.now)) == 0 {
			continue
		}
		for _, w := range forces {
			armed := len(w.shooters(g.now))
			if l == w || armed == 0 {
				continue
			}
			odd := max(l.weight, 0.1) * float64(armed)
			pairs, odds, total = append(pairs, [2]*force{l, w}), append(odds, odd), total+odd
		}
	}
	at := g.rng.Float64() * total
	for i, p := range pairs {
		if at -= odds[i]; at < 0 || i == len(pairs)-1 {
			return p[0], p[1]
		}
	}
	return nil, nil
}

// doctrine picks what no other side of the fight flies.
func (g *ground) doctrine() Doctrine {
	var free []Doctrine
	for _, d := range Doctrines() {
		if !slices.Contains(slices.Collect(maps.Values(g.fight.Doctrines)), d.Name) {
			free = append(free, d)
		}
	}
	return pickOne(g.rng, free)
}

// fleet musters a fleet of a doctrine from alliances, the first of them with most pilots.
func (g *ground) fleet(side int, alliances []*alliance, n int) *force {
	doctrine := g.doctrine()
	f := &force{side: sideName(side), weight: 0.5 + g.rng.Float64()}
	g.fight.Doctrines[f.side] = doctrine.Name
	left := n
	for i, a := range alliances {
		part := left
		if rest := len(alliances) - i; rest > 1 {
			part = left * 2 / (rest + 1)
		}
		for _, p := range g.muster(part, a.corps...) {
			hull := doctrine.hull(len(f.ships), func(h []Hull) Hull { return pickOne(g.rng, h) })
			f.ships = append(f.ships, ship{pilot: p, side: f.side, hull: hull})
		}
		left -= part
	}
	return f
}

// gang musters pilots of a corporation in mixed hulls.
func (g *ground) gang(side, n int, hulls []Hull, corps ...*corporation) *force {
	f := &force{side: sideName(side), weight: 0.5 + g.rng.Float64()}
	for _, p := range g.muster(n, corps...) {
		f.ships = append(f.ships, ship{pilot: p, side: f.side, hull: pickOne(g.rng, hulls)})
	}
	return f
}

// arriving lets the whole force come later, one after the other.
func (f *force) arriving(g *ground, at time.Time) *force {
	for i := range f.ships {
		f.ships[i].from = at.Add(time.Duration(g.rng.IntN(90)) * time.Second)
	}
	return f
}
