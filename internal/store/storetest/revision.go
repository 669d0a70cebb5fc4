package storetest

import (
	"errors"
	"testing"

	"github.com/battlescope/battlescope/internal/store"
)

func revisionOfBattle(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	id := create(t, s, docs...)
	n, err := s.BattleRevision(t.Context(), id)
	must(t, err)
	same(t, "first revision", n, 1)
	must(t, s.Apply(t.Context(), store.Change{Basis: known(t, s, 1), Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}, Now: at(1)}))
	n, err = s.BattleRevision(t.Context(), id)
	must(t, err)
	same(t, "second revision", n, 2)
	if _, err := s.BattleRevision(t.Context(), id+1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown battle: got %v, want %v", err, store.ErrNotFound)
	}
}
