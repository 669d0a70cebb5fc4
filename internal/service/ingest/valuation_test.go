package ingest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
)

// market is a list of prices that counts how often it is read.
type market struct {
	list    []store.Price
	at      time.Time
	read    int
	failure error
}

func (m *market) SavePrices(context.Context, []store.Price, time.Time) error { return nil }
func (m *market) PricesAt(context.Context) (time.Time, error)                { return m.at, m.failure }
func (m *market) Prices(context.Context) ([]store.Price, time.Time, error) {
	m.read++
	return m.list, m.at, m.failure
}

const (
	rifter = 587
	gun    = 2873  // 125mm Gatling AutoCannon I
	pod    = 670   // capsule
	nobody = 99999 // no type
)

// loss is a killmail with items, one of each destroyed.
func loss(hull int64, items ...int64) killmail.Document {
	d := mail(1)
	d.Killmail.Victim.ShipTypeID = hull
	for _, id := range items {
		d.Killmail.Victim.Items = append(d.Killmail.Victim.Items, killmail.Item{TypeID: id, Destroyed: 1})
	}
	return d
}

// TestSaveValuesByTheMarket: an estimate is the market's only if all of it is.
func TestSaveValuesByTheMarket(t *testing.T) {
	t.Parallel()
	prices := map[int64]store.Price{
		rifter: {TypeID: rifter, Average: eve.FromFloat(500_000), Adjusted: eve.FromFloat(1)},
		gun:    {TypeID: gun, Adjusted: eve.FromFloat(7000.5)},
	}
	for name, test := range map[string]struct {
		market []int64
		loss   killmail.Document
		want   float64 // on top of base prices
		base   []int64
		source killmail.ValueSource
	}{
		"all of it":               {[]int64{rifter, gun}, loss(rifter, gun), 507_000.5, nil, killmail.ValueMarket},
		"hull from base prices":   {[]int64{gun}, loss(rifter, gun), 7000.5, []int64{rifter}, killmail.ValueBase},
		"an item of base prices":  {[]int64{rifter}, loss(rifter, gun), 500_000, []int64{gun}, killmail.ValueBase},
		"an item without a price": {[]int64{rifter}, loss(rifter, nobody), 500_000, nil, killmail.ValueMarket},
		"a capsule's implants":    {[]int64{gun}, loss(pod, gun), 7000.5, nil, killmail.ValueMarket},
		"no market":               {nil, loss(rifter, gun), 0, []int64{rifter, gun}, killmail.ValueBase},
		"an unknown hull":         {[]int64{rifter, gun}, loss(nobody, gun), 0, nil, killmail.ValueUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, s, _ := setUp(t)
			m := &market{}
			for _, id := range test.market {
				m.list, m.at = append(m.list, prices[id]), noon.Add(-time.Hour)
			}
			in.Prices = ingest.NewPrices(m)
			if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{test.loss}}); err != nil {
				t.Fatal(err)
			}
			sum, at := test.want, m.at
			for _, id := range test.base {
				if in.World.BasePrice(id) <= 0 {
					t.Fatalf("the static data has no price of %d", id)
				}
				sum += in.World.BasePrice(id)
			}
			if test.source == killmail.ValueBase {
				at = in.World.PricedAt()
			}
			want := killmail.Value{ISK: eve.FromFloat(sum), Source: test.source, PricedAt: at}
			if test.source == killmail.ValueUnknown {
				want = killmail.Value{}
			}
			if got := s.saved()[0].Documents[0].Killmail.Value; got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// TestZkillboardsValueStays whatever the market says.
func TestZkillboardsValueStays(t *testing.T) {
	t.Parallel()
	in, s, _ := setUp(t)
	in.Prices = ingest.NewPrices(&market{list: []store.Price{{TypeID: rifter, Average: 9}}, at: noon})
	d := loss(rifter)
	d.Killmail.Value = killmail.Value{ISK: 5, Source: killmail.ValueZkb}
	if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{d}}); err != nil {
		t.Fatal(err)
	}
	if got := s.saved()[0].Documents[0].Killmail.Value; got != d.Killmail.Value {
		t.Errorf("got %+v, want %+v", got, d.Killmail.Value)
	}
}

// TestPricesAreReadWhenTheyChange and not for every killmail.
func TestPricesAreReadWhenTheyChange(t *testing.T) {
	t.Parallel()
	s, b := &memory{}, &market{}
	now := noon
	in := intake(t, s, membus.New(), func() time.Time { return now })
	in.Prices = ingest.NewPrices(b)
	save := func(what string, source killmail.ValueSource, isk eve.ISK, read int) {
		t.Helper()
		if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{loss(rifter)}}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		got := last(s.saved()).Documents[0].Killmail.Value
		if got.Source != source || source == killmail.ValueMarket && (got.ISK != isk || !got.PricedAt.Equal(b.at)) || b.read != read {
			t.Errorf("%s: got %+v after %d reads, want %s after %d", what, got, b.read, source, read)
		}
	}
	save("none yet", killmail.ValueBase, 0, 0)
	b.list, b.at = []store.Price{{TypeID: rifter, Average: 100}}, noon
	save("not looked yet", killmail.ValueBase, 0, 0)
	now = now.Add(5 * time.Minute)
	save("looked", killmail.ValueMarket, 100, 1)
	now = now.Add(time.Hour)
	save("the same", killmail.ValueMarket, 100, 1)
	b.list, b.at = []store.Price{{TypeID: rifter, Average: 200}}, now
	now = now.Add(5 * time.Minute)
	save("newer", killmail.ValueMarket, 200, 2)
	b.failure = errors.New("database is gone")
	now = now.Add(5 * time.Minute)
	if _, err := in.Save(t.Context(), ingest.Delivery{}); !errors.Is(err, b.failure) {
		t.Errorf("got %v, want %v", err, b.failure)
	}
}
