package esi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

var (
	// ErrNotFound says that EVE does not know what was asked for.
	ErrNotFound = errors.New("not known to ESI")
	// ErrMismatch says that id and hash of a killmail do not belong together.
	ErrMismatch = errors.New("id and hash do not belong together")
	// ErrUnusable says that the answer is JSON but not what was asked for.
	ErrUnusable = errors.New("the answer cannot be used")
)

// statusErrorLimited is ESI's own status for a used-up error budget.
const statusErrorLimited = 420

// StatusError is an answer other than success.
type StatusError struct {
	Path   string
	Status int
	Body   string // its beginning
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("esi %s: status %d: %s", e.Path, e.Status, e.Body)
}

// Is makes ESI's own 404 an ErrNotFound, and its 422 an ErrMismatch. A web page with
// status 404 says that there is no ESI at this address, and nothing about what was
// asked for.
func (e *StatusError) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Status == http.StatusNotFound && strings.HasPrefix(strings.TrimSpace(e.Body), "{")
	case ErrMismatch:
		return e.Status == http.StatusUnprocessableEntity
	}
	return false
}

// passing reports whether the same request may succeed later.
func (e *StatusError) passing() bool {
	return e.Status >= 500 || e.limited() || e.Status == http.StatusOK // with a body that is not JSON
}

// limited reports whether ESI refused because too much was asked.
func (e *StatusError) limited() bool {
	return e.Status == http.StatusTooManyRequests || e.Status == statusErrorLimited
}

// Hint says what to do about the status.
func (e *StatusError) Hint() string {
	switch e.Status {
	case http.StatusForbidden:
		return "ESI may have blocked this address: check that contact reaches you"
	case statusErrorLimited, http.StatusTooManyRequests:
		return "ESI's limit is used up; it is asked again later"
	case http.StatusOK:
		return "the answer is not ESI's: check its URL; it is asked again later"
	}
	return ""
}

// NetworkError is a request that got no whole answer.
type NetworkError struct {
	Path string
	Err  error
}

func (e *NetworkError) Error() string { return fmt.Sprintf("esi %s: %v", e.Path, e.Err) }

// Unwrap returns what went wrong.
func (e *NetworkError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *NetworkError) Hint() string {
	return "check ESI's URL and this machine's way to the internet; it is asked again later"
}

// LaterError is a question that was not asked: ESI is away, or the limits let it be
// asked only after the time the caller has for it.
type LaterError struct {
	Path  string
	After time.Duration // when asking makes sense
	Err   error         // how ESI failed last; nil when only the limits are in the way
}

func (e *LaterError) Error() string {
	wait := max(e.After, 0).Round(time.Second)
	if e.Err == nil {
		return fmt.Sprintf("esi %s: not asked for another %v: the limits are used up", e.Path, wait)
	}
	return fmt.Sprintf("esi %s: not asked for another %v after failing repeatedly, last with: %v", e.Path, wait, e.Err)
}

// Unwrap returns how ESI failed last.
func (e *LaterError) Unwrap() error { return e.Err }

// Passing reports whether err says that ESI is away, busy or refuses for now, so that
// asking again later makes sense.
func Passing(err error) bool {
	if later := (*LaterError)(nil); errors.As(err, &later) {
		return true
	}
	if status := (*StatusError)(nil); errors.As(err, &status) {
		return status.passing()
	}
	network := (*NetworkError)(nil)
	return errors.As(err, &network)
}

// Final reports whether err says that ESI will never give a killmail: it does not
// know it, the hash is another one's, or what it has cannot be read.
func Final(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrMismatch) || errors.Is(err, ErrUnusable)
}
