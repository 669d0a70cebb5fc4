package app

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/battlescope/battlescope/internal/fault"
)

// gate stands in for a handler while there is none: a process that cannot use its
// database is alive and not ready, and says why, instead of ending again and again.
type gate struct {
	inside bool // only operators ask: errors, which strangers need not know, are told
	open   atomic.Pointer[http.Handler]
	reason atomic.Pointer[error]
}

// ServeHTTP implements http.Handler.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := g.open.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	if r.URL.Path == "/livez" {
		answer(w, http.StatusOK, "application/json", map[string]any{"status": "ok"})
		return
	}
	const later = "try again in a minute"
	detail, hint := "the database cannot be used yet", later
	if why := g.reason.Load(); why != nil {
		hint = cmp.Or(fault.HintOf(*why), hint)
		if g.inside {
			detail += ": " + strings.ReplaceAll((*why).Error(), "\n", "; ")
		}
	}
	if r.URL.Path == "/readyz" {
		answer(w, http.StatusServiceUnavailable, "application/json", map[string]any{
			"status": "not ready", "checks": []map[string]string{{"name": "store", "status": "fail", "detail": detail, "hint": hint}},
		})
		return
	}
	w.Header().Set("Retry-After", "30")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		answer(w, http.StatusServiceUnavailable, "application/problem+json", map[string]any{
			"status": http.StatusServiceUnavailable, "title": http.StatusText(http.StatusServiceUnavailable), "detail": detail, "hint": later,
		})
		return
	}
	http.Error(w, "BattleScope is starting: "+detail+".", http.StatusServiceUnavailable)
}

// pass lets requests through to h from now on.
func (g *gate) pass(h http.Handler) { g.open.Store(&h) }

// hold keeps requests from now on, and notes why.
func (g *gate) hold(err error) {
	g.reason.Store(&err)
	g.open.Store(nil)
}

func answer(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // the client is gone if this fails
}
