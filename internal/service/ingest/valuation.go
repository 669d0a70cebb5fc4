package ingest

import (
	"context"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
)

// pricesLookedAfter is how long prices are used before it is asked whether there are
// newer ones. They change once a day.
const pricesLookedAfter = 5 * time.Minute

// Prices keeps the market prices of the store at hand. It is safe for concurrent use.
type Prices struct {
	store store.Prices

	mu     sync.Mutex
	looked time.Time
	held   *priceList
}

// NewPrices returns the prices of a store. They are read when they are first needed.
func NewPrices(s store.Prices) *Prices { return &Prices{store: s} }

// priceList is what the market said at a time.
type priceList struct {
	at   time.Time
	each map[int64]float64 // type id → ISK
}

// price returns what the market says of a type.
func (l *priceList) price(typeID int64) (float64, bool) {
	if l == nil {
		return 0, false
	}
	p, ok := l.each[typeID]
	return p, ok
}

// list returns the present list, nil when there is none.
func (p *Prices) list(ctx context.Context, now time.Time) (*priceList, error) {
	if p == nil {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.looked.IsZero() && now.Sub(p.looked) < pricesLookedAfter {
		return p.held, nil
	}
	at, err := p.store.PricesAt(ctx)
	if err != nil {
		return nil, err
	}
	if !at.IsZero() && (p.held == nil || !p.held.at.Equal(at)) {
		if p.held, err = p.read(ctx); err != nil {
			return nil, err
		}
	}
	p.looked = now
	return p.held, nil
}

func (p *Prices) read(ctx context.Context) (*priceList, error) {
	prices, at, err := p.store.Prices(ctx)
	if err != nil {
		return nil, err
	}
	l := &priceList{at: at, each: make(map[int64]float64, len(prices))}
	for _, price := range prices {
		// What was paid says more than CCP's own measure, which is there for what is hardly traded.
		if best := max(price.Average, 0); best > 0 {
			l.each[price.TypeID] = best.Float()
		} else if price.Adjusted > 0 {
			l.each[price.TypeID] = price.Adjusted.Float()
		}
	}
	return l, nil
}

// value gives a killmail without a value an estimate: by the market, and by the base
// price where the market has none. Where a base price was used for any part of it, the
// whole is a base estimate of the base prices' day, because it is no better than its
// weakest part.
func value(k *killmail.Killmail, market *priceList, world *sde.Data) {
	if k.Value.Known() {
		return
	}
	mixed := market == nil
	prices := func(typeID int64) (float64, bool) {
		if p, ok := market.price(typeID); ok {
			return p, true
		}
		p, ok := basePrice(world, typeID)
		mixed = mixed || p > 0
		return p, ok
	}
	at := world.PricedAt()
	if market != nil {
		at = market.at
	}
	killmail.Estimate(k, prices, killmail.ValueMarket, at)
	if k.Value.Known() && mixed {
		k.Value.Source, k.Value.PricedAt = killmail.ValueBase, world.PricedAt()
	}
}

// basePrice is CCP's base price. Capsules have none and are worth their implants.
func basePrice(world *sde.Data, typeID int64) (float64, bool) {
	if p := world.BasePrice(typeID); p > 0 {
		return p, true
	}
	t, ok := world.Type(typeID)
	return 0, ok && t.Class == eve.ClassCapsule
}
