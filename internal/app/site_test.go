package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestProfilesHoldNoCommandLine looks for the arguments of the process, among which an
// address with a password may be.
func TestProfilesHoldNoCommandLine(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	profiles(mux)
	for path, want := range map[string]int{"/debug/pprof/": 200, "/debug/pprof/goroutine": 200, "/debug/pprof/symbol": 200, "/debug/pprof/cmdline": 404} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s: got status %d, want %d", path, w.Code, want)
		}
	}
}
