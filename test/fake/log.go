package fake

import (
	"net/http"
	"time"
)

// remembered is how many requests are kept, so that a feed may run for days.
const remembered = 100_000

// Request is what the feed remembers of a request.
type Request struct {
	At             time.Time
	Path           string
	UserAgent      string
	AcceptEncoding string
	Status         int // as answered; 200 for a request that was left hanging
}

// Requests returns the requests so far, in the order in which they were answered.
func (f *R2Z2) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Request(nil), f.requests...)
}

// Forget empties the list of requests.
func (f *R2Z2) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = nil
}

// MostInFlight returns how many requests were worked on at once, at most.
func (f *R2Z2) MostInFlight() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most
}

// begin counts a request that comes in; the function it returns, one that is done.
func (f *R2Z2) begin() (done func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inFlight++
	f.most = max(f.most, f.inFlight)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.inFlight--
	}
}

func (f *R2Z2) note(r *http.Request, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.requests) >= remembered {
		f.requests = append([]Request(nil), f.requests[remembered/2:]...)
	}
	f.requests = append(f.requests, Request{
		At: time.Now(), Path: r.URL.Path, UserAgent: r.UserAgent(),
		AcceptEncoding: r.Header.Get("Accept-Encoding"), Status: status,
	})
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
