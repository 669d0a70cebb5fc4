package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

const (
	// retainKillmails is about how many killmails one transaction of retention removes,
	// so that the live feed never waits long for the database.
	retainKillmails = 1000
	// retainBattles is how many battles are looked at for that.
	retainBattles = 200
	// retainPilotLists is how many lists of pilots one transaction removes.
	retainPilotLists = 200
)

// The reasons of the revisions that retention makes.
const (
	prunedReason       = "killmails removed by retention"
	pilotsPrunedReason = "pilots removed by retention"
)

// PlanRetention implements store.Retention.
func (s *Store) PlanRetention(ctx context.Context, r store.RetentionRule) (store.Removed, error) {
	var out store.Removed
	err := s.snapshot(ctx, func(v view) error {
		q, horizon := v.q(), millis(r.Horizon)
		battles, err1 := q.PlanPruneBattles(ctx, horizon)
		rows, err2 := q.PlanPruneBattleParticipants(ctx, horizon)
		loose, err3 := q.PlanPruneLoose(ctx, horizon)
		var pilots query.PlanPrunePilotsRow
		var err4 error
		if !r.KeepPilots {
			pilots, err4 = q.PlanPrunePilots(ctx, horizon)
		}
		out = store.Removed{
			Battles: battles.Battles, Killmails: battles.Killmails + loose.Killmails, Participants: rows + loose.Participants,
			PilotLists: pilots.Battles, PilotRows: pilots.Pilots,
		}
		return errors.Join(err1, err2, err3, err4)
	})
	if err != nil {
		return store.Removed{}, fmt.Errorf("plan retention: %w", err)
	}
	return out, nil
}

// BeginRetention implements store.Retention.
func (s *Store) BeginRetention(ctx context.Context, r store.RetentionRule, now time.Time) (int64, error) {
	var run int64
	err := s.inTx(ctx, "begin retention", func(_ *sql.Tx, q *query.Queries) (err error) {
		if err := q.InterruptRetention(ctx, millis(now)); err != nil {
			return err
		}
		run, err = q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "retention_run", Value: 1})
		if err != nil {
			return err
		}
		return q.BeginRetention(ctx, query.BeginRetentionParams{ID: run, Horizon: millis(r.Horizon), KeepPilots: r.KeepPilots, StartedAt: millis(now)})
	})
	return run, err
}

// retainer is one transaction of retention.
type retainer struct {
	*Store
	tx      *sql.Tx
	q       *query.Queries
	horizon int64
	now     int64
	hours   tally
	n       store.Removed
}

// Retain implements store.Retention.
func (s *Store) Retain(ctx context.Context, run int64, r store.RetentionRule, now time.Time) (n store.Removed, done bool, err error) {
	err = s.inTx(ctx, "retention", func(tx *sql.Tx, q *query.Queries) error {
		// A change that was planned with these killmails is either written before, and the
		// killmails stay, or finds them gone; and so for those who bring killmails up to date.
		if err := waitForChanges(ctx, q); err != nil {
			return err
		}
		if _, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "update", Value: 1}); err != nil {
			return fmt.Errorf("wait for updates: %w", err)
		}
		t := retainer{Store: s, tx: tx, q: q, horizon: millis(r.Horizon), now: millis(now), hours: make(tally)}
		parts := []func(context.Context) error{t.pruneBattles, t.pruneLoose}
		if !r.KeepPilots {
			parts = append(parts, t.prunePilots)
		}
		for _, part := range parts {
			if err := part(ctx); err != nil {
				return err
			}
			if t.n != (store.Removed{}) {
				n, done = t.n, false
				return t.note(ctx, run)
			}
		}
		n, done = t.n, true
		return nil
	})
	if err == nil && done {
		if err = s.dialect.Reclaim(ctx, s.write, millis(r.Horizon)); err != nil {
			err = fmt.Errorf("retention: %w", err)
		}
	}
	return n, done, err
}

// note adds what was removed to the run and takes it off the counts.
func (t *retainer) note(ctx context.Context, run int64) error {
	if err := t.putTally(ctx, t.tx, t.hours); err != nil {
		return err
	}
	noted, err := t.q.AddRetention(ctx, query.AddRetentionParams{
		ID: run, Battles: t.n.Battles, Killmails: t.n.Killmails, Participants: t.n.Participants,
		PilotLists: t.n.PilotLists, PilotRows: t.n.PilotRows,
	})
	if err == nil && noted == 0 {
		err = fmt.Errorf("run %d has ended: %w", run, store.ErrConflict)
	}
	return err
}

// pruneBattles removes the killmails of the battles that ended longest ago.
func (t *retainer) pruneBattles(ctx context.Context) error {
	old, err := t.q.BattlesToPrune(ctx, query.BattlesToPruneParams{Limit: retainBattles, Horizon: t.horizon})
	if err != nil {
		return err
	}
	var ids []int64
	kills := int64(0)
	for _, b := range old {
		if kills += b.Kills; len(ids) > 0 && kills > retainKillmails {
			break
		}
		if err := t.q.PruneBattle(ctx, query.PruneBattleParams{ID: b.ID, Now: t.now}); err != nil {
			return fmt.Errorf("battle %d: %w", b.ID, err)
		}
		if err := t.q.NoteRevision(ctx, query.NoteRevisionParams{ID: b.ID, At: t.now, Reason: prunedReason}); err != nil {
			return fmt.Errorf("battle %d: %w", b.ID, err)
		}
		ids = append(ids, b.ID)
	}
	killmails, err := killmailsOf(ctx, t.tx, ids)
	if err != nil {
		return err
	}
	t.n.Battles += int64(len(ids))
	return t.remove(ctx, slices.Concat(slices.Collect(maps.Values(killmails))...))
}

