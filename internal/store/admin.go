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

// DeadLetters gives access to documents that could not be read.
type DeadLetters interface {
	// DeadLetters lists letters with an id above after, ascending, without bodies.
	DeadLetters(ctx context.Context, after int64, limit int) ([]DeadLetterRow, error)
	// DeadLetter returns one letter with its body, or ErrNotFound.
	DeadLetter(ctx context.Context, id int64) (DeadLetterRow, error)
	// DropDeadLetter deletes a letter, or answers ErrNotFound.
	DropDeadLetter(ctx context.Context, id int64) error
}

// DeadLetterRow is a stored dead letter.
type DeadLetterRow struct {
	DeadLetter
	ID        int64
	Size      int // of the body, in bytes
	Seen      int // how often it came
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Sessions keeps logins. Tokens never reach the store, only their hashes.
type Sessions interface {
	PutSession(ctx context.Context, s Session) error
	// Session returns the session, or ErrNotFound when there is none or it has expired at now.
	Session(ctx context.Context, tokenHash string, now time.Time) (Session, error)
	DeleteSession(ctx context.Context, tokenHash string) error
	PruneSessions(ctx context.Context, before time.Time) error
}

// Session is a login.
type Session struct {
	TokenHash string
	Subject   string // who: "administrator" until accounts exist
	CreatedAt time.Time
	ExpiresAt time.Time
}
