package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Cursor implements store.Intake.
func (s *Store) Cursor(ctx context.Context, feed string) (sequence int64, at time.Time, err error) {
	row, err := s.q().Cursor(ctx, feed)
	return row.Sequence, fromMillis(row.UpdatedAt), found("cursor of feed "+feed, err)
}

// Save implements store.Intake.
func (s *Store) Save(ctx context.Context, b store.Batch) (store.Saved, error) {
	var saved store.Saved
	err := s.onConn(ctx, "save killmails", func(conn *sql.Conn, tx *sql.Tx, q *query.Queries) error {
		fresh, n, err := s.sift(ctx, tx, q, b)
		if err != nil {
			return err
		}
		saved = n
		if err := s.insertKillmails(ctx, tx, fresh, b.Now); err != nil {
			return err
		}
		if err := announceKillmails(ctx, q, fresh, b); err != nil {
			return err
		}
		if err := putDeadLetters(ctx, q, b); err != nil {
			return err
		}
		if err := putRejected(ctx, q, b); err != nil {
			return err
		}
		if err := countIntake(ctx, q, b, n); err != nil {
			return err
		}
		if err := s.enqueue(ctx, conn, tx, b.Jobs); err != nil {
			return err
		}
		if b.Feed == "" {
			return nil
		}
		return q.SetCursor(ctx, query.SetCursorParams{Feed: b.Feed, Sequence: b.Cursor, UpdatedAt: millis(b.Now)})
	})
	if err != nil {
		return store.Saved{}, err
	}
	return saved, nil
}

func (s *Store) enqueue(ctx context.Context, conn *sql.Conn, tx *sql.Tx, jobs []queue.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if s.jobs == nil {
		return errors.New("there is no queue to take the jobs that follow")
	}
	return s.jobs.EnqueueTx(ctx, conn, tx, jobs)
}

// sift separates the new killmails of a batch from the known ones, and brings
// the zkb blocks of the known ones up to date.
func (s *Store) sift(ctx context.Context, tx *sql.Tx, q *query.Queries, b store.Batch) ([]*store.Document, store.Saved, error) {
	var saved store.Saved
	stored, err := storedZkb(ctx, tx, b.Documents)
	if err != nil {
		return nil, saved, err
	}
	var fresh []*store.Document
	inBatch := make(map[int64]int, len(b.Documents)) // killmail id → index in fresh
	for i := range b.Documents {
		d := &b.Documents[i]
		k := d.Killmail
		if at, twice := inBatch[k.ID]; twice {
			fresh[at] = fold(fresh[at], d)
			saved.Known++
			continue
		}
		old, known := stored[k.ID]
		if !known {
			inBatch[k.ID] = len(fresh)
			fresh = append(fresh, d)
			saved.New++
			continue
		}
		changed, err := updateKnown(ctx, q, d, old)
		if err != nil {
			return nil, saved, fmt.Errorf("killmail %d: %w", k.ID, err)
		}
		if changed {
			saved.Updated++
			stored[k.ID] = zkbOf(d)
		} else {
			saved.Known++
		}
	}
	return fresh, saved, nil
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
		occurredAt: millis(k.Time), hash: k.Hash, isk: nullISK(k.Value), source: string(k.Value.Source),
		pricedAt: millis(k.Value.PricedAt), hasZkb: k.Zkb != nil,
		location: z.LocationID, points: z.Points, npc: z.NPC, solo: z.Solo, awox: z.Awox,
		labels: strings.Join(z.Labels, " "), sequence: d.Sequence,
	}
}

func nullISK(v killmail.Value) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(v.ISK), Valid: v.Known()}
}

// updateKnown applies a newer zkb block to a stored killmail and reports whether
// anything changed. A changed value makes work for the cluster service.
func updateKnown(ctx context.Context, q *query.Queries, d *store.Document, old zkbState) (bool, error) {
	k, now := d.Killmail, zkbOf(d)
	if old.hash == "" && now.hash != "" {
		if err := q.FillHash(ctx, query.FillHashParams{KillmailID: k.ID, OccurredAt: old.occurredAt, Hash: now.hash}); err != nil {
			return false, err
		}
	}
	now.hash, now.occurredAt = old.hash, old.occurredAt
	if !now.hasZkb || now.sequence < old.sequence || now == old {
		return false, nil
	}
	if !k.Zkb.HasValue && old.isk.Valid { // a block without a value does not take away a known one
		now.isk, now.source, now.pricedAt = old.isk, old.source, old.pricedAt
		if now == old {
			return false, nil
		}
	}
	_, err := q.UpdateZkb(ctx, query.UpdateZkbParams{
		KillmailID: k.ID, OccurredAt: old.occurredAt, Isk: now.isk, IskSource: now.source, IskPricedAt: now.pricedAt,
		LocationID: now.location, Points: now.points, Npc: now.npc, Solo: now.solo, Awox: now.awox,
		Labels: now.labels, Sequence: now.sequence,
	})
	if err != nil || now.isk == old.isk && now.source == old.source {
		return err == nil, err
	}
	return true, q.MarkUnclustered(ctx, query.MarkUnclusteredParams{KillmailID: k.ID, OccurredAt: old.occurredAt})
}

