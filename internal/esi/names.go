package esi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
)

// MaxNames is how many ids ESI resolves at once.
const MaxNames = 1000

// Name is what ESI calls an id.
type Name struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Category string `json:"category"` // character, corporation, alliance, …
}

// Names resolves ids to names. ESI refuses a whole batch for one id it does not
// know, at the price of an error, so a refused batch is halved until the ids that
// are to blame are found; they come back as unknown. Ids that cannot be a player's
// or organisation's are not asked for at all.
func (c *Client) Names(ctx context.Context, ids []int64) (names []Name, unknown []int64, err error) {
	var ask []int64
	seen := make(map[int64]bool, len(ids)) // ESI refuses a list that names an id twice
	for _, id := range ids {
		switch {
		case seen[id]:
		case nameable(id):
			ask = append(ask, id)
		default:
			unknown = append(unknown, id)
		}
		seen[id] = true
	}
	for len(ask) > 0 {
		n := min(MaxNames, len(ask))
		got, bad, err := bisect(ctx, ask[:n], c.names, func(err error) bool { return errors.Is(err, ErrNotFound) })
		names, unknown = append(names, got...), append(unknown, bad...)
		if err != nil {
			return names, unknown, err
		}
		ask = ask[n:]
	}
	return names, unknown, nil
}

// nameable tells the ids of factions, characters, corporations and alliances from
// those of places and items.
func nameable(id int64) bool {
	npc := eve.IsNPCCorporation(id) || eve.IsNPCCharacter(id)
	player := id >= 90_000_000 && id < 1<<31
	return eve.IsFaction(id) || npc || player
}

// bisect asks for ids that are refused all together when one of them is unknown.
func bisect[T any](ctx context.Context, ids []int64, ask func(context.Context, []int64) ([]T, error), refused func(error) bool) (found []T, unknown []int64, err error) {
	found, err = ask(ctx, ids)
	if err == nil || !refused(err) {
		return found, nil, err
	}
	if len(ids) == 1 {
		return nil, ids, nil
	}
	for _, half := range [][]int64{ids[:len(ids)/2], ids[len(ids)/2:]} {
		got, bad, err := bisect(ctx, half, ask, refused)
		found, unknown = append(found, got...), append(unknown, bad...)
		if err != nil {
			return found, unknown, err
		}
	}
	return found, unknown, nil
}

func (c *Client) names(ctx context.Context, ids []int64) ([]Name, error) {
	body, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("esi names: %w", err)
	}
	answer, err := c.do(ctx, route{method: http.MethodPost, path: "/universe/names", body: body, group: plain})
	if err != nil {
		return nil, err
	}
	var names []Name
	if err := json.Unmarshal(answer, &names); err != nil {
		return nil, fmt.Errorf("esi names: %w: %w", ErrUnusable, err)
	}
	return slices.DeleteFunc(names, func(n Name) bool { return n.Name == "" || !slices.Contains(ids, n.ID) }), nil
}
