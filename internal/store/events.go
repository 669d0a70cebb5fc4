package store

import (
	"context"
	"time"
)

// Events is the log of what readers are told, in commit order.
type Events interface {
	// EventsAfter lists events with a higher number, ascending.
	EventsAfter(ctx context.Context, seq int64, limit int) ([]Event, error)
	// EventRange returns the numbers of the oldest event kept and of the newest
	// ever made; 0, 0 when there was none.
	EventRange(ctx context.Context) (oldest, newest int64, err error)
	// PruneEvents deletes events made before t. Numbers are never used again.
	PruneEvents(ctx context.Context, before time.Time) (int, error)
}

// Topic says what an event is about.
type Topic string

// The topics; they are also the event names of the HTTP streams.
const (
	TopicKillmail Topic = "killmail"
	TopicBattle   Topic = "battle"
)

// Event announces a new killmail or a changed battle.
type Event struct {
	Seq      int64
	At       time.Time
	Topic    Topic
	Subject  int64 // killmail or battle id
	Revision int   // of the battle
}
