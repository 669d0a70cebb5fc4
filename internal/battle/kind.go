package battle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// tally is what the table of kinds looks at.
type tally struct {
	players     bool // a player attacked
	structures  int
	ships       int // losses without capsules, shuttles and corvettes
	highsec     bool
	concorded   bool // an attacker lost a ship to NPCs alone
	outlaw      bool // an attacker is an outlaw
	war         bool // a killmail belongs to a declared war
	victims     int  // pilots that lost anything to players
	unconnected int  // entities among them
	attackers   int  // pilots that attacked
	fightBack   bool // a victim of players attacked somebody
	crews       int  // sides that shot another
}

// kind classifies a group by the first rule of the table that holds.
func (f *former) kind(b *Battle, kills []int32) (Kind, string) {
	p := &f.p.Kinds
	c := f.tally(b, kills)
	switch {
	case !c.players:
		return KindNPC, "no player attacked"
	case c.structures > 0 && c.ships < p.BattleShips:
		return KindStructure, fmt.Sprintf("%s lost and %s", eve.Plural(c.structures, "structure"), eve.Plural(c.ships, "ship"))
	}
	if rule := f.fought(b, c); rule != "" {
		return KindBattle, rule
	}
	switch {
	case c.highsec && !c.fightBack && c.concorded:
		return KindGank, "in highsec the victims shot nobody and attackers were lost to CONCORD"
	case c.highsec && !c.fightBack && c.outlaw:
		return KindGank, "in highsec the victims shot nobody and an attacker is an outlaw"
	case c.highsec && !c.fightBack && !c.war:
		return KindGank, "in highsec, without a war, the victims shot nobody"
	case c.crews == 1 && c.unconnected >= p.CampVictims && !c.fightBack:
		return KindCamp, fmt.Sprintf("one crew, %d victims that have nothing to do with each other, no loss of its own", c.unconnected)
	case c.victims == 1 && c.attackers <= p.SoloAttackers:
		return KindSolo, fmt.Sprintf("one victim, %s", eve.Plural(c.attackers, "attacker"))
	}
	return KindSkirmish, fmt.Sprintf("%s lost", eve.Plural(c.ships, "ship"))
}

// fought returns why the group is a battle, or "".
func (f *former) fought(b *Battle, c tally) string {
	p := &f.p.Kinds
	if c.ships < p.BattleShips {
		return ""
	}
	sides := 0
	for i := range b.Sides {
		s := &b.Sides[i]
		if s.ID != Unassigned && s.Pilots >= p.BattlePilots && (s.Kills > 0 || f.fleetLost(b, s)) {
			sides++
		}
	}
	if sides < 2 {
		return ""
	}
	return fmt.Sprintf("%s lost, %d sides fought", eve.Plural(c.ships, "ship"), sides)
}

// fleetLost reports whether a side lost a fleet: enough ships in a short time. The
// victims of a camp come one by one.
func (f *former) fleetLost(b *Battle, s *Side) bool {
	p := &f.p.Kinds
	if s.ShipsLost < p.FleetLosses || s.Pilots < p.FleetPilots {
		return false
	}
	var times []time.Time
	for i := range b.Kills {
		k := &b.Kills[i]
		if k.Side != s.ID || !f.hull(k.Mail.Victim.ShipTypeID).counted {
			continue
		}
		times = append(times, k.Mail.Time)
		if n := len(times) - p.FleetLosses; n >= 0 && k.Mail.Time.Sub(times[n]) <= p.FleetSpan {
			return true
		}
	}
	return false
}

func (f *former) tally(b *Battle, kills []int32) tally {
	t := f.t
	c := tally{structures: b.StructuresLost, ships: b.ShipsLost}
	system, _ := f.world.System(b.SystemIDs[0])
	c.highsec = eve.SpaceOf(system) == eve.Highsec
	f.victims = f.victims[:0]
	for i := range b.Sides {
		if b.Sides[i].Kills > 0 {
			c.crews++
		}
	}
	for i := range b.Pilots {
		if b.Pilots[i].Kills > 0 {
			c.attackers++
		}
	}
	for _, k := range kills {
		first := t.first[k]
		victim := t.pilot[first]
		if t.npc[k] {
			if victim != none && b.Pilots[f.pilotAt[victim]].Kills > 0 {
				c.concorded = true
			}
			continue
		}
		c.players = true
		c.war = c.war || t.kills[k].WarID != 0
		attackers := t.kills[k].Attackers
		for j := range attackers {
			if attackers[j].IsPlayer() && attackers[j].SecurityStatus <= f.p.Kinds.CriminalBelow {
				c.outlaw = true
			}
		}
		if victim == none {
			continue
		}
		if b.Pilots[f.pilotAt[victim]].Kills > 0 {
			c.fightBack = true
		}
		f.victims = append(f.victims, victim)
	}
	slices.Sort(f.victims)
	f.victims = slices.Compact(f.victims)
	c.victims = len(f.victims)
	for i, p := range f.victims {
		pilot := &b.Pilots[f.pilotAt[p]]
		f.victims[i] = t.entities.intern(cmp.Or(pilot.AllianceID, playerCorporation(pilot.CorporationID), pilot.CharacterID))
	}
	slices.Sort(f.victims)
	c.unconnected = len(slices.Compact(f.victims))
	return c
}

func playerCorporation(id int64) int64 {
	if eve.IsPlayerCorporation(id) {
		return id
	}
	return 0
}
