package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Cursors implements store.Cursors.
func (s *Store) Cursors(ctx context.Context, prefix string) ([]store.FeedCursor, error) {
	rows, err := s.q().Cursors(ctx, prefix+"%") // the names of feeds hold no wildcards
	if err != nil {
		return nil, fmt.Errorf("cursors of %s: %w", prefix, err)
	}
	out := make([]store.FeedCursor, len(rows))
	for i, r := range rows {
		out[i] = store.FeedCursor{Feed: r.Feed, Sequence: r.Sequence, At: fromMillis(r.UpdatedAt)}
	}
	return out, nil
}

// DropCursor implements store.Cursors.
func (s *Store) DropCursor(ctx context.Context, feed string) error {
	return s.inTx(ctx, "drop cursor of feed "+feed, func(_ *sql.Tx, q *query.Queries) error { return q.DropCursor(ctx, feed) })
}
