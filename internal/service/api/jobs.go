package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
)

// JobView is work that is queued, under way or finished.
type JobView struct {
	ID          int64            `json:"id"`
	Kind        string           `json:"kind" example:"killmail.fetch"`
	State       string           `json:"state" enum:"waiting,scheduled,running,retrying,done,dead,cancelled" doc:"dead: failed for the last time"`
	Unique      string           `json:"unique,omitempty" doc:"key that keeps other jobs of the kind away until this one is finished"`
	Priority    int              `json:"priority" doc:"1 is worked first, 4 last"`
	Attempt     int              `json:"attempt" doc:"how often it was tried"`
	MaxAttempts int              `json:"max_attempts"`
	CreatedAt   time.Time        `json:"created_at"`
	DueAt       time.Time        `json:"due_at" doc:"when it can be worked, or could"`
	AttemptedAt *time.Time       `json:"attempted_at" doc:"when it was last tried"`
	FinishedAt  *time.Time       `json:"finished_at"`
	LastError   string           `json:"last_error,omitempty"`
	Args        json.RawMessage  `json:"args,omitempty" doc:"what its handler gets; only on one job"`
	Failures    []JobFailureView `json:"failures,omitempty" doc:"oldest first; only on one job"`
}

// JobFailureView is one attempt that went wrong.
type JobFailureView struct {
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`
	Error   string    `json:"error"`
	Trace   string    `json:"trace,omitempty" doc:"where the program broke"`
}

// JobCountView is how many jobs of a kind are in a state.
type JobCountView struct {
	Kind        string    `json:"kind"`
	State       string    `json:"state" enum:"waiting,scheduled,running,retrying,done,dead,cancelled"`
	Jobs        int64     `json:"jobs"`
	OldestDueAt time.Time `json:"oldest_due_at"`
}

type jobsInput struct {
	Kind  []string `query:"kind,explode" maxItems:"50"`
	State []string `query:"state,explode" enum:"waiting,scheduled,running,retrying,done,dead,cancelled"`
	Page
}

type jobsOutput struct {
	Body struct {
		Items      []JobView `json:"items" doc:"newest first"`
		NextCursor *string   `json:"next_cursor"`
	}
}

type jobCountsOutput struct {
	Body struct {
		Items []JobCountView `json:"items" doc:"by kind; what there is none of is left out"`
	}
}

type jobInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type jobOutput struct{ Body JobView }

func (s *Service) registerJobs(a huma.API) {
	const path = "/api/v1/admin/jobs"
	register := func(id, method, at, summary string, further ...int) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: path + at, Tags: []string{"Administration"}, Summary: summary,
			Middlewares: huma.Middlewares{s.adminOnly(a), s.jobsOnly(a)},
			Errors:      append([]int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}, further...),
		}
	}
	huma.Register(a, register("list-jobs", http.MethodGet, "", "Jobs that are queued, under way or finished", http.StatusBadRequest), s.listJobs)
	huma.Register(a, register("count-jobs", http.MethodGet, "/counts", "How many jobs there are of each kind and state"), s.countJobs)
	huma.Register(a, register("get-job", http.MethodGet, "/{id}", "One job with its failures", http.StatusNotFound), s.getJob)
	huma.Register(a, register("retry-job", http.MethodPost, "/{id}/retry", "Have it worked now, dead or not", http.StatusNotFound, http.StatusConflict), s.retryJob)
	huma.Register(a, register("cancel-job", http.MethodPost, "/{id}/cancel", "Take it back", http.StatusNotFound), s.cancelJob)
	drop := register("drop-job", http.MethodDelete, "/{id}", "Delete it with all that is known of it", http.StatusNotFound, http.StatusConflict)
	drop.DefaultStatus = http.StatusNoContent
	huma.Register(a, drop, s.dropJob)
}

// jobsOnly is the middleware of operations that need a job queue.
func (s *Service) jobsOnly(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if s.Jobs != nil {
			next(ctx)
			return
		}
		p := problem(http.StatusServiceUnavailable, "this process has no job queue", "ask a server that was started with one")
		p.RequestID = requestID(ctx.Context())
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		_ = a.Marshal(ctx.BodyWriter(), "application/json", p) // the client is gone if this fails
	}
}

// jobFailed turns an error of the queue into a problem.
func (s *Service) jobFailed(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, queue.ErrNotFound):
		return problem(http.StatusNotFound, "job is not known", "check the id; finished jobs are deleted after a day, dead ones after 30")
	case errors.Is(err, queue.ErrTaken):
		return problem(http.StatusConflict, queue.ErrTaken.Error(), "nothing needs to be done: that one does the same work")
	case errors.Is(err, queue.ErrRunning):
		return problem(http.StatusConflict, queue.ErrRunning.Error(), "cancel it first, or wait until it has ended")
	}
	return s.failed(ctx, err, "job")
}

func (s *Service) listJobs(ctx context.Context, in *jobsInput) (*jobsOutput, error) {
	var before int64
	if in.Cursor != "" {
		n, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || n < 1 {
			return nil, s.failed(ctx, store.ErrCursor, "list of jobs")
		}
		before = n
	}
	rows, err := s.Jobs.Jobs(ctx, queue.Filter{Kinds: in.Kind, States: convert[queue.State](in.State)}, before, in.Limit)
	if err != nil {
		return nil, s.failed(ctx, err, "list of jobs")
	}
	out := &jobsOutput{}
	out.Body.Items = make([]JobView, len(rows))
	for i := range rows {
		out.Body.Items[i] = jobView(&rows[i])
	}
	if len(rows) == in.Limit {
		next := strconv.FormatInt(rows[len(rows)-1].ID, 10)
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (s *Service) countJobs(ctx context.Context, _ *struct{}) (*jobCountsOutput, error) {
	counts, err := s.Jobs.Counts(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "count of jobs")
	}
	out := &jobCountsOutput{}
	out.Body.Items = make([]JobCountView, len(counts))
	for i, c := range counts {
		out.Body.Items[i] = JobCountView{Kind: c.Kind, State: string(c.State), Jobs: c.Jobs, OldestDueAt: c.Oldest}
	}
	return out, nil
}

func (s *Service) getJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	return s.oneJob(ctx, in, s.Jobs.Job)
}

func (s *Service) retryJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	return s.oneJob(ctx, in, s.Jobs.Requeue)
}

func (s *Service) cancelJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	return s.oneJob(ctx, in, s.Jobs.Cancel)
}

// oneJob does something with a job and answers with what it is then.
func (s *Service) oneJob(ctx context.Context, in *jobInput, f func(context.Context, int64) (queue.Record, error)) (*jobOutput, error) {
	r, err := f(ctx, in.ID)
	if err != nil {
		return nil, s.jobFailed(ctx, err)
	}
	v := jobView(&r)
	v.Args = r.Args
	for _, f := range r.Failures {
		v.Failures = append(v.Failures, JobFailureView{At: f.At, Attempt: f.Attempt, Error: f.Error, Trace: f.Trace})
	}
	return &jobOutput{v}, nil
}

func (s *Service) dropJob(ctx context.Context, in *jobInput) (*struct{}, error) {
	if err := s.Jobs.Delete(ctx, in.ID); err != nil {
		return nil, s.jobFailed(ctx, err)
	}
	return nil, nil
}

// jobView is a job as the list shows it.
func jobView(r *queue.Record) JobView {
	v := JobView{
		ID: r.ID, Kind: r.Kind, State: string(r.State), Unique: r.Unique, Priority: r.Priority, Attempt: r.Attempt,
		MaxAttempts: r.MaxAttempts, CreatedAt: r.CreatedAt, DueAt: r.DueAt, AttemptedAt: known(r.AttemptedAt), FinishedAt: known(r.FinishedAt),
	}
	if n := len(r.Failures); n > 0 {
		v.LastError = r.Failures[n-1].Error
	}
	return v
}

// known is a time, or nil for none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
