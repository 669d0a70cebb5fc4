package redisbus_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/test/servers"
)

// BenchmarkBus shows what Publish costs its caller, and how long a signal takes to the
// other process and back.
func BenchmarkBus(b *testing.B) {
	s := servers.StartRedis(b)
	here, there := open(b, s.TCP), open(b, s.TCP)
	b.Run("publish", func(b *testing.B) {
		for b.Loop() {
			_ = here.Publish(b.Context(), bus.KillmailsStored)
		}
	})
	b.Run("there-and-back", func(b *testing.B) {
		out, stop1 := there.Listen(bus.BattlesChanged)
		defer stop1()
		back, stop2 := here.Listen(bus.RulesetChanged)
		defer stop2()
		for b.Loop() {
			_ = here.Publish(b.Context(), bus.BattlesChanged)
			<-out
			_ = there.Publish(b.Context(), bus.RulesetChanged)
			<-back
		}
	})
	s.Stop()
	b.Run("publish-gone", func(b *testing.B) {
		for b.Loop() {
			_ = here.Publish(b.Context(), bus.KillmailsStored)
		}
	})
}
