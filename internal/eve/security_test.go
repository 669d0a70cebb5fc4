package eve_test

import (
	"math"
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestDisplaySecurity(t *testing.T) {
	t.Parallel()
	tests := []struct {
		true, want float64
		text       string
	}{
		{1, 1, "1.0"},
		{0.95, 1, "1.0"},
		{0.945913116665, 0.9, "0.9"}, // Jita
		{0.45, 0.5, "0.5"},
		{0.4499999, 0.4, "0.4"},
		{0.25, 0.3, "0.3"},
		{0.05, 0.1, "0.1"},
		{0.0499, 0.1, "0.1"},
		{0.000001, 0.1, "0.1"},
		{0, 0, "0.0"},
		{-0.01, 0, "0.0"},
		{-0.05, 0, "0.0"}, // half rounds up, also below zero
		{-0.0501, -0.1, "-0.1"},
		{-0.35, -0.3, "-0.3"},
		{-0.99, -1, "-1.0"},
		{-1, -1, "-1.0"},
	}
	for _, tt := range tests {
		got := eve.DisplaySecurity(tt.true)
		if got != tt.want || math.Signbit(got) != (tt.want < 0) {
			t.Errorf("DisplaySecurity(%v) = %v, want %v", tt.true, got, tt.want)
		}
		if got := eve.SecurityText(tt.true); got != tt.text {
			t.Errorf("SecurityText(%v) = %q, want %q", tt.true, got, tt.text)
		}
	}
}

func TestSpaceOf(t *testing.T) {
	t.Parallel()
	const forge = 10000002
	tests := []struct {
		id, region int64
		security   float64
		want       eve.Space
	}{
		{30000142, forge, 0.9459, eve.Highsec},
		{30000142, forge, 0.45, eve.Highsec},
		{30000142, forge, 0.4499, eve.Lowsec},
		{30000142, forge, 0.0001, eve.Lowsec},
		{30000142, forge, 0, eve.Nullsec},
		{30000142, forge, -1, eve.Nullsec},
		{30000021, eve.RegionPochven, -1, eve.Pochven},
		{30000142, 0, 0, eve.Other}, // the static data does not know it
		{31000005, 11000031, -0.99, eve.Wormhole},
		{31000005, 0, 0, eve.Wormhole},
		{32000001, 12000001, -1, eve.Abyssal},
		{34000001, 14000001, -1, eve.Void},
		{36000001, 19000001, 1, eve.Other},
		{0, forge, 0.9, eve.Other},
	}
	for _, tt := range tests {
		got := eve.SpaceOf(eve.System{ID: tt.id, RegionID: tt.region, Security: tt.security})
		if got != tt.want {
			t.Errorf("system %d, region %d, security %v: got %s, want %s", tt.id, tt.region, tt.security, got, tt.want)
		}
		if want := tt.want == eve.Abyssal || tt.want == eve.Void; got.Instanced() != want {
			t.Errorf("%s is instanced: %v, want %v", got, got.Instanced(), want)
		}
	}
}

func TestWormholeClassName(t *testing.T) {
	t.Parallel()
	for class, want := range map[int]string{
		0: "", 1: "C1", 6: "C6", 7: "", 9: "", 12: "Thera", 13: "C13", 14: "Drifter", 18: "Drifter", 19: "", 25: "",
	} {
		if got := eve.WormholeClassName(class); got != want {
			t.Errorf("WormholeClassName(%d) = %q, want %q", class, got, want)
		}
	}
}
