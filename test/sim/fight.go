package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// ship is a pilot, or an NPC, in a hull.
type ship struct {
	pilot *pilot // nil for NPCs and structures
	npc   int64  // corporation of an NPC or a structure
	side  string
	hull  Hull
}

// ground is where and when one fight takes place, and collects its kills.
type ground struct {
	rng   *rand.Rand
	fight *Fight
	place Place
	now   time.Time
	kills []Kill
}

func (g *generator) newGround(kind Kind, place Place, start time.Time) *ground {
	g.fights++
	return &ground{
		rng: g.rng, place: place, now: start,
		fight: &Fight{ID: fmt.Sprintf("%s-%d", kind, g.fights), Kind: kind, Sides: map[int64]string{}},
	}
}

// wait lets about d pass: exponentially distributed, at least a second, at most four times d.
func (g *ground) wait(d time.Duration) {
	seconds := min(g.rng.ExpFloat64(), 4) * d.Seconds()
	g.now = g.now.Add(time.Duration(max(1, math.Round(seconds))) * time.Second)
}

// kill lets the attackers destroy the victim; the first of them gets the final blow.
func (g *ground) kill(victim ship, attackers []ship) {
	damage := int64(1500 + g.rng.IntN(40_000))
	mail := &killmail.Killmail{
		Time: g.now, SystemID: g.place.ID,
		Hash:   fmt.Sprintf("%016x%016x%08x", g.rng.Uint64(), g.rng.Uint64(), g.rng.Uint32()),
		Victim: killmail.Victim{Party: g.party(victim), DamageTaken: damage, Items: g.cargo(victim.hull)},
	}
	left := damage
	for i, a := range attackers {
		done := left
		if i < len(attackers)-1 {
			done = left * int64(10+g.rng.IntN(60)) / 100
		}
		left -= done
		row := killmail.Attacker{Party: g.party(a), WeaponTypeID: a.hull.Weapon, DamageDone: done, FinalBlow: i == 0}
		if row.WeaponTypeID == 0 {
			row.WeaponTypeID = a.hull.ID // as ESI does when no weapon is known
		}
		if a.pilot != nil {
			row.SecurityStatus = a.pilot.security
		}
		mail.Attackers = append(mail.Attackers, row)
	}
	mail.Value = killmail.Value{ISK: eve.FromFloat(math.Round(victim.hull.Value * (0.7 + 0.6*g.rng.Float64()))), Source: killmail.ValueZkb}
	g.kills = append(g.kills, Kill{Mail: mail, Fight: g.fight, Side: victim.side})
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
	if s.pilot == nil {
		party := killmail.Party{CorporationID: s.npc, ShipTypeID: s.hull.ID}
		if s.npc == guristas {
			party.FactionID = guristasFaction
		}
		return party
	}
	if s.side != "" {
		g.fight.Sides[s.pilot.id] = s.side
	}
	return killmail.Party{CharacterID: s.pilot.id, CorporationID: s.pilot.corp.id, AllianceID: s.pilot.corp.alliance, ShipTypeID: s.hull.ID}
}

// cargo is what was fitted and carried: a few modules, ammunition, at times more.
func (g *ground) cargo(h Hull) []killmail.Item {
	if h == capsule {
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
