// Package bustest is the conformance suite of package bus.
package bustest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
)

// patience is how long a signal may take before the test gives up. It is no
// claim about speed.
const patience = time.Minute

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
	t.Run("ready", func(t *testing.T) {
		if err := newBus(t).Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("many at once", func(t *testing.T) {
		b := newBus(t)
		signals, stop := b.Listen(bus.Topics...)
		defer stop()
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				for _, topic := range bus.Topics {
					if err := b.Publish(context.Background(), topic); err != nil {
						t.Errorf("publish %s: %v", topic, err)
					}
					_, stop := b.Listen(topic)
					stop()
				}
			})
		}
		all.Wait()
		receive(t, signals)
	})
}

// RunShared holds the buses of two processes to the contract. open is called once for
// each test.
func RunShared(t *testing.T, open func(t *testing.T) (here, there bus.Bus)) {
	t.Run("signals reach the other process", func(t *testing.T) {
		here, there := open(t)
		for _, topic := range bus.Topics {
			one, stop1 := there.Listen(topic)
			two, stop2 := there.Listen(bus.Topics...)
			back, stop3 := here.Listen(topic)
			publish(t, here, topic)
			receive(t, one)
			receive(t, two)
			receive(t, back)
			stop1()
			stop2()
			stop3()
		}
	})
	t.Run("other topics stay silent there", func(t *testing.T) {
		here, there := open(t)
		battles, stop1 := there.Listen(bus.BattlesChanged)
		defer stop1()
		killmails, stop2 := there.Listen(bus.KillmailsStored)
		defer stop2()
		publish(t, here, bus.KillmailsStored)
		receive(t, killmails)
		select {
		case <-battles:
			t.Error("listener of battles got a signal of killmails")
		default:
		}
	})
	t.Run("a signal comes once to the process it is from", func(t *testing.T) {
		here, there := open(t)
		own, stop1 := here.Listen(bus.KillmailsStored)
		defer stop1()
		arrived, stop2 := there.Listen(bus.KillmailsStored)
		defer stop2()
		publish(t, here, bus.KillmailsStored)
		receive(t, own)
		receive(t, arrived)
		// An echo would come before what is sent to and fro after it.
		there1, stop3 := there.Listen(bus.RulesetChanged)
		defer stop3()
		here1, stop4 := here.Listen(bus.BattlesChanged)
		defer stop4()
		publish(t, here, bus.RulesetChanged)
		receive(t, there1)
		publish(t, there, bus.BattlesChanged)
		receive(t, here1)
		select {
		case <-own:
			t.Error("the signal came twice")
		default:
		}
	})
	t.Run("a closed bus leaves the other alone", func(t *testing.T) {
		here, there := open(t)
		if err := here.Close(); err != nil {
			t.Fatal(err)
		}
		if err := here.Ready(t.Context()); err == nil {
			t.Error("a closed bus is ready")
		}
		if err := there.Ready(t.Context()); err != nil {
			t.Error(err)
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
