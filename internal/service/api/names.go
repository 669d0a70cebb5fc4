package api

import (
	"context"
	"math"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// allMembers asks for the names of every member of a side.
const allMembers = math.MaxInt

// idSet gathers the ids whose names an answer needs.
type idSet map[int64]struct{}

func (s idSet) add(ids ...int64) {
	for _, id := range ids {
		if id != 0 {
			s[id] = struct{}{}
		}
	}
}

func (s idSet) party(p killmail.Party) { s.add(p.CharacterID, p.CorporationID, p.AllianceID) }

func (s idSet) battle(r *store.BattleRow, members int) {
	for i := range r.Sides {
		list := r.Sides[i].Members
		for _, m := range list[:min(members, len(list))] {
			s.add(m.Entity.ID, m.TogetherWith.With, m.Against.With)
		}
	}
}

func (s idSet) killmail(r *store.KillmailRow) {
	s.party(r.Victim)
	s.party(r.FinalBlow)
}

func (s idSet) detail(d *store.BattleDetail) {
	s.battle(&d.BattleRow, allMembers)
	for i := range d.Killmails {
		s.killmail(&d.Killmails[i].KillmailRow)
	}
	for i := range d.Members {
		s.add(d.Members[i].CharacterID, d.Members[i].CorporationID, d.Members[i].AllianceID)
	}
}

// namer is the part of the store that knows names.
type namer interface {
	Names(ctx context.Context, ids []int64) (map[int64]store.Name, error)
}

// named returns the views with the names of these ids. Names that are not known
// yet stay null: no answer waits for them.
func (v views) named(ctx context.Context, n namer, ids idSet) (views, error) {
	list := make([]int64, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	var err error
	v.names, err = n.Names(ctx, list)
	return v, err
}

// holds is how long an answer with the names of these ids may be kept.
func (v views) holds(ids idSet) time.Duration {
	for id := range ids {
		if _, ok := v.names[id]; !ok {
			return keepUnnamed
		}
	}
	return keepTime
}
