package killmail

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Prices gives the price in ISK of one unit of a type, and false when it has none.
type Prices func(typeID int64) (isk float64, ok bool)

// blueprintCopy is the singleton value of blueprint copies in item lists.
const blueprintCopy = 2

// Estimate values a killmail from a price list, as zKillboard does: hull plus
// everything destroyed or dropped, blueprint copies at nothing. The killmail
// keeps a value that came with it. Items must still be attached, so this runs
// where the killmail is decoded; a hull without a price leaves the value unknown,
// because fittings alone would pass for the price of a ship.
func Estimate(k *Killmail, prices Prices, source ValueSource, pricedAt time.Time) {
	if k.Value.Known() {
		return
	}
	hull, ok := prices(k.Victim.ShipTypeID)
	if !ok {
		return
	}
	total := hull + itemsValue(k.Victim.Items, prices)
	if !(total >= 0 && total <= 9e16) { // negative, or beyond 64 bits of hundredths: a broken price or quantity
		return
	}
	k.Value = Value{ISK: eve.FromFloat(total), Source: source, PricedAt: pricedAt}
}

func itemsValue(items []Item, prices Prices) float64 {
	sum := 0.0
	for _, it := range items {
		if it.Singleton != blueprintCopy {
			if p, ok := prices(it.TypeID); ok {
				sum += p * float64(it.Destroyed+it.Dropped)
			}
		}
		sum += itemsValue(it.Items, prices)
	}
	return sum
}
