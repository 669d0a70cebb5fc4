package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var priceTests = []test{
	{"a list of prices replaces the one before", pricesReplaced},
	{"lists that are saved at once do not mix", pricesWhole},
}

// prices returns what is stored, in the order of the types.
func prices(t *testing.T, s store.Store) ([]store.Price, time.Time) {
	t.Helper()
	list, when, err := s.Prices(t.Context())
	must(t, err)
	slices.SortFunc(list, func(a, b store.Price) int { return cmp.Compare(a.TypeID, b.TypeID) })
	age, err := s.PricesAt(t.Context())
	must(t, err)
	same(t, "age", age, when)
	return list, when
}

func pricesReplaced(t *testing.T, s store.Store) {
	list, when := prices(t, s)
	same(t, "at first", len(list), 0)
	same(t, "fetched at first", when, time.Time{})
	first := []store.Price{{TypeID: rifter, Average: eve.FromFloat(412_345.67), Adjusted: eve.FromFloat(4e5)}, {TypeID: cruiser, Adjusted: 1}}
	must(t, s.SavePrices(t.Context(), first, at(1)))
	list, when = prices(t, s)
	same(t, "prices", list, first)
	same(t, "fetched", when, at(1))
	second := []store.Price{{TypeID: rifter, Average: 5}, {TypeID: capsule, Average: 6}}
	must(t, s.SavePrices(t.Context(), second, at(2)))
	if err := s.SavePrices(t.Context(), append(first, first[0]), at(3)); err == nil {
		t.Error("a list that names a type twice was accepted")
	}
	list, when = prices(t, s)
	same(t, "prices", list, second)
	same(t, "fetched", when, at(2))
}

func pricesWhole(t *testing.T, s store.Store) {
	var g errgroup.Group
	for n := range 4 {
		g.Go(func() error {
			list := make([]store.Price, 300)
			for i := range list {
				list[i] = store.Price{TypeID: int64(i + 1), Average: eve.ISK(n + 1)}
			}
			return s.SavePrices(t.Context(), list, at(n+1))
		})
	}
	must(t, g.Wait())
	list, when := prices(t, s)
	same(t, "prices", len(list), 300)
	for _, p := range list {
		if at(int(p.Average)) != when {
			t.Fatalf("type %d has the price of another list than the one of %v", p.TypeID, when)
		}
	}
}
