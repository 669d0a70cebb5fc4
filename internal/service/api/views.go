package api

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
)

// views turns rows into what the API answers, with names from the static data.
type views struct {
	world *sde.Data
	now   func() time.Time
	names map[int64]store.Name // of the ids in this answer; see named
}

// Entity is a pilot or organisation.
type Entity struct {
	Type   string  `json:"type" enum:"character,corporation,alliance,faction"`
	ID     int64   `json:"id"`
	Name   *string `json:"name" doc:"null until resolved"`
	Ticker string  `json:"ticker,omitempty"`
}

// Ref names a thing of the static data.
type Ref struct {
	ID   int64   `json:"id"`
	Name *string `json:"name" doc:"null when the static data does not know the id"`
}

// System is a solar system.
type System struct {
	ID            int64    `json:"id"`
	Name          *string  `json:"name" doc:"null when the static data does not know the id"`
	Security      *float64 `json:"security" doc:"as the game shows it, one decimal"`
	SecurityBand  string   `json:"security_band" enum:"highsec,lowsec,nullsec,wormhole,pochven,abyssal,void,other"`
	WormholeClass string   `json:"wormhole_class,omitempty" doc:"C1 to C6, Thera, …"`
	Region        *Ref     `json:"region" doc:"null when unknown"`
}

func (v views) entity(t eve.EntityType, id int64) *Entity {
	if id == 0 {
		return nil
	}
	e := &Entity{Type: string(t), ID: id}
	if n, ok := v.names[id]; ok {
		e.Name, e.Ticker = &n.Name, n.Ticker
		return e
	}
	switch t {
	case eve.Faction:
		if f, ok := v.world.Faction(id); ok {
			e.Name = &f.Name
		}
	case eve.Corporation:
		if c, ok := v.world.NPCCorporation(id); ok {
			e.Name, e.Ticker = &c.Name, c.Ticker
		}
	case eve.Character, eve.Alliance: // no static names: players made them
	}
	return e
}

func (v views) typeRef(id int64) *Ref {
	if id == 0 {
		return nil
	}
	r := &Ref{ID: id}
	if t, ok := v.world.Type(id); ok {
		r.Name = &t.Name
	}
	return r
}

func (v views) class(typeID int64) eve.HullClass {
	t, _ := v.world.Type(typeID)
	return t.Class
}

func (v views) system(id int64) System {
	s, ok := v.world.System(id)
	if !ok {
		return System{ID: id, SecurityBand: string(eve.SpaceOf(eve.System{ID: id}))}
	}
	security := eve.DisplaySecurity(s.Security)
	return System{
		ID: id, Name: &s.Name, Security: &security, SecurityBand: string(eve.SpaceOf(s)),
		WormholeClass: eve.WormholeClassName(s.WormholeClass),
		Region:        &Ref{ID: s.RegionID, Name: &s.RegionName},
	}
}

func (v views) systems(ids []int64) []System {
	out := make([]System, len(ids))
	for i, id := range ids {
		out[i] = v.system(id)
	}
	return out
}

// Party is who was on a mail and in what.
type Party struct {
	Character   *Entity `json:"character"`
	Corporation *Entity `json:"corporation"`
	Alliance    *Entity `json:"alliance"`
	Faction     *Entity `json:"faction"`
	ShipType    *Ref    `json:"ship_type"`
}

func (v views) party(p killmail.Party) Party {
	return Party{
		Character: v.entity(eve.Character, p.CharacterID), Corporation: v.entity(eve.Corporation, p.CorporationID),
		Alliance: v.entity(eve.Alliance, p.AllianceID), Faction: v.entity(eve.Faction, p.FactionID), ShipType: v.typeRef(p.ShipTypeID),
	}
}

// isk returns an amount, or nil where it is unknown.
func isk(value killmail.Value) *float64 {
	if !value.Known() {
		return nil
	}
	f := value.ISK.Float()
	return &f
}

// share is part of whole, from 0 to 1; 0 of nothing.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}
