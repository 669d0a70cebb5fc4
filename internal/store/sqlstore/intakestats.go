package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

func hourOf(t time.Time) int64 { return millis(t.Truncate(time.Hour)) }

// countIntake adds the outcome of a batch to the hour it was saved in.
func countIntake(ctx context.Context, q *query.Queries, b store.Batch, n store.Saved) error {
	counts := map[string]int64{
		"new": int64(n.New), "updated": int64(n.Updated), "known": int64(n.Known), "broken": int64(len(b.DeadLetters)),
	}
	for _, r := range b.Rejected {
		counts["rejected:"+string(r.Reason)]++
	}
	for _, outcome := range slices.Sorted(maps.Keys(counts)) {
		if counts[outcome] == 0 {
			continue
		}
		if err := q.CountIntake(ctx, query.CountIntakeParams{Hour: hourOf(b.Now), Source: b.Source, Outcome: outcome, N: counts[outcome]}); err != nil {
			return fmt.Errorf("count intake: %w", err)
		}
	}
	return nil
}

// IntakeSince implements store.IntakeStats.
func (s *Store) IntakeSince(ctx context.Context, t time.Time) ([]store.IntakeCount, error) {
	rows, err := s.q().IntakeSince(ctx, hourOf(t))
	if err != nil {
		return nil, fmt.Errorf("intake counts: %w", err)
	}
	out := make([]store.IntakeCount, len(rows))
	for i, r := range rows {
		out[i] = store.IntakeCount{Source: r.Source, Outcome: r.Outcome, N: r.N}
	}
	return out, nil
}

// PruneIntake implements store.IntakeStats.
func (s *Store) PruneIntake(ctx context.Context, before time.Time) error {
	return s.inTx(ctx, "prune intake counts", func(_ *sql.Tx, q *query.Queries) error { return q.PruneIntake(ctx, millis(before)) })
}
