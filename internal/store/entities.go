package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Entities keeps the names of players and their organisations. Save adds every
// entity a new killmail names; enrich gives them names.
type Entities interface {
	// Names returns what is known of these ids; ids without a name are left out.
	Names(ctx context.Context, ids []int64) (map[int64]Name, error)
	// Unresolved lists entities in a state of missing something that are due at now,
	// newest first: those without a name, or those without only a ticker.
	Unresolved(ctx context.Context, missing EntityState, now time.Time, limit int) ([]Unresolved, error)
	// ClaimUnresolved is Unresolved for those who resolve: nobody else gets the same
	// entities before until, unless they are given up or saved with something missing.
	ClaimUnresolved(ctx context.Context, missing EntityState, now, until time.Time, limit int) ([]Unresolved, error)
	// GiveUp has claimed entities that were not asked for be due again at a time.
	GiveUp(ctx context.Context, ids []int64, due time.Time) error
	// SaveNames writes names; a state other than EntityResolved leaves work to do.
	SaveNames(ctx context.Context, names []NamedEntity, now time.Time) error
	// Postpone notes that entities could not be resolved and when to ask again.
	Postpone(ctx context.Context, p []Postponed, now time.Time) error
}

// EntityState says what is missing of an entity.
type EntityState string

// The states.
const (
	EntityUnnamed  EntityState = "unnamed"
	EntityNamed    EntityState = "named"    // the ticker is missing
	EntityResolved EntityState = "resolved" // nothing is
	EntityUnknown  EntityState = "unknown"  // EVE does not know the id
)

// Name is what an entity is called.
type Name struct {
	Name   string
	Ticker string
}

// Unresolved is an entity that lacks something.
type Unresolved struct {
	eve.Entity
	Attempts int
}

// NamedEntity gives an entity its name.
type NamedEntity struct {
	ID int64
	Name
	State EntityState
}

// Postponed is an entity to ask for again later, or never with EntityUnknown.
type Postponed struct {
	ID    int64
	State EntityState
	Due   time.Time
}
