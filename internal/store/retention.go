package store

import (
	"context"
	"time"
)

// Retention removes killmails that are older than a horizon. Battles with their
// sides, members, hulls, totals and revisions stay for ever.
type Retention interface {
	// PlanRetention counts what a run would remove now, and writes nothing.
	PlanRetention(ctx context.Context, r RetentionRule) (Removed, error)
	// BeginRetention notes the beginning of a run and returns its number. A run that
	// never ended is noted as interrupted.
	BeginRetention(ctx context.Context, r RetentionRule, now time.Time) (run int64, err error)
	// Retain removes the next part: the killmails of battles that ended before the
	// horizon, then killmails in no battle, then the lists of pilots if they are not
	// kept, in one transaction that adds to the figures of the run as well. A battle is
	// pruned whole and marked, with a revision that says so; one that reaches over the
	// horizon, or waits to be recomputed, is not touched. done tells that nothing is left.
	Retain(ctx context.Context, run int64, r RetentionRule, now time.Time) (n Removed, done bool, err error)
	// EndRetention notes the end of a run, with what went wrong or "".
	EndRetention(ctx context.Context, run int64, now time.Time, problem string) error
	// RetentionRuns lists the newest runs, newest first.
	RetentionRuns(ctx context.Context, limit int) ([]RetentionRun, error)
}

// RetentionRule says what is too old.
type RetentionRule struct {
	Horizon    time.Time // killmails before it go
	KeepPilots bool      // of battles whose killmails are gone
}

// Removed counts what retention removed.
type Removed struct {
	Battles      int64 `json:"battles"`      // that lost their killmails
	Killmails    int64 `json:"killmails"`    // of those battles, and in no battle
	Participants int64 `json:"participants"` // of those killmails
	PilotLists   int64 `json:"pilot_lists"`  // battles that lost their list of pilots
	PilotRows    int64 `json:"pilot_rows"`   // of those lists
}

// Add sums two counts.
func (r *Removed) Add(o Removed) {
	r.Battles += o.Battles
	r.Killmails += o.Killmails
	r.Participants += o.Participants
	r.PilotLists += o.PilotLists
	r.PilotRows += o.PilotRows
}

// RetentionRun is what one run did.
type RetentionRun struct {
	ID         int64
	Rule       RetentionRule
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs, or when it was killed
	Removed    Removed
	Problem    string
}

// Maintenance keeps the database itself fit.
type Maintenance interface {
	// Maintain brings statistics up to date and gives back what deleted rows leave
	// behind, with as little in the way of others as the engine allows.
	Maintain(ctx context.Context) error
}
