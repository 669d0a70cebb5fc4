package esi

import (
	"context"
	"fmt"
	"net/url"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Killmail fetches a killmail by id and hash. The error is Final when ESI will never
// have it.
func (c *Client) Killmail(ctx context.Context, id int64, hash string) (*killmail.Killmail, error) {
	body, err := c.do(ctx, get(fmt.Sprintf("/killmails/%d/%s", id, url.PathEscape(hash)), killmails, freshStatic))
	if err != nil {
		return nil, err
	}
	doc, err := killmail.DecodeDocument(body)
	if err != nil {
		return nil, fmt.Errorf("esi killmail %d: %w: %w", id, ErrUnusable, err)
	}
	if doc.Killmail == nil || doc.Killmail.ID != id {
		return nil, fmt.Errorf("esi killmail %d: %w: it is another document", id, ErrUnusable)
	}
	doc.Killmail.Hash = hash
	return doc.Killmail, nil
}
