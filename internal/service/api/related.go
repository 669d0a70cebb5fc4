package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/eve"
)

// RelatedView is what is known of a system around a time.
type RelatedView struct {
	BattleID  *int64 `json:"battle_id" doc:"the stored battle with most kills there and then; null when there is none"`
	Report    string `json:"report" doc:"query of the custom report that shows all of it: /api/v1/reports?…"`
	Killmails int    `json:"killmails" doc:"stored, there and then"`
}

type relatedInput struct {
	SystemID int64  `path:"system_id" minimum:"1"`
	Time     string `path:"time" maxLength:"20" doc:"YYYYMMDDHHmm in UTC" example:"202111281000"`
}

type relatedOutput struct{ Body RelatedView }

func (s *Service) registerRelated(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-related", Method: http.MethodGet, Path: "/api/v1/related/{system_id}/{time}", Tags: []string{"Reports"},
		Summary:     "What a related-kills link means",
		Description: "zKillboard and others name a system and a time; what they show is an hour before and after it.",
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, s.getRelated)
}

func (s *Service) getRelated(ctx context.Context, in *relatedInput) (*relatedOutput, error) {
	at, err := eve.ParseRelatedStamp(in.Time)
	if err != nil {
		return nil, badRequest(err.Error(), "the times in such links are in UTC (EVE time)")
	}
	v, err := s.related(ctx, in.SystemID, at.Add(-relatedReach), at.Add(relatedReach))
	if err != nil {
		return nil, err
	}
	return &relatedOutput{*v}, nil
}

// relatedReach is how far before and after its time a related page looks, on zKillboard.
const relatedReach = time.Hour

// related finds the battle with most kills in a system within a time.
func (s *Service) related(ctx context.Context, system int64, from, to time.Time) (*RelatedView, error) {
	if _, known := s.World.System(system); !known {
		return nil, problem(http.StatusNotFound, fmt.Sprintf("no solar system has the id %d", system), "check the link; systems newer than the static data are not known")
	}
	w := SourceWindow{s.views.system(system), from, to}
	ids, err := s.Store.InSystem(ctx, system, w.From, w.last())
	if err != nil {
		return nil, s.failed(ctx, err, "killmails of the system")
	}
	out := &RelatedView{Report: w.written(), Killmails: len(ids)}
	rows, err := s.Store.Rows(ctx, ids[:min(len(ids), maxKillmails)])
	if err != nil {
		return nil, s.failed(ctx, err, "killmails of the system")
	}
	counts := make(map[int64]int)
	for i := range rows {
		if id := rows[i].BattleID; id != 0 {
			counts[id]++
			if best := out.BattleID; best == nil || counts[id] > counts[*best] || counts[id] == counts[*best] && id < *best {
				out.BattleID = &id
			}
		}
	}
	return out, nil
}
