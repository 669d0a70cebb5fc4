package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

// checkProblem holds an answer to RFC 9457 and to what we add to it.
func checkProblem(t *testing.T, what string, r *http.Response, status int) api.Problem {
	t.Helper()
	if kind := r.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("%s: got the type %q, want application/problem+json", what, kind)
	}
	id := r.Header.Get("X-Request-Id")
	p := into[api.Problem](t, r, status)
	if p.Status != status || p.Title != http.StatusText(status) || p.Detail == "" || p.Type == "" {
		t.Errorf("%s: got %+v", what, p)
	}
	if p.Hint == "" {
		t.Errorf("%s: has no hint: %+v", what, p)
	}
	if id == "" || p.RequestID != id {
		t.Errorf("%s: got the request id %q, the header says %q", what, p.RequestID, id)
	}
	return p
}

func TestProblems(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	for _, c := range []struct {
		method, path string
		status       int
		names        string // a part of detail or errors
	}{
		{"GET", "/api/v1/battles?limit=0", 422, "limit"},
		{"GET", "/api/v1/battles?limit=101", 422, "limit"},
		{"GET", "/api/v1/battles?limit=many", 422, "limit"},
		{"GET", "/api/v1/battles?sort=luck", 422, "sort"},
		{"GET", "/api/v1/battles?kind=party", 422, "kind"},
		{"GET", "/api/v1/battles?system_id=Jita", 422, "system_id"},
		{"GET", "/api/v1/battles?since=yesterday", 422, "since"},
		{"GET", "/api/v1/battles?min_isk=1e30", 422, "min_isk"},
		{"GET", "/api/v1/battles?min_isk=Inf", 422, "min_isk"},
		{"GET", "/api/v1/battles?max_isk=NaN", 422, "max_isk"},
		{"GET", "/api/v1/killmails/recent?min_isk=nan", 422, "min_isk"},
		{"GET", "/api/v1/killmails/stream?min_isk=NaN", 422, "min_isk"},
		{"GET", "/api/v1/battles?min_kill=5", 422, "min_kill"},
		{"GET", "/api/v1/battles?cursor=" + strings.Repeat("a", 201), 422, "cursor"},
		{"GET", "/api/v1/battles?cursor=%00", 400, "cursor"},
		{"GET", "/api/v1/battles?cursor=abc", 400, "cursor"},
		{"GET", "/api/v1/killmails/recent?cursor=abc", 400, "cursor"},
		{"GET", "/api/v1/killmails/recent?limit=-5", 422, "limit"},
		{"GET", "/api/v1/killmails/99999999999999999999", 422, "id"},
		{"GET", "/api/v1/killmails/7", 404, "killmail"},
		{"GET", "/api/v1/battles/99999", 404, "battle"},
		{"GET", "/api/v1/battles/99999?view=summary", 404, "battle"},
		{"GET", "/api/v1/battles/1?view=everything", 422, "view"},
		{"GET", "/api/v1/systems/30999999", 404, "system"},
		{"GET", "/api/v1/nothing", 404, "/api/v1/nothing"},
		{"GET", "/api/", 404, "/api/"},
		{"POST", "/api/v1/battles", 404, "POST"},
		{"DELETE", "/api/v1/battles/1", 404, "DELETE"},
		{"GET", "/assets/gone-123.js", 404, "gone-123.js"},
		{"POST", "/battles", 405, ""},
		{"GET", "/auth/admin?token=guess", 403, "link"},
		{"GET", "/api/v1/rulesets/current", 401, "administrator"},
		{"GET", "/api/v1/admin/dead-letters", 401, "administrator"},
	} {
		p := checkProblem(t, c.method+" "+c.path, s.ask(t, c.method, c.path, ""), c.status)
		told := p.Detail
		for _, e := range p.Errors {
			told += " " + e.Message + " " + e.Location
		}
		if !strings.Contains(told, c.names) {
			t.Errorf("%s %s: %q does not name %q", c.method, c.path, told, c.names)
		}
	}
}

// broken is a store that fails.
type broken struct {
	store.Store
	err error
}

