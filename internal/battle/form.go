package battle

import (
	"math"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Form returns the battles among the kills: every group of at least
// params.MinKills and every lone loss of a structure, with kind, sides, pilots and
// totals, by time of their first kill. The result depends on the set of kills and
// the parameters alone. It fails only for parameters that do not validate.
func Form(kills []*killmail.Killmail, world World, params Params) ([]Battle, error) {
	if err := params.Validate(); err != nil {
		return nil, err
	}
	t := newTable(kills)
	ruled := params.Corrections.rule(t)
	g := linkTable(t, world, &params, ruled)
	f := newFormer(t, g, world, &params, ruled)
	var out []Battle
	for i := range g.len() {
		members := g.kills(i)
		if len(members) >= params.MinKills || len(members) == 1 && f.victimType(members[0]).structure {
			out = append(out, f.form(members))
		}
	}
	return out, nil
}

// hullType is what the report must know of a type.
type hullType struct {
	class     eve.HullClass
	order     int  // of the class
	ship      bool // flown, capsules included
	counted   bool // a loss that makes a battle: no capsule, shuttle or corvette
	structure bool
}

// former describes groups one after the other and keeps its scratch space between them.
type former struct {
	t     *table
	g     *groups
	world World
	p     *Params
	ruled *rulings // nil without corrections
	sider sider
	// entityRules are the corrections of entities by the killmail they hold on to.
	entityRules map[int64][]EntityCorrection
	types       *interner
	hulls       []hullType // by dense type

	// Entities as they stand on sides: those of the table, or in a private copy with
	// alliances taken apart.
	rows    []int32 // dense entity by row
	private bool    // rows is a copy
	changed []int32 // rows that differ from the table
	own     []int32 // by dense entity: attacker rows on its own members
	output  []int32 // by dense entity: attacker rows

	// By node of the side search.
	side   []int32  // 0 for A …, or none
	rowOf  []int32  // the row that first names it …
	killOf []int32  // … and the kill of that row
	absent []bool   // on none of the kills that are described; nil: none is
	names  []string // of the sides that were given; nil: the letters from A on

	// Of a view: by entity id.
	given   map[int64]string // the side it was put on
	held    map[int64]bool   // by a person
	all     []Member
	counted []uint8   // seen on the current kill
	fit     []float64 // by side: how well it fits the judged node
	shot    []float64 // by side: fire between it and the judged node
	fire    []float64 // sides×sides: what they shot at each other

	// By dense pilot.
	pilotAt []int32 // index in the battle's pilots, or none
	touched []int32 // the pilots of which pilotAt is set
	counts  []int32 // last kill counted for it

	inBattle []int32 // by kill: first kill of the group it is in
	shots    []shot  // by side
	victims  []int32 // pilots, then entities, that lost something to players
	places   []place
	moved    []int32 // by pilot of the battle: its place after sorting
	hullRows []Hull
}

func newFormer(t *table, g *groups, world World, params *Params, ruled *rulings) *former {
	return &former{
		t: t, g: g, world: world, p: params, ruled: ruled, entityRules: byKill(params.Corrections.Entities),
		sider: sider{t: t, p: &params.Sides},
		types: newInterner(512), rows: t.entity,
		pilotAt:  filled(t.pilots.len(), none),
		inBattle: filled(len(t.kills), none),
		counts:   filled(t.pilots.len(), none),
	}
}

// hull returns what the static data say of a type. Types it does not know are taken
// for ships: they are newer than the data.
func (f *former) hull(typeID int64) *hullType {
	n := f.types.intern(typeID)
	if int(n) == len(f.hulls) {
		h := hullType{class: eve.ClassOtherShip}
		if typ, ok := f.world.Type(typeID); ok {
			h.class = typ.Class
		} else if isCapsule(typeID) {
			h.class = eve.ClassCapsule
		}
		h.order = h.class.Order()
		h.ship = h.class.IsShip() && typeID != 0
		h.structure = h.class == eve.ClassStructure
		h.counted = h.ship && h.class != eve.ClassCapsule && h.class != eve.ClassShuttle && h.class != eve.ClassCorvette
		f.hulls = append(f.hulls, h)
	}
	return &f.hulls[n]
}

func (f *former) victimType(k int32) *hullType { return f.hull(f.t.kills[k].Victim.ShipTypeID) }

// party returns the victim or attacker of a row of kill k.
func (f *former) party(k, row int32) *killmail.Party {
	if row == f.t.first[k] {
		return &f.t.kills[k].Victim.Party
	}
	return &f.t.kills[k].Attackers[row-f.t.first[k]-1].Party
}

// form describes one group.
func (f *former) form(kills []int32) Battle {
	rulings, corrected := f.concerning(kills)
	f.placeEntities(kills, rulings)
	b := Battle{
		Profile: f.p.Profile, Version: f.p.Version,
		Start: f.t.kills[kills[0]].Time, End: f.t.kills[kills[len(kills)-1]].Time,
		SystemIDs: f.systems(kills), Corrected: corrected,
	}
	f.report(&b, kills)
	b.Kind, b.KindRule = f.kind(&b, kills)
	f.forgetPilots()
	return b
}

// placeEntities runs the side search, alliances and corporations that fight
// themselves taken apart first, and letters the sides by their pilots.
func (f *former) placeEntities(kills []int32, rulings *entityRulings) {
	f.splitEntities(kills, rulings)
	s := &f.sider
	sides := s.find(kills, f.rows, rulings)
	f.side = append(f.side[:0], sides...)
	f.rowOf, f.killOf = zeroed(f.rowOf, len(s.nodes)), zeroed(f.killOf, len(s.nodes))
	for v := range f.rowOf {
		f.rowOf[v] = none
	}
	count := 0
	for v, c := range sides {
		if s.idle(v) || rulings != nil && rulings.excluded[f.t.entities.keys[s.nodes[v]]] {
			f.side[v] = none
		} else {
			count = max(count, int(c)+1)
		}
	}
	pilots := make([]int, count)
	smallest := make([]int64, count)
	for c := range smallest {
		smallest[c] = math.MaxInt64 // a cluster of idle entities alone ranks last and is no side
	}
	for v, c := range f.side {
		if c != none {
			smallest[c] = min(smallest[c], f.t.entities.keys[s.nodes[v]])
		}
	}
	for _, k := range kills {
		for row := f.t.first[k]; row < f.t.first[k+1]; row++ {
			e := f.rows[row]
			if e == none {
				continue
			}
			v := s.nodeOf[e]
			if f.rowOf[v] == none {
				f.rowOf[v], f.killOf[v] = row, k
			}
			if p := f.t.pilot[row]; p != none && f.pilotAt[p] == none {
				f.pilotAt[p] = 0
				f.touched = append(f.touched, p)
				if c := f.side[v]; c != none {
					pilots[c]++
				}
			}
		}
	}
	f.forgetPilots()
	rank := rankSides(pilots, smallest)
	for v, c := range f.side {
		if c != none {
			f.side[v] = rank[c]
		}
	}
}

// forgetPilots leaves pilotAt empty for the next use.
func (f *former) forgetPilots() {
	for _, p := range f.touched {
		f.pilotAt[p] = none
	}
	f.touched = f.touched[:0]
}
