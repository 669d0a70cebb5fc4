package scheduler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// leaseTime is how long the lease of a task outlives the process that ran it.
	leaseTime = time.Minute
	// goodbye bounds how long giving it up may take.
	goodbye = 5 * time.Second
)

// errLost ends a run whose lease is gone.
var errLost = errors.New("the lease of the run is lost")

// alone runs f if the lease can be had at once, else it returns errBusy. The context
// of f ends when the lease is lost.
func (s *Scheduler) alone(ctx context.Context, name string, f func(context.Context) error) error {
	// Runs of one process keep each other away too.
	holder := s.Holder + "/" + rand.Text()[:6]
	got, err := s.Store.Acquire(ctx, name, holder, leaseTime)
	if err != nil {
		return err
	}
	if !got {
		other, err := s.Store.LeaseHolder(ctx, name)
		return errors.Join(fmt.Errorf("%w in %s", errBusy, other), err)
	}
	running, end := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { s.renew(running, end, name, holder) })
	err = f(running)
	lost := errors.Is(context.Cause(running), errLost)
	end(nil)
	renewing.Wait()
	if lost {
		return errors.Join(errLost, err)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if rerr := s.Store.Release(last, name, holder); rerr != nil {
		s.Log.WarnContext(ctx, "give a lease up", "name", name, "error", rerr)
	}
	return err
}

// renew keeps a lease until ctx ends, and ends the run when it is lost or could not be
// renewed for almost as long as it lasts.
func (s *Scheduler) renew(ctx context.Context, end context.CancelCauseFunc, name, holder string) {
	for held := time.Now(); pause(ctx, leaseTime/4); {
		asked := time.Now()
		attempt, cancel := context.WithTimeout(ctx, leaseTime/4)
		got, err := s.Store.Acquire(attempt, name, holder, leaseTime)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && got:
			held = asked
		case err == nil, time.Since(held) >= leaseTime*3/4:
			end(errLost)
			return
		default:
			s.Log.WarnContext(ctx, "renew a lease", "name", name, "error", err)
		}
	}
}
