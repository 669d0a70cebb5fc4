package api

import (
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// EntityID names a pilot or organisation that can stand on a side.
type EntityID struct {
	Type string `json:"type" enum:"character,corporation,alliance"`
	ID   int64  `json:"id" minimum:"1"`
}

// SideCorrection says where an entity stands.
type SideCorrection struct {
	Entity EntityID  `json:"entity"`
	Verb   string    `json:"verb" enum:"together,apart,move,exclude" doc:"move: as together, and its own fire counts for nobody's side; exclude: on no side"`
	With   *EntityID `json:"with" required:"false" doc:"null for exclude"`
}

// KillmailCorrection says in which battle a killmail is.
type KillmailCorrection struct {
	KillmailID int64  `json:"killmail_id" minimum:"1"`
	Verb       string `json:"verb" enum:"together,apart,move,exclude" doc:"move: as together, and it brings nothing of its own along; exclude: it stands alone"`
	With       *int64 `json:"with" required:"false" minimum:"1" doc:"killmail; null for exclude, and for apart from the rest of the battle: all such killmails are a battle of their own"`
}

// CorrectionBody is what a person decides about a battle.
type CorrectionBody struct {
	Note      string               `json:"note" maxLength:"500" required:"false" doc:"why; everybody can read it"`
	Sides     []SideCorrection     `json:"sides" maxItems:"200" required:"false"`
	Killmails []KillmailCorrection `json:"killmails" maxItems:"1000" required:"false"`
	MergeWith *int64               `json:"merge_with" required:"false" minimum:"1" doc:"a battle that is one with this"`
}

// CorrectionView is a correction with its history.
type CorrectionView struct {
	ID          int64                `json:"id"`
	BattleID    int64                `json:"battle_id" doc:"the battle as it was then; it may have gone into another one"`
	Author      string               `json:"author"`
	Note        string               `json:"note"`
	CreatedAt   time.Time            `json:"created_at"`
	Active      bool                 `json:"active"`
	TakenBackAt *time.Time           `json:"taken_back_at" doc:"null while it is in force"`
	TakenBackBy *string              `json:"taken_back_by"`
	Sides       []SideCorrectionView `json:"sides"`
	Killmails   []KillmailCorrection `json:"killmails"`
	MergeWith   *int64               `json:"merge_with"`
}

// SideCorrectionView is a SideCorrection with names.
type SideCorrectionView struct {
	Entity Entity  `json:"entity"`
	Verb   string  `json:"verb" enum:"together,apart,move,exclude"`
	With   *Entity `json:"with" doc:"null for exclude"`
}

// decision is what the body says.
func (b *CorrectionBody) decision() battle.Decision {
	d := battle.Decision{Merge: b.MergeWith != nil}
	for _, k := range b.Killmails {
		c := battle.KillCorrection{Verb: battle.Verb(k.Verb), Kill: k.KillmailID}
		if k.With != nil {
			c.With = *k.With
		}
		d.Kills = append(d.Kills, c)
	}
	for _, e := range b.Sides {
		c := battle.EntityCorrection{Verb: battle.Verb(e.Verb), Entity: e.Entity.entity()}
		if e.With != nil {
			c.With = e.With.entity()
		}
		d.Entities = append(d.Entities, c)
	}
	return d
}

func (e EntityID) entity() eve.Entity { return eve.Entity{Type: eve.EntityType(e.Type), ID: e.ID} }

func (s idSet) correction(c *store.Correction) {
	for _, e := range c.Decision.Entities {
		s.add(e.Entity.ID, e.With.ID)
	}
}

func (v views) correction(c *store.Correction) CorrectionView {
	out := CorrectionView{
		ID: c.ID, BattleID: c.BattleID, Author: c.Author, Note: c.Note, CreatedAt: c.CreatedAt, Active: c.InForce(),
		TakenBackAt: timeOrNil(c.TakenBackAt), Sides: make([]SideCorrectionView, len(c.Decision.Entities)),
		Killmails: make([]KillmailCorrection, len(c.Decision.Kills)), MergeWith: numberOrNil(c.MergedID),
	}
	if !c.InForce() {
		out.TakenBackBy = &c.TakenBackBy
	}
	for i, e := range c.Decision.Entities {
		out.Sides[i] = SideCorrectionView{
			Entity: *v.entity(e.Entity.Type, e.Entity.ID), Verb: string(e.Verb), With: v.entity(e.With.Type, e.With.ID),
		}
	}
	for i, k := range c.Decision.Kills {
		out.Killmails[i] = KillmailCorrection{KillmailID: k.Kill, Verb: string(k.Verb), With: numberOrNil(k.With)}
	}
	return out
}

func numberOrNil(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
