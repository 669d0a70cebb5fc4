package battle

import (
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// ViewOptions say how a set of killmails is looked at. The zero value is the whole set
// as one battle, with the sides that the engine finds.
type ViewOptions struct {
	// Sides are those of the stored battle the killmails are of: its entities stay where
	// they stand. Nil: the engine finds the sides of the whole set.
	Sides []Side
	// Override puts entities on a side, Unassigned for none, over both. Of a pilot, its
	// corporation and its alliance the first that is named counts, and all that is named
	// stands by itself.
	Override map[eve.Entity]string
	// Exclude are killmails that are taken for not being in the set.
	Exclude []int64
	// From and To, both included, narrow what is counted, not who stands where and why:
	// a zero time leaves its end open.
	From, To time.Time
}

// View is a set of killmails with sides, seen as one battle.
type View struct {
	// Battle has all figures of the killmails within the time. Its kills have no link
	// evidence: they are together because somebody wants them to be. Its start and end
	// are zero when no kill is left.
	Battle Battle
	// Met are the entities of the override that are on a killmail of the set.
	Met map[eve.Entity]bool

	f     *former // its pilotAt says where a pilot is in Battle.Pilots
	kills []int32
}

// NewView looks at killmails as one battle. Told to narrow nothing, and given the sides
// of the very battle the killmails are of, it finds the figures that Form found. It
// fails only for parameters that do not validate. Their corrections of entities count
// where the engine finds the sides; those of killmails do not.
func NewView(kills []*killmail.Killmail, world World, params Params, o ViewOptions) (*View, error) {
	if err := params.Validate(); err != nil {
		return nil, err
	}
	t := newTable(kills)
	v := &View{f: newFormer(t, nil, world, &params, nil), Met: map[eve.Entity]bool{}}
	v.f.given, v.f.held = map[int64]string{}, map[int64]bool{}
	set := v.f.without(o.Exclude)
	if o.Sides != nil {
		v.f.take(sequence(len(t.kills)), o.Sides)
	} else {
		v.f.infer(set)
	}
	v.f.overrule(set, o.Override, v.Met)
	v.f.stand(set)

	for _, k := range set {
		at := t.kills[k].Time
		if (o.From.IsZero() || !at.Before(o.From)) && (o.To.IsZero() || !at.After(o.To)) {
			v.kills = append(v.kills, k)
		}
	}
	v.f.meet(v.kills)
	v.Battle = Battle{Profile: params.Profile, Version: params.Version, SystemIDs: v.f.systems(v.kills)}
	v.f.report(&v.Battle, v.kills)
	if n := len(v.kills); n > 0 {
		v.Battle.Start, v.Battle.End = t.kills[v.kills[0]].Time, t.kills[v.kills[n-1]].Time
		v.Battle.Kind, v.Battle.KindRule = v.f.kind(&v.Battle, v.kills)
	}
	return v, nil
}

// without returns the kills but for some.
func (f *former) without(excluded []int64) []int32 {
	out := sequence(len(f.t.kills))
	if len(excluded) == 0 {
		return out
	}
	gone := make(map[int64]bool, len(excluded))
	for _, id := range excluded {
		gone[id] = true
	}
	return slices.DeleteFunc(out, func(k int32) bool { return gone[f.t.kills[k].ID] })
}

// infer has the engine find the sides, for given to start from.
func (f *former) infer(set []int32) {
	rulings, _ := f.concerning(set)
	f.placeEntities(set, rulings)
	if rulings != nil {
		f.held = rulings.named
	}
	for v, c := range f.side {
		side := Unassigned
		if c != none {
			side = letter(int(c))
		}
		f.given[f.t.entities.keys[f.sider.nodes[v]]] = side
	}
}

// take lets the rows stand for the entities of given sides, by taking apart what the
// engine took apart when it found them. Corporations and pilots that stand somewhere,
// though no row stands for them by itself, were taken apart or named by a correction.
func (f *former) take(kills []int32, sides []Side) {
	named := map[int64]bool{}
	for i := range sides {
		for _, m := range sides[i].Members {
			f.given[m.Entity.ID] = sides[i].ID
			if m.Entity.Type != eve.Alliance {
				named[m.Entity.ID] = true
			}
		}
	}
	for _, e := range f.t.entity {
		if e != none {
			delete(named, f.t.entities.keys[e])
		}
	}
	f.splitEntities(kills, &entityRulings{named: named})
	// Whoever stands nowhere by itself stands with the first of its own that does.
	f.eachEntity(kills, func(row, e int32, p *killmail.Party) {
		if _, stands := f.given[f.t.entities.keys[e]]; stands {
			return
		}
		for _, id := range [...]int64{p.CharacterID, p.CorporationID, p.AllianceID} {
			if _, stands := f.given[id]; stands {
				f.replace(row, id)
				return
			}
		}
	})
}

// eachEntity calls what stands for an entity on the kills.
func (f *former) eachEntity(kills []int32, call func(row, entity int32, p *killmail.Party)) {
	for _, k := range kills {
		for row := f.t.first[k]; row < f.t.first[k+1]; row++ {
			if e := f.rows[row]; e != none {
				call(row, e, f.party(k, row))
			}
		}
	}
}

// overrule puts what is named on its side and notes what it met.
func (f *former) overrule(set []int32, override map[eve.Entity]string, met map[eve.Entity]bool) {
	if len(override) == 0 {
		return
	}
	f.eachEntity(set, func(row, _ int32, p *killmail.Party) {
		for _, e := range [...]eve.Entity{
			{Type: eve.Character, ID: p.CharacterID}, {Type: eve.Corporation, ID: p.CorporationID}, {Type: eve.Alliance, ID: p.AllianceID},
		} {
			if side, named := override[e]; named {
				met[e] = true
				f.replace(row, e.ID)
				f.given[e.ID], f.held[e.ID] = side, true
				return
			}
		}
	})
}

// stand makes the nodes of the set with their evidence and puts them on their sides.
func (f *former) stand(set []int32) {
	s := &f.sider
	s.collect(set, f.rows)
	s.bound = nil
	s.measure(set, f.rows)
	f.names = []string{}
	for _, e := range s.nodes {
		if side := f.sideGiven(e); side != Unassigned && !slices.Contains(f.names, side) {
			f.names = append(f.names, side)
		}
	}
	slices.SortFunc(f.names, compareSides)
	n := len(s.nodes)
	f.side, f.rowOf, f.killOf = zeroed(f.side, n), filled(n, none), zeroed(f.killOf, n)
	held := make([]bool, s.n)
	for v, e := range s.nodes {
		f.side[v] = int32(slices.Index(f.names, f.sideGiven(e))) // none for Unassigned
		if v < s.n {
			held[v] = f.held[f.t.entities.keys[e]]
		}
	}
	if len(f.held) > 0 {
		s.bound = &constraints{held: held}
	}
	for _, k := range set {
		for row := f.t.first[k]; row < f.t.first[k+1]; row++ {
			if e := f.rows[row]; e != none && f.rowOf[s.nodeOf[e]] == none {
				f.rowOf[s.nodeOf[e]], f.killOf[s.nodeOf[e]] = row, k
			}
		}
	}
}

// sideGiven returns the side an entity was put on; nobody placed what is new.
func (f *former) sideGiven(entity int32) string {
	if side, stands := f.given[f.t.entities.keys[entity]]; stands {
		return side
	}
	return Unassigned
}

// meet notes which nodes are on none of the kills that are described.
func (f *former) meet(kills []int32) {
	f.absent = make([]bool, len(f.sider.nodes))
	for v := range f.absent {
		f.absent[v] = true
	}
	f.eachEntity(kills, func(_, e int32, _ *killmail.Party) { f.absent[f.sider.nodeOf[e]] = false })
}
