package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Clustering is what the cluster service works with.
type Clustering interface {
	// Unclustered lists killmails whose neighbourhood is to be recomputed, oldest
	// first by the time of the kill.
	Unclustered(ctx context.Context, limit int) ([]int64, error)
	// Known returns the stored battles that hold any of these killmails, each
	// with all its killmails and its digest.
	Known(ctx context.Context, killmailIDs []int64) ([]KnownBattle, error)
	// NewBattleIDs takes n fresh ids, ascending. Ids taken and not used are lost.
	NewBattleIDs(ctx context.Context, n int) ([]int64, error)
	// CorrectedWork returns those killmails on the list that a correction put there, each
	// with the battle in which it found them if that is gone, else 0. A battle that is
	// gone may be written again under its id: its revisions go on.
	CorrectedWork(ctx context.Context) (map[int64]int64, error)
	// Apply writes a plan in one transaction, with an event for every battle that
	// was written or removed, or returns ErrConflict when the stored battles are no
	// longer the ones in c.Basis or a killmail is not as it was considered.
	Apply(ctx context.Context, c Change) error
}

// KnownBattle is a stored battle as far as clustering needs it.
type KnownBattle struct {
	ID          int64
	Revision    int
	Digest      string
	Profile     string // parameters it was made with
	Version     int
	KillmailIDs []int64
}

// Change is the outcome of one recomputation.
type Change struct {
	// Profile is the engine's that made the battles; when it is no longer the one in
	// use, the change is refused. "" is not checked.
	Profile string
	// Layer is the state of the corrections that made them; it is checked with Profile.
	Layer int64
	// Basis are the stored battles on which the change was planned.
	Basis []KnownBattle
	// Component are all killmails that were considered: those of them that are in
	// no battle of Basis must still be in none, and their values must still be the same.
	Component []Considered
	Put       []PutBattle
	Remove    []RemoveBattle
	// Done are the killmails to take off the list of unclustered ones.
	Done []int64
	// AnnounceAfter makes events for battles that end at or after this time, and for those
	// that were corrected; zero for none.
	AnnounceAfter time.Time
	Now           time.Time
}

// Considered is a stored killmail as a change was planned on it. A value can
// change at any time: a battle made with the old one would never be mended,
// because applying it takes the killmail off the list of work.
type Considered struct {
	ID    int64
	Value killmail.Value
}

// PutBattle writes a battle whole.
type PutBattle struct {
	ID      int64
	Digest  string
	Battle  *battle.Battle
	Reason  string
	Added   int
	Removed int
	// Revived says that the battle is gone and is written again under its id.
	Revived bool
	// Places of the battle, from the static data.
	Space           eve.Space
	ConstellationID int64
	RegionID        int64
}

// RemoveBattle deletes a battle and leaves a redirect.
type RemoveBattle struct {
	ID       int64
	Redirect int64 // 0: its killmails stand alone now
	Reason   string
}
