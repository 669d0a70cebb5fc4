package store

import (
	"context"
	"time"
)

// Engine keeps which parameter profile forms the battles, for all processes.
type Engine interface {
	// Engine returns the profile in use; there always is one.
	Engine(ctx context.Context) (EngineState, error)
	// SetEngine changes the profile. With queue, every stored killmail is put on the
	// list of unclustered ones in the same transaction, so that the battles follow
	// whatever happens afterwards.
	SetEngine(ctx context.Context, s EngineState, queue bool) error
	// BattlesNotOf counts the battles that were made with other parameters.
	BattlesNotOf(ctx context.Context, profile string, version int) (int64, error)
}

// EngineState is the profile in use. Previous is the one before it while the change
// can still be taken back, "" otherwise.
type EngineState struct {
	Profile   string
	Previous  string
	ChangedAt time.Time // zero: never changed
}
