package api

import "net/http"

// Health returns the answers to /livez and /readyz alone, for processes and ports
// that serve nothing else.
func (s *Service) Health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", s.livez)
	mux.HandleFunc("GET /readyz", s.readyz)
	return mux
}
