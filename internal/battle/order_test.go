package battle_test

import (
	"cmp"
	"slices"

	"github.com/battlescope/battlescope/internal/killmail"
)

func byTime(kills []*killmail.Killmail) []*killmail.Killmail {
	kills = slices.Clone(kills)
	slices.SortFunc(kills, func(a, b *killmail.Killmail) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
	return kills
}

func sortIDs(ids []int64) { slices.Sort(ids) }
