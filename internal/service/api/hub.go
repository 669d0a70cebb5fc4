package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// hub reads new events once for all streams of this process and hands them out.
//
// A stream that does not keep up is dropped: its channel is closed, the browser
// reconnects with the id of its last event and gets the rest from the store.
type hub struct {
	store Store
	views views
	log   *slog.Logger

	mu      sync.Mutex
	streams map[*stream]struct{}
	ended   bool // whoever comes now is dropped at once
}

// frame is one event ready to be sent.
type frame struct {
	seq      int64
	killmail *KillmailItem
	space    eve.Space
	battle   *BattleEvent
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
)

func newHub(s Store, v views, log *slog.Logger) *hub {
	return &hub{store: s, views: v, log: log, streams: make(map[*stream]struct{})}
}

// run hands out events made after it started until ctx ends.
func (h *hub) run(ctx context.Context, signals <-chan struct{}) error {
	defer h.dropAll()
	tick := time.NewTicker(sweep)
	defer tick.Stop()
	_, last, err := h.store.EventRange(ctx)
	started := err == nil
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-signals:
		case <-tick.C:
		}
		if !started { // the store did not answer at first
			if _, last, err = h.store.EventRange(ctx); err != nil {
				h.log.WarnContext(ctx, "live streams wait for the store", "error", err)
				continue
			}
			started = true
		}
		if last, err = h.catchUp(ctx, last); err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "live streams are behind", "error", err)
		}
	}
}

// catchUp hands out everything after last and returns the new last.
func (h *hub) catchUp(ctx context.Context, last int64) (int64, error) {
	for {
		frames, err := h.framesAfter(ctx, last)
		if err != nil || len(frames) == 0 {
			return last, err
		}
		h.broadcast(frames)
		last = frames[len(frames)-1].seq
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
	for s := range h.streams {
		delete(h.streams, s)
		close(s.frames)
	}
}
