package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var recentTests = []test{
	{"is newest first, page by page, each once", recentPaged},
	{"filters", recentFilters},
	{"pages stay whole while killmails arrive", recentWhileGrowing},
	{"refuses a foreign cursor", recentCursor},
}

// recent lists killmails through all pages.
func recent(t *testing.T, s store.Store, f store.KillmailFilter, limit int) []int64 {
	t.Helper()
	var got []int64
	p := store.Page{Limit: limit}
	for {
		rows, next, err := s.Recent(t.Context(), f, p)
		must(t, err)
		if len(rows) > limit {
			t.Fatalf("got %d rows, want at most %d", len(rows), limit)
		}
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if next == "" {
			return got
		}
		if len(rows) != limit {
			t.Fatalf("a page of %d rows is not the last one", len(rows))
		}
		p.Cursor = next
	}
}

func recentPaged(t *testing.T, s store.Store) {
	same(t, "of nothing", len(recent(t, s, store.KillmailFilter{}, 3)), 0)
	r := rand.New(rand.NewPCG(1, 2))
	var docs []store.Document
	for id := range int64(60) {
		docs = append(docs, mail(id+1, r.IntN(8))) // many at the same second
	}
	r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	save(t, s, docs...)
	slices.SortFunc(docs, func(a, b store.Document) int {
		if c := b.Killmail.Time.Compare(a.Killmail.Time); c != 0 {
			return c
		}
		return int(b.Killmail.ID - a.Killmail.ID)
	})
	for _, limit := range []int{1, 7, 30, 59, 60, 61, 100} {
		same(t, "list", recent(t, s, store.KillmailFilter{}, limit), ids(docs...))
	}
}

func recentFilters(t *testing.T, s store.Store) {
	save(t, s,
		mail(1, 0, worth(1e6)), mail(2, 10, worth(5e6), in(jita, eve.Highsec)), mail(3, 20, unvalued),
		mail(4, 30, estimated(9e6), in(31_000_001, eve.Wormhole)), mail(5, 40, worth(5e6)))
	for _, c := range []struct {
		name string
		f    store.KillmailFilter
		want []int64
	}{
		{"nothing", store.KillmailFilter{}, []int64{5, 4, 3, 2, 1}},
		{"one space", store.KillmailFilter{Spaces: []eve.Space{eve.Lowsec}}, []int64{5, 3, 1}},
		{"two spaces", store.KillmailFilter{Spaces: []eve.Space{eve.Highsec, eve.Wormhole}}, []int64{4, 2}},
		{"systems", store.KillmailFilter{SystemIDs: []int64{jita, 1}}, []int64{2}},
		{"least value", store.KillmailFilter{MinISK: eve.FromFloat(5e6)}, []int64{5, 4, 2}},
		{"since", store.KillmailFilter{Since: at(20)}, []int64{5, 4, 3}},
		{"until", store.KillmailFilter{Until: at(20)}, []int64{2, 1}},
		{"span", store.KillmailFilter{Since: at(10), Until: at(40)}, []int64{4, 3, 2}},
		{"all at once", store.KillmailFilter{
			Spaces: []eve.Space{eve.Lowsec}, SystemIDs: []int64{tama}, MinISK: 1, Since: at(0), Until: at(40),
		}, []int64{1}},
		{"nothing left", store.KillmailFilter{SystemIDs: []int64{jita}, Spaces: []eve.Space{eve.Lowsec}}, nil},
	} {
		same(t, c.name, recent(t, s, c.f, 2), c.want, cmpopts.EquateEmpty())
	}
}

func recentWhileGrowing(t *testing.T, s store.Store) {
	for id := range int64(10) {
		save(t, s, mail(id+1, int(id)))
	}
	rows, next, err := s.Recent(t.Context(), store.KillmailFilter{}, store.Page{Limit: 4})
	must(t, err)
	got := []int64{}
	for next != "" {
		for _, r := range rows {
			got = append(got, r.ID)
		}
		save(t, s, mail(100+int64(len(got)), 1000+len(got))) // newer than all that are listed
		rows, next, err = s.Recent(t.Context(), store.KillmailFilter{}, store.Page{Limit: 4, Cursor: next})
		must(t, err)
	}
	for _, r := range rows {
		got = append(got, r.ID)
	}
	same(t, "list", got, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})
}

func recentCursor(t *testing.T, s store.Store) {
	create(t, s, mail(1, 0), mail(2, 1))
	create(t, s, mail(3, 0), mail(4, 1))
	_, foreign, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, store.Page{Limit: 1})
	must(t, err)
	for _, cursor := range []string{foreign, "x", "!", "eC4xLjE"} {
		if _, _, err := s.Recent(t.Context(), store.KillmailFilter{}, store.Page{Limit: 1, Cursor: cursor}); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor %q: got %v, want %v", cursor, err, store.ErrCursor)
		}
	}
}
