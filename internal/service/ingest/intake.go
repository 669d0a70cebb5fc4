// Package ingest is the way in: documents from a feed or an archive are judged by
// the ruleset, valued, and saved with the cursor that says how far the feed was read.
//
// Intake does that for a batch and knows no source; Service runs it on the live
// feed. A document that cannot be read is kept as a dead letter and stops nothing.
package ingest

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
)

// announceWithin is how old a killmail may be to appear in the live feed. Old ones
// arrive whenever somebody gives zKillboard a new key; they are stored all the same.
const announceWithin = 24 * time.Hour

// Intake judges, values and saves documents.
type Intake struct {
	Store store.Intake
	Bus   bus.Bus
	World *sde.Data
	Rules *Rules
	Now   func() time.Time
}

// Delivery is what a source hands over at once.
type Delivery struct {
	Documents   []killmail.Document
	DeadLetters []store.DeadLetter
	Source      string // in the statistics: r2z2, archive, …
	Feed        string // "" for archives, which have no cursor
	Cursor      int64
	Live        bool // announce new killmails to readers of the live feed
}

// Counts says what became of a delivery.
type Counts struct {
	store.Saved
	Broken   int
	Rejected map[ruleset.Reason]int
}

// Add sums two counts.
func (c *Counts) Add(d Counts) {
	c.New += d.New
	c.Updated += d.Updated
	c.Known += d.Known
	c.Broken += d.Broken
	if c.Rejected == nil {
		c.Rejected = make(map[ruleset.Reason]int)
	}
	for reason, n := range d.Rejected {
		c.Rejected[reason] += n
	}
}

// RejectedTotal sums the rejected killmails of all reasons.
func (c Counts) RejectedTotal() int {
	total := 0
	for _, n := range c.Rejected {
		total += n
	}
	return total
}

// Save judges, values and stores a delivery in one transaction.
func (in *Intake) Save(ctx context.Context, d Delivery) (Counts, error) {
	now := in.Now()
	rules, err := in.Rules.Active(ctx)
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{Broken: len(d.DeadLetters), Rejected: make(map[ruleset.Reason]int)}
	batch := store.Batch{
		DeadLetters: d.DeadLetters, Source: d.Source, Feed: d.Feed, Cursor: d.Cursor,
		Announce: d.Live, AnnounceAfter: now.Add(-announceWithin), Now: now,
	}
	for _, doc := range d.Documents {
		space := in.space(doc.Killmail.SystemID)
		facts := ruleset.FactsOf(doc.Killmail, space)
		if reason := rules.Rules.Decide(facts); reason != ruleset.Accepted {
			counts.Rejected[reason]++
			batch.Rejected = append(batch.Rejected, store.Rejected{
				KillmailID: doc.Killmail.ID, Time: doc.Killmail.Time, Facts: facts, Reason: reason, RulesetVersion: rules.Version, RejectedAt: now,
			})
			continue
		}
		killmail.Estimate(doc.Killmail, in.price, killmail.ValueBase, in.World.PricedAt())
		batch.Documents = append(batch.Documents, store.Document{Document: doc, Space: space})
	}
	saved, err := in.Store.Save(ctx, batch)
	if err != nil {
		return Counts{}, err
	}
	counts.Saved = saved
	if saved.New+saved.Updated > 0 {
		// A lost signal delays the readers, who also look by themselves.
		_ = in.Bus.Publish(ctx, bus.KillmailsStored)
	}
	return counts, nil
}

func (in *Intake) space(systemID int64) eve.Space {
	s, ok := in.World.System(systemID)
	if !ok {
		s.ID = systemID
	}
	return eve.SpaceOf(s)
}

// price is CCP's base price. Capsules have none and are worth their implants.
func (in *Intake) price(typeID int64) (float64, bool) {
	if p := in.World.BasePrice(typeID); p > 0 {
		return p, true
	}
	t, ok := in.World.Type(typeID)
	return 0, ok && t.Class == eve.ClassCapsule
}
