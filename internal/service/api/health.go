package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// livez answers that the process serves.
func (s *Service) livez(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyz answers whether requests can be served, and names what is missing.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.Store.Ping(ctx); err != nil {
		s.Log.WarnContext(ctx, "not ready", "error", err)
		writeHealth(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "store": "does not answer"})
		return
	}
	writeHealth(w, http.StatusOK, map[string]string{"status": "ok", "store": "ok"})
}

func writeHealth(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // the client is gone if this fails
}
