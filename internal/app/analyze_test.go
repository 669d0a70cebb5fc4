package app

import (
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
)

func TestFindSystem(t *testing.T) {
	t.Parallel()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		want int64
	}{{"", 0}, {" Tama ", 30002813}, {"1DQ1-A", 30004759}, {"30002813", 30002813}, {"31999999", 31999999}} {
		if got, err := findSystem(world, c.name); err != nil || got != c.want {
			t.Errorf("%q: got %d, %v, want %d", c.name, got, err, c.want)
		}
	}
	for _, name := range []string{"1DQ1-X", "30002813a", "-5", "0", "Nowhere"} {
		if got, err := findSystem(world, name); err == nil || !fault.IsUsage(err) || fault.HintOf(err) == "" {
			t.Errorf("%q: got %d, %v, want a usage error with a hint", name, got, err)
		}
	}
}
