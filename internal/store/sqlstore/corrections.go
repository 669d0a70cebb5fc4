package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Layer implements store.Corrections.
func (s *Store) Layer(ctx context.Context, known battle.Corrections) (battle.Corrections, error) {
	version, err := s.q().LayerVersion(ctx)
	if err != nil {
		return battle.Corrections{}, fmt.Errorf("layer of corrections: %w", err)
	}
	if version == known.Version {
		return known, nil
	}
	var layer battle.Corrections
	err = s.snapshot(ctx, func(v view) error {
		version, err := v.q().LayerVersion(ctx)
		if err != nil {
			return err
		}
		rules, err := v.q().LayerRules(ctx)
		layer = battle.Corrections{Version: version}
		for _, r := range rules {
			addRule(&layer, query.CorrectionEntry{
				Verb: r.Verb, KillmailID: r.KillmailID, EntityType: r.EntityType, EntityID: r.EntityID, WithType: r.WithType, WithID: r.WithID,
			})
		}
		return err
	})
	if err != nil {
		return battle.Corrections{}, fmt.Errorf("layer of corrections: %w", err)
	}
	return layer, nil
}

// addRule puts an entry where it belongs.
func addRule(c *battle.Corrections, e query.CorrectionEntry) {
	if e.EntityType == "" {
		c.Kills = append(c.Kills, battle.KillCorrection{Verb: battle.Verb(e.Verb), Kill: e.KillmailID, With: e.WithID})
		return
	}
	c.Entities = append(c.Entities, battle.EntityCorrection{
		Verb: battle.Verb(e.Verb), In: e.KillmailID, Entity: eve.Entity{Type: eve.EntityType(e.EntityType), ID: e.EntityID},
		With: eve.Entity{Type: eve.EntityType(e.WithType), ID: e.WithID},
	})
}

// SaveCorrection implements store.Corrections.
func (s *Store) SaveCorrection(ctx context.Context, c store.Correction, layer int64) (int64, error) {
	if err := c.Rules.Validate(); err != nil {
		return 0, fmt.Errorf("save correction: %w", err) // it would stop all clustering
	}
	var id int64
	err := s.inTx(ctx, "save correction", func(tx *sql.Tx, q *query.Queries) error {
		if err := waitForChanges(ctx, q); err != nil {
			return err
		}
		if err := checkLayer(ctx, q, layer); err != nil {
			return err
		}
		if err := nextLayer(ctx, q); err != nil {
			return err
		}
		var err error
		if id, err = q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "correction", Value: 1}); err != nil {
			return err
		}
		err = q.PutCorrection(ctx, query.PutCorrectionParams{
			ID: id, BattleID: c.BattleID, MergedID: c.MergedID, Note: clean(c.Note), Author: clean(c.Author), CreatedAt: millis(c.CreatedAt),
		})
		if err != nil {
			return err
		}
		if err := s.dialect.Insert(ctx, tx, "correction_entries", entryColumns, entryRows(id, &c)); err != nil {
			return err
		}
		if err := s.putCorrected(ctx, tx, id, c.Rules.Killmails()); err != nil {
			return err
		}
		_, err = q.QueueCorrection(ctx, id)
		return err
	})
	return id, err
}

// nextLayer makes the state of the layer another one than all before.
func nextLayer(ctx context.Context, q *query.Queries) error {
	_, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "correction_layer", Value: 1})
	return err
}

// checkLayer answers ErrConflict when another state of the layer is in force.
func checkLayer(ctx context.Context, q *query.Queries, version int64) error {
	now, err := q.LayerVersion(ctx)
	if err == nil && now != version {
		err = fmt.Errorf("state %d of the corrections is in force, not %d: %w", now, version, store.ErrConflict)
	}
	return err
}

var entryColumns = []string{
	"correction_id", "rule", "position", "verb", "killmail_id", "entity_type", "entity_id", "with_type", "with_id",
}

// entryRows are what was said, then the rules, by their keys.
func entryRows(id int64, c *store.Correction) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, part := range []struct {
			rule     bool
			kills    []battle.KillCorrection
			entities []battle.EntityCorrection
		}{{false, c.Decision.Kills, c.Decision.Entities}, {true, c.Rules.Kills, c.Rules.Entities}} {
			position := 0
			for _, k := range part.kills {
				if !yield([]any{id, part.rule, position, string(k.Verb), k.Kill, "", 0, "", k.With}) {
					return
				}
				position++
			}
			for _, e := range part.entities {
				if !yield([]any{id, part.rule, position, string(e.Verb), e.In, string(e.Entity.Type), e.Entity.ID, string(e.With.Type), e.With.ID}) {
					return
				}
				position++
			}
		}
	}
}

