package maintenance_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/service/maintenance"
)

var now = time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)

// desk notes what it is asked to do, and fails where told to.
type desk struct {
	asked []string
	fails string
}

var errBroken = errors.New("disk is gone")

func (d *desk) note(what string) error {
	d.asked = append(d.asked, what)
	if what == d.fails || d.fails == "all" {
		return errBroken
	}
	return nil
}

func (d *desk) Maintain(context.Context) error { return d.note("maintain") }
func (d *desk) PruneEvents(_ context.Context, t time.Time) (int, error) {
	return 3, d.note("events " + now.Sub(t).String())
}
func (d *desk) PruneRejected(_ context.Context, t time.Time) error {
	return d.note("rejected " + now.Sub(t).String())
}
func (d *desk) PruneIntake(_ context.Context, t time.Time) error {
	return d.note("counts " + now.Sub(t).String())
}
func (d *desk) PruneSessions(_ context.Context, t time.Time) error {
	return d.note("sessions " + now.Sub(t).String())
}

func service(d *desk) *maintenance.Service {
	return &maintenance.Service{Store: d, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }}
}

var pruned = []string{"events 24h0m0s", "rejected 48h0m0s", "counts 720h0m0s", "sessions 0s"}

func TestMaintain(t *testing.T) {
	t.Parallel()
	var d desk
	if err := service(&d).Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(pruned, "maintain"), d.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

// TestOneFailureKeepsNothingElse has single steps fail.
func TestOneFailureKeepsNothingElse(t *testing.T) {
	t.Parallel()
	for _, fails := range append(pruned, "all") {
		d := desk{fails: fails}
		if err := service(&d).Prune(t.Context()); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v, want %v", fails, err, errBroken)
		}
		if diff := cmp.Diff(pruned, d.asked); diff != "" {
			t.Errorf("%s fails: asked for (-want +got):\n%s", fails, diff)
		}
	}
	d := desk{fails: "maintain"}
	if err := service(&d).Maintain(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}
