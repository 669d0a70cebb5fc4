package battle_test

import (
	"math/rand/v2"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Types and systems of the test world. The systems of a block of ten are a chain of
// gates.
const (
	cruiser   = 621
	corvette  = 606
	pod       = 670
	astrahus  = 35832
	shuttle   = 672
	highsec   = 30000100
	lowsec    = 30000200
	nullsec   = 30000300
	jspace    = 31000100
	abyss     = 32000001
	ironChain = 10
)

var epoch = time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)

type testWorld struct{}

func (testWorld) System(id int64) (eve.System, bool) {
	s := eve.System{ID: id, RegionID: 10000002, Security: -0.4}
	switch {
	case id >= highsec && id < highsec+ironChain:
		s.Security = 0.9
	case id >= lowsec && id < lowsec+ironChain:
		s.Security = 0.3
	case id >= jspace:
		s.Security = -1
	}
	return s, true
}

func (testWorld) Type(id int64) (eve.Type, bool) {
	class, ok := map[int64]eve.HullClass{
		cruiser: eve.ClassCruiser, corvette: eve.ClassCorvette, pod: eve.ClassCapsule,
		astrahus: eve.ClassStructure, shuttle: eve.ClassShuttle,
	}[id]
	return eve.Type{ID: id, Class: class}, ok
}

func (testWorld) Neighbors(id int64) []int64 {
	if id >= jspace {
		return nil
	}
	return []int64{id - 1, id + 1}
}

// pilotOf makes the n-th pilot of an alliance (0: none) with its corporation.
func pilotOf(alliance, n int64) killmail.Party {
	p := killmail.Party{CharacterID: 90_000_000 + alliance*100_000 + n, ShipTypeID: cruiser}
	if alliance > 0 {
		p.AllianceID, p.CorporationID = 99_000_000+alliance, 98_000_000+alliance*10+n%3
	} else {
		p.CorporationID = 1_000_169 // an NPC corporation
	}
	return p
}

// kill makes a killmail at a second after the epoch.
func kill(id int64, second int, system int64, victim killmail.Party, attackers ...killmail.Party) *killmail.Killmail {
	k := &killmail.Killmail{
		ID: id, Time: epoch.Add(time.Duration(second) * time.Second), SystemID: system,
		Victim: killmail.Victim{Party: victim, DamageTaken: 1000},
		Value:  killmail.Value{ISK: eve.FromFloat(20e6), Source: killmail.ValueZkb},
	}
	for i, a := range attackers {
		k.Attackers = append(k.Attackers, killmail.Attacker{
			Party: a, DamageDone: int64(1000 / len(attackers)), FinalBlow: i == 0,
		})
	}
	return k
}

func in(p killmail.Party, ship int64) killmail.Party {
	p.ShipTypeID = ship
	return p
}

var concord = killmail.Party{CorporationID: 1_000_125, ShipTypeID: 3885}

// history makes n random kills: few enough pilots and systems that every rule gets
// its chance, ships with their capsules, NPC losses, structures, duplicates in time.
func history(r *rand.Rand, n int) []*killmail.Killmail {
	systems := []int64{lowsec, lowsec + 1, nullsec, highsec, jspace, abyss}
	kills := make([]*killmail.Killmail, 0, n)
	second := 0
	for id := int64(1); len(kills) < n; id++ {
		if r.IntN(12) == 0 {
			second += r.IntN(3600)
		}
		second += r.IntN(240)
		system := systems[r.IntN(len(systems))]
		side := r.Int64N(4)
		enemy := r.Int64N(4)
		victim := pilotOf(enemy, r.Int64N(8))
		if r.IntN(30) == 0 {
			victim = killmail.Party{CorporationID: 98_000_000 + enemy*10, AllianceID: 99_000_000 + enemy, ShipTypeID: astrahus}
		}
		var attackers []killmail.Party
		if r.IntN(12) == 0 {
			attackers = []killmail.Party{concord}
		} else {
			for range 1 + r.IntN(6) {
				attackers = append(attackers, pilotOf(side, r.Int64N(8)))
			}
		}
		kills = append(kills, kill(id, second, system, victim, attackers...))
		if victim.CharacterID != 0 && r.IntN(3) == 0 && len(kills) < n {
			id++
			kills = append(kills, kill(id, second+r.IntN(400), system, in(victim, pod), attackers[:1]...))
		}
	}
	return kills
}
