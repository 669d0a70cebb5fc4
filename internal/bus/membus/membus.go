// Package membus is the bus within one process.
package membus

import (
	"context"
	"sync"

	"github.com/battlescope/battlescope/internal/bus"
)

// Bus implements bus.Bus.
type Bus struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

type listener struct {
	topics  []bus.Topic
	signals chan struct{}
}

var _ bus.Bus = (*Bus)(nil)

// New returns a bus without listeners.
func New() *Bus { return &Bus{listeners: make(map[*listener]struct{})} }

// Publish implements bus.Bus.
func (b *Bus) Publish(ctx context.Context, t bus.Topic) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners {
		for _, want := range l.topics {
			if want == t {
				select {
				case l.signals <- struct{}{}:
				default: // one is pending already
				}
			}
		}
	}
	return nil
}

// Listen implements bus.Bus.
func (b *Bus) Listen(topics ...bus.Topic) (<-chan struct{}, func()) {
	l := &listener{topics: topics, signals: make(chan struct{}, 1)}
	b.mu.Lock()
	b.listeners[l] = struct{}{}
	b.mu.Unlock()
	return l.signals, func() {
		b.mu.Lock()
		delete(b.listeners, l)
		b.mu.Unlock()
	}
}

// Close implements bus.Bus.
func (b *Bus) Close() error { return nil }
