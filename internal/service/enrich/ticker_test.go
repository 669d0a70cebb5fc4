package enrich_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/store"
)

// limited is an ESI that may not be asked for tickers now.
type limited struct{ enrich.ESI }

func (limited) Alliance(context.Context, int64) (esi.Organisation, error) {
	return esi.Organisation{}, &esi.LaterError{Path: "/alliances", After: time.Minute}
}

func (l limited) Corporation(ctx context.Context, id int64) (esi.Organisation, error) {
	return l.Alliance(ctx, id)
}

// TestTickerNotAsked counts no attempt for what ESI was not asked, however often, and
// leaves it due.
func TestTickerNotAsked(t *testing.T) {
	names, _ := pilots(2)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.kill(1, firstPilot, firstPilot+1)
		service := s.service()
		service.ESI = limited{service.ESI}
		for range 3 {
			later := (*esi.LaterError)(nil)
			if _, err := service.Step(t.Context()); !errors.As(err, &later) {
				t.Fatalf("got %v, want it to say later", err)
			}
			time.Sleep(time.Minute)
		}
		missing, err := s.store.Unresolved(t.Context(), store.EntityNamed, time.Now(), 10)
		if err != nil || len(missing) != 2 {
			t.Fatalf("%d tickers are due, %v, want 2", len(missing), err)
		}
		for _, m := range missing {
			if m.Attempts != 0 {
				t.Errorf("%s %d: %d attempts, want none", m.Type, m.ID, m.Attempts)
			}
		}
	})
}
