package cluster

import (
	"context"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// fewPilots is up to how many pilots are looked up one by one. For more it is
// cheaper to take every killmail of their time: New Eden has some fifteen a minute.
const fewPilots = 48

// manyPilots is from how many pilots everything around their time is taken, margin
// included. That many come with an import: asking system by system, and again for
// every step by which the neighbourhood grows, would take longer than reading it all.
const manyPilots = 3000

// margin is how much earlier and later is read for many pilots. Few neighbourhoods
// reach further, and those that do ask once more.
const margin = 3 * time.Hour

// reach loads the stored killmails within the given reaches, and perhaps more.
func (s *Service) reach(ctx context.Context, reaches []battle.Reach) ([]*killmail.Killmail, error) {
	pilots := 0
	for _, r := range reaches {
		pilots += len(r.Pilots)
	}
	if pilots >= manyPilots {
		return s.around(ctx, reaches)
	}
	var ids []int64
	for _, r := range reaches {
		near, err := s.store.InSystem(ctx, r.SystemID, r.From, r.To)
		if err != nil {
			return nil, err
		}
		ids = append(ids, near...)
		ids = append(ids, r.Kills...)
	}
	find := s.byPilots
	if pilots > fewPilots {
		find = s.byTime
	}
	far, err := find(ctx, reaches)
	if err != nil {
		return nil, err
	}
	return s.cache.load(ctx, s.store, append(ids, far...))
}

// around loads everything in the time of the reaches, and a margin.
func (s *Service) around(ctx context.Context, reaches []battle.Reach) ([]*killmail.Killmail, error) {
	var ids []int64
	wide := make([]span, 0, len(reaches))
	for _, r := range reaches {
		ids = append(ids, r.Kills...)
		wide = append(wide, span{r.From.Add(-margin), r.To.Add(margin)})
		if len(r.Pilots) > 0 {
			wide = append(wide, span{r.PilotsFrom.Add(-margin), r.PilotsTo.Add(margin)})
		}
	}
	for _, sp := range joined(wide) {
		all, err := s.store.Between(ctx, sp.from, sp.to)
		if err != nil {
			return nil, err
		}
		ids = append(ids, all...)
	}
	return s.cache.load(ctx, s.store, ids)
}

func (s *Service) byPilots(ctx context.Context, reaches []battle.Reach) ([]int64, error) {
	var ids []int64
	for _, r := range reaches {
		for _, pilot := range r.Pilots {
			of, err := s.store.OfCharacter(ctx, pilot, r.PilotsFrom, r.PilotsTo)
			if err != nil {
				return nil, err
			}
			ids = append(ids, of...)
		}
	}
	return ids, nil
}

func (s *Service) byTime(ctx context.Context, reaches []battle.Reach) ([]int64, error) {
	var ids []int64
	for _, span := range spans(reaches) {
		all, err := s.store.Between(ctx, span.from, span.to)
		if err != nil {
			return nil, err
		}
		ids = append(ids, all...)
	}
	return ids, nil
}

type span struct{ from, to time.Time }

// spans joins the times in which the pilots of the reaches are looked for.
func spans(reaches []battle.Reach) []span {
	var out []span
	for _, r := range reaches {
		if len(r.Pilots) > 0 {
			out = append(out, span{r.PilotsFrom, r.PilotsTo})
		}
	}
	return joined(out)
}

// joined sorts spans and joins those that overlap.
func joined(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}
