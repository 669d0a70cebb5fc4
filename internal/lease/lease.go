// Package lease has one of several processes do what only one may do at a time,
// while the others stand by.
//
// A lease is a row in the store that ends by itself. Holding one is no proof: a
// process that was stopped for longer than the lease lasts wakes up believing in it
// still. What runs under a lease must therefore do no harm when it runs twice for a
// moment; the lease only sees to it that it does not happen all the time.
package lease

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

const (
	// DefaultTTL is how long a lease outlives its holder's last sign of life.
	DefaultTTL = 15 * time.Second
	// goodbye bounds how long giving a lease up may take.
	goodbye = 2 * time.Second
)

// Keeper takes leases for one process.
type Keeper struct {
	Store  store.Leases
	Holder string // who this process is; see Holder
	Log    *slog.Logger
	// TTL is how long a lease lasts without renewal; it is renewed after a third.
	// Zero is DefaultTTL.
	TTL time.Duration
}

// Holder returns a name for this process that no other one has.
func Holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), rand.Text()[:8])
}

// Run runs f whenever this process holds the lease, until ctx ends or f ends by
// itself. The context of f ends when the lease is lost; then the process stands by
// again. The error is that of f.
func (k *Keeper) Run(ctx context.Context, name string, f func(context.Context) error) error {
	ttl, standing := k.ttl(), false
	for ctx.Err() == nil {
		asked := time.Now()
		attempt, cancel := context.WithTimeout(ctx, ttl) // what comes later is of no use
		got, err := k.Store.Acquire(attempt, name, k.Holder, ttl)
		cancel()
		switch {
		case err != nil && ctx.Err() == nil:
			k.Log.WarnContext(ctx, "lease", "name", name, "error", err)
		case got:
			k.Log.InfoContext(ctx, "leading", "lease", name)
			standing = false
			lost, err := k.lead(ctx, name, ttl, asked, f)
			if !lost {
				return err
			}
			k.Log.WarnContext(ctx, "lease lost; standing by", "lease", name)
		case err == nil && !standing:
			standing = true
			k.Log.InfoContext(ctx, "standing by; another process leads", "lease", name)
		}
		pause(ctx, ttl/3)
	}
	return nil
}

// ErrHeld says that another process has the lease.
var ErrHeld = errors.New("another process has the lease")

// Try runs f if the lease can be had at once, else it returns ErrHeld with the name of
// who has it. The context of f ends when the lease is lost, which is an error then.
func (k *Keeper) Try(ctx context.Context, name string, f func(context.Context) error) error {
	asked := time.Now()
	got, err := k.Store.Acquire(ctx, name, k.Holder, k.ttl())
	if err != nil {
		return err
	}
	if !got {
		holder, err := k.Store.LeaseHolder(ctx, name)
		return errors.Join(fmt.Errorf("%w: %s", ErrHeld, holder), err)
	}
	lost, err := k.lead(ctx, name, k.ttl(), asked, f)
	if lost {
		return errors.Join(errLost, err)
	}
	return err
}

func (k *Keeper) ttl() time.Duration {
	if k.TTL == 0 {
		return DefaultTTL
	}
	return k.TTL
}

// errLost ends what runs under a lease that is gone.
var errLost = errors.New("the lease is lost")

// lead runs f while the lease, asked for at a time, can be renewed, and reports whether
// f was ended for the loss of it.
func (k *Keeper) lead(ctx context.Context, name string, ttl time.Duration, asked time.Time, f func(context.Context) error) (lost bool, err error) {
	leading, end := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		k.renew(leading, end, name, ttl, asked)
	}()
	err = f(leading)
	lost = errors.Is(context.Cause(leading), errLost)
	end(nil)
	<-renewed
	if !lost {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		if rerr := k.Store.Release(last, name, k.Holder); rerr != nil {
			k.Log.WarnContext(ctx, "give the lease up", "name", name, "error", rerr)
		}
	}
	return lost, err
}

// renew keeps the lease, held since a time at least, until ctx ends. When another has
// it, or it could not be renewed for as long as it lasts, everything that runs under it
// is ended: a store that does not answer must not make that later than its end.
func (k *Keeper) renew(ctx context.Context, end context.CancelCauseFunc, name string, ttl time.Duration, held time.Time) {
	last := ttl - ttl/6 // after held: when the last attempt begins
	for pause(ctx, min(ttl/3, last-time.Since(held))) {
		asked := time.Now()
		attempt, cancel := context.WithTimeout(ctx, min(ttl/3, ttl-asked.Sub(held)))
		got, err := k.Store.Acquire(attempt, name, k.Holder, ttl)
		cancel()
		switch {
		case err == nil && got:
			held = asked // it lasts from then at least
			continue
		case err == nil:
			end(errLost)
			return
		case ctx.Err() != nil:
			return
		}
		k.Log.WarnContext(ctx, "renew the lease", "name", name, "error", err)
		if time.Since(held) >= last {
			end(errLost)
			return
		}
	}
}

// pause waits and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
