package battle

import (
	"cmp"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
)

// NPC stands in place of a side for damage that nobody did: by CONCORD, sentries, rats.
const NPC = "npc"

// Damage says who shot what in a view.
type Damage struct {
	Dealt   []DamageDealt // by side, hull class, side of the victim
	Taken   []DamageTaken // by side, hull class
	Dealers []Dealer      // most damage first
}

// DamageDealt is the damage that one class of hulls of a side did to a side, its own
// included.
type DamageDealt struct {
	By         string        // side, or NPC
	Class      eve.HullClass // "" where the killmail does not name the hull
	To         string        // side of the victims
	Damage     int64         // structures apart
	Structures int64
	Shots      int // attacker rows
}

// DamageTaken is the damage in the victims' killmails, whoever did it.
type DamageTaken struct {
	Side   string
	Class  eve.HullClass // of the victims
	Lost   int           // killmails
	Damage int64
}

// Dealer is a pilot in one of its hulls.
type Dealer struct {
	Pilot      int   // index in Battle.Pilots
	ShipTypeID int64 // 0 where the killmails do not name it
	Class      eve.HullClass
	Damage     int64 // structures apart
	Structures int64
	Kills      int
	FinalBlows int
}

// unnamed is the place, behind all classes, of hulls that the killmail does not name.
const unnamed = 255

// Damage sums the damage of the view.
func (v *View) Damage() Damage {
	f := v.f
	unassigned := len(f.names)
	type seat struct {
		pilot int32
		hull  int64
	}
	// By side and class, and side of the victims, in one number: there may be a million shots.
	dealt, taken := map[int]*DamageDealt{}, map[int]*DamageTaken{}
	seats, lastKill, lastSeat := map[seat]int32{}, []int32{}, filled(len(v.Battle.Pilots), none)
	var out Damage
	for _, k := range v.kills {
		mail, first := f.t.kills[k], f.t.first[k]
		to, hull := f.sideOfRow(first, unassigned), *f.victimType(k)
		loss := at(taken, to<<8|hull.order, DamageTaken{Side: v.sideAt(to), Class: hull.class})
		loss.Lost++
		loss.Damage += mail.Victim.DamageTaken
		for j := range mail.Attackers {
			a, row := &mail.Attackers[j], first+1+int32(j)
			by, class, order := unassigned+1, eve.HullClass(""), unnamed
			if f.rows[row] != none {
				by = f.sideOfRow(row, unassigned)
			}
			if a.ShipTypeID != 0 {
				h := f.hull(a.ShipTypeID)
				class, order = h.class, h.order
			}
			d := dealt[(by<<8|order)<<16|to]
			if d == nil {
				d = &DamageDealt{By: v.sideAt(by), Class: class, To: v.sideAt(to)}
				dealt[(by<<8|order)<<16|to] = d
			}
			damage, structures := a.DamageDone, int64(0)
			if hull.structure {
				damage, structures = 0, a.DamageDone
			}
			d.Damage += damage
			d.Structures += structures
			d.Shots++
			if f.t.pilot[row] == none {
				continue
			}
			pilot := f.pilotAt[f.t.pilot[row]]
			i := lastSeat[pilot] // most pilots stay in one hull
			if i == none || out.Dealers[i].ShipTypeID != a.ShipTypeID {
				key := seat{pilot, a.ShipTypeID}
				var sits bool
				if i, sits = seats[key]; !sits {
					i = int32(len(out.Dealers))
					seats[key] = i
					out.Dealers = append(out.Dealers, Dealer{Pilot: int(pilot), ShipTypeID: a.ShipTypeID, Class: class})
					lastKill = append(lastKill, none)
				}
				lastSeat[pilot] = i
			}
			p := &out.Dealers[i]
			p.Damage += damage
			p.Structures += structures
			if lastKill[i] != k {
				lastKill[i] = k
				p.Kills++
			}
			if a.FinalBlow {
				p.FinalBlows++
			}
		}
	}
	for _, d := range dealt {
		out.Dealt = append(out.Dealt, *d)
	}
	slices.SortFunc(out.Dealt, func(a, b DamageDealt) int {
		return cmp.Or(compareShooters(a.By, b.By), compareClasses(a.Class, b.Class), compareSides(a.To, b.To))
	})
	for _, d := range taken {
		out.Taken = append(out.Taken, *d)
	}
	slices.SortFunc(out.Taken, func(a, b DamageTaken) int {
		return cmp.Or(compareSides(a.Side, b.Side), compareClasses(a.Class, b.Class))
	})
	slices.SortFunc(out.Dealers, func(a, b Dealer) int {
		return cmp.Or(cmp.Compare(b.Damage, a.Damage), cmp.Compare(b.Structures, a.Structures), cmp.Compare(b.Kills, a.Kills),
			cmp.Compare(v.Battle.Pilots[a.Pilot].CharacterID, v.Battle.Pilots[b.Pilot].CharacterID), cmp.Compare(a.ShipTypeID, b.ShipTypeID))
	})
	return out
}

// at returns the entry of a key, made from start when it is new.
func at[K comparable, V any](m map[K]*V, key K, start V) *V {
	if m[key] == nil {
		m[key] = &start
	}
	return m[key]
}

// sideAt names the sides by number: those given, Unassigned, NPC.
func (v *View) sideAt(side int) string {
	switch side {
	case len(v.f.names):
		return Unassigned
	case len(v.f.names) + 1:
		return NPC
	}
	return v.f.names[side]
}

// compareShooters orders as compareSides, NPC last.
func compareShooters(a, b string) int {
	if (a == NPC) != (b == NPC) {
		if a == NPC {
			return 1
		}
		return -1
	}
	return compareSides(a, b)
}

func compareClasses(a, b eve.HullClass) int {
	return cmp.Or(cmp.Compare(a.Order(), b.Order()), cmp.Compare(a, b))
}
