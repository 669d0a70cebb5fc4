package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// SetFeedStatus implements store.Feeds.
func (s *Store) SetFeedStatus(ctx context.Context, f store.FeedStatus) error {
	return s.inTx(ctx, "set status of feed "+f.Feed, func(_ *sql.Tx, q *query.Queries) error {
		return q.SetFeedStatus(ctx, query.SetFeedStatusParams{
			Feed: f.Feed, State: string(f.State), Since: millis(f.Since), Error: clean(f.Error), Hint: clean(f.Hint),
			LastDocumentAt: millis(f.LastDocumentAt), UpdatedAt: millis(f.UpdatedAt),
		})
	})
}

// FeedStatuses implements store.Feeds.
func (s *Store) FeedStatuses(ctx context.Context) ([]store.FeedStatus, error) {
	rows, err := s.q().FeedStatuses(ctx)
	if err != nil {
		return nil, fmt.Errorf("status of feeds: %w", err)
	}
	out := make([]store.FeedStatus, len(rows))
	for i, r := range rows {
		out[i] = store.FeedStatus{
			Feed: r.Feed, State: store.FeedState(r.State), Since: fromMillis(r.Since), Error: r.Error, Hint: r.Hint,
			LastDocumentAt: fromMillis(r.LastDocumentAt), UpdatedAt: fromMillis(r.UpdatedAt),
		}
	}
	return out, nil
}