// putCorrected notes the killmails of a correction, and in which battle each is.
func (s *Store) putCorrected(ctx context.Context, tx *sql.Tx, id int64, killmails []int64) error {
	keys, err := s.keysOf(ctx, tx, killmails)
	if err != nil {
		return err
	}
	if len(keys) < len(killmails) {
		return fmt.Errorf("%d of the killmails: %w", len(killmails)-len(keys), store.ErrNotFound)
	}
	battles, err := s.battlesOf(ctx, tx, killmails)
	if err != nil {
		return err
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Compare(a.id, b.id) })
	return s.dialect.Insert(ctx, tx, "correction_killmails", []string{"correction_id", "killmail_id", "occurred_at", "battle_id"},
		rowsOf(keys, func(_ int, k *key) []any { return []any{id, k.id, k.at, battles[k.id]} }))
}

// TakeBackCorrection implements store.Corrections.
func (s *Store) TakeBackCorrection(ctx context.Context, id int64, by string, now time.Time) error {
	return s.inTx(ctx, "take back correction", func(_ *sql.Tx, q *query.Queries) error {
		if err := waitForChanges(ctx, q); err != nil {
			return err
		}
		n, err := q.TakeBackCorrection(ctx, query.TakeBackCorrectionParams{ID: id, TakenBackAt: millis(now), TakenBackBy: clean(by)})
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := q.Correction(ctx, id); err != nil {
				return found(fmt.Sprint(id), err)
			}
			return fmt.Errorf("%d was taken back before: %w", id, store.ErrConflict)
		}
		if err := nextLayer(ctx, q); err != nil {
			return err
		}
		_, err = q.QueueCorrection(ctx, id)
		return err
	})
}

// Correction implements store.Corrections.
func (s *Store) Correction(ctx context.Context, id int64) (store.Correction, error) {
	var c store.Correction
	err := s.snapshot(ctx, func(v view) (err error) {
		c, err = v.correction(ctx, id)
		return err
	})
	return c, found(fmt.Sprintf("correction %d", id), err)
}

func (v view) correction(ctx context.Context, id int64) (store.Correction, error) {
	r, err := v.q().Correction(ctx, id)
	if err != nil {
		return store.Correction{}, err
	}
	entries, err := v.q().CorrectionEntries(ctx, id)
	if err != nil {
		return store.Correction{}, err
	}
	c := store.Correction{
		ID: r.ID, BattleID: r.BattleID, MergedID: r.MergedID, Note: r.Note, Author: r.Author, CreatedAt: fromMillis(r.CreatedAt),
		TakenBackAt: fromMillis(r.TakenBackAt), TakenBackBy: r.TakenBackBy,
	}
	var said battle.Corrections
	for _, e := range entries {
		if e.Rule {
			addRule(&c.Rules, e)
		} else {
			addRule(&said, e)
		}
	}
	c.Decision = battle.Decision{Kills: said.Kills, Entities: said.Entities, Merge: c.MergedID > 0}
	return c, nil
}

// BattleCorrections implements store.Corrections.
func (s *Store) BattleCorrections(ctx context.Context, battleID int64) ([]store.Correction, error) {
	out := []store.Correction{}
	err := s.snapshot(ctx, func(v view) error {
		id, err := v.present(ctx, battleID)
		if err != nil {
			return err
		}
		rows, err := v.q().CorrectionsOfBattle(ctx, id)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, err := v.correction(ctx, r.ID)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("corrections of battle %d: %w", battleID, err)
	}
	return out, nil
}

// present returns the id of the battle that answers for an id: itself, also when it is
// gone and nothing took its place.
func (v view) present(ctx context.Context, id int64) (int64, error) {
	there, err := v.q().BattleExists(ctx, id)
	if err != nil || there > 0 {
		return id, err
	}
	to, err := v.q().Redirect(ctx, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, store.ErrNotFound
	case err == nil && to > 0:
		return to, nil
	}
	return id, err
}

// countCorrections tells how many corrections of a battle are in force.
func (v view) countCorrections(ctx context.Context, r *store.BattleRow) error {
	rows, err := v.q().CorrectionsOfBattle(ctx, r.ID)
	for _, c := range rows {
		if c.TakenBackAt == 0 {
			r.Corrections++
		}
	}
	return err
}

// CorrectedWork implements store.Clustering.
func (s *Store) CorrectedWork(ctx context.Context) (map[int64]int64, error) {
	out := make(map[int64]int64)
	err := s.snapshot(ctx, func(v view) error {
		ids, err1 := v.q().CorrectedWork(ctx)
		former, err2 := v.q().FormerBattles(ctx)
		for _, id := range ids {
			out[id] = 0
		}
		for _, f := range former {
			if out[f.KillmailID] == 0 { // the first correction knows the oldest battle
				out[f.KillmailID] = f.BattleID
			}
		}
		return errors.Join(err1, err2)
	})
	if err != nil {
		return nil, fmt.Errorf("corrected killmails: %w", err)
	}
	return out, nil
}
