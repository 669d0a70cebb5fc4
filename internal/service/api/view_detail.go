package api

import (
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// BattleView is one battle, whole or as it was asked to be looked at, or a custom
// report. With view=summary the long lists are left out.
type BattleView struct {
	ID                 int64          `json:"id" doc:"0 of a custom report"`
	Kind               string         `json:"kind" enum:"battle,skirmish,camp,gank,structure,solo,npc,report" doc:"report: made by hand"`
	KindRule           string         `json:"kind_rule" doc:"the rule that decided the kind"`
	Status             string         `json:"status" enum:"live,settled"`
	Profile            string         `json:"profile" doc:"parameter profile of the engine"`
	ProfileVersion     int            `json:"profile_version"`
	Systems            []System       `json:"systems" doc:"most kills first"`
	SpaceType          string         `json:"space_type" enum:"highsec,lowsec,nullsec,wormhole,pochven,abyssal,void,other"`
	StartedAt          time.Time      `json:"started_at"`
	EndedAt            time.Time      `json:"ended_at"`
	DurationS          int64          `json:"duration_s"`
	Kills              int            `json:"kills"`
	ShipsLost          int            `json:"ships_lost"`
	CapsulesLost       int            `json:"capsules_lost"`
	StructuresLost     int            `json:"structures_lost"`
	Pilots             int            `json:"pilot_count"`
	ISKDestroyed       *float64       `json:"isk_destroyed"`
	ISKEstimatedShare  float64        `json:"isk_estimated_share" minimum:"0" maximum:"1"`
	UnknownValues      int            `json:"unknown_values"`
	TopHulls           []HullItem     `json:"top_hulls"`
	Revision           int            `json:"revision"`
	Mark               string         `json:"mark" doc:"names this state of a stored battle, for its stream; empty of one that is narrowed, edited or without its lists, and of a custom report"`
	Corrections        int            `json:"corrections" doc:"corrections of this battle that are in force; the history has all. Of a custom report: of its battles, and decisions about sides in its windows"`
	UpdatedAt          time.Time      `json:"updated_at"`
	KillmailsRemovedAt *time.Time     `json:"killmails_removed_at" doc:"when retention removed the killmails of this battle, and with them its timeline; null: they are there"`
	PilotsRemovedAt    *time.Time     `json:"pilots_removed_at" doc:"when retention removed the list of pilots; null: it is there"`
	Sides              []SideView     `json:"sides"`
	Links              Links          `json:"links"`
	Window             *TimeWindow    `json:"window" doc:"the part of the time that is shown, by from and to; null: all of it"`
	Edited             bool           `json:"edited" doc:"sides or killmails were changed by the request"`
	Overrides          []Override     `json:"overrides" doc:"entities that the request put on a side, as understood"`
	Excluded           []int64        `json:"excluded" doc:"killmails that the request left out"`
	Sources            *Sources       `json:"sources" doc:"what a custom report is made of; null of a stored battle"`
	Revisions          []RevisionView `json:"revisions"`
	Killmails          []BattleKill   `json:"killmails,omitempty" doc:"by time; left out with view=summary"`
	PilotList          []PilotView    `json:"pilots,omitempty" doc:"left out with view=summary"`
	Composition        []Composition  `json:"composition,omitempty" doc:"fielded and lost per side and hull; left out with view=summary"`
	Timeline           *TimelineView  `json:"timeline,omitempty" doc:"left out with view=summary"`
	Phases             []PhaseView    `json:"phases,omitempty" doc:"stretches at one pace; left out with view=summary"`
	TurningPoints      []TurningPoint `json:"turning_points,omitempty" doc:"what changed the battle; left out with view=summary"`
}

// Links lead to the same fight elsewhere.
type Links struct {
	Zkillboard string `json:"zkillboard"`
	Dotlan     string `json:"dotlan,omitempty"`
}

// SideView is one side with all its members.
type SideView struct {
	ID              string       `json:"id"`
	Name            *string      `json:"name"`
	Pilots          int          `json:"pilots"`
	Kills           int          `json:"kills" doc:"killmails of other sides' losses it is on"`
	FinalBlows      int          `json:"final_blows"`
	ShipsLost       int          `json:"ships_lost"`
	CapsulesLost    int          `json:"capsules_lost"`
	StructuresLost  int          `json:"structures_lost"`
	ISKLost         float64      `json:"isk_lost"`
	ISKDestroyed    float64      `json:"isk_destroyed" doc:"each loss is credited once, among the sides that shot it by damage"`
	Efficiency      float64      `json:"efficiency" minimum:"0" maximum:"1"`
	DamageDone      int64        `json:"damage_done" doc:"to ships"`
	StructureDamage int64        `json:"structure_damage" doc:"to structures, apart"`
	DamageTaken     int64        `json:"damage_taken"`
	Confidence      float64      `json:"confidence" minimum:"0" maximum:"1" doc:"that the members belong together; an inference, not a fact"`
	ThirdParty      bool         `json:"third_party"`
	Members         []MemberView `json:"members" doc:"most pilots first"`
}

// MemberView is one entity on a side, with the evidence that put it there.
type MemberView struct {
	Entity       Entity        `json:"entity"`
	Pilots       int           `json:"pilots"`
	ShipsLost    int           `json:"ships_lost"`
	ISKLost      float64       `json:"isk_lost"`
	Kills        int           `json:"kills"`
	DamageDone   int64         `json:"damage_done"`
	Confidence   float64       `json:"confidence" minimum:"0" maximum:"1"`
	Together     *EvidenceView `json:"together" doc:"the entity it shot beside most often"`
	Against      *EvidenceView `json:"against" doc:"the entity it fought most often"`
	FriendlyFire int           `json:"friendly_fire" doc:"attacker rows against its own side"`
}

// EvidenceView names an entity of the battle and the number of killmails.
type EvidenceView struct {
	EntityID int64   `json:"entity_id"`
	Name     *string `json:"name"`
	Kills    int     `json:"kills"`
}

// RevisionView says what changed in the battle, when and why.
type RevisionView struct {
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
	Reason   string    `json:"reason"`
	Added    int       `json:"added"`
	Removed  int       `json:"removed"`
	Kills    int       `json:"kills"`
}

// BattleKill is one loss of the battle.
type BattleKill struct {
	ID            int64     `json:"id"`
	OccurredAt    time.Time `json:"occurred_at"`
	SystemID      int64     `json:"system_id"`
	Victim        Party     `json:"victim"`
	Class         string    `json:"class" doc:"hull class of the victim"`
	Side          string    `json:"side" doc:"of the victim"`
	ISK           *float64  `json:"isk" doc:"null when unknown"`
	ISKSource     string    `json:"isk_source" enum:"zkb,market,base," doc:"zkb, or the price list of our estimate; empty when unknown"`
	FinalBlow     *Party    `json:"final_blow" doc:"null when the mail names none"`
	AttackerCount int       `json:"attacker_count"`
	Link          *LinkView `json:"link" doc:"why it belongs here; null for the first kill"`
	ZkillboardURL string    `json:"zkillboard_url"`
}

// LinkView says why a killmail was put into the battle.
type LinkView struct {
	Rule       string `json:"rule"`
	KillmailID int64  `json:"killmail_id,omitempty"`
	Pilots     int    `json:"pilots" doc:"shared pilots"`
}

// PilotView is one character, whatever number of ships it flew.
type PilotView struct {
	Character       *Entity         `json:"character"`
	Corporation     *Entity         `json:"corporation"`
	Alliance        *Entity         `json:"alliance"`
	Faction         *Entity         `json:"faction"`
	Side            string          `json:"side"`
	Hulls           []PilotHullView `json:"hulls" doc:"in order of first appearance"`
	Kills           int             `json:"kills"`
	FinalBlows      int             `json:"final_blows"`
	Losses          int             `json:"losses" doc:"without capsules"`
	Podded          bool            `json:"podded"`
	DamageDone      int64           `json:"damage_done" doc:"to ships"`
	StructureDamage int64           `json:"structure_damage"`
	DamageTaken     int64           `json:"damage_taken"`
	ISKLost         float64         `json:"isk_lost"`
	FirstSeen       time.Time       `json:"first_seen"`
	LastSeen        time.Time       `json:"last_seen"`
}

// PilotHullView is one hull a pilot flew.
type PilotHullView struct {
	ShipType *Ref    `json:"ship_type"`
	Class    string  `json:"class"`
	Lost     int     `json:"lost"`
	ISKLost  float64 `json:"isk_lost"`
}

// Composition is one hull on one side.
type Composition struct {
	Side       string  `json:"side"`
	Class      string  `json:"class"`
	ClassLabel string  `json:"class_label"`
	ShipType   *Ref    `json:"ship_type"`
	Fielded    int     `json:"fielded"`
	Lost       int     `json:"lost"`
	ISKLost    float64 `json:"isk_lost"`
}

// TimelineView is the course of the battle in at most 60 steps.
type TimelineView struct {
	BucketS int64          `json:"bucket_s" doc:"length of a step in seconds"`
	Buckets []TimelineStep `json:"buckets"`
}

// TimelineStep is what happened within one step.
type TimelineStep struct {
	At    time.Time               `json:"at" doc:"start of the step"`
	Sides map[string]TimelineSide `json:"sides" doc:"by side id; sides without losses are left out"`
}

// TimelineSide is what one side lost within one step.
type TimelineSide struct {
	ShipsLost      int     `json:"ships_lost"`
	CapsulesLost   int     `json:"capsules_lost"`
	StructuresLost int     `json:"structures_lost"`
	ISKLost        float64 `json:"isk_lost"`
}

func (v views) battleSummary(r *store.BattleRow) BattleView {
	item := v.battleItem(r)
	out := BattleView{
		ID: r.ID, Kind: item.Kind, KindRule: r.KindRule, Status: item.Status, Profile: r.Profile, ProfileVersion: r.Version,
		Systems: item.Systems, SpaceType: item.SpaceType, StartedAt: r.Start, EndedAt: r.End, DurationS: item.DurationS,
		Kills: r.Kills, ShipsLost: r.ShipsLost, CapsulesLost: r.CapsulesLost, StructuresLost: r.StructuresLost, Pilots: r.Pilots,
		ISKDestroyed: item.ISKDestroyed, ISKEstimatedShare: item.ISKEstimatedShare, UnknownValues: r.UnknownValues,
		TopHulls: item.TopHulls, Revision: r.Revision, Corrections: r.Corrections, UpdatedAt: r.UpdatedAt,
		Sides:              make([]SideView, len(r.Sides)),
		Links:              Links{Zkillboard: item.ZkillboardURL, Dotlan: dotlanURL(item.Systems[0])},
		Overrides:          []Override{},
		Excluded:           []int64{},
		Revisions:          []RevisionView{},
		KillmailsRemovedAt: timeOrNil(r.PrunedAt), PilotsRemovedAt: timeOrNil(r.PilotsPrunedAt),
	}
	types := make(map[int64]eve.EntityType)
	for i := range r.Sides {
		for _, m := range r.Sides[i].Members {
			types[m.Entity.ID] = m.Entity.Type
		}
	}
	for i := range r.Sides {
		out.Sides[i] = v.side(&r.Sides[i], types)
	}
	return out
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (v views) side(s *battle.Side, types map[int64]eve.EntityType) SideView {
	item := v.sideItem(s)
	out := SideView{
		ID: s.ID, Name: item.Name, Pilots: s.Pilots, Kills: s.Kills, FinalBlows: s.FinalBlows, ShipsLost: s.ShipsLost,
		CapsulesLost: s.CapsulesLost, StructuresLost: s.StructuresLost, ISKLost: item.ISKLost, ISKDestroyed: item.ISKDestroyed,
		Efficiency: item.Efficiency, DamageDone: s.DamageDone, StructureDamage: s.StructureDamage, DamageTaken: s.DamageTaken, Confidence: s.Confidence,
		ThirdParty: s.ThirdParty, Members: make([]MemberView, len(s.Members)),
	}
	for i, m := range s.Members {
		out.Members[i] = MemberView{
			Entity: *v.entity(m.Entity.Type, m.Entity.ID), Pilots: m.Pilots, ShipsLost: m.ShipsLost, ISKLost: m.ISKLost.Float(),
			Kills: m.Kills, DamageDone: m.DamageDone, Confidence: m.Confidence, FriendlyFire: m.FriendlyFire,
			Together: v.evidence(m.TogetherWith.With, m.TogetherWith.Together, types),
			Against:  v.evidence(m.Against.With, m.Against.Against, types),
		}
	}
	return out
}

func (v views) evidence(id int64, kills int, types map[int64]eve.EntityType) *EvidenceView {
	if id == 0 {
		return nil
	}
	out := &EvidenceView{EntityID: id, Kills: kills}
	if e := v.entity(types[id], id); e != nil {
		out.Name = e.Name
	}
	return out
}

func (v views) battle(d *store.BattleDetail) BattleView {
	out := v.battleSummary(&d.BattleRow)
	for _, r := range d.Revisions {
		out.Revisions = append(out.Revisions, RevisionView{r.Number, r.At, r.Reason, r.Added, r.Removed, r.Kills})
	}
	out.Killmails = make([]BattleKill, len(d.Killmails))
	for i := range d.Killmails {
		out.Killmails[i] = v.battleKill(&d.Killmails[i])
	}
	out.PilotList = make([]PilotView, len(d.Members))
	for i := range d.Members {
		out.PilotList[i] = v.pilot(&d.Members[i])
	}
	out.Composition = make([]Composition, len(d.Hulls))
	for i, h := range d.Hulls {
		class := v.class(h.ShipTypeID)
		out.Composition[i] = Composition{
			Side: h.Side, Class: string(class), ClassLabel: class.Label(), ShipType: v.typeRef(h.ShipTypeID),
			Fielded: h.Fielded, Lost: h.Lost, ISKLost: h.ISKLost.Float(),
		}
	}
	out.Timeline = v.timeline(d)
	v.course(&out, d)
	return out
}

func (v views) battleKill(k *store.BattleKill) BattleKill {
	out := BattleKill{
		ID: k.ID, OccurredAt: k.Time, SystemID: k.SystemID, Victim: v.party(k.Victim), Class: string(v.class(k.Victim.ShipTypeID)),
		Side: k.Side, ISK: isk(k.Value), ISKSource: string(k.Value.Source), AttackerCount: k.AttackerCount,
		FinalBlow: v.finalBlow(&k.KillmailRow), ZkillboardURL: zkb.KillURL(k.ID),
	}
	if k.Link.Rule != "" {
		out.Link = &LinkView{Rule: k.Link.Rule, KillmailID: k.Link.With, Pilots: k.Link.Pilots}
	}
	return out
}

func (v views) pilot(p *battle.Pilot) PilotView {
	out := PilotView{
		Character: v.entity(eve.Character, p.CharacterID), Corporation: v.entity(eve.Corporation, p.CorporationID),
		Alliance: v.entity(eve.Alliance, p.AllianceID), Faction: v.entity(eve.Faction, p.FactionID), Side: p.Side,
		Hulls: make([]PilotHullView, len(p.Hulls)), Kills: p.Kills, FinalBlows: p.FinalBlows, Losses: p.Losses, Podded: p.Podded,
		DamageDone: p.DamageDone, StructureDamage: p.StructureDamage, DamageTaken: p.DamageTaken, ISKLost: p.ISKLost.Float(), FirstSeen: p.FirstSeen, LastSeen: p.LastSeen,
	}
	for i, h := range p.Hulls {
		out.Hulls[i] = PilotHullView{ShipType: v.typeRef(h.ShipTypeID), Class: string(v.class(h.ShipTypeID)), Lost: h.Lost, ISKLost: h.ISKLost.Float()}
	}
	return out
}
