package eve_test

import (
	"math"
	"regexp"
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestISKShort(t *testing.T) {
	t.Parallel()
	tests := []struct {
		isk  float64
		want string
	}{
		{0, "0"},
		{0.49, "0"},
		{-0.49, "0"},
		{0.5, "1"},
		{999, "999"},
		{999.49, "999"},
		{999.5, "1.00k"},
		{1000, "1.00k"},
		{1234, "1.23k"},
		{1235, "1.24k"},
		{9994.99, "9.99k"},
		{9995, "10.0k"},
		{99_949, "99.9k"},
		{99_950, "100k"},
		{999_499, "999k"},
		{999_500, "1.00m"},
		{999_950, "1.00m"},
		{1.23e9, "1.23b"},
		{12.3e9, "12.3b"},
		{123e9, "123b"},
		{999.6e9, "1.00t"},
		{1.5e12, "1.50t"},
		{123.4e12, "123t"},
		{1234e12, "1234t"},
		{-1.23e9, "-1.23b"},
		{-999.5, "-1.00k"},
	}
	for _, tt := range tests {
		if got := eve.FromFloat(tt.isk).Short(); got != tt.want {
			t.Errorf("%v ISK: got %q, want %q", tt.isk, got, tt.want)
		}
	}
	for _, i := range []eve.ISK{math.MinInt64, math.MaxInt64} {
		if got := i.Short(); !regexp.MustCompile(`^-?92234t$`).MatchString(got) {
			t.Errorf("%d: got %q, want 92234t with its sign", i, got)
		}
	}
}

func TestISKFull(t *testing.T) {
	t.Parallel()
	for i, want := range map[eve.ISK]string{
		0: "0.00", 5: "0.05", -5: "-0.05", 99999: "999.99", 100000: "1,000.00", -123456789: "-1,234,567.89",
		math.MinInt64: "-92,233,720,368,547,758.08",
	} {
		if got := i.Full(); got != want {
			t.Errorf("%d: got %q, want %q", int64(i), got, want)
		}
	}
}

func TestFromFloat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		isk  float64
		want eve.ISK
	}{
		{16107.17, 1610717},
		{-16107.17, -1610717},
		{0.005, 1},
		{math.Inf(1), math.MaxInt64},
		{math.Inf(-1), -math.MaxInt64},
		{1e300, math.MaxInt64},
		{math.NaN(), 0},
	}
	for _, tt := range tests {
		if got := eve.FromFloat(tt.isk); got != tt.want {
			t.Errorf("FromFloat(%v) = %d, want %d", tt.isk, got, tt.want)
		}
	}
}
