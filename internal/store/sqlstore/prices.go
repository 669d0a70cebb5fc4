package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

var priceColumns = []string{"type_id", "average", "adjusted", "fetched_at"}

// SavePrices implements store.Prices.
func (s *Store) SavePrices(ctx context.Context, prices []store.Price, fetchedAt time.Time) error {
	return s.inTx(ctx, "save market prices", func(tx *sql.Tx, q *query.Queries) error {
		if err := s.dialect.Lock(ctx, tx, "market_prices"); err != nil { // two lists must not mix
			return err
		}
		if err := q.DropMarketPrices(ctx); err != nil {
			return err
		}
		return s.dialect.Insert(ctx, tx, "market_prices", priceColumns, func(yield func([]any) bool) {
			row := make([]any, 0, len(priceColumns))
			for _, p := range prices {
				row = append(row[:0], p.TypeID, int64(p.Average), int64(p.Adjusted), millis(fetchedAt))
				if !yield(row) {
					return
				}
			}
		})
	})
}

// Prices implements store.Prices.
func (s *Store) Prices(ctx context.Context) ([]store.Price, time.Time, error) {
	rows, err := s.q().MarketPrices(ctx)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("market prices: %w", err)
	}
	var at time.Time
	out := make([]store.Price, len(rows))
	for i, r := range rows {
		out[i] = store.Price{TypeID: r.TypeID, Average: eve.ISK(r.Average), Adjusted: eve.ISK(r.Adjusted)}
		at = fromMillis(r.FetchedAt)
	}
	return out, at, nil
}

// PricesAt implements store.Prices.
func (s *Store) PricesAt(ctx context.Context) (time.Time, error) {
	ms, err := s.q().MarketPricesAt(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("age of market prices: %w", err)
	}
	return fromMillis(ms), nil
}
