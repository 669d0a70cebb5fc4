package cluster

import (
	"context"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// killCache keeps killmails between recomputations: a fight that goes on asks for
// the same ones every second. Two generations make it forget what was not used
// lately without bookkeeping for each use.
type killCache struct {
	size       int
	young, old map[int64]*killmail.Killmail
}

func newKillCache(size int) *killCache {
	return &killCache{size: size, young: make(map[int64]*killmail.Killmail), old: make(map[int64]*killmail.Killmail)}
}

func (c *killCache) forget(ids []int64) {
	for _, id := range ids {
		delete(c.young, id)
		delete(c.old, id)
	}
}

// load returns the killmails with these ids once each, from memory where possible.
func (c *killCache) load(ctx context.Context, s store.Killmails, ids []int64) ([]*killmail.Killmail, error) {
	seen := make(map[int64]bool, len(ids))
	out := make([]*killmail.Killmail, 0, len(ids))
	var missing []int64
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if k := c.get(id); k != nil {
			out = append(out, k)
		} else {
			missing = append(missing, id)
		}
	}
	loaded, err := s.Load(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, k := range loaded {
		c.put(k)
	}
	return append(out, loaded...), nil
}

func (c *killCache) get(id int64) *killmail.Killmail {
	k := c.young[id]
	if k == nil {
		if k = c.old[id]; k != nil {
			c.put(k)
		}
	}
	return k
}

func (c *killCache) put(k *killmail.Killmail) {
	if len(c.young) >= c.size/2 {
		c.young, c.old = make(map[int64]*killmail.Killmail, c.size/2), c.young
	}
	c.young[k.ID] = k
}
