package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// IngestionStats says what became of the documents of the last 24 hours.
type IngestionStats struct {
	Since          time.Time        `json:"since" doc:"a full hour"`
	Received       int64            `json:"received"`
	Stored         int64            `json:"stored" doc:"new killmails"`
	Updated        int64            `json:"updated" doc:"known killmails with a newer zkb block"`
	Known          int64            `json:"known" doc:"came again without anything new"`
	Broken         int64            `json:"broken" doc:"could not be read; see dead letters"`
	Rejected       int64            `json:"rejected"`
	RejectedBy     map[string]int64 `json:"rejected_by" doc:"by reason"`
	Sources        map[string]int64 `json:"sources" doc:"received, by source"`
	AcceptanceRate *float64         `json:"acceptance_rate" doc:"of what could be read; null when nothing came"`
	DeadLetters    int64            `json:"dead_letters" doc:"kept now"`
	Unclustered    int64            `json:"unclustered"`
	Feed           FeedView         `json:"feed"`
}

type ingestionOutput struct{ Body IngestionStats }

func (s *Service) registerIngestion(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-ingestion-stats", Method: http.MethodGet, Path: "/api/v1/stats/ingestion", Tags: []string{"Statistics"},
		Summary: "What came in during the last 24 hours and what became of it",
	}, s.getIngestion)
}

func (s *Service) getIngestion(ctx context.Context, _ *struct{}) (*ingestionOutput, error) {
	now := s.Now().UTC()
	since := now.Add(-24 * time.Hour).Truncate(time.Hour)
	counts, err := s.Store.IntakeSince(ctx, since)
	if err != nil {
		return nil, s.failed(ctx, err, "ingestion statistics")
	}
	sum, err := s.Store.Summary(ctx, now, now)
	if err != nil {
		return nil, s.failed(ctx, err, "ingestion statistics")
	}
	feeds, err := s.Store.FeedStatuses(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "ingestion statistics")
	}
	out := IngestionStats{
		Since: since, RejectedBy: make(map[string]int64), Sources: make(map[string]int64),
		DeadLetters: sum.DeadLetters, Unclustered: sum.Unclustered, Feed: feedView(feeds, now),
	}
	for _, c := range counts {
		out.Received += c.N
		out.Sources[c.Source] += c.N
		reason, rejected := strings.CutPrefix(c.Outcome, "rejected:")
		switch {
		case rejected:
			out.Rejected += c.N
			out.RejectedBy[reason] += c.N
		case c.Outcome == "new":
			out.Stored += c.N
		case c.Outcome == "updated":
			out.Updated += c.N
		case c.Outcome == "known":
			out.Known += c.N
		case c.Outcome == "broken":
			out.Broken += c.N
		}
	}
	if read := out.Received - out.Broken; read > 0 {
		rate := float64(read-out.Rejected) / float64(read)
		out.AcceptanceRate = &rate
	}
	return &ingestionOutput{out}, nil
}
