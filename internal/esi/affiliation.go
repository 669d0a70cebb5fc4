package esi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/battlescope/battlescope/internal/eve"
)

// MaxAffiliations is how many characters ESI takes at once.
const MaxAffiliations = 1000

// Affiliation is where a character belongs now.
type Affiliation struct {
	CharacterID   int64 `json:"character_id"`
	CorporationID int64 `json:"corporation_id"`
	AllianceID    int64 `json:"alliance_id,omitempty"` // 0: none
	FactionID     int64 `json:"faction_id,omitempty"`  // 0: none
}

// Affiliations returns where characters belong. Ids that are no player's, and those
// that ESI does not know, are left out.
func (c *Client) Affiliations(ctx context.Context, ids []int64) ([]Affiliation, error) {
	ask := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !eve.IsPlayerCharacter(id) || !nameable(id) })
	slices.Sort(ask)
	out, ask := c.recallAffiliations(ctx, slices.Compact(ask))
	for chunk := range slices.Chunk(ask, MaxAffiliations) {
		got, _, err := bisect(ctx, chunk, c.affiliations, func(err error) bool {
			refusal := (*StatusError)(nil)
			return errors.Is(err, ErrNotFound) || errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest
		})
		c.keepAffiliations(ctx, got)
		out = append(out, got...)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func (c *Client) affiliations(ctx context.Context, ids []int64) ([]Affiliation, error) {
	body, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("esi affiliations: %w", err)
	}
	answer, err := c.do(ctx, route{method: http.MethodPost, path: "/characters/affiliation", body: body, group: plain})
	if err != nil {
		return nil, err
	}
	var list []Affiliation
	if err := json.Unmarshal(answer, &list); err != nil {
		return nil, fmt.Errorf("esi affiliations: %w: %w", ErrUnusable, err)
	}
	return slices.DeleteFunc(list, func(a Affiliation) bool { return a.CorporationID == 0 || !slices.Contains(ids, a.CharacterID) }), nil
}

// The answers to lists of ids are kept by id.

func affiliationKey(id int64) string { return "esi:affiliation:" + strconv.FormatInt(id, 10) }

func (c *Client) recallAffiliations(ctx context.Context, ids []int64) (known []Affiliation, ask []int64) {
	if c.cache == nil || len(ids) == 0 {
		return nil, ids
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = affiliationKey(id)
	}
	found, err := c.cache.Get(ctx, keys...)
	if err != nil {
		return nil, ids
	}
	for i, id := range ids {
		var a Affiliation
		if json.Unmarshal(found[keys[i]], &a) == nil && a.CharacterID == id {
			known = append(known, a)
		} else {
			ask = append(ask, id)
		}
	}
	return known, ask
}

func (c *Client) keepAffiliations(ctx context.Context, list []Affiliation) {
	if c.cache == nil {
		return
	}
	for _, a := range list {
		if value, err := json.Marshal(a); err == nil {
			_ = c.cache.Set(ctx, affiliationKey(a.CharacterID), value, freshCharacter)
		}
	}
}
