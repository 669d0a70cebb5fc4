package app

import (
	"testing"

	"github.com/battlescope/battlescope/internal/bus"
)

// listened counts those who listen to a bus.
type listened struct {
	bus.Bus
	now int
}

func (l *listened) Listen(topics ...bus.Topic) (<-chan struct{}, func()) {
	l.now++
	signals, stop := l.Bus.Listen(topics...)
	return signals, func() { l.now--; stop() }
}

// TestIntakesLeaveNoListener makes what single requests and daily tasks make: what it
// leaves behind would add up for as long as the process lives.
func TestIntakesLeaveNoListener(t *testing.T) {
	t.Parallel()
	b, _ := process(t, Data{Data: t.TempDir()})
	l := &listened{Bus: b.bus}
	b.bus = l
	b.intake()
	b.enricher()
	if _, err := b.verifier(JobsConfig{Feed: Feed{FeedURL: publicFeed, FeedSource: feedR2Z2, Identity: Identity{Contact: Home}}}); err != nil {
		t.Fatal(err)
	}
	if l.now != 0 {
		t.Errorf("%d listen to the bus and never stop", l.now)
	}
}
