package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// ESI is the part of ESI that is asked for killmails.
type ESI interface {
	Killmail(ctx context.Context, id int64, hash string) (*killmail.Killmail, error)
}

// errNoESI says that a killmail could be had if ESI were asked.
var errNoESI = fault.New("the source names the killmail but does not hold it, and ESI is switched off",
	"switch ESI on, then try again")

// Complete returns a document with its killmail, asking ESI when the source only
// named it. Without ESI that is an error with a hint.
func Complete(ctx context.Context, from ESI, d killmail.Document) (killmail.Document, error) {
	if d.Empty() {
		return d, errors.New("the document holds nothing")
	}
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

// CanWait reports whether err, of Complete, says that the killmail could be had another
// time: then it belongs on the list of enrichments.
func CanWait(err error) bool { return errors.Is(err, errNoESI) || esi.Passing(err) }

// PartialOf returns what to put on the list of enrichments for a document that only
// names its killmail. raw is the document as it came, nil when there is no more to it
// than id and hash.
func PartialOf(d killmail.Document, raw []byte, reason string) store.Partial {
	if raw == nil {
		raw = fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%s"}`, d.Ref.ID, d.Ref.Hash)
	}
	return store.Partial{KillmailID: d.Ref.ID, Hash: d.Ref.Hash, Body: raw, HasZkb: d.Ref.Zkb != nil, Reason: reason}
}
