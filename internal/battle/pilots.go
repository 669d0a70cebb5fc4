package battle

import (
	"cmp"
	"math"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// pilots fills one row per character, whatever number of ships it flew. Capsules are
// no hull: whoever is seen shooting from one keeps the hulls it had.
func (f *former) pilots(b *Battle, kills []int32, unassigned int) {
	b.Pilots = make([]Pilot, 0, b.PilotCount)
	// Nearly every pilot flies one hull: the first ones share an array.
	firstHulls := make([]PilotHull, b.PilotCount)
	for _, k := range kills {
		mail, first := f.t.kills[k], f.t.first[k]
		structure := f.victimType(k).structure
		for j := range mail.Attackers {
			a := &mail.Attackers[j]
			p := f.pilot(b, k, first+1+int32(j), unassigned, firstHulls)
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
		if p := f.pilot(b, k, first, unassigned, firstHulls); p != nil {
			f.lose(p, mail)
		}
	}
	f.sortPilots(b)
}

// pilot returns the row of the pilot in a row of kill k, nil for NPCs and structures.
func (f *former) pilot(b *Battle, k, row int32, unassigned int, firstHulls []PilotHull) *Pilot {
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
			Hulls: firstHulls[i : i : i+1],
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

// place is where a pilot or hull sorts.
type place struct {
	side, class int
	id          int64
	from        int32
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.side, b.side), cmp.Compare(a.class, b.class), cmp.Compare(a.id, b.id))
}

// sideNumber returns the index of a side, Unassigned last.
func sideNumber(b *Battle, id string) int {
	return slices.IndexFunc(b.Sides, func(s Side) bool { return s.ID == id })
}

// sortPilots orders by side, heaviest hull class, character, and points pilotAt at
// the new places.
func (f *former) sortPilots(b *Battle) {
	f.places = f.places[:0]
	for i := range b.Pilots {
		p := &b.Pilots[i]
		class := math.MaxInt
		for _, h := range p.Hulls {
			class = min(class, f.hull(h.ShipTypeID).order)
		}
		f.places = append(f.places, place{sideNumber(b, p.Side), class, p.CharacterID, int32(i)})
	}
	slices.SortFunc(f.places, comparePlaces)
	sorted := make([]Pilot, len(b.Pilots))
	f.moved = zeroed(f.moved, len(sorted))
	for to, p := range f.places {
		sorted[to] = b.Pilots[p.from]
		f.moved[p.from] = int32(to)
	}
	b.Pilots = sorted
	for _, p := range f.touched {
		f.pilotAt[p] = f.moved[f.pilotAt[p]]
	}
}

// hullTable sums the hulls per side: those of the pilots, and what was lost without
// one (structures, deployables, ships of nobody) or is no hull (capsules).
func (f *former) hullTable(b *Battle, kills []int32) {
	f.places, f.hullRows = f.places[:0], f.hullRows[:0]
	add := func(h Hull, order int) {
		f.places = append(f.places, place{sideNumber(b, h.Side), order, h.ShipTypeID, int32(len(f.hullRows))})
		f.hullRows = append(f.hullRows, h)
	}
	for i := range b.Pilots {
		p := &b.Pilots[i]
		for _, h := range p.Hulls {
			hull := f.hull(h.ShipTypeID)
			add(Hull{
				Side: p.Side, ShipTypeID: h.ShipTypeID, Class: hull.class,
				Fielded: max(1, h.Lost), Lost: h.Lost, ISKLost: h.ISKLost,
			}, hull.order)
		}
	}
	for i, k := range kills {
		mail := b.Kills[i].Mail
		hull := f.victimType(k)
		if hull.ship && hull.class != eve.ClassCapsule && f.t.pilot[f.t.first[k]] != none {
			continue
		}
		h := Hull{Side: b.Kills[i].Side, ShipTypeID: mail.Victim.ShipTypeID, Class: hull.class, Fielded: 1, Lost: 1}
		if mail.Value.Known() {
			h.ISKLost = mail.Value.ISK
		}
		add(h, hull.order)
	}
	slices.SortFunc(f.places, comparePlaces)
	distinct := 0
	for i := range f.places {
		if i == 0 || comparePlaces(f.places[i-1], f.places[i]) != 0 {
			distinct++
		}
	}
	b.Hulls = make([]Hull, 0, distinct)
	for i, p := range f.places {
		h := f.hullRows[p.from]
		if i == 0 || comparePlaces(f.places[i-1], p) != 0 {
			b.Hulls = append(b.Hulls, h)
			continue
		}
		sum := &b.Hulls[len(b.Hulls)-1]
		sum.Fielded += h.Fielded
		sum.Lost += h.Lost
		sum.ISKLost += h.ISKLost
	}
}
