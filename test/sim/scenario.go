package sim

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// gang is a small fight, along the whole route when it is a running one. One in four
// that stay attracts a third party.
func (g *generator) gang(kind Kind, start time.Time) []Kill {
	route, hulls := g.route(start, routesIn(eve.Nullsec, eve.Lowsec)), gangHulls
	if kind == KindGang {
		place := g.place(start, routesIn(eve.Nullsec, eve.Lowsec, eve.Lowsec, eve.Wormhole, eve.Pochven))
		if place.Space == eve.Wormhole {
			hulls = holeHulls
		}
		route = Route{place}
	}
	ground := g.newGround(kind, route[0], start)
	foes := g.people.foes(3)
	n := 4 + g.rng.IntN(9)
	forces := []*force{ground.gang(0, g.about(n), hulls, foes[0].corps[0]), ground.gang(1, g.about(n), hulls, foes[1].corps[0])}
	length := time.Duration(n+2) * 45 * time.Second
	if kind == KindGang && g.rng.IntN(4) == 0 {
		forces = append(forces, ground.gang(2, 3+g.rng.IntN(5), hulls, foes[2].corps[0]).arriving(ground, start.Add(length/2)))
	}
	ground.clash(forces, n+2, length, route)
	return ground.end()
}

// roam is a gang that goes along a route and kills at each stop whom it finds there.
// The stops are fights of their own: nothing but the crew connects them.
func (g *generator) roam(start time.Time) []Kill {
	route := g.route(start, routesIn(eve.Nullsec, eve.Lowsec))
	var (
		kills []Kill
		crew  []*pilot
		now   = start
	)
	for i, place := range route {
		stop := g.newGround(KindRoam, place, now)
		if i == 0 {
			crew = stop.muster(4+g.rng.IntN(6), g.people.foes(1)[0].corps[0])
		}
		var gang []ship
		for _, p := range crew {
			gang = append(gang, ship{pilot: p, side: "A", hull: gangHulls[int(p.id)%len(gangHulls)]}) // the same on all stops
		}
		for range 1 + g.rng.IntN(3) {
			victim := ship{pilot: stop.stranger(), side: "B", hull: pickOne(g.rng, lonelyHulls)}
			attackers := stop.pick(gang, 3+g.rng.IntN(len(gang)-2))
			stop.kill(victim, attackers)
			stop.pod(victim, attackers)
			stop.wait(90 * time.Second)
		}
		stop.crew = append(stop.crew, crew...)
		kills = append(kills, stop.end()...)
		now = stop.now.Add(12*time.Minute + time.Duration(g.rng.IntN(8*60))*time.Second)
	}
	return kills
}

// camp is a crew on a gate that kills whoever comes along.
func (g *generator) camp(start time.Time) []Kill {
	ground := g.newGround(KindCamp, g.place(start, routesIn(eve.Lowsec, eve.Nullsec)), start)
	crew := ground.gang(0, 4+g.rng.IntN(5), campHulls, g.people.foes(1)[0].corps[0]).ships
	for range 4 + g.rng.IntN(6) {
		ground.wait(3 * time.Minute) // at most 12 between two victims
		victim := ship{pilot: ground.stranger(), side: "B", hull: pickOne(g.rng, lonelyHulls)}
		attackers := ground.pick(crew, 2+g.rng.IntN(len(crew)-1))
		ground.kill(victim, attackers)
		ground.pod(victim, attackers)
	}
	return ground.end()
}

// gank is a crew of suicide gankers, one target, CONCORD, and the rookie ships that
// some gankers lose to CONCORD on the way out.
func (g *generator) gank(start time.Time) []Kill {
	ground := g.newGround(KindGank, g.place(start, routesIn(eve.Highsec)), start)
	var crew []ship
	for _, p := range ground.muster(5+g.rng.IntN(12), pickOne(g.rng, g.people.gankers)) {
		p.security = -9.9
		crew = append(crew, ship{pilot: p, side: "A", hull: catalyst})
	}
	victim := ship{pilot: ground.stranger(), side: "B", hull: pickOne(g.rng, gankTargets)}
	ground.kill(victim, ground.pick(crew, len(crew)))
	ground.pod(victim, ground.pick(crew, 1))
	police := []ship{{npc: concord, hull: policeCaptain}}
	for _, ganker := range crew {
		ground.pass(time.Duration(g.rng.IntN(3)) * time.Second)
		ground.kill(ganker, police)
	}
	ground.pass(3 * time.Minute)
	for _, ganker := range ground.pick(crew, len(crew)/4) {
		ganker.hull = ibis
		ground.kill(ganker, police)
		ground.pass(time.Duration(g.rng.IntN(40)) * time.Second)
	}
	return ground.end()
}

// solo is one pilot against another, and the loser's pod.
func (g *generator) solo(start time.Time) []Kill {
	ground := g.newGround(KindSolo, g.place(start, routesIn(eve.Lowsec, eve.Lowsec, eve.Nullsec, eve.Wormhole, eve.Pochven)), start)
	winner := ship{pilot: ground.stranger(), side: "A", hull: pickOne(g.rng, soloHulls)}
	loser := ship{pilot: ground.stranger(), side: "B", hull: pickOne(g.rng, soloHulls)}
	ground.kill(loser, []ship{winner})
	ground.pod(loser, []ship{winner})
	return ground.end()
}

// structure is a bash in two acts: a fight over the first timer that leaves the
// structure reinforced, and the end when the second timer runs out. Timers are
// shorter than in New Eden, so that one evening sees both.
func (g *generator) structure(start time.Time) []Kill {
	place := g.place(start, routesIn(eve.Nullsec, eve.Lowsec))
	foes := g.people.foes(2)
	first := g.newGround(KindStructure, place, start)
	fleet := first.fleet(0, foes[:1], 15+g.rng.IntN(30))
	defenders := first.gang(1, 3+g.rng.IntN(5), gangHulls, foes[1].corps...)
	first.clash([]*force{fleet, defenders}, 2+g.rng.IntN(4), 6*time.Minute, Route{place})
	kills := first.end()

	final := g.newGround(KindStructure, place, first.now.Add(45*time.Minute+time.Duration(g.rng.IntN(105))*time.Minute))
	bashers := final.fleet(0, foes[:1], 20+g.rng.IntN(40)).shooters(final.now)
	for _, p := range final.muster(g.rng.IntN(3), foes[1].corps...) {
		victim := ship{pilot: p, side: "B", hull: pickOne(g.rng, gangHulls)}
		final.kill(victim, final.pick(bashers, 8))
		final.wait(2 * time.Minute)
	}
	hull := pickOne(g.rng, structures)
	if g.rng.IntN(8) == 0 {
		hull = fortizar
	}
	final.kill(ship{owner: foes[1].corps[0], side: "B", hull: hull}, final.pick(bashers, len(bashers)))
	return append(kills, final.end()...)
}

// npc is a loss to rats.
func (g *generator) npc(start time.Time) []Kill {
	ground := g.newGround(KindNPC, g.place(start, routesIn(eve.Nullsec, eve.Highsec)), start)
	rats := []ship{{npc: guristas, hull: guristasNullifier}, {npc: guristas, hull: guristasNullifier}}
	ground.kill(ship{pilot: ground.stranger(), hull: pickOne(g.rng, ratTargets)}, rats)
	return ground.end()
}
