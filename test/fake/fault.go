package fake

import (
	"net/http"
	"strings"
)

// Fault is an answer in place of the right one. Make it with one of the functions below.
type Fault struct {
	serve func(w http.ResponseWriter, r *http.Request, body []byte)
}

// Forbidden answers 403, as for a blocked User-Agent.
func Forbidden() Fault { return Status(http.StatusForbidden, "") }

// TooManyRequests answers 429; retryAfter is the header of that name, "" leaves it out.
func TooManyRequests(retryAfter string) Fault {
	return Status(http.StatusTooManyRequests, retryAfter)
}

// Status answers with a status and a web page.
func Status(status int, retryAfter string) Fault {
	return Fault{func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		page(w, status, http.StatusText(status))
	}}
}

// HTML answers 200 with a web page in place of JSON.
func HTML() Fault { return Status(http.StatusOK, "") }

// Truncated answers with the first half of the right body, as if it were all.
func Truncated() Fault {
	return Fault{func(w http.ResponseWriter, r *http.Request, body []byte) { reply(w, r, body[:len(body)/2]) }}
}

// Body answers 200 with a body of its own.
func Body(body []byte) Fault {
	return Fault{func(w http.ResponseWriter, r *http.Request, _ []byte) { reply(w, r, body) }}
}

// Missing answers 404, as an edge that has not seen the document yet.
func Missing() Fault { return Status(http.StatusNotFound, "") }

// Hang answers nothing until the client gives up.
func Hang() Fault {
	return Fault{func(_ http.ResponseWriter, r *http.Request, _ []byte) { <-r.Context().Done() }}
}

// fault is a Fault with where and how often it strikes.
type fault struct {
	Fault
	path string // "" is everywhere
	left int    // requests it still strikes; negative: until Heal
}

// Inject lets the next n requests fail, or all until Heal when n is negative. The
// fault injected first strikes first.
func (f *R2Z2) Inject(n int, what Fault) { f.InjectAt("", n, what) }

// InjectAt lets the next n requests of paths that contain path fail.
func (f *R2Z2) InjectAt(path string, n int, what Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fault{Fault: what, path: path, left: n})
}

// Heal ends all faults that were injected.
func (f *R2Z2) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// faultFor finds the fault that strikes a request and counts it, nil when there is none.
func (f *R2Z2) faultFor(path string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, candidate := range f.faults {
		if candidate.left != 0 && strings.Contains(path, candidate.path) {
			candidate.left-- // a negative count stays negative for longer than any test
			return &candidate.Fault
		}
	}
	return nil
}
