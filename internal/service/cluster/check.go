package cluster

import (
	"context"
	"slices"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// Comparison says how the stored battles around some killmails differ from what the
// engine makes of them now.
type Comparison struct {
	// Considered are all killmails that were looked at.
	Considered []int64
	// Misplaced are those of them that are stored in no battle or in another than the
	// engine puts them into, or in one that it does not form.
	Misplaced []int64
	// Differing are the stored battles with the right killmails and other figures.
	Differing []int64
}

// Check recomputes the neighbourhood of some killmails with the parameters in use and
// compares it with what is stored. It writes nothing. Killmails that wait for
// clustering are compared like all others: ask the list of work what that means.
func (s *Service) Check(ctx context.Context, ids []int64) (Comparison, error) {
	s.cache = newKillCache(s.cfg.CacheKills) // values may have changed since the last time
	if err := s.activate(ctx); err != nil {
		return Comparison{}, err
	}
	component, basis, err := s.neighbourhood(ctx, ids)
	if err != nil {
		return Comparison{}, err
	}
	battles, err := battle.Form(component, s.world, s.params)
	if err != nil {
		return Comparison{}, err
	}
	return differences(component, basis, battles)
}

func differences(component []*killmail.Killmail, basis []store.KnownBattle, battles []battle.Battle) (Comparison, error) {
	known := make([]battle.Known, len(basis))
	stored := make(map[int64]int64)
	digests := make(map[int64]string, len(basis))
	for i, b := range basis {
		known[i] = battle.Known{ID: b.ID, KillmailIDs: b.KillmailIDs, Profile: b.Profile, Version: b.Version}
		digests[b.ID] = b.Digest
		for _, k := range b.KillmailIDs {
			stored[k] = b.ID
		}
	}
	fresh := int64(0) // battles that are not stored have negative ids
	names := battle.Reconcile(known, battles, func() int64 { fresh--; return fresh })
	formed := make(map[int64]int64, len(component))
	var out Comparison
	for i, n := range names.Named {
		for _, k := range battles[i].Kills {
			formed[k.Mail.ID] = n.ID
		}
		digest, err := digestOf(&battles[i])
		if err != nil {
			return Comparison{}, err
		}
		if n.ID > 0 && n.Added+n.Dropped == 0 && digests[n.ID] != digest {
			out.Differing = append(out.Differing, n.ID)
		}
	}
	for _, k := range component {
		out.Considered = append(out.Considered, k.ID)
		if formed[k.ID] != stored[k.ID] {
			out.Misplaced = append(out.Misplaced, k.ID)
		}
	}
	slices.Sort(out.Considered)
	slices.Sort(out.Misplaced)
	return out, nil
}
