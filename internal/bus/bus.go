// Package bus wakes services when something happened elsewhere.
//
// A signal says only that there is something new; what it is stands in the
// store, in commit order. So a signal may be lost or several may arrive as one:
// whoever listens also looks by itself now and then, and nothing depends on the
// bus but speed. Adapters: membus within one process, redisbus among many; bustest
// holds them to the contract.
package bus

import "context"

// Topic names what happened.
type Topic string

// The topics.
const (
	KillmailsStored  Topic = "killmail.new"
	BattlesChanged   Topic = "battle.changed"
	BattlesCorrected Topic = "battle.corrected"
	RulesetChanged   Topic = "ruleset.changed"
)

// Topics are all of them.
var Topics = []Topic{KillmailsStored, BattlesChanged, BattlesCorrected, RulesetChanged}

// Bus passes signals from publishers to everyone who listens.
type Bus interface {
	// Publish signals a topic to all present listeners. It waits neither for them
	// nor for a server in between.
	Publish(ctx context.Context, t Topic) error
	// Listen returns a channel that holds at most one pending signal of any of
	// these topics, and a function that ends listening. The channel is never closed.
	// After an interruption of the bus every listener gets a signal, because one may
	// have been missed.
	Listen(topics ...Topic) (signals <-chan struct{}, stop func())
	// Ready returns nil when signals of all processes arrive at present, and else
	// why not. It asks nobody and returns at once.
	Ready(ctx context.Context) error
	// Close releases what the bus holds.
	Close() error
}
