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

// reach loads the stored killmails within the given reaches, and perhaps more.
func (s *Service) reach(ctx context.Context, reaches []battle.Reach) ([]*killmail.Killmail, error) {
	var ids []int64
	pilots := 0
	for _, r := range reaches {
		near, err := s.store.InSystem(ctx, r.SystemID, r.From, r.To)
		if err != nil {
			return nil, err
		}
		ids = append(ids, near...)
		ids = append(ids, r.Kills...)
		pilots += len(r.Pilots)
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
	sorted := slices.Clone(reaches)
	slices.SortFunc(sorted, func(a, b battle.Reach) int { return a.PilotsFrom.Compare(b.PilotsFrom) })
	for _, r := range sorted {
		if len(r.Pilots) == 0 {
			continue
		}
		if n := len(out); n > 0 && !r.PilotsFrom.After(out[n-1].to) {
			if r.PilotsTo.After(out[n-1].to) {
				out[n-1].to = r.PilotsTo
			}
			continue
		}
		out = append(out, span{r.PilotsFrom, r.PilotsTo})
	}
	return out
}
