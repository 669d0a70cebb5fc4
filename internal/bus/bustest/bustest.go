// Package bustest is the conformance suite of package bus.
package bustest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
)

// patience is how long a signal may take before the test gives up. It is no
// claim about speed.
const patience = 10 * time.Second

// Run holds a bus to the contract. newBus is called once for each test.
func Run(t *testing.T, newBus func(t *testing.T) bus.Bus) {
	t.Run("signal reaches every listener of the topic", func(t *testing.T) {
		b := newBus(t)
		one, stop1 := b.Listen(bus.KillmailsStored)
		two, stop2 := b.Listen(bus.BattlesChanged, bus.KillmailsStored)
		defer stop1()
		defer stop2()
		publish(t, b, bus.KillmailsStored)
		receive(t, one)
		receive(t, two)
	})
	t.Run("other topics stay silent", func(t *testing.T) {
		b := newBus(t)
		battles, stop := b.Listen(bus.BattlesChanged)
		defer stop()
		killmails, stop2 := b.Listen(bus.KillmailsStored)
		defer stop2()
		publish(t, b, bus.KillmailsStored)
		receive(t, killmails) // the signal has been delivered everywhere by now
		select {
		case <-battles:
			t.Error("listener of battles got a signal of killmails")
		default:
		}
	})
	t.Run("a slow listener holds up nobody and keeps one signal", func(t *testing.T) {
		b := newBus(t)
		slow, stop := b.Listen(bus.KillmailsStored)
		defer stop()
		for range 1000 {
			publish(t, b, bus.KillmailsStored)
		}
		receive(t, slow)
	})
	t.Run("after stop nothing arrives", func(t *testing.T) {
		b := newBus(t)
		gone, stop := b.Listen(bus.KillmailsStored)
		stop()
		stays, stop2 := b.Listen(bus.KillmailsStored)
		defer stop2()
		publish(t, b, bus.KillmailsStored)
		receive(t, stays)
		select {
		case <-gone:
			t.Error("signal after stop")
		default:
		}
	})
	t.Run("a cancelled context is an error", func(t *testing.T) {
		b := newBus(t)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := b.Publish(ctx, bus.KillmailsStored); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
	})
}

func publish(t *testing.T, b bus.Bus, topic bus.Topic) {
	t.Helper()
	if err := b.Publish(context.Background(), topic); err != nil {
		t.Fatalf("publish %s: %v", topic, err)
	}
}

func receive(t *testing.T, signals <-chan struct{}) {
	t.Helper()
	select {
	case <-signals:
	case <-time.After(patience):
		t.Fatal("no signal arrived")
	}
}
