package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// updateAll brings known killmails up to date and returns how many changed.
func (s *Store) updateAll(ctx context.Context, tx *sql.Tx, q *query.Queries, known []*store.Document, stored map[int64]zkbState, hours tally) (int, error) {
	var todo []*store.Document
	for _, d := range known {
		old := stored[d.Killmail.ID]
		if next, ok := renewed(d, old); ok || next.hash != old.hash {
			todo = append(todo, d)
		}
	}
	if len(todo) == 0 {
		return 0, nil
	}
	// Nobody else changes killmails until this transaction ends. What they changed before is read anew.
	if _, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "update", Value: 1}); err != nil {
		return 0, fmt.Errorf("wait to update killmails: %w", err)
	}
	docs := make([]store.Document, len(todo))
	for i, d := range todo {
		docs[i] = *d
	}
	stored, err := s.storedZkb(ctx, tx, docs, nil)
	if err != nil {
		return 0, err
	}
	changed := 0
	for _, d := range todo {
		id := d.Killmail.ID
		old := stored[id]
		ok, next, err := updateKnown(ctx, q, d, old)
		if err != nil {
			return 0, fmt.Errorf("killmail %d: %w", id, err)
		}
		if ok {
			changed++
			hours.add(old.occurredAt, 0, killmail.Value{ISK: eve.ISK(next.isk.Int64 - old.isk.Int64), Source: killmail.ValueZkb})
		}
		stored[id] = next
	}
	return changed, nil
}

// fold adds what a repetition within one batch brings to the document that stands
// for both, as updateKnown does for a stored one.
func fold(d, again *store.Document) *store.Document {
	out, k := *d, *d.Killmail
	if k.Hash == "" {
		k.Hash = again.Killmail.Hash
	}
	if z := again.Killmail.Zkb; z != nil && again.Sequence >= d.Sequence {
		k.Zkb, out.Sequence = z, again.Sequence
		if z.HasValue || !k.Value.Known() {
			k.Value = again.Killmail.Value
		}
	}
	out.Killmail = &k
	return &out
}

// zkbState is what may change on a stored killmail.
type zkbState struct {
	occurredAt int64
	hash       string
	isk        sql.NullInt64
	source     string
	pricedAt   int64
	hasZkb     bool
	location   int64
	points     int64
	npc, solo  bool
	awox       bool
	labels     string
	sequence   int64
}

func zkbOf(d *store.Document) zkbState {
	k := d.Killmail
	z := k.Zkb
	if z == nil {
		z = &killmail.Zkb{}
	}
	return zkbState{
		occurredAt: millis(k.Time), hash: clean(k.Hash), isk: nullISK(k.Value), source: string(k.Value.Source),
		pricedAt: millis(k.Value.PricedAt), hasZkb: k.Zkb != nil,
		location: z.LocationID, points: z.Points, npc: z.NPC, solo: z.Solo, awox: z.Awox,
		labels: clean(strings.Join(z.Labels, " ")), sequence: d.Sequence,
	}
}

// renewed is what a stored killmail becomes by a document, and whether its zkb block
// changes by that. A missing hash is filled in whatever the block.
func renewed(d *store.Document, old zkbState) (next zkbState, changed bool) {
	next = zkbOf(d)
	unchanged := old
	if old.hash == "" {
		unchanged.hash = next.hash
	}
	next.hash, next.occurredAt = unchanged.hash, old.occurredAt
	if !next.hasZkb || next.sequence < old.sequence {
		return unchanged, false
	}
	if !d.Killmail.Zkb.HasValue && old.isk.Valid { // a block without a value does not take away a known one
		next.isk, next.source, next.pricedAt = old.isk, old.source, old.pricedAt
	}
	return next, next != unchanged
}

// updateKnown applies a newer zkb block to a stored killmail and reports whether
// it changed, and what it is now. A changed value makes work for the cluster service.
func updateKnown(ctx context.Context, q *query.Queries, d *store.Document, old zkbState) (bool, zkbState, error) {
	id := d.Killmail.ID
	next, changed := renewed(d, old)
	if next.hash != old.hash {
		if err := q.FillHash(ctx, query.FillHashParams{KillmailID: id, OccurredAt: old.occurredAt, Hash: next.hash}); err != nil {
			return false, old, err
		}
	}
	if !changed {
		return false, next, nil
	}
	_, err := q.UpdateZkb(ctx, query.UpdateZkbParams{
		KillmailID: id, OccurredAt: old.occurredAt, Isk: next.isk, IskSource: next.source, IskPricedAt: next.pricedAt,
		LocationID: next.location, Points: next.points, Npc: next.npc, Solo: next.solo, Awox: next.awox,
		Labels: next.labels, Sequence: next.sequence,
	})
	if err != nil || next.isk == old.isk && next.source == old.source {
		return err == nil, next, err
	}
	return true, next, q.MarkUnclustered(ctx, query.MarkUnclusteredParams{KillmailID: id, OccurredAt: old.occurredAt})
}

// storedZkb reads the state of those documents that are already stored; the ids in
// except are known not to be.
func (s *Store) storedZkb(ctx context.Context, tx *sql.Tx, docs []store.Document, except map[int64]bool) (map[int64]zkbState, error) {
	out := make(map[int64]zkbState)
	ids := make([]int64, 0, len(docs))
	for i := range docs {
		if id := docs[i].Killmail.ID; !except[id] {
			ids = append(ids, id)
		}
	}
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		if err := s.byID(ctx, tx, &w, "", chunk); err != nil {
			return nil, fmt.Errorf("read known killmails: %w", err)
		}
		err := eachRow(ctx, tx, `SELECT killmail_id, occurred_at, hash, isk, isk_source, isk_priced_at, has_zkb, location_id,
			points, npc, solo, awox, labels, sequence FROM killmails`+w.String(), w.args, func(rows *sql.Rows) error {
			var id int64
			var z zkbState
			if err := rows.Scan(&id, &z.occurredAt, &z.hash, &z.isk, &z.source, &z.pricedAt, &z.hasZkb, &z.location,
				&z.points, &z.npc, &z.solo, &z.awox, &z.labels, &z.sequence); err != nil {
				return err
			}
			out[id] = z
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read known killmails: %w", err)
		}
	}
	return out, nil
}
