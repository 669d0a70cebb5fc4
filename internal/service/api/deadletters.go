package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/store"
)

// DeadLetterView is a document that could not be read.
type DeadLetterView struct {
	ID        int64     `json:"id"`
	Source    string    `json:"source"`
	Reference string    `json:"reference" doc:"sequence number, archive member or line"`
	Reason    string    `json:"reason"`
	Size      int       `json:"size" doc:"bytes"`
	Seen      int       `json:"seen" doc:"how often it came"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Body      string    `json:"body,omitempty" doc:"as it came; only on one letter"`
}

type deadLettersOutput struct {
	Body struct {
		Items      []DeadLetterView `json:"items" doc:"oldest first"`
		NextCursor *string          `json:"next_cursor"`
	}
}

type deadLetterInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type deadLetterOutput struct{ Body DeadLetterView }

type retryOutput struct {
	Body struct {
		Outcome string `json:"outcome" enum:"stored,known,rejected" doc:"what became of the killmail; the letter is gone"`
	}
}

// Redeliver tries a dead letter again. It returns what became of the killmail and
// drops the letter, or an error and leaves it.
type Redeliver func(ctx context.Context, id int64) (outcome string, err error)

func (s *Service) registerDeadLetters(a huma.API) {
	admin := huma.Middlewares{s.adminOnly(a)}
	errs := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity}
	const path, tag = "/api/v1/admin/dead-letters", "Administration"
	huma.Register(a, huma.Operation{
		OperationID: "list-dead-letters", Method: http.MethodGet, Path: path, Tags: []string{tag},
		Summary: "Documents that could not be read", Middlewares: admin, Errors: errs,
	}, s.listDeadLetters)
	huma.Register(a, huma.Operation{
		OperationID: "get-dead-letter", Method: http.MethodGet, Path: path + "/{id}", Tags: []string{tag},
		Summary: "One of them with its bytes", Middlewares: admin, Errors: errs,
	}, s.getDeadLetter)
	huma.Register(a, huma.Operation{
		OperationID: "retry-dead-letter", Method: http.MethodPost, Path: path + "/{id}/retry", Tags: []string{tag},
		Summary: "Try to read it again", Middlewares: admin, Errors: errs,
	}, s.retryDeadLetter)
	huma.Register(a, huma.Operation{
		OperationID: "drop-dead-letter", Method: http.MethodDelete, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Delete it for good", Middlewares: admin, Errors: errs, DefaultStatus: http.StatusNoContent,
	}, s.dropDeadLetter)
}

func deadLetterView(r store.DeadLetterRow) DeadLetterView {
	return DeadLetterView{
		ID: r.ID, Source: r.Source, Reference: r.Reference, Reason: r.Reason, Size: r.Size, Seen: r.Seen,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Body: string(r.Body),
	}
}

func (s *Service) listDeadLetters(ctx context.Context, in *Page) (*deadLettersOutput, error) {
	var after int64
	if in.Cursor != "" {
		n, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, s.failed(ctx, store.ErrCursor, "list of dead letters")
		}
		after = n
	}
	rows, err := s.Store.DeadLetters(ctx, after, in.Limit)
	if err != nil {
		return nil, s.failed(ctx, err, "list of dead letters")
	}
	out := &deadLettersOutput{}
	out.Body.Items = make([]DeadLetterView, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = deadLetterView(r)
	}
	if len(rows) == in.Limit {
		next := strconv.FormatInt(rows[len(rows)-1].ID, 10)
		out.Body.NextCursor = &next
	}
	return out, nil
}

func (s *Service) getDeadLetter(ctx context.Context, in *deadLetterInput) (*deadLetterOutput, error) {
	row, err := s.Store.DeadLetter(ctx, in.ID)
	if err != nil {
		return nil, s.failed(ctx, err, "dead letter")
	}
	return &deadLetterOutput{deadLetterView(row)}, nil
}

func (s *Service) retryDeadLetter(ctx context.Context, in *deadLetterInput) (*retryOutput, error) {
	if _, err := s.Store.DeadLetter(ctx, in.ID); err != nil {
		return nil, s.failed(ctx, err, "dead letter")
	}
	outcome, err := s.Redeliver(ctx, in.ID)
	if err != nil {
		return nil, problem(http.StatusUnprocessableEntity, err.Error(), "the letter stays; drop it if the document is of no use")
	}
	out := &retryOutput{}
	out.Body.Outcome = outcome
	return out, nil
}

func (s *Service) dropDeadLetter(ctx context.Context, in *deadLetterInput) (*struct{}, error) {
	if err := s.Store.DropDeadLetter(ctx, in.ID); err != nil {
		return nil, s.failed(ctx, err, "dead letter")
	}
	return nil, nil
}
