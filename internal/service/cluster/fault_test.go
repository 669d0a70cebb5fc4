package cluster_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

var errBroken = errors.New("database is gone")

// TestFailureLeavesWork lets every call of the store fail in turn.
func TestFailureLeavesWork(t *testing.T) {
	t.Parallel()
	mails := sim.Day(7, 60).Mails()
	for _, call := range []string{"Unclustered", "Load", "InSystem", "Known", "NewBattleIDs", "Apply"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			broken, met := true, false
			c := service(t, &hooked{s, func(name string) error {
				if name == call && broken {
					met = true
					return errBroken
				}
				return nil
			}}, nil)
			save(t, s, mails...)
			before := work(t, s)
			if n, err := c.Drain(t.Context(), nil); !errors.Is(err, errBroken) || n != 0 {
				t.Errorf("got %d, %v, want %v", n, err, errBroken)
			}
			if !met {
				t.Fatal("was never called")
			}
			if diff := cmp.Diff(before, work(t, s)); diff != "" {
				t.Errorf("work after the failure (-want +got):\n%s", diff)
			}
			if got := stored(t, s); len(got) != 0 {
				t.Errorf("%d battles were written", len(got))
			}
			broken = false
			if n := drain(t, c); n != len(before) {
				t.Errorf("%d killmails were done after the failure, want %d", n, len(before))
			}
			if diff := cmp.Diff(batch(t, mails), figuresOf(t, s)); diff != "" {
				t.Errorf("after the failure (-batch +stored):\n%s", diff)
			}
		})
	}
}

// TestConflictPlansAnew lets somebody else do the same work between plan and change.
func TestConflictPlansAnew(t *testing.T) {
	t.Parallel()
	mails := sim.Day(8, 80).Mails()
	s := newStore(t)
	rival := service(t, s, nil)
	applied := 0
	c := service(t, &hooked{s, func(name string) error {
		if name == "Apply" {
			if applied++; applied == 1 {
				drain(t, rival)
			}
		}
		return nil
	}}, nil)
	save(t, s, mails...)
	drain(t, c)
	if applied < 2 {
		t.Errorf("the change was applied %d times, want a second time after the conflict", applied)
	}
	if left := work(t, s); len(left) > 0 {
		t.Errorf("%d killmails are still to be done", len(left))
	}
	if diff := cmp.Diff(batch(t, mails), figuresOf(t, s)); diff != "" {
		t.Errorf("two services (-batch +stored):\n%s", diff)
	}
}

func TestConflictWithoutEndGivesUp(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	tries := 0
	c := service(t, &hooked{s, func(name string) error {
		if name == "Apply" {
			tries++
			return store.ErrConflict
		}
		return nil
	}}, nil)
	save(t, s, duel(4)...)
	if _, err := c.Drain(t.Context(), nil); !errors.Is(err, store.ErrConflict) || tries < 2 || tries > 100 {
		t.Errorf("got %v after %d tries, want %v after a few", err, tries, store.ErrConflict)
	}
	if got := work(t, s); len(got) != 4 {
		t.Errorf("%d killmails are left to be done, want 4", len(got))
	}
}

// revalued is a killmail with a newer zkb block of another value.
func revalued(k *killmail.Killmail, sequence int64) store.Document {
	again := *k
	again.Zkb = &killmail.Zkb{TotalValue: 7e9, HasValue: true}
	again.Value = killmail.Value{ISK: 7e9, Source: killmail.ValueZkb}
	return store.Document{Document: killmail.Document{Killmail: &again, Sequence: sequence}}
}

