package eval

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Systems and types of the simulated space. Systems are a chain of gates.
const (
	system  = 30000300
	cruiser = 621
	capsule = 670
)

var start = time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)

type space struct{}

func (space) System(id int64) (eve.System, bool) {
	return eve.System{ID: id, RegionID: 10000002, Security: 0.3}, true
}

func (space) Type(id int64) (eve.Type, bool) {
	class, ok := map[int64]eve.HullClass{cruiser: eve.ClassCruiser, capsule: eve.ClassCapsule}[id]
	return eve.Type{ID: id, Class: class}, ok
}

func (space) Neighbors(id int64) []int64 { return []int64{id - 1, id + 1} }

// simulation makes killmails with the truth beside them.
type simulation struct {
	r     *rand.Rand
	kills []*killmail.Killmail
	truth map[int64]string // killmail → label
	pilot int64            // last character made
}

func newSimulation(seed uint64) *simulation {
	return &simulation{r: rand.New(rand.NewPCG(seed, 3)), truth: map[int64]string{}, pilot: 90_000_000}
}

// gang makes n pilots of alliance number a; of no alliance and an NPC corporation when a is 0.
func (s *simulation) gang(a int64, n int) []killmail.Party {
	out := make([]killmail.Party, n)
	for i := range out {
		s.pilot++
		out[i] = killmail.Party{CharacterID: s.pilot, CorporationID: 1_000_169, ShipTypeID: cruiser}
		if a > 0 {
			out[i].AllianceID, out[i].CorporationID = 99_000_000+a, 98_000_000+a
		}
	}
	return out
}

// some picks at most n different pilots.
func (s *simulation) some(from []killmail.Party, n int) []killmail.Party {
	out := make([]killmail.Party, 0, n)
	for _, i := range s.r.Perm(len(from))[:min(n, len(from))] {
		out = append(out, from[i])
	}
	return out
}

// kill adds one killmail, and half of the time the capsule half a minute later.
func (s *simulation) kill(label string, at time.Duration, where int64, victim killmail.Party, attackers []killmail.Party) {
	s.add(label, at, where, victim, attackers)
	if s.r.IntN(2) == 0 {
		victim.ShipTypeID = capsule
		s.add(label, at+30*time.Second, where, victim, attackers[:1])
	}
}

func (s *simulation) add(label string, at time.Duration, where int64, victim killmail.Party, attackers []killmail.Party) {
	k := &killmail.Killmail{
		ID: int64(len(s.kills) + 1), Time: start.Add(at.Truncate(time.Second)), SystemID: where,
		Victim: killmail.Victim{Party: victim, DamageTaken: 1000},
		Value:  killmail.Value{ISK: eve.FromFloat(1e6 * (1 + 100*s.r.ExpFloat64())), Source: killmail.ValueZkb},
	}
	for _, a := range attackers {
		k.Attackers = append(k.Attackers, killmail.Attacker{Party: a, DamageDone: int64(s.r.IntN(1000))})
	}
	s.kills = append(s.kills, k)
	if label != "" {
		s.truth[k.ID] = label
	}
}

// fight lets two sides lose n ships over a time; on each mail are up to so many attackers.
func (s *simulation) fight(label string, from, length time.Duration, where int64, one, two []killmail.Party, n, attackers int) {
	for i := range n {
		at := from + length*time.Duration(i)/time.Duration(max(n-1, 1))
		victims, shooters := one, two
		if s.r.IntN(2) == 0 {
			victims, shooters = two, one
		}
		s.kill(label, at, where, victims[s.r.IntN(len(victims))], s.some(shooters, 1+s.r.IntN(attackers)))
	}
}

// strangers adds n kills that have nothing to do with anything, each with its capsule
// at most.
func (s *simulation) strangers(n int, from, to time.Duration) {
	for i := range n {
		s.kill(fmt.Sprint("stranger", i), s.between(from, to), system, s.gang(0, 1)[0], s.gang(0, 2))
	}
}

// between returns a random time in a span.
func (s *simulation) between(from, to time.Duration) time.Duration {
	return from + time.Duration(s.r.Int64N(int64(to-from)))
}
