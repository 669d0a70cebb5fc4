package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

// DamageView says who shot what.
type DamageView struct {
	Damage          int64        `json:"damage" doc:"to ships, everybody's"`
	StructureDamage int64        `json:"structure_damage" doc:"to structures, everybody's"`
	Dealt           []DealtView  `json:"dealt" doc:"by side, hull class and side of the victims"`
	Taken           []TakenView  `json:"taken" doc:"by side and hull class of the victims, as their killmails tell it"`
	Dealers         []DealerView `json:"dealers" doc:"pilots in their hulls, most damage first: at most 50 of each side"`
}

// DealtView is the damage that one class of hulls of a side did to a side.
type DealtView struct {
	By              string `json:"by" doc:"side, unassigned, or npc: CONCORD, sentries, rats"`
	Class           string `json:"class" doc:"hull class; empty where the killmails do not name the hull"`
	ClassLabel      string `json:"class_label"`
	To              string `json:"to" doc:"side of the victims; the same as by: friendly fire"`
	Damage          int64  `json:"damage" doc:"to ships"`
	StructureDamage int64  `json:"structure_damage" doc:"to structures"`
	Shots           int    `json:"shots" doc:"attackers on killmails"`
}

// TakenView is the damage one class of hulls of a side took in what it lost.
type TakenView struct {
	Side       string `json:"side"`
	Class      string `json:"class"`
	ClassLabel string `json:"class_label"`
	Structure  bool   `json:"structure" doc:"the damage is damage to structures"`
	Lost       int    `json:"lost" doc:"killmails"`
	Damage     int64  `json:"damage"`
}

// DealerView is a pilot in one of its hulls.
type DealerView struct {
	Character       *Entity `json:"character"`
	Corporation     *Entity `json:"corporation"`
	Alliance        *Entity `json:"alliance"`
	Side            string  `json:"side"`
	ShipType        *Ref    `json:"ship_type" doc:"null where the killmails do not name it"`
	Class           string  `json:"class"`
	ClassLabel      string  `json:"class_label"`
	Damage          int64   `json:"damage" doc:"to ships"`
	Share           float64 `json:"share" minimum:"0" maximum:"1" doc:"of all damage to ships"`
	SideShare       float64 `json:"side_share" minimum:"0" maximum:"1" doc:"of the damage of its side's pilots to ships"`
	StructureDamage int64   `json:"structure_damage"`
	Kills           int     `json:"kills"`
	FinalBlows      int     `json:"final_blows"`
}

// sideDealers is how many dealers of each side are told.
const sideDealers = 50

type damageOutput struct{ Body DamageView }

type battlePartInput struct {
	ID int64 `path:"id" minimum:"1"`
	Look
}

type reportPartInput struct {
	Sourcing
	Look
}

// partErrors are what goes wrong with a battle or report that is looked at.
var partErrors = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}

func (s *Service) registerDamage(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-battle-damage", Method: http.MethodGet, Path: "/api/v1/battles/{id}/damage", Tags: []string{"Battles"},
		Summary: "Who shot what in a battle", Errors: partErrors,
	}, func(ctx context.Context, in *battlePartInput) (*damageOutput, error) {
		v, err := s.seeBattle(ctx, in.ID, &in.Look)
		return s.damage(ctx, v, err)
	})
	huma.Register(a, huma.Operation{
		OperationID: "get-report-damage", Method: http.MethodGet, Path: "/api/v1/reports/damage", Tags: []string{"Reports"},
		Summary: "Who shot what in a custom report", Errors: partErrors,
	}, func(ctx context.Context, in *reportPartInput) (*damageOutput, error) {
		v, err := s.seeReport(ctx, &in.Sourcing, &in.Look)
		return s.damage(ctx, v, err)
	})
}

func (s *Service) damage(ctx context.Context, v *seen, err error) (*damageOutput, error) {
	if err != nil {
		return nil, err
	}
	d := v.Damage()
	best := bestOfSides(d.Dealers, v.Battle.Pilots)
	ids := make(idSet)
	for _, p := range best {
		pilot := &v.Battle.Pilots[p.Pilot]
		ids.add(pilot.CharacterID, pilot.CorporationID, pilot.AllianceID)
	}
	names, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "damage")
	}
	keepFor(ctx, names.holds(ids))
	return &damageOutput{names.damage(&d, best, v.Battle.Pilots)}, nil
}

// bestOfSides leaves out those that did no damage and, of each side, the last.
func bestOfSides(dealers []battle.Dealer, pilots []battle.Pilot) []battle.Dealer {
	var out []battle.Dealer
	count := make(map[string]int)
	for _, p := range dealers {
		side := pilots[p.Pilot].Side
		if p.Damage+p.Structures > 0 && count[side] < sideDealers {
			count[side]++
			out = append(out, p)
		}
	}
	return out
}

func (v views) damage(d *battle.Damage, best []battle.Dealer, pilots []battle.Pilot) DamageView {
	out := DamageView{Dealt: make([]DealtView, len(d.Dealt)), Taken: make([]TakenView, len(d.Taken)), Dealers: make([]DealerView, len(best))}
	for i, c := range d.Dealt {
		out.Damage += c.Damage
		out.StructureDamage += c.Structures
		out.Dealt[i] = DealtView{c.By, string(c.Class), classLabel(c.Class), c.To, c.Damage, c.Structures, c.Shots}
	}
	for i, c := range d.Taken {
		out.Taken[i] = TakenView{c.Side, string(c.Class), classLabel(c.Class), c.Class == eve.ClassStructure, c.Lost, c.Damage}
	}
	bySide := make(map[string]int64)
	for _, p := range d.Dealers {
		bySide[pilots[p.Pilot].Side] += p.Damage
	}
	for i, p := range best {
		pilot := &pilots[p.Pilot]
		out.Dealers[i] = DealerView{
			Character: v.entity(eve.Character, pilot.CharacterID), Corporation: v.entity(eve.Corporation, pilot.CorporationID),
			Alliance: v.entity(eve.Alliance, pilot.AllianceID), Side: pilot.Side, ShipType: v.typeRef(p.ShipTypeID),
			Class: string(p.Class), ClassLabel: classLabel(p.Class), Damage: p.Damage, Share: share(float64(p.Damage), float64(out.Damage)),
			SideShare: share(float64(p.Damage), float64(bySide[pilot.Side])), StructureDamage: p.Structures, Kills: p.Kills, FinalBlows: p.FinalBlows,
		}
	}
	return out
}

// classLabel names a hull class, also the one of hulls that no killmail names.
func classLabel(c eve.HullClass) string {
	if c == "" {
		return "Unknown hull"
	}
	return c.Label()
}