func (b broken) Battles(context.Context, store.BattleFilter, store.Page) ([]store.BattleRow, string, error) {
	return nil, "", b.err
}

func (b broken) Battle(context.Context, int64) (*store.BattleDetail, error) { panic("out of luck") }

func (b broken) Ping(context.Context) error { return b.err }

func TestFailingStore(t *testing.T) {
	t.Parallel()
	s := empty(t, func(d *api.Deps) { d.Store = broken{d.Store.(store.Store), errors.New("password is 1234")} })
	for _, path := range []string{"/api/v1/battles", "/api/v1/battles/1"} { // an error, and a panic
		r := s.get(t, path)
		p := checkProblem(t, path, r, http.StatusInternalServerError)
		if strings.Contains(p.Detail+p.Hint, "1234") || strings.Contains(p.Detail+p.Hint, "luck") {
			t.Errorf("%s: the inside is told: %+v", path, p)
		}
	}
	if r := s.get(t, "/readyz"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz: got status %d, want 503", r.StatusCode)
	}
	if r := s.get(t, "/livez"); r.StatusCode != http.StatusOK {
		t.Errorf("livez: got status %d, want 200", r.StatusCode)
	}
	s = empty(t, func(d *api.Deps) { d.Store = broken{d.Store.(store.Store), context.DeadlineExceeded} })
	checkProblem(t, "slow store", s.get(t, "/api/v1/battles"), http.StatusServiceUnavailable)
}

func TestHealth(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/livez", "/readyz"} {
		r := fullSite(t).get(t, path)
		if got := into[map[string]any](t, r, http.StatusOK); got["status"] != "ok" {
			t.Errorf("%s: got %v", path, got)
		}
		if r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be kept: %q", path, r.Header.Get("Cache-Control"))
		}
	}
}

func TestAdministrator(t *testing.T) {
	t.Parallel()
	late := now
	s := empty(t, func(d *api.Deps) { d.Now = func() time.Time { return late } })
	const path = "/api/v1/rulesets/current"
	status := func(cookie string) int {
		t.Helper()
		return s.get(t, path, "Cookie", cookie).StatusCode
	}
	if got := status(""); got != http.StatusUnauthorized {
		t.Errorf("without a session: got status %d", got)
	}
	if got := status("battlescope_session=" + s.token); got != http.StatusUnauthorized {
		t.Errorf("with the token of the link as a session: got status %d", got)
	}
	cookie := s.administrator(t)
	if got := status(cookie); got != http.StatusOK {
		t.Errorf("with a session: got status %d", got)
	}
	if got := status(cookie + "x"); got != http.StatusUnauthorized {
		t.Errorf("with a session made up: got status %d", got)
	}
	checkProblem(t, "the link a second time", s.get(t, "/auth/admin?token="+s.token), http.StatusForbidden)
	body := `{"rules":{"min_pilots":5}}`
	checkProblem(t, "from another site's page", s.ask(t, "PUT", path, body, "Cookie", cookie, "Sec-Fetch-Site", "cross-site"), http.StatusForbidden)
	checkProblem(t, "from another origin", s.ask(t, "PUT", path, body, "Cookie", cookie, "Origin", "https://evil.example"), http.StatusForbidden)
	if r := s.ask(t, "PUT", path, body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); r.StatusCode != http.StatusOK {
		t.Errorf("from our page: got status %d", r.StatusCode)
	}
	late = late.Add(9 * time.Hour)
	if got := status(cookie); got != http.StatusUnauthorized {
		t.Errorf("with a session that is over: got status %d", got)
	}
	late = now
	if r := s.ask(t, "POST", "/auth/logout", "", "Cookie", cookie); r.StatusCode != http.StatusNoContent {
		t.Errorf("logout: got status %d", r.StatusCode)
	}
	if got := status(cookie); got != http.StatusUnauthorized {
		t.Errorf("after logout: got status %d", got)
	}
	if r := empty(t, func(d *api.Deps) { d.Admin = nil }).get(t, "/auth/admin?token="); r.StatusCode != http.StatusForbidden {
		t.Errorf("administration closed: got status %d", r.StatusCode)
	}
}
