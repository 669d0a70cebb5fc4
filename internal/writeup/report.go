// Package writeup writes a battle as text: for a terminal, and as a message for Discord.
// The command line and the API give the same text.
package writeup

import (
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// Report is a battle with what a text says of it.
type Report struct {
	*store.BattleDetail
	World      *sde.Data
	Names      map[int64]store.Name // of the ids that Named lists; missing ones are shown as ids
	Losses     []battle.Loss
	Phases     []battle.Phase
	Moments    []battle.Moment
	Capitals   []battle.Hull
	Top        []battle.Loss  // of the highest value
	FinalBlows []battle.Pilot // with most of them
	Status     battle.Status
	RelatedURL string // zKillboard's page of the same place and hour
	PageURL    string // BattleScope's own page; "" when nobody can reach one
	Part       string // what of the battle it is, and what was changed by hand; "" for the battle as it is
}

// top is how many kills and pilots a text names.
const top = 5

// New reads from a battle what a text says of it, at a time. Names are left to the caller.
func New(d *store.BattleDetail, world *sde.Data, now time.Time) *Report {
	r := &Report{
		BattleDetail: d, World: world, Status: battle.StatusAt(d.End, now),
		RelatedURL: zkb.RelatedURL(d.SystemIDs[0], d.Start), FinalBlows: battle.MostFinalBlows(d.Members, top),
	}
	class := func(id int64) eve.HullClass {
		if t, ok := world.Type(id); ok {
			return t.Class
		}
		return eve.ClassOtherShip
	}
	r.Losses = d.Losses(class)
	course := battle.DefaultCourse()
	r.Phases, r.Moments = battle.Phases(r.Losses, course), battle.TurningPoints(r.Losses, course)
	r.Top, r.Capitals = battle.TopLosses(r.Losses, top), battle.Capitals(d.Hulls, class)
	return r
}

// Named lists the ids that the text shows by name.
func (r *Report) Named() []int64 {
	var ids []int64
	for i := range r.Sides {
		for _, m := range r.Sides[i].Members {
			ids = append(ids, m.Entity.ID)
		}
	}
	for _, l := range r.Top {
		ids = append(ids, l.Victim.CharacterID, l.Victim.CorporationID)
	}
	for _, p := range r.FinalBlows {
		ids = append(ids, p.CharacterID)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
}
