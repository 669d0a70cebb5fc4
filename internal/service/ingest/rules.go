package ingest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/store"
)

// rulesFor is how long a ruleset is used before the store is asked again, should
// the signal of a change have been lost.
const rulesFor = 5 * time.Minute

// Rules gives the active ruleset of the store, or the default one (version 0)
// while none was ever stored. It is safe for concurrent use.
type Rules struct {
	store   store.Rulesets
	now     func() time.Time
	changed <-chan struct{}

	mu     sync.Mutex
	active store.RulesetVersion
	read   time.Time // zero: active must not be used
}

// NewRules returns the rules of a store. They listen on the bus for changes for as
// long as the bus lives.
func NewRules(s store.Rulesets, b bus.Bus, now func() time.Time) *Rules {
	changed, _ := b.Listen(bus.RulesetChanged)
	return &Rules{store: s, now: now, changed: changed}
}

// Active returns the active ruleset.
func (r *Rules) Active(ctx context.Context) (store.RulesetVersion, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	select {
	case <-r.changed:
		r.read = time.Time{} // until it is read anew: the signal comes once
	default:
	}
	if !r.read.IsZero() && now.Sub(r.read) < rulesFor {
		return r.active, nil
	}
	active, err := r.store.ActiveRuleset(ctx)
	if errors.Is(err, store.ErrNotFound) {
		active, err = store.RulesetVersion{Rules: ruleset.Default(), Active: true}, nil
	}
	if err != nil {
		return store.RulesetVersion{}, err
	}
	r.active, r.read = active, now
	return active, nil
}
