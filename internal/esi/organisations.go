package esi

import (
	"context"
	"encoding/json"
	"fmt"
)

// Organisation is what an alliance or corporation is called.
type Organisation struct {
	Name   string `json:"name"`
	Ticker string `json:"ticker"`
}

// Alliance returns name and ticker of an alliance.
func (c *Client) Alliance(ctx context.Context, id int64) (Organisation, error) {
	return c.organisation(ctx, fmt.Sprintf("/alliances/%d", id))
}

// Corporation returns name and ticker of a corporation.
func (c *Client) Corporation(ctx context.Context, id int64) (Organisation, error) {
	return c.organisation(ctx, fmt.Sprintf("/corporations/%d", id))
}

func (c *Client) organisation(ctx context.Context, path string) (Organisation, error) {
	body, err := c.do(ctx, get(path, plain, freshPublic))
	if err != nil {
		return Organisation{}, err
	}
	var o Organisation
	if err := json.Unmarshal(body, &o); err != nil {
		return Organisation{}, fmt.Errorf("esi %s: %w: %w", path, ErrUnusable, err)
	}
	if o.Name == "" || o.Ticker == "" {
		return Organisation{}, fmt.Errorf("esi %s: %w: it has no name or ticker", path, ErrUnusable)
	}
	return o, nil
}
