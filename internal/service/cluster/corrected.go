package cluster

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/battlescope/battlescope/internal/battle"
)

// tellCorrected gives the battles of a plan that change because of a correction that
// reason. Those among the new ones that a correction had ended get their ids back; it
// returns these ids.
func (s *Service) tellCorrected(ctx context.Context, known []battle.Known, battles []battle.Battle, plan battle.Plan) (revived map[int64]bool, err error) {
	if s.params.Corrections.Version == 0 {
		return nil, nil // nobody ever corrected anything
	}
	work, err := s.store.CorrectedWork(ctx)
	if err != nil || len(work) == 0 {
		return nil, err
	}
	stored := make(map[int64]bool, len(known))
	gone := make(map[int64]bool)
	for _, b := range known {
		stored[b.ID] = true
		gone[b.ID] = slices.ContainsFunc(b.KillmailIDs, func(id int64) bool { _, ok := work[id]; return ok })
	}
	revived = make(map[int64]bool)
	for i := range plan.Named {
		former, corrected := formerID(&battles[i], work, revived)
		if !corrected {
			continue
		}
		n := &plan.Named[i]
		n.Reason = battle.ReasonCorrection
		if former > 0 && !stored[n.ID] {
			n.ID = former
			revived[former] = true
		}
	}
	for i := range plan.Removed {
		if r := &plan.Removed[i]; gone[r.ID] {
			r.Reason = battle.ReasonCorrection
		}
	}
	return revived, nil
}

// formerID returns the battle that is gone and had most of the corrected killmails of
// b, 0 without one, and whether b has any such killmail.
func formerID(b *battle.Battle, work map[int64]int64, taken map[int64]bool) (id int64, corrected bool) {
	votes := make(map[int64]int)
	for _, k := range b.Kills {
		former, ok := work[k.Mail.ID]
		corrected = corrected || ok
		if former > 0 && !taken[former] {
			votes[former]++
		}
	}
	if len(votes) == 0 {
		return 0, corrected
	}
	return slices.MinFunc(slices.Collect(maps.Keys(votes)), func(a, b int64) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b))
	}), corrected
}
