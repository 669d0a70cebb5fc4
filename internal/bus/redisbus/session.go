package redisbus

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/battlescope/battlescope/internal/bus"
)

const (
	prefix = "battlescope:" // of the channels
	// hello is a topic that nobody listens to.
	hello = bus.Topic("hello")
	// sendTime is how long the server may take at least for a message or a subscription.
	sendTime = time.Second
)

var (
	errNotSubscribed = errors.New("the subscription is not confirmed in time")
	errUnsubscribed  = errors.New("the subscription has ended")
)

// session connects, subscribes, and passes signals both ways until something breaks,
// and returns what. began is called when the subscription stands.
func (b *Bus) session(ctx context.Context, began func()) error {
	client, err := b.address.Dial()
	if client == nil {
		return err
	}
	defer client.Close()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var receiving sync.WaitGroup
	defer receiving.Wait() // nobody signals behind the end
	defer cancel()
	confirmed, over := make(chan struct{}), make(chan error, 1)
	receiving.Go(func() { over <- b.receive(ctx, client, func() { close(confirmed) }) })
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-over:
		return err
	case <-time.After(b.sendTime):
		return errNotSubscribed
	case <-confirmed:
	}
	if err := b.publish(ctx, client, hello); err != nil { // may this user publish?
		return err
	}
	b.state.Store(nil)
	began()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-over:
			return err
		case <-b.noted:
			if err := b.send(ctx, client); err != nil {
				return err
			}
		}
	}
}

// receive listens to the channels of all topics until something breaks, and returns
// what. confirmed is called when the server has confirmed them all.
func (b *Bus) receive(ctx context.Context, client rueidis.Client, confirmed func()) error {
	missing := len(bus.Topics)
	ctx = rueidis.WithOnSubscriptionHook(ctx, func(s rueidis.PubSubSubscription) {
		if s.Kind != "subscribe" {
			return
		}
		if missing--; missing == 0 { // by the one goroutine that reads from the server
			confirmed()
		}
	})
	channels := make([]string, len(bus.Topics))
	for i, t := range bus.Topics {
		channels[i] = prefix + string(t)
	}
	err := client.Receive(ctx, client.B().Subscribe().Channel(channels...).Build(), func(m rueidis.PubSubMessage) {
		if m.Message != b.id {
			b.Signal(bus.Topic(m.Channel[len(prefix):]))
		}
	})
	if err == nil {
		err = errUnsubscribed
	}
	return err
}

// send sends what is noted. What cannot be sent stays noted.
func (b *Bus) send(ctx context.Context, client rueidis.Client) error {
	topics := b.take()
	for i, t := range topics {
		if err := b.publish(ctx, client, t); err != nil {
			b.note(topics[i:]...)
			return err
		}
	}
	return nil
}

func (b *Bus) publish(ctx context.Context, client rueidis.Client, t bus.Topic) error {
	limited, cancel := context.WithTimeout(ctx, b.sendTime)
	defer cancel()
	return client.Do(limited, client.B().Publish().Channel(prefix+string(t)).Message(b.id).Build()).Error()
}
