package memcache

import (
	"fmt"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// TestBucketsAreForgotten takes from far more buckets than are in use at a time.
func TestBucketsAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := New(DefaultLimits, func() time.Time { return now })
	b := cache.Bucket{Size: 1, Refill: 10 * time.Second}
	if err := c.Hold(t.Context(), "held", now.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for i := range 50_000 {
		if wait, err := c.Take(t.Context(), fmt.Sprint(i), b, 1); err != nil || wait != 0 {
			t.Fatalf("got a wait of %v, %v", wait, err)
		}
		now = now.Add(10 * time.Millisecond) // 1,000 are not full
	}
	if n := len(c.buckets); n > 4096 {
		t.Errorf("%d buckets are kept", n)
	}
	if wait, err := c.Take(t.Context(), "49999", b, 1); err != nil || wait == 0 {
		t.Errorf("a bucket in use was forgotten: %v, %v", wait, err)
	}
	if wait, err := c.Take(t.Context(), "held", b, 1); err != nil || wait == 0 {
		t.Errorf("a hold was forgotten: %v, %v", wait, err)
	}
}

// TestClockSetBack must not make anybody wait for longer than a refill.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := New(DefaultLimits, func() time.Time { return now })
	b := cache.Bucket{Size: 1, Refill: time.Minute}
	if _, err := c.Take(t.Context(), "k", b, 1); err != nil {
		t.Fatal(err)
	}
	now = now.Add(-24 * time.Hour)
	if wait, err := c.Take(t.Context(), "k", b, 1); err != nil || wait != time.Minute {
		t.Errorf("got a wait of %v, %v, want a minute", wait, err)
	}
}
