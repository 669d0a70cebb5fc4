package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// An operation is looked for at most this far around a battle, and shown with at most
// so many battles on either side of it: a camp can go on for days.
const (
	operationReach = 24 * time.Hour
	operationShown = 20
)

// OperationView is the chain of battles that one crew fought.
type OperationView struct {
	Side    string            `json:"side" doc:"the crew's in the battle asked for"`
	Pilots  int               `json:"pilots" doc:"distinct pilots of the crew in all battles of the chain"`
	Total   int               `json:"total" doc:"battles in the chain; more than items when it is long"`
	Battles []OperationBattle `json:"battles" doc:"by time, the one asked for among them"`
}

// OperationBattle is one battle of an operation.
type OperationBattle struct {
	BattleItem
	CrewSide     string  `json:"crew_side" doc:"where the crew stood"`
	Follows      *int64  `json:"follows" doc:"the earlier battle whose crew has most pilots in common; null for the first"`
	SharedPilots int     `json:"shared_pilots" doc:"that were in both"`
	SharedShare  float64 `json:"shared_share" minimum:"0" maximum:"1" doc:"of the pilots of both crews"`
}

type operationsInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type operationsOutput struct {
	Body struct {
		Items []OperationView `json:"items" doc:"by side; a battle can be part of an operation of each"`
	}
}

func (s *Service) registerOperations(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-battle-operations", Method: http.MethodGet, Path: "/api/v1/battles/{id}/operations", Tags: []string{"Battles"},
		Summary:     "What else the crews of a battle fought before and after",
		Description: "Two battles of one crew belong together when half of its pilots were in both, at most an hour and ten jumps apart.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.listOperations)
}

func (s *Service) listOperations(ctx context.Context, in *operationsInput) (*operationsOutput, error) {
	of, err := s.Store.BattleSummary(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, "battle")
	}
	found, err := s.operationsOf(ctx, of)
	if err != nil {
		return nil, s.failed(ctx, err, "operations of a battle")
	}
	rows, ids := map[int64]*store.BattleRow{of.ID: of}, make(idSet)
	for i := range found {
		for _, b := range found[i].shown {
			if rows[b.ID] == nil {
				if rows[b.ID], err = s.Store.BattleSummary(ctx, b.ID); err != nil {
					return nil, s.failed(ctx, err, "operations of a battle")
				}
			}
			ids.battle(rows[b.ID], listedMembers)
		}
	}
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, s.failed(ctx, err, "operations of a battle")
	}
	out := &operationsOutput{}
	out.Body.Items = make([]OperationView, len(found))
	for i, o := range found {
		view := OperationView{Side: o.side, Pilots: o.Pilots, Total: len(o.Battles), Battles: make([]OperationBattle, len(o.shown))}
		for j, b := range o.shown {
			view.Battles[j] = OperationBattle{BattleItem: v.battleItem(rows[b.ID]), CrewSide: b.Side, SharedPilots: b.Shared, SharedShare: b.Share}
			if b.With != 0 {
				view.Battles[j].Follows = &b.With
			}
		}
		out.Body.Items[i] = view
	}
	keepFor(ctx, v.holds(ids))
	return out, nil
}

// operationOf is an operation as one of its battles sees it.
type operationOf struct {
	battle.Operation
	side  string                   // of the crew in that battle
	shown []battle.OperationBattle // the nearest
}

// operationsOf looks further and further around a battle as long as the operations it is
// part of reach to the end of what was looked at.
func (s *Service) operationsOf(ctx context.Context, of *store.BattleRow) ([]operationOf, error) {
	p := battle.DefaultOperations()
	for reach := p.Pause; ; reach = min(4*reach, operationReach) {
		from, to := of.Start.Add(-reach), of.End.Add(reach)
		outlines, err := s.Store.Outlines(ctx, from, to)
		if err != nil {
			return nil, err
		}
		found := operationsWith(of.ID, battle.Operations(outlines, s.World, p))
		first, last := of.Start, of.End
		for _, o := range outlines {
			if slices.ContainsFunc(found, func(f operationOf) bool { return f.at(o.ID) >= 0 }) {
				first, last = earlier(first, o.Start), later(last, o.End)
			}
		}
		whole := !first.Add(-p.Pause).Before(from) && !last.Add(p.Pause).After(to)
		if whole || reach >= operationReach {
			return found, nil
		}
	}
}

// operationsWith returns those operations that a battle is part of, by its side.
func operationsWith(id int64, all []battle.Operation) []operationOf {
	var out []operationOf
	for _, o := range all {
		f := operationOf{Operation: o}
		i := f.at(id)
		if i < 0 {
			continue
		}
		f.side = o.Battles[i].Side
		f.shown = o.Battles[max(0, i-operationShown):min(len(o.Battles), i+operationShown+1)]
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b operationOf) int { return cmp.Compare(a.side, b.side) })
	return out
}

// at returns the place of a battle in the chain; -1 when it is not in it.
func (o operationOf) at(id int64) int {
	return slices.IndexFunc(o.Battles, func(b battle.OperationBattle) bool { return b.ID == id })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
