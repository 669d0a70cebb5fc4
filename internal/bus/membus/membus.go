// Package membus is the bus within one process.
package membus

import (
	"context"

	"github.com/battlescope/battlescope/internal/bus"
)

// Bus implements bus.Bus.
type Bus struct{ bus.Listeners }

var _ bus.Bus = (*Bus)(nil)

// New returns a bus without listeners.
func New() *Bus { return &Bus{} }

// Publish implements bus.Bus.
func (b *Bus) Publish(ctx context.Context, t bus.Topic) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.Signal(t)
	return nil
}

// Ready implements bus.Bus: nothing can go wrong here.
func (b *Bus) Ready(context.Context) error { return nil }

// Close implements bus.Bus.
func (b *Bus) Close() error { return nil }
