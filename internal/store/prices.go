package store

import (
	"context"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Price is what CCP says a type is worth.
type Price struct {
	TypeID   int64
	Average  eve.ISK // of what was traded in the last days; 0: hardly anything was
	Adjusted eve.ISK // CCP's own measure; 0: none
}

// Prices keeps the market prices that were fetched last.
type Prices interface {
	// SavePrices replaces the whole list. A type twice in it is an error.
	SavePrices(ctx context.Context, prices []Price, fetchedAt time.Time) error
	// Prices returns the list and when it was fetched; none and the zero time at first.
	Prices(ctx context.Context) ([]Price, time.Time, error)
	// PricesAt returns when the list was fetched; the zero time when there is none.
	PricesAt(ctx context.Context) (time.Time, error)
}
