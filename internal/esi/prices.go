package esi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Price is what a type is worth on the market, in ISK; 0 is no price.
type Price struct {
	TypeID   int64   `json:"type_id"`
	Average  float64 `json:"average_price"`  // of what was traded in the last days
	Adjusted float64 `json:"adjusted_price"` // CCP's own measure, for its cost indices
}

// Prices returns the prices of all types that have one, each type once.
func (c *Client) Prices(ctx context.Context) ([]Price, error) {
	const path = "/markets/prices"
	body, err := c.do(ctx, get(path, plain, freshPublic))
	if err != nil {
		return nil, err
	}
	var list []Price
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("esi %s: %w: %w", path, ErrUnusable, err)
	}
	seen := make(map[int64]bool, len(list))
	list = slices.DeleteFunc(list, func(p Price) bool {
		bad := p.TypeID <= 0 || p.Average < 0 || p.Adjusted < 0 || p.Average == 0 && p.Adjusted == 0 || seen[p.TypeID]
		seen[p.TypeID] = true
		return bad
	})
	if len(list) == 0 {
		return nil, fmt.Errorf("esi %s: %w: it has no prices", path, ErrUnusable)
	}
	return list, nil
}

// Status is how the game server does.
type Status struct {
	Players   int       `json:"players"`
	Version   string    `json:"server_version"`
	StartedAt time.Time `json:"start_time"`
	VIP       bool      `json:"vip"` // only CCP may log in
}

// Status returns how the game server does.
func (c *Client) Status(ctx context.Context) (Status, error) {
	body, err := c.do(ctx, get("/status", status, 30*time.Second)) // ESI's own time for it
	if err != nil {
		return Status{}, err
	}
	var s Status
	if err := json.Unmarshal(body, &s); err != nil {
		return Status{}, fmt.Errorf("esi /status: %w: %w", ErrUnusable, err)
	}
	return s, nil
}