// pruneLoose removes killmails in no battle, oldest first.
func (t *retainer) pruneLoose(ctx context.Context) error {
	ids, err := t.q.LooseKillmails(ctx, query.LooseKillmailsParams{Limit: retainKillmails, Horizon: t.horizon})
	if err != nil {
		return err
	}
	return t.remove(ctx, ids)
}

// prunePilots removes the lists of pilots of battles whose killmails are gone.
func (t *retainer) prunePilots(ctx context.Context) error {
	ids, err := t.q.BattlesWithPilotsToPrune(ctx, retainPilotLists)
	if err != nil {
		return err
	}
	for _, id := range ids {
		rows, err := t.q.CountBattlePilots(ctx, id)
		if err == nil {
			err = t.q.PrunePilots(ctx, query.PrunePilotsParams{ID: id, Now: t.now})
		}
		if err == nil {
			err = t.q.NoteRevision(ctx, query.NoteRevisionParams{ID: id, At: t.now, Reason: pilotsPrunedReason})
		}
		if err != nil {
			return fmt.Errorf("battle %d: %w", id, err)
		}
		t.n.PilotLists++
		t.n.PilotRows += rows
	}
	return clearBattles(ctx, t.tx, ids, "battle_participants", "battle_participant_hulls")
}

// remove deletes killmails from before the horizon, with their participants.
func (t *retainer) remove(ctx context.Context, ids []int64) error {
	for chunk := range slices.Chunk(ids, maxIn) {
		var w where
		if err := t.byID(ctx, t.tx, &w, "", chunk); err != nil {
			return err
		}
		w.add("occurred_at < ?", t.horizon)
		gone, err := t.tx.ExecContext(ctx, "DELETE FROM participants"+w.String(), w.args...)
		if err != nil {
			return fmt.Errorf("participants: %w", err)
		}
		rows, err := gone.RowsAffected()
		if err != nil {
			return fmt.Errorf("participants: %w", err)
		}
		t.n.Participants += rows
		err = eachRow(ctx, t.tx, "DELETE FROM killmails"+w.String()+" RETURNING occurred_at, isk, isk_source", w.args, func(rows *sql.Rows) error {
			var at int64
			var isk sql.NullInt64
			var source string
			if err := rows.Scan(&at, &isk, &source); err != nil {
				return err
			}
			t.n.Killmails++
			value := iskOf(isk, source, 0)
			value.ISK = -value.ISK
			t.hours.add(at, -1, value)
			return nil
		})
		if err != nil {
			return fmt.Errorf("killmails: %w", err)
		}
	}
	return nil
}

// EndRetention implements store.Retention.
func (s *Store) EndRetention(ctx context.Context, run int64, now time.Time, problem string) error {
	return s.inTx(ctx, "end retention", func(_ *sql.Tx, q *query.Queries) error {
		return q.EndRetention(ctx, query.EndRetentionParams{ID: run, FinishedAt: millis(now), Problem: clean(problem)})
	})
}

// RetentionRuns implements store.Retention.
func (s *Store) RetentionRuns(ctx context.Context, limit int) ([]store.RetentionRun, error) {
	rows, err := s.q().RetentionRuns(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("retention runs: %w", err)
	}
	out := make([]store.RetentionRun, len(rows))
	for i, r := range rows {
		out[i] = store.RetentionRun{
			ID: r.ID, Rule: store.RetentionRule{Horizon: fromMillis(r.Horizon), KeepPilots: r.KeepPilots},
			StartedAt: fromMillis(r.StartedAt), FinishedAt: fromMillis(r.FinishedAt), Problem: r.Problem,
			Removed: store.Removed{
				Battles: r.Battles, Killmails: r.Killmails, Participants: r.Participants, PilotLists: r.PilotLists, PilotRows: r.PilotRows,
			},
		}
	}
	return out, nil
}

// dropPruned leaves out of a batch what retention has removed, and returns how many
// documents that are.
func (s *Store) dropPruned(ctx context.Context, tx *sql.Tx, b *store.Batch) (int, error) {
	ids := make([]int64, len(b.Documents))
	for i := range b.Documents {
		ids[i] = b.Documents[i].Killmail.ID
	}
	pruned, err := s.prunedOf(ctx, tx, ids)
	if err != nil || len(pruned) == 0 {
		return 0, err
	}
	all := len(b.Documents)
	b.Documents = slices.DeleteFunc(slices.Clone(b.Documents), func(d store.Document) bool { return pruned[d.Killmail.ID] })
	return all - len(b.Documents), nil
}

// prunedOf returns those of some killmails that are in a battle whose killmails
// retention has removed. They are never stored again: the battle would be formed anew
// from the few of them that came back.
func (s *Store) prunedOf(ctx context.Context, tx *sql.Tx, ids []int64) (map[int64]bool, error) {
	out := make(map[int64]bool)
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		in(&w, "bk.killmail_id", chunk)
		w.add("b.pruned_at > 0")
		err := eachRow(ctx, tx, "SELECT bk.killmail_id FROM battle_killmails bk JOIN battles b ON b.id = bk.battle_id"+w.String(), w.args, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			out[id] = true
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("killmails removed by retention: %w", err)
		}
	}
	return out, nil
}
