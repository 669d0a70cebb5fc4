package api

import (
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// BattleItem is a battle as lists show it.
type BattleItem struct {
	ID                int64      `json:"id"`
	Kind              string     `json:"kind" enum:"battle,skirmish,camp,gank,structure,solo,npc"`
	Status            string     `json:"status" enum:"live,settled" doc:"live until 15 minutes after the last kill"`
	Systems           []System   `json:"systems" doc:"most kills first"`
	SpaceType         string     `json:"space_type" enum:"highsec,lowsec,nullsec,wormhole,pochven,abyssal,void,other"`
	StartedAt         time.Time  `json:"started_at"`
	EndedAt           time.Time  `json:"ended_at"`
	DurationS         int64      `json:"duration_s" doc:"seconds from first to last kill"`
	Kills             int        `json:"kills" doc:"killmails, capsules included"`
	ShipsLost         int        `json:"ships_lost" doc:"without capsules, shuttles and corvettes"`
	CapsulesLost      int        `json:"capsules_lost"`
	StructuresLost    int        `json:"structures_lost"`
	Pilots            int        `json:"pilots" doc:"distinct characters"`
	ISKDestroyed      *float64   `json:"isk_destroyed" doc:"null when no value is known"`
	ISKEstimatedShare float64    `json:"isk_estimated_share" minimum:"0" maximum:"1" doc:"part of isk_destroyed that is our estimate"`
	UnknownValues     int        `json:"unknown_values" doc:"killmails without a known value"`
	Sides             []SideItem `json:"sides"`
	TopHulls          []HullItem `json:"top_hulls"`
	Revision          int        `json:"revision"`
	ZkillboardURL     string     `json:"zkillboard_url"`
}

// SideItem is one side as lists show it.
type SideItem struct {
	ID           string   `json:"id" doc:"A, B, … or unassigned"`
	Name         *string  `json:"name" doc:"of the largest member; null until resolved"`
	Pilots       int      `json:"pilots"`
	ShipsLost    int      `json:"ships_lost"`
	ISKLost      float64  `json:"isk_lost"`
	ISKDestroyed float64  `json:"isk_destroyed" doc:"each loss is credited once, among the sides that shot it by damage"`
	Efficiency   float64  `json:"efficiency" minimum:"0" maximum:"1" doc:"destroyed / (destroyed + lost)"`
	Members      []Entity `json:"members" doc:"the five with most pilots"`
	MemberCount  int      `json:"member_count"`
}

// HullItem is a hull and how many of it were there.
type HullItem struct {
	ShipType *Ref   `json:"ship_type"`
	Class    string `json:"class"`
	Count    int    `json:"count"`
	Lost     int    `json:"lost"`
}

const (
	listedMembers = 5
	listedHulls   = 6
)

func (v views) battleItem(r *store.BattleRow) BattleItem {
	item := BattleItem{
		ID: r.ID, Kind: string(r.Kind), Status: string(battle.StatusAt(r.End, v.now())), Systems: v.systems(r.SystemIDs),
		SpaceType: string(r.Space), StartedAt: r.Start, EndedAt: r.End, DurationS: int64(r.End.Sub(r.Start).Seconds()),
		Kills: r.Kills, ShipsLost: r.ShipsLost, CapsulesLost: r.CapsulesLost, StructuresLost: r.StructuresLost, Pilots: r.Pilots,
		ISKEstimatedShare: share(r.ISKEstimated.Float(), r.ISKDestroyed.Float()), UnknownValues: r.UnknownValues,
		Sides: make([]SideItem, len(r.Sides)), TopHulls: v.topHulls(r.Hulls), Revision: r.Revision,
		ZkillboardURL: zkb.RelatedURL(r.SystemIDs[0], r.Start),
	}
	if r.UnknownValues < r.Kills {
		f := r.ISKDestroyed.Float()
		item.ISKDestroyed = &f
	}
	for i := range r.Sides {
		item.Sides[i] = v.sideItem(&r.Sides[i])
	}
	return item
}

func (v views) sideItem(s *battle.Side) SideItem {
	lost, destroyed := s.ISKLost.Float(), s.ISKDestroyed.Float()
	item := SideItem{
		ID: s.ID, Pilots: s.Pilots, ShipsLost: s.ShipsLost, ISKLost: lost, ISKDestroyed: destroyed,
		Efficiency: share(destroyed, destroyed+lost), Members: []Entity{}, MemberCount: len(s.Members),
	}
	for _, m := range s.Members[:min(listedMembers, len(s.Members))] {
		item.Members = append(item.Members, *v.entity(m.Entity.Type, m.Entity.ID))
	}
	if len(item.Members) > 0 {
		item.Name = item.Members[0].Name
	}
	return item
}

// topHulls sums the hulls of all sides and returns the most numerous. Left out are capsules
// and what nobody flies: deployables, and the fighters that mails name in place of a hull.
func (v views) topHulls(hulls []battle.Hull) []HullItem {
	sums := make(map[int64]*HullItem)
	var order []*HullItem
	for _, h := range hulls {
		class := v.class(h.ShipTypeID)
		_, known := v.world.Type(h.ShipTypeID) // a hull newer than the static data counts
		if class == eve.ClassCapsule || known && !class.IsShip() && class != eve.ClassStructure {
			continue
		}
		item := sums[h.ShipTypeID]
		if item == nil {
			item = &HullItem{ShipType: v.typeRef(h.ShipTypeID), Class: string(class)}
			if item.ShipType == nil { // attackers whose hull the mail does not name
				continue
			}
			sums[h.ShipTypeID] = item
			order = append(order, item)
		}
		item.Count += h.Fielded
		item.Lost += h.Lost
	}
	slices.SortStableFunc(order, func(a, b *HullItem) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return int(a.ShipType.ID - b.ShipType.ID)
	})
	out := make([]HullItem, 0, listedHulls)
	for _, h := range order[:min(listedHulls, len(order))] {
		out = append(out, *h)
	}
	return out
}

// dotlanURL links a system's page on Dotlan, which goes by name.
func dotlanURL(s System) string {
	if s.Name == nil {
		return ""
	}
	return "https://evemaps.dotlan.net/system/" + strings.ReplaceAll(*s.Name, " ", "_")
}
