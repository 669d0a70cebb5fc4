package esi

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// State says how ESI does, as far as this process knows from asking it.
type State struct {
	Away  bool      // it failed repeatedly and is left alone
	Until time.Time // when it is asked again, if it is away
	Err   error     // how it failed last, if it has not answered since; nil otherwise
}

// State returns how ESI does.
func (c *Client) State() State {
	s := State{Err: c.health.failure()}
	if wait := c.health.away(); wait > 0 {
		s.Away, s.Until = true, c.now().Add(wait)
	}
	return s
}

// health leaves ESI alone when it fails repeatedly, so that its daily downtime costs
// few requests: after a while one is let through, which decides.
type health struct {
	breaker circuitbreaker.CircuitBreaker[any]
	mu      sync.Mutex
	last    error // nil after an answer
}

func newHealth(failures int, pause time.Duration) *health {
	return &health{breaker: circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(failures)).WithDelay(pause).WithSuccessThreshold(1).Build()}
}

// away is for how long ESI is left alone, 0 when it is not.
func (h *health) away() time.Duration {
	if !h.breaker.IsOpen() {
		return 0
	}
	return h.breaker.RemainingDelay()
}

// ask reports whether a request may be sent; note must follow if so.
func (h *health) ask() bool { return h.breaker.TryAcquirePermit() }

// note tells how a request went. Only failures of ESI itself and of the way to it
// count: who is refused has been answered.
func (h *health) note(ctx context.Context, err error) {
	refusal := (*StatusError)(nil)
	failed := Passing(err) && (!errors.As(err, &refusal) || !refusal.limited())
	switch {
	case isCancel(ctx, err): // says nothing, but the one request that decides must not stay undecided
		if h.breaker.IsHalfOpen() {
			h.breaker.RecordFailure()
		}
		return
	case failed:
		h.breaker.RecordFailure()
	default:
		h.breaker.RecordSuccess()
		err = nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = err
}

func (h *health) failure() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}
