package store

import (
	"context"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
)

// FetchKillmail is the kind of the jobs that fetch what a Partial only names.
const FetchKillmail = "killmail.fetch"

// FetchArgs are the arguments of such a job.
type FetchArgs struct {
	KillmailID int64 `json:"killmail_id"`
}

// FetchJob returns the job that fetches a killmail, one for each killmail at a time.
func FetchJob(killmailID int64) queue.Job {
	job := queue.New(FetchKillmail, FetchArgs{killmailID})
	job.Unique = strconv.FormatInt(killmailID, 10)
	return job
}

// Partial is a killmail of which a source gave only id and hash. Save puts it on the
// list of enrichments, unless it is there with the same document. A document without
// a zkb block never takes the place of one that has it.
type Partial struct {
	KillmailID int64
	Hash       string
	Source     string
	Live       bool   // announce it when it is there, if it is not old
	Body       []byte // the document as it came; what it tells is not lost
	HasZkb     bool   // Body holds a zkb block
	Reason     string // why it has to wait; "" when it need not
	// Due is when it is worked without a job, as when the job is lost.
	Due time.Time
}

// EnrichmentState says how far an enrichment is.
type EnrichmentState string

// The states.
const (
	EnrichmentPending    EnrichmentState = "pending"
	EnrichmentProcessing EnrichmentState = "processing"
	EnrichmentSucceeded  EnrichmentState = "succeeded" // stored, or rejected by the ruleset
	EnrichmentFailed     EnrichmentState = "failed"    // for good, unless somebody tries again
)

// Enrichment is a Partial on its way to a whole killmail.
type Enrichment struct {
	Partial
	State     EnrichmentState
	Attempts  int   // how often ESI was asked
	Revision  int64 // grows with every newer document
	CreatedAt time.Time
	UpdatedAt time.Time
}

// EnrichmentEnd is what became of an enrichment that was begun.
type EnrichmentEnd struct {
	KillmailID int64
	Revision   int64 // as it was begun
	State      EnrichmentState
	Reason     string
	Attempts   int
	Due        time.Time // when to try again, for one that is pending
}

// EnrichmentCount is how many enrichments are in a state, and when the one that has
// not changed for longest did.
type EnrichmentCount struct {
	N      int64
	Oldest time.Time
}

// Enrichments is the list of killmails that are known by id and hash only.
type Enrichments interface {
	// Enrichment returns one, or ErrNotFound.
	Enrichment(ctx context.Context, killmailID int64) (Enrichment, error)
	// BeginEnrichment marks one as being worked on, until when nobody else needs to
	// take care of it, and returns it; one that has succeeded is returned as it is.
	// ErrNotFound when there is none.
	BeginEnrichment(ctx context.Context, killmailID int64, now, until time.Time) (Enrichment, error)
	// ClaimEnrichments begins up to limit of those that are due at now and returns
	// them. No two callers get the same one. One that is not ended is due again at until.
	ClaimEnrichments(ctx context.Context, now, until time.Time, limit int) ([]Enrichment, error)
	// EndEnrichment notes what became of one. It changes nothing when a newer document
	// has come meanwhile, or when it has succeeded.
	EndEnrichment(ctx context.Context, e EnrichmentEnd, now time.Time) error
	// EnrichmentCounts counts them by state; states that nobody is in are left out.
	EnrichmentCounts(ctx context.Context) (map[EnrichmentState]EnrichmentCount, error)
	// PruneEnrichments deletes those that succeeded before a time.
	PruneEnrichments(ctx context.Context, before time.Time) (int, error)
}
