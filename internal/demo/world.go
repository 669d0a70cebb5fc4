package demo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// The density of what happens: about 2,400 killmails an hour, more than twice as many as
// in New Eden, two of three in fleet fights, of which one begins every few minutes.
const (
	perHour    = 80
	fleetEvery = 4 * time.Minute
	// delay is how long a killmail takes to the feed; zKillboard needs a minute.
	delay = 4 * time.Second
)

// The bounds of Options.Speed.
const (
	slowest = 0.1
	fastest = 100
)

// Options shape a World.
type Options struct {
	Seed    uint64
	Speed   float64       // how fast time passes from the start on; 1 is as in EVE
	History time.Duration // how much was fought before the start
	// Now tells the time, time.Now where nil.
	Now func() time.Time
	// Wait returns when it is t, or with ctx. A nil Wait waits by the clock.
	Wait func(ctx context.Context, t time.Time) error
}

// World is a simulated New Eden. Make it with New, and end it with Run or Close.
type World struct {
	opts  Options
	start time.Time
	sim   *sim.Simulation
	next  func() (sim.Kill, bool) // the kills, in the order of publication
	stop  func()
	ahead sim.Kill // the first that is not history

	feed      *feed
	esi       *fake.ESI
	named     int // names that esi knows
	listeners [2]net.Listener
}

// New opens the feed and the ESI on loopback and fights the history. Nothing is
// served before Run.
func New(ctx context.Context, o Options) (*World, error) {
	if !(o.Speed >= slowest && o.Speed <= fastest) {
		return nil, fault.Usage(fault.New(fmt.Sprintf("speed %g", o.Speed), fmt.Sprintf("choose one from %g to %d; 1 is as fast as in EVE", slowest, fastest)))
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = func(ctx context.Context, t time.Time) error { return sleep(ctx, t.Sub(o.Now())) }
	}
	start := o.Now().UTC().Truncate(time.Second)
	w := &World{
		opts: o, start: start, feed: &feed{docs: map[int64][]byte{}}, esi: fake.NewESI(),
		sim: sim.New(sim.Options{Seed: o.Seed, Start: start.Add(-o.History), PerHour: perHour, FleetEvery: fleetEvery, Delay: delay}),
	}
	for i := range w.listeners {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(fault.Wrap(err, "open the simulated feed", "loopback must be there: check the network settings of this machine"), w.closeListeners())
		}
		w.listeners[i] = l
	}
	w.next, w.stop = iter.Pull(w.sim.Kills())
	return w, nil
}

// FeedURL is the root of the feed.
func (w *World) FeedURL() string { return "http://" + w.listeners[0].Addr().String() }

// ESIURL is the root of the ESI.
func (w *World) ESIURL() string { return "http://" + w.listeners[1].Addr().String() }

// History calls save with what was published before the start, some documents at a
// time, and with the number of the last of them on the feed. It must be called once,
// before Run.
func (w *World) History(save func(documents []killmail.Document, sequence int64) error) error {
	const batch = 1000
	var documents []killmail.Document
	for {
		kill, more := w.next()
		over := !more || kill.PublishedAt.After(w.start)
		if len(documents) == batch || over {
			w.learnNames()
			if err := save(documents, w.feed.head); err != nil {
				return err
			}
			documents = nil
		}
		if over {
			w.ahead = kill
			return nil
		}
		document, err := w.publish(kill)
		if err != nil {
			return err
		}
		documents = append(documents, document)
	}
}

// publish puts a kill on the feed.
func (w *World) publish(kill sim.Kill) (document killmail.Document, err error) {
	w.feed.publish(func(sequence int64) []byte {
		body := kill.R2Z2(sequence)
		document, err = killmail.DecodeDocument(body)
		return body
	})
	return document, err
}

// learnNames tells the ESI of everybody who was invented since the last call.
func (w *World) learnNames() {
	fresh := w.sim.NamesFrom(w.named)
	w.named += len(fresh)
	names := make([]fake.Name, len(fresh))
	for i, n := range fresh {
		names[i] = fake.Name{ID: n.Entity.ID, Name: n.Name, Category: string(n.Entity.Type), Ticker: n.Ticker}
	}
	w.esi.AddNames(names...)
}

// Run serves feed and ESI and publishes what is fought until ctx ends. It closes the
// World.
func (w *World) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return serve(ctx, w.listeners[0], w.feed) })
	g.Go(func() error { return serve(ctx, w.listeners[1], w.esi) })
	g.Go(func() error { return w.live(ctx) })
	return errors.Join(g.Wait(), w.Close())
}

func (w *World) live(ctx context.Context) error {
	for kill, more := w.ahead, true; more; kill, more = w.next() {
		kill = w.quicken(kill)
		if err := w.opts.Wait(ctx, kill.PublishedAt); err != nil {
			return nil //nolint:nilerr // the end that was asked for
		}
		w.learnNames()
		if _, err := w.publish(kill); err != nil {
			return err
		}
	}
	return nil
}

// quicken moves what happens after the start to when it happens at this speed.
func (w *World) quicken(kill sim.Kill) sim.Kill {
	if w.opts.Speed == 1 {
		return kill
	}
	mail := *kill.Mail
	mail.Time = w.at(mail.Time).Truncate(time.Second)
	kill.Mail, kill.PublishedAt = &mail, w.at(kill.PublishedAt)
	return kill
}

func (w *World) at(t time.Time) time.Time {
	if !t.After(w.start) {
		return t
	}
	return w.start.Add(time.Duration(float64(t.Sub(w.start)) / w.opts.Speed))
}

// Close releases the ports. It is for a World that is not run.
func (w *World) Close() error {
	w.stop()
	return w.closeListeners()
}

func (w *World) closeListeners() error {
	var errs []error
	for _, l := range w.listeners {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// serve answers until ctx ends. Its readers are in this process and end with it.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the simulation: %w", err)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