// storedZkb reads the state of those documents that are already stored.
func storedZkb(ctx context.Context, tx *sql.Tx, docs []store.Document) (map[int64]zkbState, error) {
	out := make(map[int64]zkbState)
	for chunk := range slices.Chunk(docs, maxIn) {
		ids := make([]int64, len(chunk))
		for i := range chunk {
			ids[i] = chunk[i].Killmail.ID
		}
		var w where
		in(&w, "killmail_id", ids)
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

var killmailColumns = []string{
	"killmail_id", "occurred_at", "system_id", "space", "hash", "moon_id", "war_id",
	"victim_character_id", "victim_corporation_id", "victim_alliance_id", "victim_faction_id", "victim_ship_type_id",
	"damage_taken", "attacker_count", "final_position", "isk", "isk_source", "isk_priced_at",
	"has_zkb", "location_id", "points", "npc", "solo", "awox", "labels", "sequence", "stored_at",
}

var participantColumns = []string{
	"killmail_id", "occurred_at", "position", "character_id", "corporation_id", "alliance_id", "faction_id",
	"ship_type_id", "weapon_type_id", "damage", "final_blow", "security_status",
}

func (s *Store) insertKillmails(ctx context.Context, tx *sql.Tx, docs []*store.Document, now time.Time) error {
	if len(docs) == 0 {
		return nil
	}
	if err := s.dialect.Insert(ctx, tx, "killmails", killmailColumns, killmailRows(docs, now)); err != nil {
		return err
	}
	if err := s.dialect.Insert(ctx, tx, "participants", participantColumns, participantRows(docs)); err != nil {
		return err
	}
	if err := s.insertEntities(ctx, tx, docs, now); err != nil {
		return err
	}
	return s.dialect.Insert(ctx, tx, "unclustered", []string{"killmail_id", "occurred_at"}, func(yield func([]any) bool) {
		for _, d := range docs {
			if !yield([]any{d.Killmail.ID, millis(d.Killmail.Time)}) {
				return
			}
		}
	})
}

func killmailRows(docs []*store.Document, now time.Time) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row := make([]any, 0, len(killmailColumns))
		for _, d := range docs {
			k, z, v := d.Killmail, zkbOf(d), &d.Killmail.Victim
			row = append(row[:0], k.ID, z.occurredAt, k.SystemID, string(d.Space), k.Hash, k.MoonID, k.WarID,
				v.CharacterID, v.CorporationID, v.AllianceID, v.FactionID, v.ShipTypeID,
				v.DamageTaken, len(k.Attackers), finalPosition(k), z.isk, z.source, z.pricedAt,
				z.hasZkb, z.location, z.points, z.npc, z.solo, z.awox, z.labels, z.sequence, millis(now))
			if !yield(row) {
				return
			}
		}
	}
}

// finalPosition is the place of the first final blow among the participants, 0
// when the document names none.
func finalPosition(k *killmail.Killmail) int {
	return slices.IndexFunc(k.Attackers, func(a killmail.Attacker) bool { return a.FinalBlow }) + 1
}

func participantRows(docs []*store.Document) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row := make([]any, 0, len(participantColumns))
		put := func(k *killmail.Killmail, position int, p killmail.Party, weapon, damage int64, final bool, security float64) bool {
			row = append(row[:0], k.ID, millis(k.Time), position, p.CharacterID, p.CorporationID, p.AllianceID, p.FactionID,
				p.ShipTypeID, weapon, damage, final, security)
			return yield(row)
		}
		for _, d := range docs {
			k := d.Killmail
			if !put(k, 0, k.Victim.Party, 0, k.Victim.DamageTaken, false, 0) {
				return
			}
			for i := range k.Attackers {
				a := &k.Attackers[i]
				if !put(k, i+1, a.Party, a.WeaponTypeID, a.DamageDone, a.FinalBlow, a.SecurityStatus) {
					return
				}
			}
		}
	}
}

func announceKillmails(ctx context.Context, q *query.Queries, fresh []*store.Document, b store.Batch) error {
	if !b.Announce {
		return nil
	}
	var ids []int64
	for _, d := range fresh {
		if !d.Killmail.Time.Before(b.AnnounceAfter) {
			ids = append(ids, d.Killmail.ID)
		}
	}
	return putEvents(ctx, q, store.TopicKillmail, ids, nil, b.Now)
}

// putEvents appends to the outbox. Taking the numbers locks their counter until
// commit: that is what makes the numbers come in commit order.
func putEvents(ctx context.Context, q *query.Queries, topic store.Topic, subjects []int64, revisions []int64, now time.Time) error {
	if len(subjects) == 0 {
		return nil
	}
	last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "outbox", Value: int64(len(subjects))})
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	for i, id := range subjects {
		p := query.PutEventParams{Seq: last - int64(len(subjects)) + int64(i) + 1, CreatedAt: millis(now), Topic: string(topic), SubjectID: id}
		if revisions != nil {
			p.Revision = revisions[i]
		}
		if err := q.PutEvent(ctx, p); err != nil {
			return fmt.Errorf("put event: %w", err)
		}
	}
	return nil
}

func putDeadLetters(ctx context.Context, q *query.Queries, b store.Batch) error {
	for _, d := range b.DeadLetters {
		id, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "dead_letter", Value: 1})
		if err != nil {
			return fmt.Errorf("number dead letter: %w", err)
		}
		if err := q.PutDeadLetter(ctx, query.PutDeadLetterParams{
			ID: id, Source: d.Source, Reference: d.Reference, Reason: d.Reason, CreatedAt: millis(b.Now),
			Body: append([]byte{}, d.Body...), // never nil: an empty document is a body too
		}); err != nil {
			return fmt.Errorf("put dead letter %s %s: %w", d.Source, d.Reference, err)
		}
	}
	return nil
}

// iskOf reads a nullable amount with its source.
func iskOf(isk sql.NullInt64, source string, pricedAt int64) killmail.Value {
	if !isk.Valid {
		return killmail.Value{}
	}
	return killmail.Value{ISK: eve.ISK(isk.Int64), Source: killmail.ValueSource(source), PricedAt: fromMillis(pricedAt)}
}
