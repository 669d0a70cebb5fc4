package fake

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// remembered is how many requests are kept, so that a fake may run for days.
const remembered = 100_000

// Request is what a fake remembers of a request.
type Request struct {
	At             time.Time
	Method         string
	Path           string
	UserAgent      string
	AcceptEncoding string
	Status         int // as answered; 200 for a request that was left hanging
}

// front is what all fakes have in common: the log of requests and the faults that
// strike them. The zero value is ready; it has a lock of its own.
type front struct {
	lock     sync.Mutex
	faults   []*fault
	requests []Request
	inFlight int
	most     int
}

// Inject lets the next n requests fail, or all until Heal when n is negative. The
// fault injected first strikes first.
func (f *front) Inject(n int, what Fault) { f.InjectAt("", n, what) }

// InjectAt lets the next n requests of paths that contain path fail.
func (f *front) InjectAt(path string, n int, what Fault) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.faults = append(f.faults, &fault{Fault: what, path: path, left: n})
}

// Heal ends all faults that were injected.
func (f *front) Heal() {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.faults = nil
}

// Requests returns the requests so far, in the order in which they were answered.
func (f *front) Requests() []Request {
	f.lock.Lock()
	defer f.lock.Unlock()
	return append([]Request(nil), f.requests...)
}

// Forget empties the list of requests.
func (f *front) Forget() {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.requests = nil
}

// MostInFlight returns how many requests were worked on at once, at most.
func (f *front) MostInFlight() int {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.most
}

// faultFor finds the fault that strikes a request and counts it, nil when there is none.
func (f *front) faultFor(path string) *Fault {
	f.lock.Lock()
	defer f.lock.Unlock()
	for _, candidate := range f.faults {
		if candidate.left != 0 && strings.Contains(path, candidate.path) {
			candidate.left-- // a negative count stays negative for longer than any test
			return &candidate.Fault
		}
	}
	return nil
}

// begin counts a request that comes in; the function it returns, one that is done.
func (f *front) begin() (done func()) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.inFlight++
	f.most = max(f.most, f.inFlight)
	return func() {
		f.lock.Lock()
		defer f.lock.Unlock()
		f.inFlight--
	}
}

func (f *front) note(r *http.Request, status int) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if len(f.requests) >= remembered {
		f.requests = append([]Request(nil), f.requests[remembered/2:]...)
	}
	f.requests = append(f.requests, Request{
		At: time.Now(), Method: r.Method, Path: r.URL.Path, UserAgent: r.UserAgent(),
		AcceptEncoding: r.Header.Get("Accept-Encoding"), Status: status,
	})
}

// blocked reports whether a client hides its name: blank, or a library's default.
func blocked(r *http.Request) bool {
	agent := r.UserAgent()
	return agent == "" || strings.HasPrefix(agent, "Go-http-client") || strings.HasPrefix(agent, "python")
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
