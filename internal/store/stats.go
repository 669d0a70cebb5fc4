package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

// Stats counts what is stored.
type Stats interface {
	// Summary counts all there is, what happened at or after since, and the battles that
	// ended at or after live.
	Summary(ctx context.Context, since time.Time, live time.Time) (Summary, error)
	// RefreshStats counts anew what Summary tells without counting. The counts are
	// kept with every change and need no refreshing; this mends them when somebody
	// has changed the tables by other means. Writers wait meanwhile.
	RefreshStats(ctx context.Context) error
}

// Summary is the state of the whole store.
type Summary struct {
	Killmails      int64
	LatestKillmail time.Time // zero when there is none
	Battles        map[battle.Kind]int64
	KillmailsSince int64
	ISKSince       eve.ISK
	BattlesSince   int64
	BattlesLive    int64
	Unclustered    int64
	DeadLetters    int64
}

// IntakeStats counts what became of documents.
type IntakeStats interface {
	// IntakeSince sums the counts of full hours from the hour of t on.
	IntakeSince(ctx context.Context, t time.Time) ([]IntakeCount, error)
	// PruneIntake deletes counts of hours before t.
	PruneIntake(ctx context.Context, before time.Time) error
}

// IntakeCount is how often a document of a source had an outcome: new, updated,
// known, broken, or rejected: followed by the reason.
type IntakeCount struct {
	Source  string
	Outcome string
	N       int64
}
