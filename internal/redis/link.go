package redis

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

// Patience is how long a request waits for the server before it goes on without it.
// Who would rather wait than go on without opens a link with more of it.
const Patience = 250 * time.Millisecond

// maxPause is the longest pause between two attempts to reach a server that is gone.
const maxPause = 2 * time.Second

// Link is a connection to a server that may be gone at any moment. The first request
// that finds it silent waits for the link's patience; from then on requests fail at
// once, until the server answers the link's own attempts again.
type Link struct {
	address  Address
	patience time.Duration
	client   rueidis.Client
	log      *slog.Logger
	down     atomic.Pointer[error] // nil: the server answers
	lost     chan error            // wakes watch; holds one
	stop     context.CancelFunc
	ended    sync.WaitGroup
}

// Open returns a link to the server of an address. A server that is not there is
// logged and looked for in the background; only a bad address is an error. Requests
// wait for as long as patience, which is Patience where nothing speaks against it.
func Open(address string, log *slog.Logger, patience time.Duration) (*Link, error) {
	a, err := Parse(address)
	if err != nil {
		return nil, err
	}
	a = a.Patient(patience)
	client, err := a.Dial()
	if client == nil { // the options are wrong, not the server
		return nil, a.Explain(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &Link{address: a, patience: patience, client: client, log: log, lost: make(chan error, 1), stop: cancel}
	if err == nil {
		err = l.ping(ctx)
	}
	if err != nil {
		l.lose(err)
	}
	l.ended.Go(func() { l.watch(ctx) })
	return l, nil
}

// Do has f use the server within the link's patience. While the server is gone it
// returns at once with the reason. Errors come explained; a reply that there is nothing is none.
func (l *Link) Do(ctx context.Context, f func(context.Context, rueidis.Client) error) error {
	if reason := l.down.Load(); reason != nil {
		return *reason
	}
	limited, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	err := f(limited, l.client)
	switch {
	case err == nil || rueidis.IsRedisNil(err):
		return nil
	case ctx.Err() != nil: // who asked has gone, which says nothing about the server
		return ctx.Err()
	case unavailable(err):
		l.lose(err)
	}
	return l.address.Explain(err)
}

// Close ends the link.
func (l *Link) Close() error {
	l.stop()
	l.ended.Wait()
	l.client.Close()
	return nil
}

// lose stops requests and has watch look for the server.
func (l *Link) lose(err error) {
	reason := l.address.Explain(err)
	if l.down.CompareAndSwap(nil, &reason) {
		l.lost <- err // empty: watch has taken the last one before it cleared down
	}
}

// watch brings the link back each time it is lost.
func (l *Link) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-l.lost:
			l.recover(ctx, err)
		}
	}
}

// recover returns when the server answers again. One that was only slow for a moment
// does at once, and no word is said about it.
func (l *Link) recover(ctx context.Context, err error) {
	again := l.ping(ctx)
	if again != nil {
		l.log.WarnContext(ctx, "Redis is gone; going on without it", "server", l.address.String(), "error", plain(err), "hint", hint(err))
		for pause := maxPause / 32; again != nil; pause = min(2*pause, maxPause) {
			reason := l.address.Explain(again)
			l.down.Store(&reason)
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			again = l.ping(ctx)
		}
		l.log.InfoContext(ctx, "Redis is back", "server", l.address.String())
	}
	l.down.Store(nil)
}

// ping asks the server for a sign of life. It has longer to connect and log in, but
// then has to answer as fast as requests want it.
func (l *Link) ping(ctx context.Context) error {
	for _, limit := range []time.Duration{l.address.option.Dialer.Timeout, l.patience} {
		limited, cancel := context.WithTimeout(ctx, limit)
		err := l.client.Do(limited, l.client.B().Ping().Build()).Error()
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// Reason is why requests fail at present; nil when they do not.
func (l *Link) Reason() error {
	if reason := l.down.Load(); reason != nil {
		return *reason
	}
	return nil
}
