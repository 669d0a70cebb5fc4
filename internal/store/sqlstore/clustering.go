package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Unclustered implements store.Clustering.
func (s *Store) Unclustered(ctx context.Context, limit int) ([]int64, error) {
	rows, err := s.q().Unclustered(ctx, int32(limit)) //nolint:gosec // limits are small
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
		if err := checkBasis(ctx, tx, q, c); err != nil {
			return err
		}
		revisions := make(map[int64]int64, len(c.Basis))
		for _, b := range c.Basis {
			revisions[b.ID] = int64(b.Revision)
		}
		if err := removeBattles(ctx, q, c); err != nil {
			return err
		}
		for _, p := range c.Put { // all first: a killmail may move between two of them
			if err := clearBattle(ctx, q, p.ID); err != nil {
				return fmt.Errorf("battle %d: %w", p.ID, err)
			}
		}
		var changed, at []int64
		for i := range c.Put {
			p := &c.Put[i]
			revision := revisions[p.ID] + 1
			if err := s.putBattle(ctx, tx, q, p, revision, c.Now); err != nil {
				return fmt.Errorf("battle %d: %w", p.ID, err)
			}
			if !c.AnnounceAfter.IsZero() && !p.Battle.End.Before(c.AnnounceAfter) {
				changed, at = append(changed, p.ID), append(at, revision)
			}
		}
		if err := putEvents(ctx, q, store.TopicBattle, changed, at, c.Now); err != nil {
			return err
		}
		return takeDone(ctx, tx, c.Done)
	})
}

// checkBasis answers ErrConflict when the stored battles are not those on which
// the change was planned.
func checkBasis(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change) error {
	expected := make(map[int64]int64)
	for _, b := range c.Basis {
		state, err := q.BattleState(ctx, b.ID)
		if errors.Is(err, sql.ErrNoRows) || err == nil && state.Revision != int64(b.Revision) {
			return fmt.Errorf("battle %d: %w", b.ID, store.ErrConflict)
		}
		if err != nil {
			return fmt.Errorf("battle %d: %w", b.ID, err)
		}
		for _, k := range b.KillmailIDs {
			expected[k] = b.ID
		}
	}
	members, err := battlesOf(ctx, tx, c.Component)
	if err != nil {
		return err
	}
	for k, b := range members {
		if expected[k] != b {
			return fmt.Errorf("killmail %d: %w", k, store.ErrConflict)
		}
	}
	return nil
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
