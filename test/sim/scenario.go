package sim

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// force is one side in a fight: the ships still flying.
type force struct {
	side  string
	ships []ship
}

// shooters are the ships that can appear on a mail.
func (f *force) shooters() []ship {
	var armed []ship
	for _, s := range f.ships {
		if s.hull.Weapon != 0 {
			armed = append(armed, s)
		}
	}
	return armed
}

// battle lets forces shoot each other until so many ships are lost or only one
// force can still shoot. Each loss takes about pace; every second pilot loses the pod too.
// On the way along the route the fight changes system at even intervals.
func (g *ground) battle(forces []*force, losses int, pace time.Duration, route Route) {
	for n := range losses {
		g.place = route[n*len(route)/losses]
		g.wait(pace)
		loser, winner := g.pair(forces)
		if loser == nil {
			return
		}
		at := g.rng.IntN(len(loser.ships))
		victim := loser.ships[at]
		loser.ships = append(loser.ships[:at], loser.ships[at+1:]...)
		armed := winner.shooters()
		attackers := g.pick(armed, 1+g.rng.IntN(max(1, min(30, len(armed)*2/3))))
		g.kill(victim, attackers)
		if g.rng.IntN(2) == 0 {
			g.pod(victim, attackers)
		}
	}
}

// pair picks who loses a ship to whom, nil when nobody is left to do so.
func (g *ground) pair(forces []*force) (loser, winner *force) {
	order := g.rng.Perm(len(forces))
	for _, i := range order {
		for _, j := range order {
			if i != j && len(forces[i].ships) > 0 && len(forces[j].shooters()) > 0 {
				return forces[i], forces[j]
			}
		}
	}
	return nil, nil
}

// sideName is A, B, C, …
func sideName(i int) string { return string(rune('A' + i)) }

// doctrineForce musters a fleet: line, a tenth support, a tenth logistics.
func (g *generator) doctrineForce(side int, a *alliance, n int) *force {
	doctrine := pickOne(g.rng, Doctrines())
	f := &force{side: sideName(side)}
	for i, p := range g.people.muster(n, a.corps...) {
		hull := doctrine.Line
		switch i % 10 {
		case 7:
			hull = pickOne(g.rng, doctrine.Support)
		case 9:
			hull = doctrine.Logistics
		}
		f.ships = append(f.ships, ship{pilot: p, side: f.side, hull: hull})
	}
	return f
}

// gangForce musters a gang of mixed hulls from one corporation.
func (g *generator) gangForce(side int, a *alliance, n int) *force {
	f := &force{side: sideName(side)}
	for _, p := range g.people.muster(n, pickOne(g.rng, a.corps)) {
		f.ships = append(f.ships, ship{pilot: p, side: f.side, hull: pickOne(g.rng, gangHulls)})
	}
	return f
}

// FleetOptions shape a fleet fight. Zero fields get the values named.
type FleetOptions struct {
	Start  time.Time // 2026-01-01 18:00
	Sides  int       // 2; at most 10
	Pilots int       // of each side: 60
	Losses int       // ships, without capsules: two thirds of one side
	Place  Place     // 1DQ1-A
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
	if o.Place.ID == 0 {
		o.Place = Routes()[0][0]
	}
	return o
}

func (g *generator) fleet(o FleetOptions) []Kill {
	o = o.withDefaults()
	ground := g.newGround(KindFleet, o.Place, o.Start)
	var forces []*force
	for i, a := range g.people.foes(o.Sides) {
		forces = append(forces, g.doctrineForce(i, a, o.Pilots))
	}
	ground.battle(forces, o.Losses, 20*time.Second, Route{o.Place})
	return ground.kills
}

func (g *generator) randomFleet(start time.Time) []Kill {
	return g.fleet(FleetOptions{
		Start: start, Sides: 2 + g.rng.IntN(4)/3, Pilots: 20 + g.rng.IntN(100),
		Place: pickOne(g.rng, routesIn(eve.Nullsec, eve.Lowsec))[0],
	})
}

