package bus

import (
	"slices"
	"sync"
)

// Listeners are those of one process. The zero value has none.
type Listeners struct {
	mu  sync.Mutex
	all map[*listener]struct{}
}

type listener struct {
	topics  []Topic
	signals chan struct{}
}

// Listen adds a listener, as Bus.Listen describes it.
func (s *Listeners) Listen(topics ...Topic) (signals <-chan struct{}, stop func()) {
	l := &listener{topics: topics, signals: make(chan struct{}, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = make(map[*listener]struct{})
	}
	s.all[l] = struct{}{}
	return l.signals, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, l)
	}
}

// Signal wakes everyone who listens to any of these topics.
func (s *Listeners) Signal(topics ...Topic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.all {
		if !slices.ContainsFunc(l.topics, func(t Topic) bool { return slices.Contains(topics, t) }) {
			continue
		}
		select {
		case l.signals <- struct{}{}:
		default: // one is pending already
		}
	}
}
