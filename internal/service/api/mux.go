package api

import (
	"net/http"
	"strings"
)

// operations puts operations on the mux. http.ServeMux refuses to have both
// battles/by-killmail/{killmail_id} and battles/{id}/text, because battles/by-killmail/text
// fits both. The first is therefore registered as any two words, which is less than the
// second asks for, and its own word is looked at when it is asked for.
type operations struct{ *http.ServeMux }

const byKillmail = "by-killmail"

// HandleFunc implements humago.Mux.
func (m operations) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	if strings.HasSuffix(pattern, "/stream") {
		handler = streaming(handler)
	}
	before, after, found := strings.Cut(pattern, "/"+byKillmail+"/")
	if !found {
		m.ServeMux.HandleFunc(pattern, handler)
		return
	}
	m.ServeMux.HandleFunc(before+"/{word}/"+after, func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("word") != byKillmail {
			unknownEndpoint(w, r)
			return
		}
		handler(w, r)
	})
}

// streaming refuses HEAD, which the mux takes for GET: the answer to it would not end, and
// hold up whoever asks next on the same connection.
func streaming(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.Header().Set("Allow", http.MethodGet)
			writeProblem(w, r, http.StatusMethodNotAllowed, "a stream can only be read", "use GET")
			return
		}
		next(w, r)
	}
}
