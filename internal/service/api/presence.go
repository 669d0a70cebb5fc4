package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// PresenceView is who was there and what was lost, over the steps of the timeline.
type PresenceView struct {
	BucketS int64         `json:"bucket_s" doc:"length of a step in seconds"`
	Buckets []time.Time   `json:"buckets" doc:"start of each step"`
	Rows    []PresenceRow `json:"rows" doc:"by side and hull class, without capsules; who left no trace on a killmail is not known"`
}

// PresenceRow is one hull class of one side, a figure for each step.
type PresenceRow struct {
	Side       string `json:"side"`
	Class      string `json:"class"`
	ClassLabel string `json:"class_label"`
	Present    []int  `json:"present" doc:"pilots, from their first to their last appearance in such a hull"`
	Lost       []int  `json:"lost" doc:"lost up to the end of the step"`
}

type presenceOutput struct{ Body PresenceView }

func (s *Service) registerPresence(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-battle-presence", Method: http.MethodGet, Path: "/api/v1/battles/{id}/presence", Tags: []string{"Battles"},
		Summary: "Who was there in the course of a battle", Errors: partErrors,
	}, func(ctx context.Context, in *battlePartInput) (*presenceOutput, error) {
		v, err := s.seeBattle(ctx, in.ID, &in.Look)
		return presence(ctx, v, err)
	})
	huma.Register(a, huma.Operation{
		OperationID: "get-report-presence", Method: http.MethodGet, Path: "/api/v1/reports/presence", Tags: []string{"Reports"},
		Summary: "Who was there in the course of a custom report", Errors: partErrors,
	}, func(ctx context.Context, in *reportPartInput) (*presenceOutput, error) {
		v, err := s.seeReport(ctx, &in.Sourcing, &in.Look)
		return presence(ctx, v, err)
	})
}

func presence(ctx context.Context, v *seen, err error) (*presenceOutput, error) {
	if err != nil {
		return nil, err
	}
	p := v.Presence()
	out := &presenceOutput{PresenceView{BucketS: int64(p.Bucket.Seconds()), Buckets: append([]time.Time{}, p.Buckets...), Rows: make([]PresenceRow, len(p.Rows))}}
	for i, r := range p.Rows {
		out.Body.Rows[i] = PresenceRow{r.Side, string(r.Class), classLabel(r.Class), r.Present, r.Lost}
	}
	keepFor(ctx, keepTime)
	return out, nil
}
