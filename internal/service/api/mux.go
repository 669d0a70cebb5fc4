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
