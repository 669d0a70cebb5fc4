package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/redis"
)

// Bus implements bus.Bus.
type Bus struct {
	bus.Listeners
	address  redis.Address
	sendTime time.Duration
	log      *slog.Logger
	id       string
	state    atomic.Pointer[error] // why no signals arrive; nil: they do
	stop     context.CancelFunc
	ended    chan struct{}

	mu      sync.Mutex
	pending map[bus.Topic]struct{} // to be sent
	noted   chan struct{}          // wakes the sender; holds one
}

var _ bus.Bus = (*Bus)(nil)

var (
	errConnecting = errors.New("connecting")
	errClosed     = errors.New("the bus is closed")
)

const (
	minPause = 100 * time.Millisecond
	maxPause = 3 * time.Second
)

// Open returns a bus on the server of an address (see redis.Parse). It waits for the
// first attempt to subscribe; the server need not be there yet. Only a bad address
// is an error. For a message or a subscription the server has a second, or as long as
// patience; see redis.Open.
func Open(address string, log *slog.Logger, patience time.Duration) (*Bus, error) {
	a, err := redis.Parse(address)
	if err != nil {
		return nil, err
	}
	a = a.Patient(patience)
	ctx, cancel := context.WithCancel(context.Background())
	b := &Bus{
		address: a, sendTime: max(sendTime, patience), log: log, id: rand.Text(), stop: cancel, ended: make(chan struct{}),
		pending: make(map[bus.Topic]struct{}), noted: make(chan struct{}, 1),
	}
	b.state.Store(&errConnecting)
	tried := make(chan struct{})
	go b.run(ctx, sync.OnceFunc(func() { close(tried) }))
	<-tried
	return b, nil
}

// Publish implements bus.Bus.
func (b *Bus) Publish(ctx context.Context, t bus.Topic) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.Signal(t)
	b.note(t)
	return nil
}

// note has the sender send topics.
func (b *Bus) note(topics ...bus.Topic) {
	b.mu.Lock()
	for _, t := range topics {
		b.pending[t] = struct{}{}
	}
	b.mu.Unlock()
	select {
	case b.noted <- struct{}{}:
	default: // it is awake already
	}
}

// take returns the topics noted, and forgets them.
func (b *Bus) take() []bus.Topic {
	b.mu.Lock()
	defer b.mu.Unlock()
	topics := make([]bus.Topic, 0, len(b.pending))
	for t := range b.pending {
		topics = append(topics, t)
	}
	clear(b.pending)
	return topics
}

// Ready implements bus.Bus.
func (b *Bus) Ready(context.Context) error {
	if reason := b.state.Load(); reason != nil {
		return *reason
	}
	return nil
}

// Close implements bus.Bus.
func (b *Bus) Close() error {
	b.stop()
	<-b.ended
	return nil
}

// run keeps a subscription until ctx ends. tried is called when the first attempt is decided.
func (b *Bus) run(ctx context.Context, tried func()) {
	defer close(b.ended)
	defer b.state.Store(&errClosed)
	defer tried()
	told := false
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		err := b.session(ctx, func() {
			if told {
				b.log.InfoContext(ctx, "signals of other processes arrive again", "server", b.address.String())
			}
			pause, told = minPause/2, false
			b.Signal(bus.Topics...) // something may have been missed
			tried()                 // who opened the bus may listen from now on
		})
		if ctx.Err() != nil {
			return
		}
		reason := b.address.Explain(err)
		b.state.Store(&reason)
		if !told {
			b.log.WarnContext(ctx, "signals of other processes do not arrive; everything looks by itself", "error", reason, "hint", fault.HintOf(reason))
			told = true
		}
		tried()
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
