package eve_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "0", 999: "999", 1_049: "1,049", 999_999: "999,999", 1_234_567: "1,234,567",
		-1: "-1", -999: "-999", -123_456: "-123,456", -1_000: "-1,000",
	} {
		if got := eve.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n    int
		one  string
		want string
	}{
		{0, "kill", "0 kills"},
		{1, "kill", "1 kill"},
		{1_049, "kill", "1,049 kills"},
		{1, "loss", "1 loss"},
		{2, "loss", "2 losses"},
	} {
		if got := eve.Plural(c.n, c.one); got != c.want {
			t.Errorf("Plural(%d, %q) = %q, want %q", c.n, c.one, got, c.want)
		}
	}
}
