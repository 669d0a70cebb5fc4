package api

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		some := make(turns, 2)
		end, err := some.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err = some.take(t.Context()); err != nil {
			t.Fatal(err)
		}
		var p *Problem
		if _, err := some.take(t.Context()); !errors.As(err, &p) || p.Status != http.StatusServiceUnavailable || p.Hint == "" {
			t.Errorf("who waits for long gets %v", err)
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := some.take(gone); err == nil {
			t.Error("who has gone gets a turn")
		}
		time.AfterFunc(longestWait/2, end)
		start := time.Now()
		if _, err := some.take(t.Context()); err != nil || time.Since(start) != longestWait/2 {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

// TestSceneThatPanics must not take the process with it: a panic in a goroutine of
// singleflight's own cannot be recovered.
func TestSceneThatPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("the panic is lost")
		}
	}()
	_, _ = newScenes(time.Now).get(t.Context(), "key", func(context.Context) (*scene, error) { panic("a defect") })
}
