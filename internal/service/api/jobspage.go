package api

import "net/http"

// JobsPagePath is where the job queue's own web page is served to administrators.
const JobsPagePath = "/admin/queue"

// jobsPagePolicy lets the queue's page run its own scripts. It styles itself from
// within them, which takes more than our own page needs; nothing comes from elsewhere.
const jobsPagePolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// jobsPage serves the queue's own page and the API behind it. The page knows no
// users: whoever is no administrator gets nothing of it. Changes from other sites'
// pages are refused before they come here (sameOrigin).
func (s *Service) jobsPage(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie(sessionCookie)
	if err != nil || !s.isAdmin(r.Context(), c.Value) {
		w.Header().Set("Cache-Control", "no-store")
		writeProblem(w, r, http.StatusUnauthorized, "only the administrator may see the job queue", "open the administrator link that the server prints at its start")
		return
	}
	if s.JobsPage == nil {
		writeProblem(w, r, http.StatusNotFound, "this process has no job queue to show", "ask a server that was started with one")
		return
	}
	w.Header().Set("Content-Security-Policy", jobsPagePolicy)
	w.Header().Set("Cache-Control", "private, no-cache")
	s.JobsPage.ServeHTTP(w, r)
}
