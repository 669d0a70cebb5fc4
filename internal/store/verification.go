package store

import (
	"context"
	"time"
)

// Verification looks for damage in what is stored, and mends what can be mended
// without inventing anything. Killmails themselves are never changed.
type Verification interface {
	// Examine returns what has one kind of damage within a scope: ids of killmails,
	// battles or entities, as Check says, each once, ascending. It walks in small
	// steps, each on one state of the database, and writes nothing. Battles that wait
	// to be recomputed are left out: they are about to change.
	Examine(ctx context.Context, c Check, s Scope) ([]int64, error)
	// Mend repairs what Examine returned, in transactions of a few subjects. Battles
	// are not corrected in place but put on the list of unclustered killmails in such a
	// way that the cluster service writes them anew. changed counts the rows that were
	// dropped, added or queued: 0 means that nothing can be done.
	Mend(ctx context.Context, c Check, ids []int64, now time.Time) (changed int64, err error)
	// Coverage counts what lies within a scope.
	Coverage(ctx context.Context, s Scope) (Coverage, error)
	// SampleKillmails returns at most n killmails of a time, evenly spread over all of
	// them by the time of the kill; fewer when the time begins or ends within an hour.
	SampleKillmails(ctx context.Context, since, until time.Time, n int) ([]int64, error)
	// Waiting reports whether any of these killmails is on the list of unclustered ones.
	Waiting(ctx context.Context, killmailIDs []int64) (bool, error)
	// GoneKillmails lists when the killmails happened that battles hold and that are
	// not stored any more.
	GoneKillmails(ctx context.Context, battleIDs []int64) ([]time.Time, error)
	// DayCount counts the killmails of a time that are stored and that were rejected.
	// Records of rejected killmails are kept for two days.
	DayCount(ctx context.Context, from, to time.Time) (stored, rejected int64, err error)
	// VerifiedDay returns what was last found out about a day, or ErrNotFound.
	VerifiedDay(ctx context.Context, day string) (VerifiedDay, error)
	// PutVerifiedDay replaces what was found out about the day.
	PutVerifiedDay(ctx context.Context, d VerifiedDay) error
	VerifyRuns
	// PutVerifyRun keeps a run under a new number, and the 100 newest of all.
	PutVerifyRun(ctx context.Context, r VerifyRun) (id int64, err error)
}

// VerifyRuns gives access to what verification found.
type VerifyRuns interface {
	// VerifyRuns lists the newest runs, newest first. Only the first has its findings.
	VerifyRuns(ctx context.Context, limit int) ([]VerifyRun, error)
}

// Scope is the part of what is stored that is looked at: killmails by their time,
// battles by their start. Zero times are open ends.
type Scope struct {
	Since time.Time
	Until time.Time
	// Now is what "in the future" and "for more than a day" are measured from.
	Now time.Time
}

// Whole reports whether the scope is everything.
func (s Scope) Whole() bool { return s.Since.IsZero() && s.Until.IsZero() }

// Coverage counts what a run has looked at.
type Coverage struct {
	Killmails int64
	Battles   int64
	// First is the time of the oldest killmail of the scope, FirstStored when the first
	// of all was stored; zero when there is none.
	First       time.Time
	FirstStored time.Time
}

// Check names one kind of damage.
type Check string

