package killmail_test

import (
	"math"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

func TestParties(t *testing.T) {
	t.Parallel()
	for id, want := range map[int64]bool{0: false, 3_000_001: false, 3_999_999: false, 4_000_000: true, 90_000_001: true, 2_199_000_001: true} {
		if got := (killmail.Party{CharacterID: id}).IsPlayer(); got != want {
			t.Errorf("character %d: got %v, want %v", id, got, want)
		}
	}
	k := &killmail.Killmail{Attackers: []killmail.Attacker{
		{}, {Party: killmail.Party{CharacterID: 3_000_001}, FinalBlow: true}, {Party: killmail.Party{CharacterID: 90_000_001}, FinalBlow: true},
	}}
	if got := k.Players(); got != 1 {
		t.Errorf("got %d players, want 1", got)
	}
	if got := k.FinalBlow(); got != &k.Attackers[1] {
		t.Errorf("got the final blow %+v, want the first", got)
	}
	if got := (&killmail.Killmail{Attackers: make([]killmail.Attacker, 2)}).FinalBlow(); got != nil {
		t.Errorf("got the final blow %+v, want none", got)
	}
}

func TestEstimate(t *testing.T) {
	t.Parallel()
	const hull, module, ore, box, blueprint, unpriced = 621, 2488, 34, 3465, 10000, 9
	list := map[int64]float64{hull: 1e6, module: 1000.25, ore: 5.5, box: 10, blueprint: 1e9, capsule: 0}
	prices := func(id int64) (float64, bool) { p, ok := list[id]; return p, ok }
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		ship  int64
		items []killmail.Item
		want  float64
		known bool
	}{
		{"hull alone", hull, nil, 1e6, true},
		{"destroyed and dropped count alike", hull, []killmail.Item{{TypeID: module, Destroyed: 2, Dropped: 1}}, 1e6 + 3*1000.25, true},
		{"inside a container", hull, []killmail.Item{{TypeID: box, Dropped: 1, Items: []killmail.Item{{TypeID: ore, Destroyed: 4}}}}, 1e6 + 10 + 22, true},
		{"copies of blueprints are worth nothing", hull, []killmail.Item{
			{TypeID: blueprint, Dropped: 1, Singleton: 2}, {TypeID: blueprint, Dropped: 1, Singleton: 1},
		}, 1e6 + 1e9, true},
		{"items without a price", hull, []killmail.Item{{TypeID: unpriced, Dropped: 5}}, 1e6, true},
		{"a capsule is worth its implants", capsule, []killmail.Item{{TypeID: module, Destroyed: 1}}, 1000.25, true},
		{"a hull without a price", unpriced, []killmail.Item{{TypeID: module, Destroyed: 1}}, 0, false},
		{"beyond all money", hull, []killmail.Item{{TypeID: blueprint, Destroyed: 1 << 40}}, 0, false},
		{"a negative quantity", hull, []killmail.Item{{TypeID: module, Destroyed: -5000}}, 0, false},
	} {
		k := &killmail.Killmail{Victim: killmail.Victim{Party: killmail.Party{ShipTypeID: c.ship}, Items: c.items}}
		killmail.Estimate(k, prices, killmail.ValueBase, day)
		want := killmail.Value{}
		if c.known {
			want = killmail.Value{ISK: eve.FromFloat(c.want), Source: killmail.ValueBase, PricedAt: day}
		}
		if k.Value != want || k.Value.Estimated() != c.known {
			t.Errorf("%s: got %+v, want %+v", c.name, k.Value, want)
		}
	}

	known := killmail.Value{ISK: 7, Source: killmail.ValueZkb}
	k := &killmail.Killmail{Victim: killmail.Victim{Party: killmail.Party{ShipTypeID: hull}}, Value: known}
	killmail.Estimate(k, prices, killmail.ValueMarket, day)
	if k.Value != known {
		t.Errorf("a value of zKillboard was replaced by %+v", k.Value)
	}
	k.Value = killmail.Value{}
	killmail.Estimate(k, func(int64) (float64, bool) { return math.NaN(), true }, killmail.ValueMarket, day)
	if k.Value.Known() {
		t.Errorf("a price that is no number gave %+v", k.Value)
	}
}

const capsule = 670
