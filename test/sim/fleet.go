package sim

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// FleetOptions shape a fleet fight. Zero fields get the values named.
type FleetOptions struct {
	Start      time.Time     // 2026-01-01 18:00
	Sides      int           // 2; at most 10
	Alliances  int           // of each side: 1
	Pilots     int           // of each side, about: 60
	Losses     int           // ships, without capsules: two thirds of one side
	Length     time.Duration // about: 20 seconds for each loss
	Place      Place         // 1DQ1-A
	ThirdParty int           // pilots of another alliance that arrive in the middle: none
	Capitals   bool          // dreadnoughts and carriers of the first two sides arrive after a third of the fight
}

func (o FleetOptions) withDefaults() FleetOptions {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 1, 1, 18, 0, 0, 0, time.UTC)
	}
	if o.Sides < 2 {
		o.Sides = 2
	}
	if o.Pilots <= 0 {
		o.Pilots = 60
	}
	if o.Losses <= 0 {
		o.Losses = max(1, o.Pilots*2/3)
	}
	if o.Length <= 0 {
		o.Length = time.Duration(o.Losses) * 20 * time.Second
	}
	if o.Place.ID == 0 {
		o.Place = routes[0][0]
	}
	return o
}

func (g *generator) fleet(o FleetOptions) []Kill {
	o = o.withDefaults()
	ground := g.newGround(KindFleet, o.Place, o.Start)
	sides := o.Sides
	if o.ThirdParty > 0 {
		sides++
	}
	coalitions := g.people.coalitions(min(sides, 10), o.Alliances)
	var forces []*force
	for i, alliances := range coalitions[:min(o.Sides, 10)] {
		forces = append(forces, ground.fleet(i, alliances, g.about(o.Pilots)))
	}
	if o.ThirdParty > 0 && sides <= len(coalitions) {
		third := ground.fleet(o.Sides, coalitions[o.Sides][:1], o.ThirdParty)
		forces = append(forces, third.arriving(ground, o.Start.Add(o.Length*2/5)))
	}
	if o.Capitals {
		for i := range forces[:2] {
			ground.escalate(forces[i], coalitions[i], o.Start.Add(o.Length/3))
		}
	}
	ground.clash(forces, o.Losses, o.Length, Route{o.Place})
	return ground.end()
}

// about is a number within a fifth of n.
func (g *generator) about(n int) int {
	fifth := n / 5
	return n - fifth + g.rng.IntN(2*fifth+1)
}

// escalate adds a few capitals to a fleet.
func (g *ground) escalate(f *force, alliances []*alliance, at time.Time) {
	dreadnought := pickOne(g.rng, dreadnoughts)
	hulls := []Hull{dreadnought, dreadnought, dreadnought, archon, nidhoggur, apostle, bhaalgorn}
	caps := &force{side: f.side}
	for i, p := range g.muster(4+g.rng.IntN(9), alliances[0].corps...) {
		caps.ships = append(caps.ships, ship{pilot: p, side: f.side, hull: hulls[i%len(hulls)]})
	}
	if g.rng.IntN(6) == 0 {
		caps.ships[0].hull = nyx
	}
	f.ships = append(f.ships, caps.arriving(g, at).ships...)
}

// randomFleet is a fleet fight of any size, in nullsec mostly.
func (g *generator) randomFleet(start time.Time) []Kill {
	where := routesIn(eve.Nullsec)
	if g.rng.IntN(5) == 0 {
		where = routesIn(eve.Lowsec)
	}
	o := FleetOptions{
		Start: start, Alliances: 1 + g.rng.IntN(3), Pilots: 40 + g.rng.IntN(100), Place: g.place(start, where),
		Length: 8*time.Minute + time.Duration(g.rng.IntN(10*60))*time.Second,
	}
	switch n := g.rng.IntN(20); {
	case n < 3: // a large one
		o.Pilots, o.Capitals, o.Alliances = o.Pilots+80, true, 4
	case n < 7:
		o.Capitals = true
	case n < 12:
		o.ThirdParty = 15 + g.rng.IntN(25)
	case n < 13:
		o.Sides = 3
	}
	o.Losses = o.Pilots/2 + g.rng.IntN(o.Pilots/2+1)
	return g.fleet(o)
}
