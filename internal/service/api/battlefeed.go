package api

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

// battleFeeds has a feed of every battle that somebody follows, so that its changes are
// computed once for all of them.
type battleFeeds struct {
	from battleStates
	beat func(push) (*message, error)
	log  *slog.Logger

	mu    sync.Mutex
	feeds map[int64]*battleFeed
	work  sync.WaitGroup
	ended bool // whoever comes now is dropped at once
}

// battleFeed follows one battle.
type battleFeed struct {
	id   int64
	from battleStates
	log  *slog.Logger
	wake chan struct{} // the battle is to be looked at
	stop context.CancelFunc

	mu        sync.Mutex
	followers map[*follower]struct{}
	state     *battleState        // nil while there is no such battle
	step      int                 // number of the state; 0 before the first is known
	looked    time.Time           // the state is no older than that
	next      chan struct{}       // closed when the battle has been looked at again
	told      map[string]*message // what leads to the state, by the one a reader has

	catching sync.Mutex // one reader at a time is brought up to date
}

// battleStates is where feeds have the states of battles from.
type battleStates interface {
	// state reads a battle as it stands, or returns store.ErrNotFound.
	state(ctx context.Context, id int64) (*battleState, error)
	// stands tells whether a battle is certain to be in the state with this print, without
	// reading it.
	stands(ctx context.Context, p *battlePrint) bool
	// printBy returns the print of a state; nil when it is not kept any more.
	printBy(ctx context.Context, mark string) *battlePrint
	// remember keeps for a while that the followers of a battle were told this state.
	remember(ctx context.Context, id int64, told *battleState)
}

// follower is one reader of a battle.
type follower struct {
	came  time.Time // the state it has was read before that
	notes chan note
}

// note is a message to followers of a battle.
type note struct {
	step int // of the state it leads to; everAfter: of none
	*message
}

const everAfter = math.MaxInt

const (
	// followerBuffer is how far a reader may lag before it is dropped.
	followerBuffer = 16
	// deltaPace is the least time between two states of a battle.
	deltaPace = time.Second
	// deltaShare is how much longer than to compute a state the feed rests, so that
	// a very large battle does not take the processor from others.
	deltaShare = 3
	// lookAgain is when a state is computed again that waits for names or for the
	// database; twice as long each time that brings nothing new.
	lookAgain = 3 * time.Second
	// tellAlike bounds the messages kept for readers who come with the same state.
	tellAlike = 16
)

// BattleReset says that the battle must be fetched anew: it is gone, or it is not known
// any more what has changed since the state the reader has.
type BattleReset struct {
	Reason string `json:"reason" enum:"gone,unknown base"`
}

const resetGone, resetUnknown = "gone", "unknown base"

func newBattleFeeds(from battleStates, beat func(push) (*message, error), log *slog.Logger) *battleFeeds {
	return &battleFeeds{from: from, beat: beat, log: log, feeds: make(map[int64]*battleFeed)}
}

// follow adds a reader, who has the state base, to the feed of a battle, which it starts
// if it is the first.
func (b *battleFeeds) follow(ctx context.Context, id int64, base string) (*battleFeed, *follower) {
	f := &follower{came: time.Now(), notes: make(chan note, followerBuffer)}
	b.mu.Lock()
	defer b.mu.Unlock()
	feed := b.feeds[id]
	if feed == nil || b.ended {
		feed = &battleFeed{
			id: id, from: b.from, log: b.log, wake: make(chan struct{}, 1), next: make(chan struct{}),
			followers: make(map[*follower]struct{}), told: make(map[string]*message),
		}
		if b.ended {
			close(f.notes)
			return feed, f
		}
		// It outlives the request of the reader that happens to be the first.
		ctx, feed.stop = context.WithCancel(context.WithoutCancel(ctx))
		b.feeds[id] = feed
		b.work.Go(func() { feed.run(ctx, base) })
	}
	feed.mu.Lock()
	feed.followers[f] = struct{}{}
	feed.mu.Unlock()
	return feed, f
}

// leave takes a reader off the feed, which ends with its last one.
func (b *battleFeeds) leave(feed *battleFeed, f *follower) {
	b.mu.Lock()
	defer b.mu.Unlock()
	feed.mu.Lock()
	delete(feed.followers, f)
	empty := len(feed.followers) == 0
	feed.mu.Unlock()
	if empty && b.feeds[feed.id] == feed {
		delete(b.feeds, feed.id)
		feed.stop()
	}
}

// changed tells the feeds of a battle that it has changed.
func (b *battleFeeds) changed(id int64) {
	for _, feed := range b.all() {
		if feed.shows(id) {
			feed.look()
		}
	}
}

// pushChanged tells all readers of all battles how events come in from now on.
func (b *battleFeeds) pushChanged(now push) {
	m, err := b.beat(now)
	if err != nil {
		return // they hear of it with the next heartbeat
	}
	for _, feed := range b.all() {
		feed.broadcast(note{everAfter, m})
	}
}

// end drops all readers and waits for the feeds to end.
func (b *battleFeeds) end() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	for _, feed := range b.all() {
		feed.stop()
		feed.dropAll()
	}
	b.work.Wait()
}

func (b *battleFeeds) all() []*battleFeed {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]*battleFeed, 0, len(b.feeds))
	for _, feed := range b.feeds {
		out = append(out, feed)
	}
	return out
}

