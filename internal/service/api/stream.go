package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// heartbeatEvery keeps proxies from closing a quiet stream.
const heartbeatEvery = 30 * time.Second

// BattleEvent says that a battle is new, has changed, or has gone into another one.
type BattleEvent struct {
	ID      int64       `json:"id"`
	MovedTo *int64      `json:"moved_to" doc:"id of the battle that took its place"`
	Battle  *BattleItem `json:"battle" doc:"null when its killmails stand alone now"`
}

// Heartbeat says that the stream is alive. One comes at once when push changes.
type Heartbeat struct {
	At   time.Time `json:"at"`
	Push string    `json:"push" enum:"live,polling" doc:"polling: signals between the processes of the server are interrupted, events come about a second later"`
}

type streamInput struct {
	KillmailFilter
	Resumption
}

// Resumption is how a stream is taken up again.
type Resumption struct {
	LastEventID string `header:"Last-Event-ID" doc:"sent by browsers on reconnect: resume after this event"`
	After       string `query:"last_event_id" doc:"the same, for a first connection" maxLength:"20"`
}

// Resolve implements huma.Resolver.
func (in *Resumption) Resolve(huma.Context) []error {
	if _, err := in.after(); err != nil {
		return []error{&huma.ErrorDetail{Message: "is not an event id of this stream", Location: "header.Last-Event-ID", Value: in.LastEventID + in.After}}
	}
	return nil
}

// after returns the event to resume after, or -1 to start with what comes.
func (in *Resumption) after() (int64, error) {
	id := in.LastEventID
	if id == "" {
		id = in.After
	}
	if id == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err == nil && n < 0 {
		err = strconv.ErrRange
	}
	return n, err
}

func (s *Service) registerStream(a huma.API) {
	sse.Register(a, huma.Operation{
		OperationID: "stream-killmails", Method: http.MethodGet, Path: "/api/v1/killmails/stream", Tags: []string{"Killmails"},
		Summary: "Live killmails and battles",
		Description: "Server-sent events. Filters apply to killmails; battle events come for every battle. " +
			"Event ids resume a broken stream within 24 hours.",
	}, map[string]any{"killmail": KillmailItem{}, "battle": BattleEvent{}, "heartbeat": Heartbeat{}}, s.streamKillmails)
}

func (s *Service) streamKillmails(ctx context.Context, in *streamInput, send sse.Sender) {
	live := s.hub.subscribe()
	defer s.hub.unsubscribe(live)
	// An open stream has everything that happens from then on.
	select {
	case <-s.hub.begun:
	case <-ctx.Done():
		return
	}
	after, err := s.resumed(ctx, in)
	if err != nil || s.beat(send, s.hub.pushed()) != nil { // which opens the stream at once
		return
	}
	wanted := in.matcher()
	sent, err := s.replay(ctx, after, wanted, send)
	if err != nil {
		return
	}
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if s.beat(send, s.hub.pushed()) != nil {
				return
			}
		case f, open := <-live.frames:
			if !open {
				return // too slow, or shutting down: the browser comes back
			}
			if f.push != "" {
				if s.beat(send, f.push) != nil {
					return
				}
				continue
			}
			if f.seq <= sent {
				continue // was replayed
			}
			if sendFrame(f, wanted, send) != nil {
				return
			}
		}
	}
}

func (s *Service) beat(send sse.Sender, p push) error {
	return send.Data(Heartbeat{At: s.Now().UTC(), Push: string(p)})
}

// resumed returns the event to resume after, or -1 to start with what comes.
func (s *Service) resumed(ctx context.Context, in *streamInput) (int64, error) {
	after, err := in.after()
	if err != nil || after < 0 {
		return after, err
	}
	_, newest, err := s.Store.EventRange(ctx)
	return min(after, newest), err // an id of another data folder: begin with what comes
}

// replay sends the stored events after seq and returns the last one sent.
func (s *Service) replay(ctx context.Context, seq int64, wanted func(*frame) bool, send sse.Sender) (int64, error) {
	if seq < 0 {
		return seq, nil
	}
	for {
		frames, err := s.hub.framesAfter(ctx, seq)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.WarnContext(ctx, "replay of a stream", "error", err, "request_id", requestID(ctx))
			}
			return seq, err
		}
		if len(frames) == 0 {
			return seq, nil
		}
		for _, f := range frames {
			if err := sendFrame(f, wanted, send); err != nil {
				return seq, err
			}
			seq = f.seq
		}
	}
}

func sendFrame(f frame, wanted func(*frame) bool, send sse.Sender) error {
	switch {
	case f.battle != nil:
		return send(sse.Message{ID: int(f.seq), Data: *f.battle})
	case f.killmail != nil && wanted(&f):
		return send(sse.Message{ID: int(f.seq), Data: *f.killmail})
	}
	return nil
}

// matcher returns the test that the filter makes of killmails.
func (f *KillmailFilter) matcher() func(*frame) bool {
	bands := spaces(f.SpaceType, f.Security)
	return func(fr *frame) bool {
		k := fr.killmail
		return (len(bands) == 0 || slices.Contains(bands, fr.space)) &&
			(len(f.SystemID) == 0 || slices.Contains(f.SystemID, k.System.ID)) &&
			(f.MinISK <= 0 || k.ISK != nil && eve.FromFloat(*k.ISK) >= f.MinISK.isk())
	}
}

func (h *hub) battleEvent(ctx context.Context, e store.Event) (*BattleEvent, error) {
	out := &BattleEvent{ID: e.Subject}
	row, err := h.store.BattleSummary(ctx, e.Subject)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	ids := make(idSet)
	ids.battle(row, listedMembers)
	v, err := h.views.named(ctx, h.store, ids)
	if err != nil {
		return nil, err
	}
	item := v.battleItem(row)
	out.Battle = &item
	if row.ID != e.Subject {
		out.MovedTo = &row.ID
	}
	return out, nil
}
