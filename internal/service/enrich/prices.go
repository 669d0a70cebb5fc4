package enrich

import (
	"context"
	"fmt"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// dearest is a price that no type has: more is a mistake of the list.
const dearest = 1e15

// RefreshPrices fetches the market prices and replaces those that are stored. It
// returns of how many types there are any.
func (s *Service) RefreshPrices(ctx context.Context) (int, error) {
	list, err := s.ESI.Prices(ctx)
	if err != nil {
		return 0, fmt.Errorf("refresh market prices: %w", err)
	}
	prices := make([]store.Price, 0, len(list))
	for _, p := range list {
		if p.Average > dearest || p.Adjusted > dearest {
			continue
		}
		prices = append(prices, store.Price{TypeID: p.TypeID, Average: eve.FromFloat(p.Average), Adjusted: eve.FromFloat(p.Adjusted)})
	}
	return len(prices), s.Store.SavePrices(ctx, prices, s.Now())
}
