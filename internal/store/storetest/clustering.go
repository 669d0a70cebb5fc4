package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/store"
)

var clusteringTests = []test{
	{"the work list is oldest kill first", workInOrder},
	{"done work leaves the list, other work stays", workDone},
	{"known battles come with all their killmails", knownWhole},
	{"battle ids are fresh and ascend", idsAscend},
}

// work returns the list of work.
func work(t *testing.T, s store.Store) []int64 {
	t.Helper()
	got, err := s.Unclustered(t.Context(), 1000)
	must(t, err)
	return got
}

func workInOrder(t *testing.T, s store.Store) {
	save(t, s, mail(1, 50), mail(2, 20), mail(3, 20))
	save(t, s, mail(4, 0), mail(5, 100))
	same(t, "all", work(t, s), []int64{4, 2, 3, 1, 5})
	first, err := s.Unclustered(t.Context(), 2)
	must(t, err)
	same(t, "first two", first, []int64{4, 2})
}

func workDone(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 2), mail(4, 3)}
	save(t, s, docs...)
	apply(t, s, store.Change{Component: considered(docs...), Done: []int64{2, 4, 999}})
	same(t, "work", work(t, s), []int64{1, 3})
	apply(t, s, store.Change{Component: considered(docs...), Done: []int64{2, 1, 3}})
	same(t, "work", work(t, s), []int64{}, cmpopts.EquateEmpty())
}

func knownWhole(t *testing.T, s store.Store) {
	one := create(t, s, mail(1, 0), mail(2, 10), mail(3, 5))
	two := create(t, s, mail(4, 0), mail(5, 1))
	save(t, s, mail(6, 0))
	same(t, "of a lone killmail", known(t, s, 6, 77), []store.KnownBattle{}, cmpopts.EquateEmpty())
	want := []store.KnownBattle{
		{ID: one, Revision: 1, Digest: fmt.Sprintf("digest of %d with 3", one), Profile: "linked", Version: 1, KillmailIDs: []int64{1, 2, 3}},
		{ID: two, Revision: 1, Digest: fmt.Sprintf("digest of %d with 2", two), Profile: "linked", Version: 1, KillmailIDs: []int64{4, 5}},
	}
	byID := cmpopts.SortSlices(func(a, b store.KnownBattle) bool { return a.ID < b.ID })
	byKillmail := cmpopts.SortSlices(func(a, b int64) bool { return a < b })
	same(t, "of one", known(t, s, 2), want[:1], byKillmail)
	same(t, "of both", known(t, s, 5, 3, 6, 1), want, byID, byKillmail)
}

func idsAscend(t *testing.T, s store.Store) {
	same(t, "of none", len(newIDs(t, s, 0)), 0)
	last := int64(0)
	for _, n := range []int{1, 3, 1, 500} {
		for _, id := range newIDs(t, s, n) {
			if id <= last {
				t.Fatalf("got id %d after %d", id, last)
			}
			last = id
		}
	}
	if last >= 1<<53 {
		t.Errorf("id %d cannot be told exactly in JSON", last)
	}
}
