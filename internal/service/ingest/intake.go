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
	// Prices are the market's, asked before the base prices of World; nil for none.
	Prices *Prices
	// Queue says that jobs may be queued: what a live source only names is fetched by
	// one. What else is only named waits for the enrich service to come by.
	Queue bool
	// Waiting is why what is only named has to wait, as when ESI is switched off.
	Waiting string
	// Horizon is the time before which killmails are not kept any more; nil, or zero,
	// keeps all.
	Horizon func() time.Time
	Now     func() time.Time
}

// Delivery is what a source hands over at once.
type Delivery struct {
	Documents   []killmail.Document
	Partial     []store.Partial // killmails that are only named: see PartialOf
	DeadLetters []store.DeadLetter
	Source      string // in the statistics: r2z2, archive, …
	Feed        string // "" for archives, which have no cursor
	Cursor      int64
	Live        bool // announce new killmails to readers of the live feed
}

// Counts says what became of a delivery.
type Counts struct {
	store.Saved
	Named    int // known by id and hash only; ESI is asked for them later
	Broken   int
	Rejected map[ruleset.Reason]int
}

// Add sums two counts.
func (c *Counts) Add(d Counts) {
	c.New += d.New
	c.Updated += d.Updated
	c.Known += d.Known
	c.Broken += d.Broken
	c.Named += d.Named
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
	prices, err := in.Prices.list(ctx, now)
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{Broken: len(d.DeadLetters), Named: len(d.Partial), Rejected: make(map[ruleset.Reason]int)}
	batch := store.Batch{
		DeadLetters: d.DeadLetters, Source: d.Source, Feed: d.Feed, Cursor: d.Cursor,
		Announce: d.Live, AnnounceAfter: now.Add(-announceWithin), Now: now,
	}
	var horizon time.Time
	if in.Horizon != nil {
		horizon = in.Horizon()
	}
	for _, doc := range d.Documents {
		space := in.space(doc.Killmail.SystemID)
		facts := ruleset.FactsOf(doc.Killmail, space)
		if reason := in.decide(rules, doc.Killmail, facts, horizon); reason != ruleset.Accepted {
			counts.Rejected[reason]++
			batch.Rejected = append(batch.Rejected, store.Rejected{
				KillmailID: doc.Killmail.ID, Time: doc.Killmail.Time, Facts: facts, Reason: reason, RulesetVersion: rules.Version, RejectedAt: now,
			})
			continue
		}
		value(doc.Killmail, prices, in.World)
		batch.Documents = append(batch.Documents, store.Document{Document: doc, Space: space})
	}
	in.name(&batch, d)
	saved, err := in.Store.Save(ctx, batch)
	if err != nil {
		return Counts{}, err
	}
	counts.Saved = saved
	if saved.New+saved.Updated+len(batch.Partial) > 0 {
		// A lost signal delays the readers, who also look by themselves.
		_ = in.Bus.Publish(ctx, bus.KillmailsStored)
	}
	return counts, nil
}

// decide asks whether a killmail is kept at all before it asks the rules.
func (in *Intake) decide(rules store.RulesetVersion, k *killmail.Killmail, facts ruleset.Facts, horizon time.Time) ruleset.Reason {
	if k.Time.Before(horizon) {
		return ruleset.TooOld
	}
	return rules.Rules.Decide(facts)
}

func (in *Intake) space(systemID int64) eve.Space {
	s, ok := in.World.System(systemID)
	if !ok {
		s.ID = systemID
	}
	return eve.SpaceOf(s)
}

// jobTime is how long a job has for a killmail before it is looked after without: by
// then the job is done, or its queue is lost.
const jobTime = 10 * time.Minute

// name puts what a delivery only names into its batch.
func (in *Intake) name(batch *store.Batch, d Delivery) {
	for _, p := range d.Partial {
		p.Source, p.Live, p.Due = d.Source, d.Live, batch.Now
		if p.Reason == "" {
			p.Reason = in.Waiting
		}
		if d.Live && in.Queue {
			p.Due = batch.Now.Add(jobTime)
			batch.Jobs = append(batch.Jobs, store.FetchJob(p.KillmailID))
		}
		batch.Partial = append(batch.Partial, p)
	}
}
