package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/store"
)

// VerifyRunView is one look for damage in what is stored.
type VerifyRunView struct {
	ID             int64         `json:"id"`
	StartedAt      time.Time     `json:"started_at"`
	FinishedAt     time.Time     `json:"finished_at"`
	Since          *time.Time    `json:"since" doc:"null: from the beginning"`
	Until          *time.Time    `json:"until" doc:"null: to the end"`
	Repair         bool          `json:"repair" doc:"what could be repaired was"`
	Killmails      int64         `json:"killmails" doc:"looked at"`
	Battles        int64         `json:"battles" doc:"looked at"`
	Neighbourhoods int64         `json:"neighbourhoods" doc:"formed again by the engine and compared"`
	Days           int64         `json:"days" doc:"compared with zKillboard's history"`
	NotChecked     []string      `json:"not_checked" doc:"what was left out, and why"`
	Found          int           `json:"found" doc:"findings of any severity"`
	Open           int           `json:"open" doc:"errors and warnings that are still there"`
	Findings       []FindingView `json:"findings,omitempty" doc:"only of the newest run"`
}

// FindingView is one kind of damage.
type FindingView struct {
	Check    string  `json:"check" example:"battle-totals"`
	Severity string  `json:"severity" enum:"error,warning,info"`
	State    string  `json:"state" enum:"open,queued,repaired" doc:"queued: another service has the repair on its list"`
	Subject  string  `json:"subject" enum:"killmail,battle,entity,hour,day" doc:"what is counted, and what the samples are ids of"`
	Count    int64   `json:"count"`
	Left     int64   `json:"left" doc:"after a repair"`
	Samples  []int64 `json:"samples"`
	Detail   string  `json:"detail" doc:"what is wrong"`
	Repair   string  `json:"repair" doc:"what a repair does, or why there is none"`
}

type verifyInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type verifyOutput struct {
	Body struct {
		Items []VerifyRunView `json:"items" doc:"newest first; at most 100 are kept"`
	}
}

func (s *Service) registerVerification(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-verify-runs", Method: http.MethodGet, Path: "/api/v1/admin/verify", Tags: []string{"Administration"},
		Summary: "What verification of the stored data found", Middlewares: huma.Middlewares{s.adminOnly(a)},
		Errors: []int{http.StatusUnauthorized, http.StatusUnprocessableEntity},
	}, s.listVerifyRuns)
}

func (s *Service) listVerifyRuns(ctx context.Context, in *verifyInput) (*verifyOutput, error) {
	runs, err := s.Store.VerifyRuns(ctx, in.Limit)
	if err != nil {
		return nil, s.failed(ctx, err, "list of verifications")
	}
	out := &verifyOutput{}
	out.Body.Items = make([]VerifyRunView, len(runs))
	for i := range runs {
		out.Body.Items[i] = verifyRunView(&runs[i])
	}
	return out, nil
}

func verifyRunView(r *store.VerifyRun) VerifyRunView {
	out := VerifyRunView{
		ID: r.ID, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Repair: r.Repair, Killmails: r.Killmails, Battles: r.Battles,
		Neighbourhoods: r.Neighbourhoods, Days: r.Days, NotChecked: append([]string{}, r.NotChecked...), Found: r.Found, Open: r.Open,
	}
	if !r.Since.IsZero() {
		out.Since = &r.Since
	}
	if !r.Until.IsZero() {
		out.Until = &r.Until
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, FindingView{
			Check: string(f.Check), Severity: string(f.Severity), State: string(f.State), Subject: f.Subject, Count: f.Count, Left: f.Left,
			Samples: append([]int64{}, f.Samples...), Detail: f.Detail, Repair: f.Repair,
		})
	}
	return out
}

// verifyOverdue is how long ago the last verification may be: it runs every day.
const verifyOverdue = 48 * time.Hour

// checkVerification tells of the last look for damage. Whoever asks learns how many
// findings there are; what they are is for the administrator.
func (s *Service) checkVerification(ctx context.Context) healthCheck {
	const name, hint = "verification", "battlescope verify-data says more"
	runs, err := s.Store.VerifyRuns(ctx, 1)
	switch {
	case err != nil:
		return s.unknown(ctx, healthCheck{Name: name, Status: healthWarn, Detail: "its results cannot be read"}, err)
	case len(runs) == 0:
		return healthCheck{Name: name, Status: healthInfo, Detail: "has not run yet"}
	}
	last := runs[0]
	ago := s.Now().Sub(last.FinishedAt)
	c := healthCheck{Name: name, Status: healthInfo, Detail: fmt.Sprintf("%v ago, %d findings open", ago.Truncate(time.Second), last.Open)}
	if last.Open > 0 || ago > verifyOverdue {
		c.Status, c.Hint = healthWarn, hint
	}
	return c
}
