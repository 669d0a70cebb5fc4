package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

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
			row = append(row[:0], k.ID, z.occurredAt, k.SystemID, string(d.Space), z.hash, k.MoonID, k.WarID,
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