// The checks of the store. What they return ids of stands behind them.
const (
	CheckKillmailTime         Check = "killmail-time"         // killmails from before EVE's launch or from the future
	CheckKillmailTwice        Check = "killmail-twice"        // killmails stored under two times
	CheckParticipantCount     Check = "participant-count"     // killmails with more or fewer participants than they say
	CheckParticipantPositions Check = "participant-positions" // killmails whose participants are not numbered 0, 1, 2 …
	CheckParticipantOrphans   Check = "participant-orphans"   // killmails that are gone but for their participants
	CheckWorkOrphans          Check = "work-orphans"          // killmails that wait for clustering and are gone
	CheckBattleEmpty          Check = "battle-empty"          // battles without any killmail
	CheckBattleSides          Check = "battle-sides"          // battles without sides or systems
	CheckBattlePilots         Check = "battle-pilots"         // battles that count pilots and list none
	CheckBattleGone           Check = "battle-killmails-gone" // battles that hold killmails which are not stored
	CheckBattleTimes          Check = "battle-times"          // battles whose times are not those of their killmails
	CheckBattleTotals         Check = "battle-totals"         // battles whose sums are not those of their lists
	CheckBattleReferences     Check = "battle-references"     // battles with rows of a side or pilot they do not have
	CheckBattleRevision       Check = "battle-revision"       // battles whose last revision is not written down
	CheckBattleOrphans        Check = "battle-orphans"        // battles that are gone but for some of their rows
	CheckTwoBattles           Check = "killmail-in-two"       // killmails in two battles
	CheckRedirects            Check = "redirect-target"       // battles that redirect to one that is gone
	CheckEntityMissing        Check = "entity-missing"        // entities on killmails that nobody will ask the name of
	CheckEntityUnresolved     Check = "entity-unresolved"     // entities without name or ticker for more than a day
	CheckCounts               Check = "counts"                // hours, in milliseconds, whose killmails are counted wrong; 0 for the kinds of battles
	CheckClustering           Check = "clustering"            // killmails the engine puts elsewhere
	CheckBattleFigures        Check = "battle-figures"        // battles the engine gives other figures
	CheckDays                 Check = "day-incomplete"        // days, as YYYYMMDD, of which killmails are missing
)

// EveLaunch is the day New Eden opened: no killmail is older.
var EveLaunch = time.Date(2003, 5, 6, 0, 0, 0, 0, time.UTC)

// Severity says how bad a finding is.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // what is shown is wrong
	SeverityWarning Severity = "warning" // something is missing or left over
	SeverityInfo    Severity = "info"    // worth knowing, and may be as it should be
)

// FindingState says what became of a finding.
type FindingState string

// The states of a finding.
const (
	FindingOpen     FindingState = "open"     // still there
	FindingQueued   FindingState = "queued"   // another service has the work on its list
	FindingRepaired FindingState = "repaired" // a second look found nothing
)

// Finding is one kind of damage that was met.
type Finding struct {
	Check    Check        `json:"check"`
	Severity Severity     `json:"severity"`
	State    FindingState `json:"state"`
	Subject  string       `json:"subject"` // what the samples are ids of: killmail, battle, entity, day
	Count    int64        `json:"count"`
	Left     int64        `json:"left"` // after the repair; Count without one
	Samples  []int64      `json:"samples"`
	Detail   string       `json:"detail"` // what is wrong
	Repair   string       `json:"repair"` // what a repair does, or why there is none
}

// VerifyRun is one look at what is stored.
type VerifyRun struct {
	ID         int64     `json:"id"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
	Since      time.Time `json:"since"` // zero: from the beginning
	Until      time.Time `json:"until"` // zero: to the end
	Repair     bool      `json:"repair"`
	// What was looked at: killmails and battles of the scope, neighbourhoods that were
	// recomputed, and days that were compared with the history.
	Killmails      int64 `json:"killmails"`
	Battles        int64 `json:"battles"`
	Neighbourhoods int64 `json:"neighbourhoods"`
	Days           int64 `json:"days"`
	// NotChecked lists what was not looked at, and why.
	NotChecked []string  `json:"not_checked"`
	Found      int       `json:"found"` // findings, of any severity
	Open       int       `json:"open"`  // errors and warnings that are still there
	Findings   []Finding `json:"findings,omitempty"`
}

// VerifiedDay is what was last found out about a day of the history.
type VerifiedDay struct {
	Day       string // YYYYMMDD
	Total     int64  // killmails the history counts
	Stored    int64
	Rejected  int64 // by the ruleset
	Scheduled int64 // how often its repair was asked for
	CheckedAt time.Time
}
