package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/ruleset"
)

// Rulesets keeps every ruleset that was ever active; one of them is.
type Rulesets interface {
	// ActiveRuleset returns the active ruleset, or ErrNotFound when none was ever stored.
	ActiveRuleset(ctx context.Context) (RulesetVersion, error)
	// Rulesets lists the newest versions, newest first.
	Rulesets(ctx context.Context, limit int) ([]RulesetVersion, error)
	// PutRuleset stores a ruleset under the next version and makes it active.
	PutRuleset(ctx context.Context, r RulesetVersion) (version int64, err error)
	// ActivateRuleset makes an older version active again, or answers ErrNotFound.
	ActivateRuleset(ctx context.Context, version int64) error
	// RejectedSince lists what was rejected at or after t, oldest first.
	RejectedSince(ctx context.Context, t time.Time) ([]Rejected, error)
	// StoredSince lists the killmails that were stored at or after t, oldest first.
	StoredSince(ctx context.Context, t time.Time) ([]int64, error)
	// PruneRejected deletes records of rejected killmails made before t.
	PruneRejected(ctx context.Context, before time.Time) error
}

// RulesetVersion is a ruleset as it was stored.
type RulesetVersion struct {
	Version   int64
	Rules     ruleset.Ruleset
	Note      string
	CreatedBy string
	CreatedAt time.Time
	Active    bool
}

// Rejected is what is kept of a killmail that the ruleset did not accept: enough
// for another ruleset to decide again.
type Rejected struct {
	KillmailID     int64
	Time           time.Time
	Facts          ruleset.Facts
	Reason         ruleset.Reason
	RulesetVersion int64
	RejectedAt     time.Time
}
