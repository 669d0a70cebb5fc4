package api

import (
	"context"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
)

// battleState is a stored battle as it stood at some moment.
type battleState struct {
	view  *BattleView // nil where the print was enough
	print *battlePrint
	seq   int64         // every event up to this one is in it
	holds time.Duration // how long it stays true without an event; see views.holds
}

// state reads a stored battle as it stands, whole and marked.
func (s *Service) state(ctx context.Context, id int64) (*battleState, error) {
	seq := s.hub.newest.Load() // first, so that what comes meanwhile is read again rather than never
	d, err := s.Store.Battle(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := make(idSet)
	ids.detail(d)
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return nil, err
	}
	view := v.battle(d)
	print, err := printOf(&view)
	if err != nil {
		return nil, err
	}
	view.Mark = print.mark
	holds := v.holds(ids)
	print.lasting = holds >= keepTime && view.Status == string(battle.Settled)
	s.keep(ctx, printKey(print.mark), print.bytes(), printTime)
	return &battleState{view: &view, print: print, seq: seq, holds: holds}, nil
}

// stands implements battleStates.
func (s *Service) stands(ctx context.Context, p *battlePrint) bool {
	if !p.lasting {
		return false
	}
	revision, err := s.Store.BattleRevision(ctx, p.battle)
	return err == nil && revision == p.revision()
}

// printBy returns the print with a mark, or nil when it is not kept any more.
func (s *Service) printBy(ctx context.Context, mark string) *battlePrint {
	kept := s.recall(ctx, printKey(mark))
	if kept == nil {
		return nil
	}
	p, err := parsePrint(mark, kept)
	if err != nil {
		return nil // of another version of the software; as good as none
	}
	return p
}

// noState is a mark that no state has.
const noState = "-"

// remember implements battleStates. Several states can hold the same newest event, since
// names make none and another process may have looked earlier: then the event does not
// tell which of them a reader has.
func (s *Service) remember(ctx context.Context, id int64, told *battleState) {
	key, mark := toldKey(id, told.seq), told.print.mark
	if before := s.recall(ctx, key); before != nil && string(before) != mark {
		mark = noState
	}
	s.keep(ctx, key, []byte(mark), printTime)
}

// toldBy returns the mark of the state that an event of the stream of a battle led to;
// "" when that is not known any more, noState when it led to several.
func (s *Service) toldBy(ctx context.Context, id, seq int64) string {
	return string(s.recall(ctx, toldKey(id, seq)))
}

func toldKey(id, seq int64) string { return fmt.Sprintf("told:%d:%d", id, seq) }
func printKey(mark string) string  { return "print:" + mark }
