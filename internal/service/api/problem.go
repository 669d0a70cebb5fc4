package api

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is an error as RFC 9457 describes it, with a hint and the id of the request.
type Problem struct { //nolint:errname // RFC 9457 calls it a problem
	Type      string              `json:"type" doc:"kind of problem" example:"about:blank"`
	Title     string              `json:"title" doc:"the HTTP status in words"`
	Status    int                 `json:"status" doc:"the HTTP status"`
	Detail    string              `json:"detail" doc:"what went wrong"`
	Hint      string              `json:"hint,omitempty" doc:"what to do about it"`
	RequestID string              `json:"request_id,omitempty" doc:"quote it when reporting the problem"`
	Errors    []*huma.ErrorDetail `json:"errors,omitempty" doc:"the parts of the request that are wrong"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func problem(status int, detail, hint string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Hint: hint}
}

// The hooks below are huma's, package-wide by its design: they give every API of
// the process our form of errors and arrays that are never null.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		p := problem(status, detail, "")
		for _, err := range errs {
			var d *huma.ErrorDetail
			if e, ok := err.(huma.ErrorDetailer); ok {
				d = e.ErrorDetail()
			} else if err != nil {
				d = &huma.ErrorDetail{Message: err.Error()}
			}
			if d != nil {
				if f, ok := d.Value.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
					d.Value = strconv.FormatFloat(f, 'g', -1, 64) // JSON has no such number
				}
				p.Errors = append(p.Errors, d)
			}
		}
		if status == http.StatusUnprocessableEntity {
			p.Hint = "correct the parameters named in errors; /api/v1/openapi.json says what each accepts"
		}
		return p
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, detail string, errs ...error) huma.StatusError {
		err := huma.NewError(status, detail, errs...)
		if p, ok := err.(*Problem); ok {
			p.RequestID = requestID(ctx.Context())
		}
		return err
	}
}

// writeProblem answers with a problem outside of huma's operations.
func writeProblem(w http.ResponseWriter, r *http.Request, status int, detail, hint string) {
	p := problem(status, detail, hint)
	p.RequestID = requestID(r.Context())
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p) //nolint:errchkjson // the client is gone if this fails
}

type requestIDKey struct{}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
