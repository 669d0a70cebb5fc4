package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
)

// ESI is the part of ESI that is asked for killmails.
type ESI interface {
	Killmail(ctx context.Context, id int64, hash string) (*killmail.Killmail, error)
}

// errNoESI says that a killmail could be had if ESI were asked.
var errNoESI = fault.New("the source names the killmail but does not hold it, and ESI is switched off",
	"switch ESI on, then retry the dead letters")

// complete fetches the killmail that a document only names.
func complete(ctx context.Context, from ESI, d killmail.Document) (killmail.Document, error) {
	if d.Ref == nil {
		return d, nil
	}
	if from == nil {
		return killmail.Document{}, errNoESI
	}
	k, err := from.Killmail(ctx, d.Ref.ID, d.Ref.Hash)
	if err != nil {
		return killmail.Document{}, fmt.Errorf("complete killmail %d: %w", d.Ref.ID, err)
	}
	return d.Complete(k)
}

// Complete returns a document with its killmail, asking ESI when the source only
// named it. Without ESI that is an error with a hint.
func Complete(ctx context.Context, from ESI, d killmail.Document) (killmail.Document, error) {
	if d.Empty() {
		return d, errors.New("the document holds nothing")
	}
	return complete(ctx, from, d)
}

// patience is how long the feed waits for an ESI that is away before it goes on and
// puts aside what it cannot complete. EVE's daily downtime is shorter.
const patience = 30 * time.Minute

// completer completes what the live feed only names. A batch comes again while ESI
// is away; what was fetched for it before is not fetched twice.
type completer struct {
	esi     ESI
	now     func() time.Time
	fetched map[int64]*killmail.Killmail
	away    time.Time // since when ESI does not answer; zero while it does
}

// complete returns the document with its killmail. hold tells to try the whole batch
// again later; without it, an error is the document's fate.
func (c *completer) complete(ctx context.Context, d killmail.Document) (out killmail.Document, hold bool, err error) {
	if k := c.fetched[d.Ref.ID]; k != nil {
		copied := *k // completing changes it, and a batch may come a third time
		out, err = d.Complete(&copied)
		return out, false, err
	}
	out, err = complete(ctx, c.esi, d)
	if err == nil {
		c.away = time.Time{}
		if c.fetched == nil {
			c.fetched = make(map[int64]*killmail.Killmail)
		}
		copied := *out.Killmail
		c.fetched[d.Ref.ID] = &copied
		return out, false, nil
	}
	if ctx.Err() != nil {
		return out, true, err
	}
	if !esi.Passing(err) {
		return out, false, err
	}
	if c.away.IsZero() {
		c.away = c.now()
	}
	return out, c.now().Sub(c.away) < patience, err
}

// stored forgets what was fetched for a batch that has been stored.
func (c *completer) stored() { clear(c.fetched) }
