package app

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
)

// TestGate asks a process without a database, as a stranger and as an operator.
func TestGate(t *testing.T) {
	t.Parallel()
	why := fault.Wrap(errors.New("no route\nto host"), "open database x on 10.0.0.1", "check the network")
	for name, c := range map[string]struct {
		inside      bool
		why         error
		path        string
		status      int
		in, missing string
	}{
		"alive":              {false, why, "/livez", 200, `"ok"`, "10.0.0.1"},
		"not tried yet":      {false, nil, "/readyz", 503, "try again in a minute", "check the"},
		"not ready":          {false, why, "/readyz", 503, "check the network", "10.0.0.1"},
		"to operators":       {true, why, "/readyz", 503, "yet: open database x on 10.0.0.1: no route; to host", `\n`},
		"without a hint":     {true, errors.New("odd"), "/readyz", 503, "try again in a minute", "check the"},
		"API":                {false, why, "/api/v1/battles", 503, "the database cannot be used yet", "10.0.0.1"},
		"page":               {false, why, "/", 503, "BattleScope is starting", "10.0.0.1"},
		"something unlikely": {false, why, "/livez/x", 503, "BattleScope is starting", "10.0.0.1"},
	} {
		g := &gate{inside: c.inside}
		if c.why != nil {
			g.hold(c.why)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.in) || strings.Contains(body, c.missing) {
			t.Errorf("%s: got %d %s, want %d with %q and without %q", name, w.Code, body, c.status, c.in, c.missing)
		}
		if c.path == "/readyz" && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %s is no JSON", name, body)
		}
		g.pass(http.NotFoundHandler())
		w = httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: an open gate answers %d by itself", name, w.Code)
		}
	}
}
