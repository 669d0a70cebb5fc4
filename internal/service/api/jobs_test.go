package api_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/service/api"
)

// desk is a job queue to look at.
type desk struct {
	mu   sync.Mutex
	jobs map[int64]queue.Record
	err  error // of everything, if set
}

// newDesk has a dead job, a running one, a finished one, and one that cannot be queued again.
func newDesk() *desk {
	job := func(id int64, kind string, state queue.State) queue.Record {
		return queue.Record{
			ID: id, Kind: kind, State: state, Args: []byte(`{"killmail_id":5}`), Priority: queue.Normal, Attempt: 1, MaxAttempts: 12,
			CreatedAt: begin, DueAt: begin.Add(time.Minute), AttemptedAt: begin.Add(time.Minute),
		}
	}
	dead, done, taken := job(1, "killmail.fetch", queue.Dead), job(3, "killmail.fetch", queue.Done), job(4, "killmail.fetch", queue.Dead)
	dead.FinishedAt, dead.Unique = begin.Add(time.Hour), "5"
	dead.Failures = []queue.Failure{
		{At: begin.Add(time.Minute), Attempt: 1, Error: "ESI answers 502"}, {At: begin.Add(time.Hour), Attempt: 2, Error: "index out of range", Trace: "main.go:7"},
	}
	done.FinishedAt, taken.FinishedAt, taken.Unique = begin.Add(time.Hour), begin.Add(time.Hour), "taken"
	waiting := job(5, "periodic.sweep", queue.Waiting)
	waiting.Attempt, waiting.AttemptedAt = 0, time.Time{}
	d := &desk{jobs: map[int64]queue.Record{}}
	for _, r := range []queue.Record{dead, job(2, "periodic.sweep", queue.Running), done, taken, waiting} {
		d.jobs[r.ID] = r
	}
	return d
}

func (d *desk) Jobs(_ context.Context, f queue.Filter, before int64, limit int) ([]queue.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []queue.Record
	for id, r := range d.jobs {
		if (before == 0 || id < before) && (len(f.Kinds) == 0 || slices.Contains(f.Kinds, r.Kind)) && (len(f.States) == 0 || slices.Contains(f.States, r.State)) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b queue.Record) int { return cmp.Compare(b.ID, a.ID) })
	return out[:min(limit, len(out))], d.err
}

func (d *desk) Job(_ context.Context, id int64) (queue.Record, error) {
	return d.change(id, func(*queue.Record) error { return nil })
}

func (d *desk) Counts(context.Context) ([]queue.Count, error) {
	return []queue.Count{{Kind: "killmail.fetch", State: queue.Dead, Jobs: 2, Oldest: begin}}, d.err
}

func (d *desk) Requeue(_ context.Context, id int64) (queue.Record, error) {
	return d.change(id, func(r *queue.Record) error {
		if r.Unique == "taken" {
			return queue.ErrTaken
		}
		r.State, r.FinishedAt = queue.Waiting, time.Time{}
		return nil
	})
}

func (d *desk) Cancel(_ context.Context, id int64) (queue.Record, error) {
	return d.change(id, func(r *queue.Record) error {
		if !r.State.Finished() {
			r.State = queue.Cancelled
		}
		return nil
	})
}

func (d *desk) Delete(_ context.Context, id int64) error {
	_, err := d.change(id, func(r *queue.Record) error {
		if r.State == queue.Running {
			return queue.ErrRunning
		}
		delete(d.jobs, id)
		r.ID = 0
		return nil
	})
	return err
}

func (d *desk) change(id int64, f func(*queue.Record) error) (queue.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.jobs[id]
	if !ok {
		return r, fmt.Errorf("job %d: %w", id, queue.ErrNotFound)
	}
	if err := errors.Join(f(&r), d.err); err != nil {
		return queue.Record{}, err
	}
	if r.ID != 0 {
		d.jobs[id] = r
	}
	return r, nil
}

// jobPage is a page of the list of jobs.
type jobPage struct {
	Items      []api.JobView `json:"items"`
	NextCursor *string       `json:"next_cursor"`
}

