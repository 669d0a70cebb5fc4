package fake

import (
	"net/http"
	"strconv"
	"time"
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

// Moved answers 302 and points elsewhere.
func Moved(to string) Fault {
	return Fault{func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}}
}

// Missing answers 404, as an edge that has not seen the document yet.
func Missing() Fault { return Status(http.StatusNotFound, "") }

// Hang answers nothing until the client gives up.
func Hang() Fault {
	return Fault{func(_ http.ResponseWriter, r *http.Request, _ []byte) { <-r.Context().Done() }}
}

// Slow gives the right answer, late.
func Slow(wait time.Duration) Fault {
	return Fault{func(w http.ResponseWriter, r *http.Request, body []byte) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			reply(w, r, body)
		case <-r.Context().Done():
		}
	}}
}

// ErrorLimited answers 420, as ESI does when a client has used up its errors; reset
// is how many seconds are left of the minute, negative leaves the header out.
func ErrorLimited(reset int) Fault {
	return Fault{func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		w.Header().Set("X-ESI-Error-Limit-Remain", "0")
		if reset >= 0 {
			w.Header().Set("X-ESI-Error-Limit-Reset", strconv.Itoa(reset))
		}
		refuse(w, statusErrorLimited, "This software has exceeded the error limit for ESI.")
	}}
}

// fault is a Fault with where and how often it strikes.
type fault struct {
	Fault
	path string // "" is everywhere
	left int    // requests it still strikes; negative: until Heal
}