// run keeps the state up to date until ctx ends. base is the state that the first
// reader has, which most often is how the battle stands.
func (f *battleFeed) run(ctx context.Context, base string) {
	start := time.Now()
	if p := f.from.printBy(ctx, base); p != nil && p.battle == f.id && f.from.stands(ctx, p) {
		f.enter(&battleState{print: p}, start, nil)
	}
	again, wanted := lookAgain, false
	for ctx.Err() == nil {
		start = time.Now()
		pause := keepTime // names and the clock make no events
		if wanted || !f.stands(ctx) {
			holds, err := f.renew(ctx)
			if err != nil && ctx.Err() == nil {
				f.log.WarnContext(ctx, "live battle is behind", "battle", f.id, "error", err)
			}
			wanted = err != nil
			if holds < keepTime {
				pause, again = again, min(2*again, keepTime)
			}
		}
		sleep(ctx, max(deltaPace, deltaShare*time.Since(start)), nil)
		if sleep(ctx, pause, f.wake) {
			again, wanted = lookAgain, true
		}
	}
}

// look has the battle looked at soon.
func (f *battleFeed) look() {
	select {
	case f.wake <- struct{}{}:
	default: // it will be
	}
}

// sleep waits for a time, or until ctx ends, or until it is woken, which it reports.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) (woken bool) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-wake:
		return true
	case <-ctx.Done():
	case <-t.C:
	}
	return false
}

// stands tells whether the present state needs no looking at.
func (f *battleFeed) stands(ctx context.Context) bool {
	f.mu.Lock()
	now := f.state
	f.mu.Unlock()
	return now != nil && f.from.stands(ctx, now.print)
}

// renew computes the state and tells the followers what has changed. It returns how long
// that stays true without an event.
func (f *battleFeed) renew(ctx context.Context) (holds time.Duration, err error) {
	start := time.Now()
	now, err := f.from.state(ctx, f.id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	f.mu.Lock()
	before, first := f.state, f.step == 0
	f.mu.Unlock()
	var m *message
	err = nil
	switch {
	case first: // nobody has been told anything
	case now == nil && before != nil:
		m = reset(0, resetGone)
	case now != nil && before == nil: // it is back
		m = reset(now.seq, resetUnknown)
	case now != nil && before.print.mark != now.print.mark:
		if m, err = newMessage(now.seq, "delta", delta(before.print, now.print, now.view)); err == nil {
			f.from.remember(ctx, f.id, now)
		}
	}
	if err != nil {
		return 0, err
	}
	f.enter(now, start, m)
	if now == nil {
		return keepTime, nil
	}
	return now.holds, nil
}

// enter makes a state, which was looked at from start on, the present one and tells the
// followers.
func (f *battleFeed) enter(now *battleState, start time.Time, m *message) {
	f.mu.Lock()
	f.state, f.looked = now, start
	if f.step == 0 || m != nil {
		f.step++
		clear(f.told)
	}
	step := f.step
	close(f.next)
	f.next = make(chan struct{})
	f.mu.Unlock()
	if m != nil {
		f.broadcast(note{step, m})
	}
}

// since returns the number of the present state, and the message that leads there from
// the state base, which a reader has; nil when there is nothing to tell. A reader may
// have a newer state than the feed, because the answer it has is of another process, or
// was made after the feed last looked: to lead it back would be wrong. Then it gets a
// channel that is closed when the feed has looked again, which is when to ask again.
func (f *battleFeed) since(ctx context.Context, who *follower, base string, needed bool) (step int, m *message, later <-chan struct{}) {
	f.catching.Lock() // many come back at once, with the same
	defer f.catching.Unlock()
	f.mu.Lock()
	now, step, m, next := f.state, f.step, f.told[base], f.next
	outdated := f.looked.Before(who.came)
	f.mu.Unlock()
	switch {
	case step == 0:
		return 0, nil, next
	case m != nil:
		return step, m, nil
	case now == nil && !outdated:
		return step, reset(0, resetGone), nil
	case now != nil && (base == now.print.mark || base == "" && !needed):
		return step, nil, nil
	}
	before := f.from.printBy(ctx, base)
	switch {
	case now != nil && before == nil:
		return step, reset(now.seq, resetUnknown), nil
	case outdated || now.view == nil: // of a state that stands, the print was enough until now
		f.look()
		return step, nil, next
	}
	m, err := newMessage(now.seq, "delta", delta(before, now.print, now.view))
	if err != nil {
		return step, reset(now.seq, resetUnknown), nil
	}
	f.from.remember(ctx, f.id, now)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.step == step && len(f.told) < tellAlike {
		f.told[base] = m
	}
	return step, m, nil
}

// reset is the message that a battle must be fetched anew.
func reset(seq int64, reason string) *message {
	return must(newMessage(seq, "reset", BattleReset{reason})) // of two texts
}

// shows tells whether a change of a battle may change this one: it is the battle, or
// has taken its place.
func (f *battleFeed) shows(id int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.id == id || f.state != nil && f.state.print.battle == id
}

func (f *battleFeed) broadcast(n note) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for who := range f.followers {
		select {
		case who.notes <- n:
		default:
			delete(f.followers, who)
			close(who.notes)
		}
	}
}

func (f *battleFeed) dropAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for who := range f.followers {
		delete(f.followers, who)
		close(who.notes)
	}
}
