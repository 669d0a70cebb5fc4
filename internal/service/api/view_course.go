package api

import (
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// PhaseView is a stretch of the battle at one pace.
type PhaseView struct {
	StartedAt time.Time   `json:"started_at"`
	EndedAt   time.Time   `json:"ended_at"`
	Rule      string      `json:"rule" doc:"why it begins here"`
	Kills     int         `json:"kills"`
	PerMinute float64     `json:"per_minute" doc:"losses a minute"`
	Sides     []PhaseSide `json:"sides"`
}

// PhaseSide is what one side lost in a phase.
type PhaseSide struct {
	ID        string  `json:"id"`
	ShipsLost int     `json:"ships_lost"`
	ISKLost   float64 `json:"isk_lost" doc:"known values only"`
}

// TurningPoint is something that changed the battle.
type TurningPoint struct {
	At         time.Time `json:"at"`
	Kind       string    `json:"kind" enum:"first capital,structure,logistics,heavy blow,lead in losses"`
	Side       string    `json:"side" doc:"that lost something; that leads, for a lead in losses"`
	KillmailID int64     `json:"killmail_id,omitempty" doc:"first killmail of it"`
	Text       string    `json:"text" doc:"in words"`
}

// course fills phases and turning points from the killmails of the battle.
func (v views) course(out *BattleView, d *store.BattleDetail) {
	losses := d.Losses(v.class)
	rules := battle.DefaultCourse()
	out.Phases = []PhaseView{}
	for _, p := range battle.Phases(losses, rules) {
		phase := PhaseView{StartedAt: p.Start, EndedAt: p.End, Rule: p.Rule, Kills: p.Kills, PerMinute: p.PerMinute, Sides: []PhaseSide{}}
		for _, s := range p.Sides {
			phase.Sides = append(phase.Sides, PhaseSide{s.Side, s.Ships, s.ISK.Float()})
		}
		out.Phases = append(out.Phases, phase)
	}
	out.TurningPoints = []TurningPoint{}
	for _, m := range battle.TurningPoints(losses, rules) {
		out.TurningPoints = append(out.TurningPoints, TurningPoint{m.At, string(m.Kind), m.Side, m.KillID, m.Text})
	}
}
