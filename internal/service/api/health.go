package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
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
// stored can be served without feed, clustering, push and cache: they are told, no more.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTime)
	defer cancel()
	out := health{Status: healthOK}
	for _, check := range []func(context.Context) healthCheck{
		s.checkStore, s.checkSchema, s.checkFeed, s.checkClustering, s.checkPush, s.checkCache, s.checkVerification,
	} {
		c := check(ctx)
		if c.Name == "" {
			continue // there is no such part
		}
		if c.Status == healthFail {
			out.Status = notReady
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
		return s.unknown(ctx, healthCheck{Name: "store", Status: healthFail, Detail: "does not answer"}, err)
	}
	return healthCheck{Name: "store", Status: healthOK}
}

func (s *Service) checkSchema(ctx context.Context) healthCheck {
	have, known, err := s.Store.SchemaVersion(ctx)
	switch {
	case err != nil:
		return s.unknown(ctx, healthCheck{Name: "schema", Status: healthFail, Detail: "its version cannot be read"}, err)
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
		return s.unknown(ctx, healthCheck{Name: "feed", Status: healthWarn, Detail: "its state cannot be read"}, err)
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
		return s.unknown(ctx, healthCheck{Name: "clustering", Status: healthWarn, Detail: "its backlog cannot be read"}, err)
	case b.Killmails == 0:
		return healthCheck{Name: "clustering", Status: healthInfo, Detail: "no killmail waits for its battle"}
	}
	age := s.Now().Sub(b.OldestStoredAt).Truncate(time.Second)
	return healthCheck{Name: "clustering", Status: healthInfo, Detail: fmt.Sprintf("%d killmails wait for their battles, stored up to %v ago", b.Killmails, age)}
}

// checkPush tells whether signals of other processes arrive. Without them new events are
// looked for, and come later.
func (s *Service) checkPush(ctx context.Context) healthCheck {
	if err := s.Bus.Ready(ctx); err != nil {
		return s.degraded(ctx, "push", string(pushPolling)+": signals of other processes do not arrive, events come later", err)
	}
	return healthCheck{Name: "push", Status: healthOK, Detail: string(pushLive)}
}

// checkCache tells whether answers can be kept. Without that they are made anew.
func (s *Service) checkCache(ctx context.Context) healthCheck {
	if s.Cache == nil {
		return healthCheck{}
	}
	if err := s.Cache.Ready(ctx); err != nil {
		return s.degraded(ctx, "cache", "answers are not kept, each is made anew", err)
	}
	return healthCheck{Name: "cache", Status: healthOK}
}

// degraded logs why a part is of no use at present, and tells what can be done. The
// error itself may name servers of the inside.
func (s *Service) degraded(ctx context.Context, name, detail string, err error) healthCheck {
	c := s.unknown(ctx, healthCheck{Name: name, Status: healthWarn, Detail: detail}, err)
	if hint := fault.HintOf(err); hint != "" {
		c.Hint = hint
	}
	return c
}

// unknown logs why a check has no answer. Whoever asks gets no details of the inside.
func (s *Service) unknown(ctx context.Context, c healthCheck, err error) healthCheck {
	s.Log.WarnContext(ctx, "readiness", "check", c.Name, "error", err)
	c.Hint = "the log says why; battlescope doctor looks closer"
	return c
}

func writeHealth(w http.ResponseWriter, status int, body health) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // the client is gone if this fails
}
