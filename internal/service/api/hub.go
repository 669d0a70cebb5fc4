package api

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// hub reads new events once for all streams of this process and hands them out.
//
// A stream that does not keep up is dropped: its channel is closed, the browser
// reconnects with the id of its last event and gets the rest from the store.
type hub struct {
	store Store
	bus   bus.Bus
	views views
	feeds *battleFeeds // are told which battles have changed
	log   *slog.Logger

	newest atomic.Int64  // number of the newest event known, unheard before begun
	begun  chan struct{} // closed when new events are handed out, or never will be

	mu      sync.Mutex
	streams map[*stream]struct{}
	push    push // as the streams were told
	ended   bool // whoever comes now is dropped at once
}

// push is how the hub learns of new events: at once, or by looking for them.
type push string

const (
	pushLive    push = "live"
	pushPolling push = "polling"
)

// unheard is no number of an event: the store has not told yet.
const unheard = -1

// frame is one event ready to be sent.
type frame struct {
	seq      int64
	killmail *KillmailItem
	space    eve.Space
	battle   *BattleEvent
	push     push // not "": the way of new events has changed
}

// stream is one reader.
type stream struct{ frames chan frame }

const (
	// streamBuffer is how far a reader may lag before it is dropped.
	streamBuffer = 256
	// readAhead is how many events are read from the store at once.
	readAhead = 200
	// sweep finds events whose signal was lost.
	sweep = 2 * time.Second
	// poll finds events while there are no signals.
	poll = time.Second
)

func newHub(s Store, b bus.Bus, v views, feeds *battleFeeds, log *slog.Logger) *hub {
	h := &hub{store: s, bus: b, views: v, feeds: feeds, log: log, begun: make(chan struct{}), streams: make(map[*stream]struct{}), push: pushLive}
	h.newest.Store(unheard)
	return h
}

// run hands out events made after it started until ctx ends.
func (h *hub) run(ctx context.Context, signals <-chan struct{}) error {
	defer h.dropAll()
	h.begin(ctx)
	timer := time.NewTimer(sweep)
	defer timer.Stop()
	for {
		pause := sweep
		if h.lookAtBus(ctx) == pushPolling {
			pause = poll
		}
		timer.Reset(pause)
		select {
		case <-ctx.Done():
			return nil
		case <-signals:
		case <-timer.C:
		}
		if !h.begin(ctx) {
			continue
		}
		if err := h.catchUp(ctx); err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "live streams are behind", "error", err)
		}
	}
}

// begin finds out where the log of events ends, if that is not known yet, and reports
// whether it is now.
func (h *hub) begin(ctx context.Context) bool {
	if h.newest.Load() != unheard {
		return true
	}
	_, newest, err := h.store.EventRange(ctx)
	if err != nil {
		h.log.WarnContext(ctx, "live streams wait for the store", "error", err)
		return false
	}
	h.newest.Store(newest)
	close(h.begun)
	return true
}

// lookAtBus returns how events come in, and tells the streams when that has changed.
func (h *hub) lookAtBus(ctx context.Context) push {
	now := pushLive
	if h.bus.Ready(ctx) != nil {
		now = pushPolling
	}
	h.mu.Lock()
	changed := h.push != now
	h.push = now
	h.mu.Unlock()
	if changed {
		h.broadcast([]frame{{push: now}})
		h.feeds.pushChanged(now)
	}
	return now
}

// pushed returns how events come in.
func (h *hub) pushed() push {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.push
}

// catchUp hands out everything after the newest event known.
func (h *hub) catchUp(ctx context.Context) error {
	for {
		frames, err := h.framesAfter(ctx, h.newest.Load())
		if err != nil || len(frames) == 0 {
			return err
		}
		// First, because who hears of an event may ask for a list at once, and must not
		// get one that was kept from before it.
		h.newest.Store(frames[len(frames)-1].seq)
		h.broadcast(frames)
		for _, f := range frames {
			if f.battle != nil {
				h.feeds.changed(f.battle.ID)
			}
		}
	}
}

// framesAfter reads the next events from the store and renders them.
func (h *hub) framesAfter(ctx context.Context, seq int64) ([]frame, error) {
	events, err := h.store.EventsAfter(ctx, seq, readAhead)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, e := range events {
		if e.Topic == store.TopicKillmail {
			ids = append(ids, e.Subject)
		}
	}
	rows, err := h.store.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID, named := make(map[int64]*store.KillmailRow, len(rows)), make(idSet)
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
		named.killmail(&rows[i])
	}
	v, err := h.views.named(ctx, h.store, named)
	if err != nil {
		return nil, err
	}
	frames := make([]frame, 0, len(events))
	for _, e := range events {
		f := frame{seq: e.Seq}
		switch e.Topic {
		case store.TopicKillmail:
			if row := byID[e.Subject]; row != nil {
				item := v.killmailItem(row)
				f.killmail, f.space = &item, eve.Space(item.System.SecurityBand)
			}
		case store.TopicBattle:
			if f.battle, err = h.battleEvent(ctx, e); err != nil {
				return nil, err
			}
		default: // of a newer version on the same database: nothing to show, and nothing to stop for
		}
		frames = append(frames, f)
	}
	return frames, nil
}

func (h *hub) broadcast(frames []frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		for _, f := range frames {
			select {
			case s.frames <- f:
				continue
			default:
			}
			delete(h.streams, s)
			close(s.frames)
			break
		}
	}
}

func (h *hub) subscribe() *stream {
	s := &stream{frames: make(chan frame, streamBuffer)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		close(s.frames)
		return s
	}
	h.streams[s] = struct{}{}
	return s
}

func (h *hub) unsubscribe(s *stream) {
	h.mu.Lock()
	delete(h.streams, s)
	h.mu.Unlock()
}

// dropAll ends every stream, so that a server can shut down.
func (h *hub) dropAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	if h.newest.Load() == unheard {
		close(h.begun)
	}
	for s := range h.streams {
		delete(h.streams, s)
		close(s.frames)
	}
	h.feeds.end()
}
