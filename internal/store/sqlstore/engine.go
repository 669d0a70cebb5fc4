package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Engine implements store.Engine.
func (s *Store) Engine(ctx context.Context) (store.EngineState, error) {
	row, err := s.q().Engine(ctx)
	if err != nil {
		return store.EngineState{}, found("engine", err)
	}
	return store.EngineState{Profile: row.Profile, Previous: row.Previous, ChangedAt: fromMillis(row.ChangedAt)}, nil
}

// SetEngine implements store.Engine.
func (s *Store) SetEngine(ctx context.Context, e store.EngineState, queue bool) error {
	return s.inTx(ctx, "set engine", func(_ *sql.Tx, q *query.Queries) error {
		if err := waitForChanges(ctx, q); err != nil {
			return err
		}
		if err := q.SetEngine(ctx, query.SetEngineParams{Profile: e.Profile, Previous: e.Previous, ChangedAt: millis(e.ChangedAt)}); err != nil || !queue {
			return err
		}
		_, err := q.QueueAll(ctx, 0)
		return err
	})
}

// BattlesNotOf implements store.Engine.
func (s *Store) BattlesNotOf(ctx context.Context, profile string, version int) (int64, error) {
	n, err := s.q().CountBattlesNotOf(ctx, query.CountBattlesNotOfParams{Profile: profile, ParamsVersion: int64(version)})
	if err != nil {
		return 0, fmt.Errorf("battles made with other parameters: %w", err)
	}
	return n, nil
}

// checkEngine answers ErrConflict when the battles of a change were made with a
// profile that is no longer in use.
func checkEngine(ctx context.Context, q *query.Queries, profile string) error {
	row, err := q.Engine(ctx)
	if err != nil {
		return err
	}
	if row.Profile != profile {
		return fmt.Errorf("profile %s is in use, not %s: %w", row.Profile, profile, store.ErrConflict)
	}
	return nil
}
