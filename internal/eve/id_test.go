package eve_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestIDRanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		is      func(int64) bool
		yes, no []int64
	}{
		{"faction", eve.IsFaction, []int64{500000, 500027, 599999}, []int64{0, 499999, 600000}},
		{"NPC corporation", eve.IsNPCCorporation, []int64{1000000, eve.CorporationCONCORD, 1999999}, []int64{0, 999999, 2000000, 98000001}},
		{"player corporation", eve.IsPlayerCorporation, []int64{2000000, 98000001, 1344654522}, []int64{0, 1999999}},
		{"NPC character", eve.IsNPCCharacter, []int64{3000000, 3999999}, []int64{0, 2999999, 4000000}},
		{"player character", eve.IsPlayerCharacter, []int64{4000000, 90000001, 2112000000}, []int64{0, 3999999}},
		{"k-space system", eve.IsKSpaceSystem, []int64{30000001, 30100000, 30999999}, []int64{29999999, 31000000}},
		{"wormhole system", eve.IsWormholeSystem, []int64{31000001, 31999999}, []int64{30999999, 32000000}},
		{"abyssal system", eve.IsAbyssalSystem, []int64{32000001}, []int64{31000001, 33000001, 34000001}},
		{"void system", eve.IsVoidSystem, []int64{34000001}, []int64{32000001, 36000001}},
	}
	for _, tt := range tests {
		for _, id := range tt.yes {
			if !tt.is(id) {
				t.Errorf("%d is no %s, want one", id, tt.name)
			}
		}
		for _, id := range tt.no {
			if tt.is(id) {
				t.Errorf("%d is a %s, want none", id, tt.name)
			}
		}
	}
}
