package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/battle"
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
	members, err := s.battlesOf(ctx, s.read, killmailIDs)
	if err != nil {
		return nil, fmt.Errorf("known battles: %w", err)
	}
	ids := make([]int64, 0, len(members))
	for _, b := range members {
		ids = append(ids, b)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	states, err := s.battleStates(ctx, s.read, ids)
	if err != nil {
		return nil, fmt.Errorf("known battles: %w", err)
	}
	kills, err := killmailsOf(ctx, s.read, ids)
	if err != nil {
		return nil, fmt.Errorf("known battles: %w", err)
	}
	out := make([]store.KnownBattle, 0, len(ids))
	for _, id := range ids {
		state, ok := states[id]
		if !ok {
			continue // removed between the two reads; Apply will see the conflict
		}
		out = append(out, store.KnownBattle{
			ID: id, Revision: state.revision, Digest: state.digest, Profile: state.profile, Version: state.version, KillmailIDs: kills[id],
		})
	}
	return out, nil
}

// battleState is what clustering has to know of a stored battle.
type battleState struct {
	kind            string
	revision        int
	digest, profile string
	version         int
	endedAt         int64
	gone            bool // it ended, and only its last revision is known
}

// battleStates returns the states of those battles that exist.
func (s *Store) battleStates(ctx context.Context, db queryer, ids []int64) (map[int64]battleState, error) {
	out := make(map[int64]battleState, len(ids))
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		in(&w, "id", chunk)
		err := eachRow(ctx, db, "SELECT id, kind, revision, digest, profile, params_version, ended_at FROM battles"+w.String(), w.args, func(rows *sql.Rows) error {
			var id int64
			var b battleState
			err := rows.Scan(&id, &b.kind, &b.revision, &b.digest, &b.profile, &b.version, &b.endedAt)
			out[id] = b
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// killmailsOf lists the killmails of battles, in their order.
func killmailsOf(ctx context.Context, db queryer, ids []int64) (map[int64][]int64, error) {
	out := make(map[int64][]int64, len(ids))
	for chunk := range slices.Chunk(ids, maxIn) {
		var w where
		in(&w, "battle_id", chunk)
		err := eachRow(ctx, db, "SELECT battle_id, killmail_id FROM battle_killmails"+w.String()+" ORDER BY battle_id, occurred_at, killmail_id", w.args, func(rows *sql.Rows) error {
			var b, k int64
			err := rows.Scan(&b, &k)
			out[b] = append(out[b], k)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// battlesOf maps killmails to the battles they are in.
func (s *Store) battlesOf(ctx context.Context, db queryer, killmailIDs []int64) (map[int64]int64, error) {
	out := make(map[int64]int64)
	for chunk := range slices.Chunk(killmailIDs, s.atOnce()) {
		w := s.where()
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
		if err := s.apply(ctx, tx, q, c); err != nil {
			if s.dialect.Conflict(err) {
				return fmt.Errorf("%w: %w", store.ErrConflict, err)
			}
			return err
		}
		return nil
	})
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change) error {
	// One change at a time: what is checked now holds until this one is written.
	if err := waitForChanges(ctx, q); err != nil {
		return err
	}
	// First of all, because Save holds the row of a killmail on the list while it
	// changes it: afterwards either its new value is seen below, or the row comes back.
	if err := s.takeDone(ctx, tx, c.Done); err != nil {
		return err
	}
	states, err := s.battleStates(ctx, tx, touched(c))
	if err != nil {
		return err
	}
	if err := s.checkBasis(ctx, tx, q, c, states); err != nil {
		return err
	}
	if err := revive(ctx, q, c, states); err != nil {
		return err
	}
	if err := removeBattles(ctx, tx, q, c); err != nil {
		return err
	}
	if err := s.putBattles(ctx, tx, c, states); err != nil {
		return err
	}
	if err := s.putKinds(ctx, tx, kindsChanged(c, states)); err != nil {
		return err
	}
	return s.announceBattles(ctx, tx, q, c, states)
}

// revive looks up the last revisions of battles that are gone and are written again.
func revive(ctx context.Context, q *query.Queries, c store.Change, states map[int64]battleState) error {
	for i := range c.Put {
		id := c.Put[i].ID
		if _, there := states[id]; there || !c.Put[i].Revived {
			continue
		}
		revision, err := q.LastRevision(ctx, id)
		if err == nil {
			err = q.DropRedirect(ctx, id)
		}
		if err != nil {
			return fmt.Errorf("battle %d again: %w", id, err)
		}
		states[id] = battleState{revision: int(revision), gone: true}
	}
	return nil
}

// waitForChanges holds back everybody else who changes battles until the transaction ends.
func waitForChanges(ctx context.Context, q *query.Queries) error {
	if _, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "change", Value: 1}); err != nil {
		return fmt.Errorf("wait for other changes: %w", err)
	}
	return nil
}

// touched lists the battles of a change, each once.
func touched(c store.Change) []int64 {
	var ids []int64
	for _, b := range c.Basis {
		ids = append(ids, b.ID)
	}
	for i := range c.Put {
		ids = append(ids, c.Put[i].ID)
	}
	for _, r := range c.Remove {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// kindsChanged counts by how much a change alters the number of battles of each kind.
func kindsChanged(c store.Change, states map[int64]battleState) map[string]int64 {
	kinds := make(map[string]int64)
	gone := func(id int64) {
		if b, ok := states[id]; ok && !b.gone {
			kinds[b.kind]--
		}
	}
	for i := range c.Put {
		gone(c.Put[i].ID)
		kinds[string(c.Put[i].Battle.Kind)]++
	}
	for _, r := range c.Remove {
		gone(r.ID)
	}
	return kinds
}

// checkBasis answers ErrConflict when the battles on which the change was planned, or
// a killmail, are not as they were then.
func (s *Store) checkBasis(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change, states map[int64]battleState) error {
	if c.Profile != "" {
		if err := checkEngine(ctx, q, c.Profile); err != nil {
			return err
		}
		if err := checkLayer(ctx, q, c.Layer); err != nil {
			return err
		}
	}
	expected := make(map[int64]int64)
	for _, b := range c.Basis {
		if state, ok := states[b.ID]; !ok || state.revision != b.Revision {
			return fmt.Errorf("battle %d: %w", b.ID, store.ErrConflict)
		}
		for _, k := range b.KillmailIDs {
			expected[k] = b.ID
		}
	}
	for chunk := range slices.Chunk(c.Component, s.atOnce()) {
		if err := s.checkConsidered(ctx, tx, chunk, expected); err != nil {
			return err
		}
	}
	return nil
}

// checkConsidered answers ErrConflict when one of these killmails is in another
// battle than expected (0: in none) or has another value.
func (s *Store) checkConsidered(ctx context.Context, tx *sql.Tx, considered []store.Considered, expected map[int64]int64) error {
	ids := make([]int64, len(considered))
	values := make(map[int64]killmail.Value, len(considered))
	for i, k := range considered {
		ids[i], values[k.ID] = k.ID, k.Value
	}
	w := s.where()
	if err := s.byID(ctx, tx, &w, "k.", ids); err != nil {
		return err
	}
	met := 0
	err := eachRow(ctx, tx, `SELECT k.killmail_id, k.isk, k.isk_source, COALESCE(bk.battle_id, 0) FROM killmails k
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
		met++
		return nil
	})
	if err == nil && met < len(ids) {
		err = fmt.Errorf("%d killmails are gone: %w", len(ids)-met, store.ErrConflict)
	}
	return err
}

func removeBattles(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change) error {
	ids := make([]int64, len(c.Remove))
	for i, r := range c.Remove {
		ids[i] = r.ID
	}
	if err := clearBattles(ctx, tx, ids, append([]string{"battles"}, battleLists()...)...); err != nil {
		return fmt.Errorf("remove battles: %w", err)
	}
	for _, r := range c.Remove {
		err := q.FollowRedirects(ctx, query.FollowRedirectsParams{ToID: r.ID, ToID_2: r.Redirect})
		if err == nil {
			err = q.PutRedirect(ctx, query.PutRedirectParams{FromID: r.ID, ToID: r.Redirect, At: millis(c.Now)})
		}
		if err != nil {
			return fmt.Errorf("remove battle %d: %w", r.ID, err)
		}
	}
	return nil
}

// announceBattles makes events for the battles that were written, then for those
// that were removed, whose readers must learn where their battle went.
func (s *Store) announceBattles(ctx context.Context, tx *sql.Tx, q *query.Queries, c store.Change, states map[int64]battleState) error {
	if c.AnnounceAfter.IsZero() {
		return nil
	}
	var ids, revisions []int64
	add := func(id, endedAt int64, reason string) {
		if endedAt >= millis(c.AnnounceAfter) || reason == string(battle.ReasonCorrection) {
			ids, revisions = append(ids, id), append(revisions, int64(states[id].revision+1))
		}
	}
	for i := range c.Put {
		add(c.Put[i].ID, millis(c.Put[i].Battle.End), c.Put[i].Reason)
	}
	for _, r := range c.Remove {
		add(r.ID, states[r.ID].endedAt, r.Reason)
	}
	return s.putEvents(ctx, tx, q, store.TopicBattle, ids, revisions, c.Now)
}

// takeDone takes killmails off the list of work.
func (s *Store) takeDone(ctx context.Context, tx *sql.Tx, ids []int64) error {
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		in(&w, "killmail_id", chunk)
		_, err := tx.ExecContext(ctx, "DELETE FROM unclustered WHERE (occurred_at, killmail_id) IN (SELECT occurred_at, killmail_id FROM "+
			s.dialect.Keys()+w.String()+")", w.args...)
		if err != nil {
			return fmt.Errorf("mark as clustered: %w", err)
		}
	}
	return nil
}
