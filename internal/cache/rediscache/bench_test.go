package rediscache_test

import (
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/test/servers"
)

// BenchmarkCache shows what a call costs, and what it costs when the server is gone.
func BenchmarkCache(b *testing.B) {
	for name, gone := range map[string]bool{"there": false, "gone": true} {
		s := servers.StartRedis(b)
		if gone {
			s.Stop()
		}
		c := open(b, s.TCP)
		value := make([]byte, 64<<10)
		bucket := cache.Bucket{Size: 1e9, Refill: time.Hour}
		_ = c.Set(b.Context(), "k", value, time.Hour)
		b.Run(name+"/get-64KiB", func(b *testing.B) {
			for b.Loop() {
				_, _ = c.Get(b.Context(), "k")
			}
		})
		b.Run(name+"/set-64KiB", func(b *testing.B) {
			for b.Loop() {
				_ = c.Set(b.Context(), "k", value, time.Hour)
			}
		})
		b.Run(name+"/take", func(b *testing.B) {
			for b.Loop() {
				_, _ = c.Take(b.Context(), "k", bucket, 1)
			}
		})
	}
}
