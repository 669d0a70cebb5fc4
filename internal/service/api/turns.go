package api

import (
	"context"
	"net/http"
	"time"
)

// turns are how many at a time do something dear that anybody may ask for. Whoever has
// one must not wait for another.
type turns chan struct{}

// longestWait is how long somebody waits for a turn.
const longestWait = 20 * time.Second

// take waits for a turn and returns what gives it back, or else a problem.
func (t turns) take(ctx context.Context) (end func(), err error) {
	late := time.NewTimer(longestWait)
	defer late.Stop()
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, problem(http.StatusServiceUnavailable, "the request was given up", "try again")
	case <-late.C:
		return nil, problem(http.StatusServiceUnavailable, "others are asking for a lot at this moment", "try again in a minute")
	}
}
