package sim

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// ship is a pilot, or an NPC, in a hull.
type ship struct {
	pilot *pilot       // nil for NPCs and structures
	owner *corporation // of a structure
	npc   int64        // corporation of an NPC
	side  string
	hull  Hull
	from  time.Time // when it comes to the fight; zero: it is there
}

// ground is where and when one fight takes place, and collects its kills.
type ground struct {
	gen   *generator
	rng   *rand.Rand
	fight *Fight
	place Place
	now   time.Time
	kills []Kill
	crew  []*pilot // everybody who was called up
	seen  []Place  // where it was
}

func (g *generator) newGround(kind Kind, place Place, start time.Time) *ground {
	g.fights++
	return &ground{
		gen: g, rng: g.rng, place: place, now: start, seen: []Place{place},
		fight: &Fight{ID: fmt.Sprintf("%s-%d", kind, g.fights), Kind: kind, Sides: map[int64]string{}, Doctrines: map[string]string{}},
	}
}

// end lets everybody go and returns the kills.
func (g *ground) end() []Kill {
	for _, p := range g.crew {
		p.free = g.now.Add(aftermath)
	}
	for _, p := range g.seen {
		g.gen.busy[p.ID] = later(g.gen.busy[p.ID], g.now.Add(aftermath))
	}
	return g.kills
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// move takes the fight to another system.
func (g *ground) move(to Place) {
	if to != g.place {
		g.place = to
		g.seen = append(g.seen, to)
	}
}

// muster calls up pilots who have nothing else to do.
func (g *ground) muster(n int, corps ...*corporation) []*pilot {
	called := g.gen.people.muster(g.now, n, corps...)
	for _, p := range called {
		p.free = g.now.Add(24 * time.Hour) // until the end of the fight tells better
	}
	g.crew = append(g.crew, called...)
	return called
}

// stranger calls up one pilot who has nothing to do with anybody.
func (g *ground) stranger() *pilot {
	p := g.gen.people.stranger(g.now)
	p.free = g.now.Add(24 * time.Hour)
	g.crew = append(g.crew, p)
	return p
}

// wait lets about d pass: exponentially distributed, at most four times d.
func (g *ground) wait(d time.Duration) {
	g.pass(time.Duration(min(g.rng.ExpFloat64(), 4) * float64(d)))
}

// pass lets d pass, in whole seconds as killmails have them.
func (g *ground) pass(d time.Duration) { g.now = g.now.Add(d.Round(time.Second)) }

// kill lets the attackers destroy the victim.
func (g *ground) kill(victim ship, attackers []ship) {
	health := max(victim.hull.Health, 1000)
	damage := health + int64(float64(health)*0.4*g.rng.Float64()) // repairs are shot through too
	mail := &killmail.Killmail{
		Time: g.now, SystemID: g.place.ID,
		Hash:   fmt.Sprintf("%016x%016x%08x", g.rng.Uint64(), g.rng.Uint64(), g.rng.Uint32()),
		Victim: killmail.Victim{Party: g.party(victim), DamageTaken: damage, Items: g.cargo(victim.hull)},
	}
	shares := g.shares(attackers)
	final := g.rng.IntN((len(attackers) + 2) / 3) // most likely by one who did much
	left := damage
	for i, a := range attackers {
		row := killmail.Attacker{Party: g.party(a), WeaponTypeID: a.hull.Weapon, FinalBlow: i == final}
		row.DamageDone = int64(float64(damage) * shares[i])
		left -= row.DamageDone
		if row.WeaponTypeID == 0 {
			row.WeaponTypeID = a.hull.ID // as ESI does when no weapon is known
		}
		if a.pilot != nil {
			row.SecurityStatus = a.pilot.security
		}
		mail.Attackers = append(mail.Attackers, row)
	}
	mail.Attackers[0].DamageDone += left // what rounding left over
	slices.SortStableFunc(mail.Attackers, func(a, b killmail.Attacker) int { return cmp.Compare(b.DamageDone, a.DamageDone) })
	mail.Value = killmail.Value{ISK: eve.FromFloat(math.Round(victim.hull.Value * (0.75 + 0.6*g.rng.Float64()*g.rng.Float64()))), Source: killmail.ValueZkb}
	if victim.hull == capsule && g.rng.IntN(30) == 0 {
		mail.Value.ISK = eve.FromFloat(math.Round(0.2e9 + 1.3e9*g.rng.Float64())) // a rich set of implants
	}
	g.kills = append(g.kills, Kill{Mail: mail, Fight: g.fight, Side: victim.side})
}

// shares says which part of the damage each attacker did: the first ones most,
// tackle and electronic warfare hardly any. They sum up to 1 at most.
func (g *ground) shares(attackers []ship) []float64 {
	shares, sum := make([]float64, len(attackers)), 0.0
	for i, a := range attackers {
		shares[i] = (0.1 + g.rng.Float64()) * math.Sqrt(float64(a.hull.Health)+1000)
		if a.hull.Weapon == disruptor || a.hull.Weapon == neutralizer {
			shares[i] *= 0.02
		}
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// pod lets some of the attackers destroy the victim's capsule within half a minute.
func (g *ground) pod(victim ship, attackers []ship) {
	at := g.now
	g.now = g.now.Add(time.Duration(2+g.rng.IntN(25)) * time.Second)
	victim.hull = capsule
	g.kill(victim, attackers[:1+g.rng.IntN(min(3, len(attackers)))])
	g.now = at // the fight does not wait for it
}

// party turns a ship into a line of the mail and notes whose side its pilot is on.
func (g *ground) party(s ship) killmail.Party {
	switch {
	case s.pilot != nil:
		if s.side != "" {
			g.fight.Sides[s.pilot.id] = s.side
		}
		corp := s.pilot.corp
		return killmail.Party{CharacterID: s.pilot.id, CorporationID: corp.id, AllianceID: corp.alliance, FactionID: corp.faction, ShipTypeID: s.hull.ID}
	case s.owner != nil: // a structure has an owner and no pilot
		return killmail.Party{CorporationID: s.owner.id, AllianceID: s.owner.alliance, ShipTypeID: s.hull.ID}
	case s.npc == guristas:
		return killmail.Party{CorporationID: s.npc, FactionID: guristasFaction, ShipTypeID: s.hull.ID}
	}
	return killmail.Party{CorporationID: s.npc, ShipTypeID: s.hull.ID}
}

// cargo is what was fitted and carried: a few modules and ammunition.
func (g *ground) cargo(h Hull) []killmail.Item {
	if h == capsule || h == ibis {
		return nil
	}
	items := []killmail.Item{{TypeID: 2048, Destroyed: 1}, {TypeID: 3841, Dropped: 1}, {TypeID: 28668, Destroyed: int64(5 + g.rng.IntN(40))}}
	if h.Weapon != 0 {
		items = append(items, killmail.Item{TypeID: h.Weapon, Dropped: int64(g.rng.IntN(3)), Destroyed: int64(1 + g.rng.IntN(3))})
	}
	return items
}

// pick takes up to n ships in random order.
func (g *ground) pick(from []ship, n int) []ship {
	order := g.rng.Perm(len(from))
	picked := make([]ship, 0, n)
	for _, i := range order[:min(n, len(order))] {
		picked = append(picked, from[i])
	}
	return picked
}
