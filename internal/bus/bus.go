// Package bus wakes services when something happened elsewhere.
//
// A signal says only that there is something new; what it is stands in the
// store, in commit order. So a signal may be lost or several may arrive as one:
// whoever listens also looks by itself now and then, and nothing depends on the
// bus but speed.
package bus

import "context"

// Topic names what happened.
type Topic string

// The topics.
const (
	KillmailsStored Topic = "killmail.new"
	BattlesChanged  Topic = "battle.changed"
	RulesetChanged  Topic = "ruleset.changed"
)

// Bus passes signals from publishers to everyone who listens.
type Bus interface {
	// Publish signals a topic to all present listeners. It does not wait for them.
	Publish(ctx context.Context, t Topic) error
	// Listen returns a channel that holds at most one pending signal of any of
	// these topics, and a function that ends listening. The channel is never closed.
	Listen(topics ...Topic) (signals <-chan struct{}, stop func())
	// Close releases what the bus holds.
	Close() error
}
