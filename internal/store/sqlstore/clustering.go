package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Unclustered implements store.Clustering.
func (s *Store) Unclustered(ctx context.Context, limit int) ([]int64, error) {
	rows, err := s.q().Unclustered(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("unclustered killmails: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.KillmailID
	}
	return ids, nil
}

// Known implements store.Clustering.
func (s *Store) Known(ctx context.Context, killmailIDs []int64) ([]store.KnownBattle, error) {
	members, err := battlesOf(ctx, s.read, killmailIDs)
	if err != nil {
		return nil, fmt.Errorf("known battles: %w", err)
	}
	ids := make([]int64, 0, len(members))
	for _, b := range members {
		ids = append(ids, b)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make([]store.KnownBattle, 0, len(ids))
	for _, id := range ids {
		state, err := s.q().BattleState(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			continue // removed between the two reads; Apply will see the conflict
		}
		if err != nil {
			return nil, fmt.Errorf("known battle %d: %w", id, err)
		}
		kills, err := s.q().KillmailsOfBattle(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("known battle %d: %w", id, err)
		}
		out = append(out, store.KnownBattle{ID: id, Revision: int(state.Revision), Digest: state.Digest, Profile: state.Profile, Version: int(state.ParamsVersion), KillmailIDs: kills})
	}
	return out, nil
}

// battlesOf maps killmails to the battles they are in.
func battlesOf(ctx context.Context, db queryer, killmailIDs []int64) (map[int64]int64, error) {
	out := make(map[int64]int64)
	for chunk := range slices.Chunk(killmailIDs, maxIn) {
		var w where
		in(&w, "killmail_id", chunk)
		err := eachRow(ctx, db, "SELECT killmail_id, battle_id FROM battle_killmails"+w.String(), w.args, func(rows *sql.Rows) error {
			var k, b int64
			if err := rows.Scan(&k, &b); err != nil {
				return err
			}
			out[k] = b
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NewBattleIDs implements store.Clustering.
func (s *Store) NewBattleIDs(ctx context.Context, n int) ([]int64, error) {
	ids := make([]int64, n)
	if n == 0 {
		return ids, nil
	}
	err := s.inTx(ctx, "take battle ids", func(_ *sql.Tx, q *query.Queries) error {
		last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "battle", Value: int64(n)})
		for i := range ids {
			ids[i] = last - int64(n) + int64(i) + 1
		}
		return err
	})
	return ids, err
}

// Apply implements store.Clustering.
func (s *Store) Apply(ctx context.Context, c store.Change) error {
	return s.inTx(ctx, "apply battles", func(tx *sql.Tx, q *query.Queries) error {
		basis, err := checkBasis(ctx, tx, q, c)
		if err != nil {
			return err
		}
		if err := removeBattles(ctx, q, c); err != nil {
			return err
		}
		for _, p := range c.Put { // all first: a killmail may move between two of them
			if err := clearBattle(ctx, q, p.ID); err != nil {
				return fmt.Errorf("battle %d: %w", p.ID, err)
			}
		}
		for i := range c.Put {
			p := &c.Put[i]
			if err := s.putBattle(ctx, tx, q, p, basis[p.ID].Revision+1, c.Now); err != nil {
				return fmt.Errorf("battle %d: %w", p.ID, err)
			}
		}
		if err := announceBattles(ctx, q, c, basis); err != nil {
			return err
		}
		return takeDone(ctx, tx, c.Done)
	})
}

// checkBasis returns the state of the battles on which the change was planned, or
// ErrConflict when it or a killmail is not as it was then.
func checkBasis(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change) (map[int64]query.BattleStateRow, error) {
	if c.Profile != "" {
		if err := checkEngine(ctx, q, c.Profile); err != nil {
			return nil, err
		}
	}
	basis := make(map[int64]query.BattleStateRow, len(c.Basis))
	expected := make(map[int64]int64)
	for _, b := range c.Basis {
		state, err := q.BattleState(ctx, b.ID)
		if errors.Is(err, sql.ErrNoRows) || err == nil && state.Revision != int64(b.Revision) {
			return nil, fmt.Errorf("battle %d: %w", b.ID, store.ErrConflict)
		}
		if err != nil {
			return nil, fmt.Errorf("battle %d: %w", b.ID, err)
		}
		basis[b.ID] = state
		for _, k := range b.KillmailIDs {
			expected[k] = b.ID
		}
	}
	for chunk := range slices.Chunk(c.Component, maxIn) {
		if err := checkConsidered(ctx, tx, chunk, expected); err != nil {
			return nil, err
		}
	}
	return basis, nil
}

// checkConsidered answers ErrConflict when one of these killmails is in another
// battle than expected (0: in none) or has another value.
func checkConsidered(ctx context.Context, tx *sql.Tx, considered []store.Considered, expected map[int64]int64) error {
	ids := make([]int64, len(considered))
	values := make(map[int64]killmail.Value, len(considered))
	for i, k := range considered {
		ids[i], values[k.ID] = k.ID, k.Value
	}
	var w where
	in(&w, "k.killmail_id", ids)
	return eachRow(ctx, tx, `SELECT k.killmail_id, k.isk, k.isk_source, COALESCE(bk.battle_id, 0) FROM killmails k
		LEFT JOIN battle_killmails bk ON bk.killmail_id = k.killmail_id`+w.String(), w.args, func(rows *sql.Rows) error {
		var id, in int64
		var isk sql.NullInt64
		var source string
		if err := rows.Scan(&id, &isk, &source, &in); err != nil {
			return err
		}
		if in != expected[id] || isk != nullISK(values[id]) || source != string(values[id].Source) {
			return fmt.Errorf("killmail %d: %w", id, store.ErrConflict)
		}
		return nil
	})
}

func removeBattles(ctx context.Context, q *query.Queries, c store.Change) error {
	for _, r := range c.Remove {
		err := errors.Join(
			clearBattle(ctx, q, r.ID),
			q.DeleteBattle(ctx, r.ID),
			q.FollowRedirects(ctx, query.FollowRedirectsParams{ToID: r.ID, ToID_2: r.Redirect}),
			q.PutRedirect(ctx, query.PutRedirectParams{FromID: r.ID, ToID: r.Redirect, At: millis(c.Now)}),
		)
		if err != nil {
			return fmt.Errorf("remove battle %d: %w", r.ID, err)
		}
	}
	return nil
}

// announceBattles makes events for the battles that were written, then for those
// that were removed, whose readers must learn where their battle went.
func announceBattles(ctx context.Context, q *query.Queries, c store.Change, basis map[int64]query.BattleStateRow) error {
	if c.AnnounceAfter.IsZero() {
		return nil
	}
	var ids, revisions []int64
	add := func(id int64, endedAt int64) {
		if endedAt >= millis(c.AnnounceAfter) {
			ids, revisions = append(ids, id), append(revisions, basis[id].Revision+1)
		}
	}
	for i := range c.Put {
		add(c.Put[i].ID, millis(c.Put[i].Battle.End))
	}
	for _, r := range c.Remove {
		add(r.ID, basis[r.ID].EndedAt)
	}
	return putEvents(ctx, q, store.TopicBattle, ids, revisions, c.Now)
}

// takeDone takes killmails off the list of work.
func takeDone(ctx context.Context, tx *sql.Tx, ids []int64) error {
	for chunk := range slices.Chunk(ids, maxIn) {
		var w where
		in(&w, "killmail_id", chunk)
		_, err := tx.ExecContext(ctx, "DELETE FROM unclustered WHERE (occurred_at, killmail_id) IN (SELECT occurred_at, killmail_id FROM killmails"+w.String()+")", w.args...)
		if err != nil {
			return fmt.Errorf("mark as clustered: %w", err)
		}
	}
	return nil
}
