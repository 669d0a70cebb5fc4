package cache

import (
	"context"
	"errors"
	"time"
)

// Fallback is a limiter that goes on when the shared one cannot be reached: then
// every process keeps to the budget by itself. That is more than all of them may use
// together, but far from no limit at all, and no work stops.
type Fallback struct {
	Shared Limiter
	Local  Limiter // within this process
}

var _ Limiter = Fallback{}

// Take implements Limiter.
func (f Fallback) Take(ctx context.Context, key string, b Bucket, n int) (time.Duration, error) {
	wait, err := f.Shared.Take(ctx, key, b, n)
	if err != nil {
		if ctx.Err() != nil {
			return 0, err
		}
		return f.Local.Take(ctx, key, b, n)
	}
	if wait == 0 { // the local bucket goes along, so that losing the shared one opens no second budget
		_, _ = f.Local.Take(ctx, key, b, n) // it fails only when ctx has just ended; the tokens are taken
	}
	return wait, nil
}

// Hold implements Limiter. It is an error only if neither side keeps it.
func (f Fallback) Hold(ctx context.Context, key string, until time.Time) error {
	shared, local := f.Shared.Hold(ctx, key, until), f.Local.Hold(ctx, key, until)
	if shared == nil || local == nil {
		return nil
	}
	return errors.Join(shared, local)
}
