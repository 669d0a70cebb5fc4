package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
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
	if err := s.dialect.MakeRoom(ctx, s.write, timesOf(b.Documents)); err != nil {
		return saved, fmt.Errorf("save killmails: %w", err)
	}
	err := s.onConn(ctx, "save killmails", func(conn *sql.Conn, tx *sql.Tx, q *query.Queries) error {
		hours := make(tally)
		fresh, n, err := s.sift(ctx, tx, q, b, hours)
		if err != nil {
			return err
		}
		saved = n
		if err := s.insertKillmails(ctx, tx, fresh, b.Now); err != nil {
			return err
		}
		if err := putDeadLetters(ctx, q, b); err != nil {
			return err
		}
		if err := s.putRejected(ctx, tx, b); err != nil {
			return err
		}
		if err := putPartial(ctx, q, b); err != nil {
			return err
		}
		if err := s.enqueue(ctx, conn, tx, b.Jobs); err != nil {
			return err
		}
		if b.Feed != "" {
			if err := q.SetCursor(ctx, query.SetCursorParams{Feed: b.Feed, Sequence: b.Cursor, UpdatedAt: millis(b.Now)}); err != nil {
				return err
			}
		}
		// Rows that many transactions write come last, so that they wait for each other shortly.
		for _, d := range fresh {
			hours.add(millis(d.Killmail.Time), 1, d.Killmail.Value)
		}
		if err := s.putTally(ctx, tx, hours); err != nil {
			return err
		}
		if err := countIntake(ctx, q, b, n); err != nil {
			return err
		}
		return s.announceKillmails(ctx, tx, q, fresh, b)
	})
	if err != nil {
		return store.Saved{}, err
	}
	return saved, nil
}

// timesOf lists when the killmails of documents happened.
func timesOf(docs []store.Document) []int64 {
	out := make([]int64, len(docs))
	for i := range docs {
		out[i] = millis(docs[i].Killmail.Time)
	}
	return out
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
func (s *Store) sift(ctx context.Context, tx *sql.Tx, q *query.Queries, b store.Batch, hours tally) ([]*store.Document, store.Saved, error) {
	var saved store.Saved
	removed, err := s.dropPruned(ctx, tx, &b)
	saved.Known += removed
	if err != nil {
		return nil, saved, err
	}
	claimed, err := s.claim(ctx, tx, b.Documents)
	if err != nil {
		return nil, saved, err
	}
	stored, err := s.storedZkb(ctx, tx, b.Documents, claimed)
	if err != nil {
		return nil, saved, err
	}
	var fresh, known []*store.Document
	inBatch := make(map[int64]int, len(b.Documents)) // killmail id → index in fresh
	for i := range b.Documents {
		d := &b.Documents[i]
		id := d.Killmail.ID
		if at, twice := inBatch[id]; twice {
			fresh[at] = fold(fresh[at], d)
			saved.Known++
			continue
		}
		if _, ok := stored[id]; ok {
			known = append(known, d)
			continue
		}
		if claimed != nil && !claimed[id] {
			return nil, saved, fmt.Errorf("killmail %d: its id is taken but it is not stored", id)
		}
		inBatch[id] = len(fresh)
		fresh = append(fresh, d)
		saved.New++
	}
	saved.Updated, err = s.updateAll(ctx, tx, q, known, stored, hours)
	saved.Known += len(known) - saved.Updated
	return fresh, saved, err
}

// claim takes the ids of a batch for this transaction: see Dialect.Claim.
func (s *Store) claim(ctx context.Context, tx *sql.Tx, docs []store.Document) (map[int64]bool, error) {
	at := make(map[int64]int64, len(docs))
	for i := range docs {
		k := docs[i].Killmail
		if _, twice := at[k.ID]; !twice {
			at[k.ID] = millis(k.Time)
		}
	}
	ids := slices.Sorted(maps.Keys(at)) // in one order everywhere: nobody waits in a circle
	times := make([]int64, len(ids))
	for i, id := range ids {
		times[i] = at[id]
	}
	claimed, err := s.dialect.Claim(ctx, tx, ids, times)
	if err != nil {
		return nil, fmt.Errorf("claim killmails: %w", err)
	}
	return claimed, nil
}

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

func nullISK(v killmail.Value) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(v.ISK), Valid: v.Known()}
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
	return s.dialect.InsertNew(ctx, tx, "unclustered", []string{"killmail_id", "occurred_at"}, func(yield func([]any) bool) {
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

func (s *Store) announceKillmails(ctx context.Context, tx *sql.Tx, q *query.Queries, fresh []*store.Document, b store.Batch) error {
	if !b.Announce {
		return nil
	}
	var ids []int64
	for _, d := range fresh {
		if !d.Killmail.Time.Before(b.AnnounceAfter) {
			ids = append(ids, d.Killmail.ID)
		}
	}
	return s.putEvents(ctx, tx, q, store.TopicKillmail, ids, nil, b.Now)
}

// putEvents appends to the outbox. Taking the numbers locks their counter until
// commit: that is what makes the numbers come in commit order.
func (s *Store) putEvents(ctx context.Context, tx *sql.Tx, q *query.Queries, topic store.Topic, subjects []int64, revisions []int64, now time.Time) error {
	if len(subjects) == 0 {
		return nil
	}
	n := int64(len(subjects))
	last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "outbox", Value: n})
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	columns := []string{"seq", "created_at", "topic", "subject_id", "revision"}
	return s.dialect.Insert(ctx, tx, "outbox", columns, rowsOf(subjects, func(i int, id *int64) []any {
		var revision int64
		if revisions != nil {
			revision = revisions[i]
		}
		return []any{last - n + int64(i) + 1, millis(now), string(topic), *id, revision}
	}))
}

// putDeadLetters keeps what could not be read, in one order everywhere.
func putDeadLetters(ctx context.Context, q *query.Queries, b store.Batch) error {
	if len(b.DeadLetters) == 0 {
		return nil
	}
	last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "dead_letter", Value: int64(len(b.DeadLetters))})
	if err != nil {
		return fmt.Errorf("number dead letters: %w", err)
	}
	for i, d := range b.DeadLetters {
		if err := q.PutDeadLetter(ctx, query.PutDeadLetterParams{
			ID: last - int64(len(b.DeadLetters)-i-1), Source: clean(d.Source), Reference: clean(d.Reference), Reason: clean(d.Reason), CreatedAt: millis(b.Now),
			Body: append([]byte{}, d.Body...), // never nil: an empty document is a body too
		}); err != nil {
			return fmt.Errorf("put dead letter %s %s: %w", d.Source, d.Reference, err)
		}
	}
	return nil
}

// clean makes text that every engine stores: what is no UTF-8 becomes U+FFFD, and so
// does NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// iskOf reads a nullable amount with its source.
func iskOf(isk sql.NullInt64, source string, pricedAt int64) killmail.Value {
	if !isk.Valid {
		return killmail.Value{}
	}
	return killmail.Value{ISK: eve.ISK(isk.Int64), Source: killmail.ValueSource(source), PricedAt: fromMillis(pricedAt)}
}
