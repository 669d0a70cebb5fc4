package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
)

// Corrections keeps what people decided about battles. Saving one, or taking it back,
// makes a new numbered state of the layer, and puts the killmails concerned with all
// others of their battles on the list of unclustered ones, in the same transaction: the
// battles follow whatever happens afterwards, and a change that was planned with an
// older state is refused.
type Corrections interface {
	// Layer returns the rules of all corrections in force and the number of that state;
	// known itself, unread, while that is still the present state.
	Layer(ctx context.Context, known battle.Corrections) (battle.Corrections, error)
	// SaveCorrection keeps a correction that was checked against a state of the layer,
	// and returns its number. It answers ErrConflict when another state is in force, and
	// ErrNotFound when a rule names a killmail that is not stored.
	SaveCorrection(ctx context.Context, c Correction, layer int64) (id int64, err error)
	// TakeBackCorrection ends a correction; it stays in the history. It answers
	// ErrNotFound, or ErrConflict when that was done before.
	TakeBackCorrection(ctx context.Context, id int64, by string, now time.Time) error
	// Correction returns one, or ErrNotFound.
	Correction(ctx context.Context, id int64) (Correction, error)
	// BattleCorrections lists the corrections, newest first and with those taken back, that
	// were made of a battle, of one that went into it, or of a killmail that is in it now.
	// The id of a battle that is gone answers for the one that took its place, or for
	// itself; ErrNotFound when there never was one.
	BattleCorrections(ctx context.Context, battleID int64) ([]Correction, error)
}

// Correction is a decision about a battle, with its history.
type Correction struct {
	ID          int64
	BattleID    int64 // the battle as it was then
	MergedID    int64 // the battle it was merged with; 0: none
	Note        string
	Author      string
	CreatedAt   time.Time
	TakenBackAt time.Time // zero: in force
	TakenBackBy string
	Decision    battle.Decision    // what was said
	Rules       battle.Corrections // what follows for the engine; no version
}

// InForce reports whether the correction was not taken back.
func (c *Correction) InForce() bool { return c.TakenBackAt.IsZero() }
