package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type battleStreamInput struct {
	ID   int64  `path:"id" minimum:"1"`
	Base string `query:"base" maxLength:"13" pattern:"^[0-9a-z]*$" doc:"mark of the state the reader has; what has changed since is told at once"`
	Resumption
}

func (s *Service) registerBattleStream(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "stream-battle", Method: http.MethodGet, Path: "/api/v1/battles/{id}/stream", Tags: []string{"Battles"},
		Summary: "Live changes of a battle",
		Description: "Server-sent events. Fetch the battle, then open the stream with its mark as base. Every delta names the state it applies to: " +
			"a reader of another one opens the stream again with what it has, and after a reset fetches the battle anew. " +
			"At most one delta a second; one that follows later holds all changes since.",
		Errors:    []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses: describeEvents(a, map[string]any{"delta": BattleDelta{}, "reset": BattleReset{}, "heartbeat": Heartbeat{}}),
	}, s.streamBattle)
}

func (s *Service) streamBattle(ctx context.Context, in *battleStreamInput) (*huma.StreamResponse, error) {
	if _, err := s.Store.BattleSummary(ctx, in.ID); err != nil {
		return nil, s.failed(ctx, err, "battle")
	}
	base := in.Base
	after, err := in.after()
	if err == nil && after >= 0 { // Resolve has looked at it
		if told := s.toldBy(ctx, in.ID, after); told != "" {
			base = told
		}
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		r, w := humago.Unwrap(c)
		out, err := openStream(w, r)
		if err != nil {
			return
		}
		defer out.close()
		// An open stream has everything that happens from then on.
		select {
		case <-s.hub.begun:
		case <-ctx.Done():
			return
		}
		s.followBattle(ctx, in.ID, base, after >= 0, out)
	}}, nil
}

// closed is a channel that nobody waits for.
var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// followBattle sends what changes in a battle, beginning with what has changed since
// the state base. A reader that says it had a state is told when it is not known.
func (s *Service) followBattle(ctx context.Context, id int64, base string, had bool, out *eventStream) {
	feed, reader := s.feeds.follow(ctx, id, base)
	defer s.feeds.leave(feed, reader)
	if s.beatOn(out) != nil {
		return
	}
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	step, later := 0, closed // later there is an answer to what has changed
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if s.beatOn(out) != nil {
				return
			}
		case <-later:
			var m *message
			if step, m, later = feed.since(ctx, reader, base, had); m != nil && out.send(m) != nil {
				return
			}
		case n, open := <-reader.notes:
			if !open {
				return // too slow, or shutting down: the reader comes back
			}
			// Until the state is known, and of what it has already, a reader needs no word.
			if n.step != everAfter && (later != nil || n.step <= step) {
				continue
			}
			if out.send(n.message) != nil {
				return
			}
		}
	}
}

func (s *Service) beatOn(out *eventStream) error {
	m, err := s.heartbeat(s.hub.pushed())
	if err != nil {
		return err
	}
	return out.send(m)
}

func (s *Service) heartbeat(p push) (*message, error) {
	return newMessage(0, "heartbeat", Heartbeat{At: s.Now().UTC(), Push: string(p)})
}
