package storetest

import (
	"errors"
	"testing"

	"github.com/battlescope/battlescope/internal/store"
)

func cursorsListed(t *testing.T, s store.Store) {
	for n, feed := range []string{"repair:20211128", "repair:20211127", "r2z2", "everef:2021-11-28"} {
		_, err := s.Save(t.Context(), store.Batch{Feed: feed, Cursor: int64(n), Now: at(n)})
		must(t, err)
	}
	list := func(prefix string, want ...store.FeedCursor) {
		t.Helper()
		got, err := s.Cursors(t.Context(), prefix)
		must(t, err)
		same(t, "cursors of "+prefix, got, append([]store.FeedCursor{}, want...))
	}
	first := store.FeedCursor{Feed: "repair:20211127", Sequence: 1, At: at(1)}
	list("repair:", first, store.FeedCursor{Feed: "repair:20211128", Sequence: 0, At: at(0)})
	list("history:")
	must(t, s.DropCursor(t.Context(), "repair:20211128"))
	must(t, s.DropCursor(t.Context(), "repair:20211128")) // gone already
	list("repair:", first)
	if _, _, err := s.Cursor(t.Context(), "repair:20211128"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("dropped cursor: got %v, want not found", err)
	}
	list("r2z2", store.FeedCursor{Feed: "r2z2", Sequence: 2, At: at(2)})
}