// TestNewValue gives a killmail another value: afterwards, while its battle is being
// planned, and through a second service that remembers the old one.
func TestNewValue(t *testing.T) {
	t.Parallel()
	revalue := func(t *testing.T, s store.Store, k *killmail.Killmail) {
		t.Helper()
		if _, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{revalued(k, 5)}, Now: now}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(t *testing.T, s store.Store) {
		t.Helper()
		if left := work(t, s); len(left) > 0 {
			t.Errorf("%d killmails are still to be done", len(left))
		}
		got := stored(t, s)
		if len(got) != 1 || got[0].ISKDestroyed != 5*1e9+7e9 {
			t.Errorf("got %d battles, the first with %d, want one with the new value", len(got), got[0].ISKDestroyed)
		}
	}
	t.Run("afterwards", func(t *testing.T) {
		t.Parallel()
		s := newStore(t)
		c := service(t, s, nil)
		mails := duel(6)
		save(t, s, mails...)
		drain(t, c)
		revalue(t, s, mails[2])
		drain(t, c)
		check(t, s)
	})
	t.Run("while it is planned", func(t *testing.T) {
		t.Parallel()
		s := newStore(t)
		mails := duel(6)
		done := false
		c := service(t, &hooked{s, func(name string) error {
			if name == "Apply" && !done {
				done = true
				revalue(t, s, mails[2])
			}
			return nil
		}}, nil)
		save(t, s, mails...)
		drain(t, c)
		check(t, s)
	})
	t.Run("unknown to a second service", func(t *testing.T) {
		t.Parallel()
		s := newStore(t)
		one, two := service(t, s, nil), service(t, s, nil)
		mails := duel(6)
		save(t, s, mails[:5]...)
		drain(t, one)
		revalue(t, s, mails[2])
		drain(t, two)
		save(t, s, mails[5])
		drain(t, one)
		check(t, s)
	})
}

// deafBus cannot publish.
type deafBus struct{ bus.Bus }

func (deafBus) Publish(context.Context, bus.Topic) error { return errors.New("bus is down") }

func TestBusIsNotNeeded(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	save(t, s, duel(4)...)
	if n := drain(t, service(t, s, deafBus{membus.New()})); n != 4 || len(stored(t, s)) != 1 {
		t.Errorf("%d killmails done, %d battles, want 4 and 1", n, len(stored(t, s)))
	}
}

func TestDrainTellsProgress(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	save(t, s, duel(5)...)
	c := service(t, s, nil, func(cfg *cluster.Config) { cfg.Batch = 2 })
	var told []int
	if n, err := c.Drain(t.Context(), func(done int) { told = append(told, done) }); n != 5 || err != nil {
		t.Errorf("got %d, %v, want 5", n, err)
	}
	if diff := cmp.Diff([]int{2, 4, 5}, told); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestBadParameters(t *testing.T) {
	t.Parallel()
	cfg := cluster.DefaultConfig()
	cfg.Params.MinKills = 0
	if _, err := cluster.New(cfg, newStore(t), membus.New(), world(t), nil, nil); err == nil {
		t.Error("parameters that make no sense were accepted")
	}
}

// TestRun lets the service wait for signals, survive a store that fails, and end.
func TestRun(t *testing.T) {
	t.Parallel()
	s, b := newStore(t), membus.New()
	failures := make(chan struct{}, 10)
	fail := make(chan bool, 1)
	c := service(t, &hooked{s, func(name string) error {
		if name != "Apply" {
			return nil
		}
		select {
		case <-fail:
			failures <- struct{}{}
			return errBroken
		default:
			return nil
		}
	}}, b)
	changed, stop := b.Listen(bus.BattlesChanged)
	defer stop()
	mails := duel(12)
	save(t, s, mails[:4]...) // before the start, without a signal
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	<-changed
	signal := func() {
		t.Helper()
		if err := b.Publish(t.Context(), bus.KillmailsStored); err != nil {
			t.Fatal(err)
		}
	}
	save(t, s, mails[4:8]...)
	signal()
	<-changed
	fail <- true
	save(t, s, mails[8:]...)
	signal()
	<-failures
	signal()
	<-changed
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run ended with %v, want nil", err)
	}
	if got := stored(t, s); len(got) != 1 || got[0].Kills != 12 {
		t.Errorf("got %d battles, want one of 12 kills", len(got))
	}
}