func TestJobs(t *testing.T) {
	t.Parallel()
	s := empty(t)
	cookie := s.administrator(t)
	get := func(path string) *http.Response { return s.get(t, "/api/v1/admin/jobs"+path, "Cookie", cookie) }
	for query, want := range map[string]string{
		"": "5 4 3 2 1", "?state=dead": "4 1", "?state=dead&state=running": "4 2 1", "?kind=periodic.sweep": "5 2", "?kind=x": "",
		"?kind=killmail.fetch&state=done&limit=1": "3",
	} {
		var ids []string
		for cursor := ""; ; {
			p := into[jobPage](t, get(query+cursor), http.StatusOK)
			for _, j := range p.Items {
				ids = append(ids, fmt.Sprint(j.ID))
				if j.Args != nil || j.Failures != nil {
					t.Errorf("the list tells everything of job %d", j.ID)
				}
			}
			if p.NextCursor == nil {
				break
			}
			cursor = "&cursor=" + *p.NextCursor
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: got jobs %s, want %s", query, got, want)
		}
	}
	dead := into[api.JobView](t, get("/1"), http.StatusOK)
	if string(dead.Args) != `{"killmail_id":5}` || len(dead.Failures) != 2 || dead.Failures[1].Trace != "main.go:7" || dead.LastError != "index out of range" {
		t.Errorf("got %+v", dead)
	}
	if waiting := into[api.JobView](t, get("/5"), http.StatusOK); waiting.AttemptedAt != nil || waiting.FinishedAt != nil || waiting.LastError != "" {
		t.Errorf("a job that was never tried: %+v", waiting)
	}
	for _, c := range []struct {
		method, path string
		status       int
		state        string
	}{
		{"POST", "/1/retry", 200, "waiting"}, {"POST", "/1/cancel", 200, "cancelled"}, {"POST", "/3/cancel", 200, "done"},
		{"POST", "/4/retry", 409, ""}, {"DELETE", "/2", 409, ""}, {"DELETE", "/3", 204, ""}, {"DELETE", "/3", 404, ""},
		{"POST", "/9/retry", 404, ""}, {"POST", "/9/cancel", 404, ""}, {"GET", "/9", 404, ""},
	} {
		r := s.ask(t, c.method, "/api/v1/admin/jobs"+c.path, "", "Cookie", cookie)
		switch {
		case c.status == http.StatusOK:
			if v := into[api.JobView](t, r, c.status); v.State != c.state {
				t.Errorf("%s %s: got state %s, want %s", c.method, c.path, v.State, c.state)
			}
		case c.status >= 400:
			checkProblem(t, c.path, r, c.status)
		case r.StatusCode != c.status:
			t.Errorf("%s %s: got status %d, want %d", c.method, c.path, r.StatusCode, c.status)
		}
	}
}

// TestJobsAreForAdministrators asks without a session, with one that is no more, and from another site.
func TestJobsAreForAdministrators(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := empty(t, func(deps *api.Deps) { deps.Jobs = d })
	cookie := s.administrator(t)
	for _, c := range []struct{ method, path string }{
		{"GET", ""}, {"GET", "/counts"}, {"GET", "/1"}, {"POST", "/1/retry"}, {"POST", "/1/cancel"}, {"DELETE", "/1"},
	} {
		for _, header := range [][]string{nil, {"Cookie", "battlescope_session=GUESS"}} {
			checkProblem(t, c.path, s.ask(t, c.method, "/api/v1/admin/jobs"+c.path, "", header...), http.StatusUnauthorized)
		}
		if c.method != http.MethodGet {
			r := s.ask(t, c.method, "/api/v1/admin/jobs"+c.path, "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
			checkProblem(t, c.path, r, http.StatusForbidden)
		}
	}
	if r := d.jobs[1]; r.State != queue.Dead {
		t.Errorf("a stranger changed the job to %s", r.State)
	}
}

func TestJobsWithoutAQueue(t *testing.T) {
	t.Parallel()
	s := empty(t, func(d *api.Deps) { d.Jobs, d.JobsPage = nil, nil })
	cookie := s.administrator(t)
	checkProblem(t, "list", s.get(t, "/api/v1/admin/jobs", "Cookie", cookie), http.StatusServiceUnavailable)
	checkProblem(t, "page", s.get(t, api.JobsPagePath+"/", "Cookie", cookie), http.StatusNotFound)
	checkProblem(t, "page of a stranger", s.get(t, api.JobsPagePath+"/"), http.StatusUnauthorized)
}

// TestJobsQueueBroken tells nothing of the inside.
func TestJobsQueueBroken(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.err = errors.New("secret path")
	s := empty(t, func(deps *api.Deps) { deps.Jobs = d })
	cookie := s.administrator(t)
	for _, path := range []string{"", "/counts", "/1"} {
		r := s.get(t, "/api/v1/admin/jobs"+path, "Cookie", cookie)
		body := text(t, r)
		if r.StatusCode != http.StatusInternalServerError || strings.Contains(body, "secret") {
			t.Errorf("%s: got %d: %s", path, r.StatusCode, body)
		}
	}
}