// gang is a small fight, along the whole route when it is a running one.
func (g *generator) gang(kind Kind, start time.Time) []Kill {
	route := pickOne(g.rng, routesIn(eve.Nullsec, eve.Lowsec))
	if kind == KindGang {
		route = pickOne(g.rng, routesIn(eve.Nullsec, eve.Lowsec, eve.Wormhole))[:1]
	}
	ground := g.newGround(kind, route[0], start)
	foes := g.people.foes(2)
	n := 4 + g.rng.IntN(8)
	ground.battle([]*force{g.gangForce(0, foes[0], n), g.gangForce(1, foes[1], n)}, n+2, 70*time.Second, route)
	return ground.kills
}

// camp is a crew on a gate that kills whoever comes along.
func (g *generator) camp(start time.Time) []Kill {
	ground := g.newGround(KindCamp, pickOne(g.rng, routesIn(eve.Lowsec, eve.Nullsec))[0], start)
	crew := g.gangForce(0, g.people.foes(1)[0], 4+g.rng.IntN(5)).shooters()
	for range 4 + g.rng.IntN(6) {
		ground.wait(3 * time.Minute) // at most 12 between two victims
		victim := ship{pilot: g.people.stranger(), side: "B", hull: pickOne(g.rng, lonelyHulls)}
		attackers := ground.pick(crew, 2+g.rng.IntN(len(crew)-1))
		ground.kill(victim, attackers)
		ground.pod(victim, attackers)
	}
	return ground.kills
}

// gank is a crew of suicide gankers, one target, and CONCORD.
func (g *generator) gank(start time.Time) []Kill {
	ground := g.newGround(KindGank, pickOne(g.rng, routesIn(eve.Highsec))[0], start)
	var crew []ship
	for _, p := range g.people.muster(5+g.rng.IntN(12), g.people.gankers) {
		p.security = -9.9
		crew = append(crew, ship{pilot: p, side: "A", hull: catalyst})
	}
	victim := ship{pilot: g.people.stranger(), side: "B", hull: pickOne(g.rng, gankTargets)}
	ground.kill(victim, ground.pick(crew, len(crew)))
	ground.pod(victim, ground.pick(crew, 1))
	for _, ganker := range crew {
		ground.now = ground.now.Add(time.Duration(g.rng.IntN(3)) * time.Second)
		ground.kill(ganker, []ship{{npc: concord, hull: policeCaptain}})
	}
	return ground.kills
}

// solo is one pilot against another, and the loser's pod.
func (g *generator) solo(start time.Time) []Kill {
	ground := g.newGround(KindSolo, pickOne(g.rng, routesIn(eve.Lowsec, eve.Nullsec))[0], start)
	winner := ship{pilot: g.people.stranger(), side: "A", hull: pickOne(g.rng, soloHulls)}
	loser := ship{pilot: g.people.stranger(), side: "B", hull: pickOne(g.rng, soloHulls)}
	ground.kill(loser, []ship{winner})
	ground.pod(loser, []ship{winner})
	return ground.kills
}

// structure is a bash: a fleet, a structure, and at most a defender or two.
func (g *generator) structure(start time.Time) []Kill {
	ground := g.newGround(KindStructure, pickOne(g.rng, routesIn(eve.Nullsec, eve.Lowsec))[0], start)
	foes := g.people.foes(2)
	fleet := g.doctrineForce(0, foes[0], 15+g.rng.IntN(30)).shooters()
	for _, p := range g.people.muster(g.rng.IntN(3), foes[1].corps...) {
		victim := ship{pilot: p, side: "B", hull: pickOne(g.rng, gangHulls)}
		ground.kill(victim, ground.pick(fleet, 8))
		ground.wait(2 * time.Minute)
	}
	owner := foes[1].corps[0]
	ground.kill(ship{npc: owner.id, side: "B", hull: pickOne(g.rng, structures)}, ground.pick(fleet, len(fleet)))
	mail := ground.kills[len(ground.kills)-1].Mail
	mail.Victim.AllianceID = owner.alliance // a structure has an owner and no pilot
	return ground.kills
}

// npc is a loss to rats.
func (g *generator) npc(start time.Time) []Kill {
	ground := g.newGround(KindNPC, pickOne(g.rng, routesIn(eve.Nullsec, eve.Highsec))[1], start)
	rats := []ship{{npc: guristas, hull: guristasNullifier}, {npc: guristas, hull: guristasNullifier}}
	ground.kill(ship{pilot: g.people.stranger(), hull: pickOne(g.rng, ratTargets)}, rats)
	return ground.kills
}
