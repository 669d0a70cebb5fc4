package battle

import (
	"cmp"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// pilots fills one row per character, whatever number of ships it flew. Capsules are
// no hull: whoever is seen shooting from one keeps the hulls it had.
func (f *former) pilots(b *Battle, kills []int32, unassigned int) {
	b.Pilots = make([]Pilot, 0, b.PilotCount)
	for _, k := range kills {
		mail, first := f.t.kills[k], f.t.first[k]
		structure := f.victimType(k).structure
		for j := range mail.Attackers {
			a := &mail.Attackers[j]
			p := f.pilot(b, k, first+1+int32(j), unassigned)
			if p == nil {
				continue
			}
			if f.counts[f.t.pilot[first+1+int32(j)]] != k {
				f.counts[f.t.pilot[first+1+int32(j)]] = k
				p.Kills++
			}
			if a.FinalBlow {
				p.FinalBlows++
			}
			if structure {
				p.StructureDamage += a.DamageDone
			} else {
				p.DamageDone += a.DamageDone
			}
			f.fly(p, a.ShipTypeID)
		}
		if p := f.pilot(b, k, first, unassigned); p != nil {
			f.lose(p, mail)
		}
	}
	f.sortPilots(b)
}

// pilot returns the row of the pilot in a row of kill k, nil for NPCs and structures.
func (f *former) pilot(b *Battle, k, row int32, unassigned int) *Pilot {
	id := f.t.pilot[row]
	if id == none {
		return nil
	}
	i := f.pilotAt[id]
	if i == none {
		i = int32(len(b.Pilots))
		f.pilotAt[id] = i
		f.touched = append(f.touched, id)
		party := f.party(k, row)
		b.Pilots = append(b.Pilots, Pilot{
			CharacterID: party.CharacterID, CorporationID: party.CorporationID,
			AllianceID: party.AllianceID, FactionID: party.FactionID,
			Side: b.Sides[f.sideOfRow(row, unassigned)].ID, FirstSeen: f.t.kills[k].Time,
		})
	}
	b.Pilots[i].LastSeen = f.t.kills[k].Time
	return &b.Pilots[i]
}

// fly notes that a pilot was seen in a hull, and returns its entry, nil for what
// nobody flies.
func (f *former) fly(p *Pilot, typeID int64) *PilotHull {
	if h := f.hull(typeID); !h.ship || h.class == eve.ClassCapsule {
		return nil
	}
	i := slices.IndexFunc(p.Hulls, func(h PilotHull) bool { return h.ShipTypeID == typeID })
	if i < 0 {
		i = len(p.Hulls)
		p.Hulls = append(p.Hulls, PilotHull{ShipTypeID: typeID})
	}
	return &p.Hulls[i]
}

// lose books a loss on the pilot.
func (f *former) lose(p *Pilot, mail *killmail.Killmail) {
	h := f.hull(mail.Victim.ShipTypeID)
	p.DamageTaken += mail.Victim.DamageTaken
	value := eve.ISK(0)
	if mail.Value.Known() {
		value = mail.Value.ISK
	}
	p.ISKLost += value
	switch {
	case h.class == eve.ClassCapsule:
		p.Podded = true
	case h.ship:
		flown := f.fly(p, mail.Victim.ShipTypeID)
		flown.Lost++
		flown.ISKLost += value
		p.Losses++
	case h.structure:
		p.Losses++
	}
}

// sortPilots orders by side, heaviest hull class, character, and points pilotAt at
// the new places.
func (f *former) sortPilots(b *Battle) {
	side := func(id string) int {
		if id == Unassigned {
			return len(b.Sides)
		}
		return sideIndex(b, id)
	}
	class := func(p *Pilot) int {
		best := 1 << 16
		for _, h := range p.Hulls {
			best = min(best, f.hull(h.ShipTypeID).order)
		}
		return best
	}
	type key struct{ side, class int }
	keys := make([]key, len(b.Pilots))
	order := sequence(len(b.Pilots))
	for i := range b.Pilots {
		keys[i] = key{side(b.Pilots[i].Side), class(&b.Pilots[i])}
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(keys[x].side, keys[y].side), cmp.Compare(keys[x].class, keys[y].class),
			cmp.Compare(b.Pilots[x].CharacterID, b.Pilots[y].CharacterID))
	})
	sorted := make([]Pilot, len(order))
	place := make([]int32, len(order))
	for to, from := range order {
		sorted[to] = b.Pilots[from]
		place[from] = int32(to)
	}
	b.Pilots = sorted
	for _, p := range f.touched {
		f.pilotAt[p] = place[f.pilotAt[p]]
	}
}

// hullTable sums the hulls per side: those of the pilots, and what was lost without
// one (structures, deployables, ships of nobody).
func (f *former) hullTable(b *Battle, kills []int32, unassigned int) {
	for i := range b.Pilots {
		p := &b.Pilots[i]
		for _, h := range p.Hulls {
			b.Hulls = append(b.Hulls, Hull{
				Side: p.Side, ShipTypeID: h.ShipTypeID, Class: f.hull(h.ShipTypeID).class,
				Fielded: max(1, h.Lost), Lost: h.Lost, ISKLost: h.ISKLost,
			})
		}
	}
	for i, k := range kills {
		mail := b.Kills[i].Mail
		h := f.victimType(k)
		if h.ship && (h.class == eve.ClassCapsule || f.t.pilot[f.t.first[k]] != none) {
			continue
		}
		value := eve.ISK(0)
		if mail.Value.Known() {
			value = mail.Value.ISK
		}
		b.Hulls = append(b.Hulls, Hull{Side: b.Kills[i].Side, ShipTypeID: mail.Victim.ShipTypeID,
			Class: h.class, Fielded: 1, Lost: 1, ISKLost: value})
	}
	side := func(id string) int {
		if id == Unassigned {
			return unassigned
		}
		return sideIndex(b, id)
	}
	slices.SortFunc(b.Hulls, func(x, y Hull) int {
		return cmp.Or(cmp.Compare(side(x.Side), side(y.Side)),
			cmp.Compare(f.hull(x.ShipTypeID).order, f.hull(y.ShipTypeID).order), cmp.Compare(x.ShipTypeID, y.ShipTypeID))
	})
	merged := b.Hulls[:0]
	for _, h := range b.Hulls {
		if n := len(merged); n > 0 && merged[n-1].Side == h.Side && merged[n-1].ShipTypeID == h.ShipTypeID {
			merged[n-1].Fielded += h.Fielded
			merged[n-1].Lost += h.Lost
			merged[n-1].ISKLost += h.ISKLost
			continue
		}
		merged = append(merged, h)
	}
	b.Hulls = merged
}
