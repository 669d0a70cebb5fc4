package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

// health is the answer of /livez and /readyz.
type health struct {
	Status string        `json:"status"` // ok or not ready
	Checks []healthCheck `json:"checks,omitempty"`
}

// healthCheck is how one part does.
type healthCheck struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok; fail makes the server unready; info and warn do not
	Detail string `json:"detail,omitempty"`
	Hint   string `json:"hint,omitempty"`
}

const (
	healthOK   = "ok"
	healthInfo = "info"
	healthWarn = "warn"
	healthFail = "fail"
	notReady   = "not ready"
)

// healthTime bounds the questions of one readiness check.
const healthTime = 2 * time.Second

// livez answers that the process serves.
func (s *Service) livez(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, health{Status: healthOK})
}

// readyz answers whether requests can be served, and names what is missing. What is
// stored can be served without feed and clustering: they are told, no more.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTime)
	defer cancel()
	out := health{Status: healthOK}
	for _, check := range []func(context.Context) healthCheck{s.checkStore, s.checkSchema, s.checkFeed, s.checkClustering} {
		c := check(ctx)
		if c.Status == healthFail {
			out.Status = notReady
			s.Log.WarnContext(ctx, "not ready", "check", c.Name, "detail", c.Detail)
		}
		out.Checks = append(out.Checks, c)
	}
	status := http.StatusOK
	if out.Status != healthOK {
		status = http.StatusServiceUnavailable
	}
	writeHealth(w, status, out)
}

func (s *Service) checkStore(ctx context.Context) healthCheck {
	if err := s.Store.Ping(ctx); err != nil {
		return healthCheck{"store", healthFail, "does not answer", "the log says why; see that its disk has room and battlescope doctor finds nothing"}
	}
	return healthCheck{Name: "store", Status: healthOK}
}

func (s *Service) checkSchema(ctx context.Context) healthCheck {
	have, known, err := s.Store.SchemaVersion(ctx)
	switch {
	case err != nil:
		return healthCheck{"schema", healthFail, "its version cannot be read", "the log says why"}
	case have > known:
		return healthCheck{"schema", healthFail, fmt.Sprintf("version %d is newer than this binary, which knows %d", have, known), "start the newer battlescope that brought it up to date"}
	case have < known:
		return healthCheck{"schema", healthFail, fmt.Sprintf("version %d is older than this binary, which needs %d", have, known), "start battlescope again: it brings the schema up to date"}
	}
	return healthCheck{Name: "schema", Status: healthOK, Detail: fmt.Sprintf("version %d", have)}
}

func (s *Service) checkFeed(ctx context.Context) healthCheck {
	feeds, err := s.Store.FeedStatuses(ctx)
	if err != nil {
		return healthCheck{"feed", healthWarn, "its state cannot be read", "the log says why"}
	}
	f := feedView(feeds, s.Now())
	if f.State == string(store.FeedOffline) {
		return healthCheck{"feed", healthWarn, f.State + ": " + f.LastError, f.Hint}
	}
	detail := f.State
	if f.LagS != nil {
		detail += fmt.Sprintf(", newest document of %v ago", time.Duration(*f.LagS)*time.Second)
	}
	return healthCheck{Name: "feed", Status: healthInfo, Detail: detail}
}

func (s *Service) checkClustering(ctx context.Context) healthCheck {
	b, err := s.Store.Backlog(ctx)
	switch {
	case err != nil:
		return healthCheck{"clustering", healthWarn, "its backlog cannot be read", "the log says why"}
	case b.Killmails == 0:
		return healthCheck{Name: "clustering", Status: healthInfo, Detail: "no killmail waits for its battle"}
	}
	age := s.Now().Sub(b.OldestStoredAt).Truncate(time.Second)
	return healthCheck{Name: "clustering", Status: healthInfo, Detail: fmt.Sprintf("%d killmails wait for their battles, stored up to %v ago", b.Killmails, age)}
}

func writeHealth(w http.ResponseWriter, status int, body health) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // the client is gone if this fails
}
