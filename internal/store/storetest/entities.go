package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

var entityTests = []test{
	{"everybody on a new killmail waits for a name, players' entities only", entitiesMet},
	{"names and tickers are filled in", entitiesNamed},
	{"what cannot be resolved is asked for later or never", entitiesPostponed},
	{"what is claimed is nobody else's until then", entitiesClaimed},
	{"those who claim at once get different ones", entitiesClaimedOnce},
}

// unresolved lists the ids that lack something.
func unresolved(t *testing.T, s store.Store, missing store.EntityState, second int) []int64 {
	t.Helper()
	got, err := s.Unresolved(t.Context(), missing, at(second), 1000)
	must(t, err)
	out := []int64{}
	for _, u := range got {
		out = append(out, u.ID)
	}
	return sorted(out)
}

func entitiesMet(t *testing.T, s store.Store) {
	d := mail(1, 0)
	d.Killmail.Attackers = append(d.Killmail.Attackers, killmail.Attacker{
		Party: killmail.Party{CharacterID: 3_000_001, CorporationID: 1_000_125, FactionID: 500_010}, // run by CCP
	})
	save(t, s, d)
	save(t, s, d, mail(2, 0))
	got, err := s.Unresolved(t.Context(), store.EntityUnnamed, at(0), 1000)
	must(t, err)
	want := []store.Unresolved{}
	for _, p := range []killmail.Party{pilot(1, 1), pilot(2, 1)} {
		want = append(want, store.Unresolved{Entity: eve.Entity{Type: eve.Character, ID: p.CharacterID}},
			store.Unresolved{Entity: eve.Entity{Type: eve.Corporation, ID: p.CorporationID}},
			store.Unresolved{Entity: eve.Entity{Type: eve.Alliance, ID: p.AllianceID}})
	}
	want = append(want, store.Unresolved{Entity: eve.Entity{Type: eve.Character, ID: pilot(1, 2).CharacterID}})
	same(t, "without a name", got, want, cmpopts.SortSlices(func(a, b store.Unresolved) bool { return a.ID < b.ID }))
	part, err := s.Unresolved(t.Context(), store.EntityUnnamed, at(0), 2)
	must(t, err)
	same(t, "limited", len(part), 2)
}

func entitiesNamed(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0))
	who, corp := pilot(1, 1).CharacterID, pilot(1, 1).CorporationID
	must(t, s.SaveNames(t.Context(), []store.NamedEntity{
		{ID: who, Name: store.Name{Name: "Zoë O'Kill \"42\""}, State: store.EntityResolved},
		{ID: corp, Name: store.Name{Name: "Corp"}, State: store.EntityNamed},
	}, at(10)))
	names := func(want map[int64]store.Name) {
		t.Helper()
		got, err := s.Names(t.Context(), []int64{who, corp, pilot(2, 1).CharacterID, 5})
		must(t, err)
		same(t, "names", got, want)
	}
	names(map[int64]store.Name{who: {Name: "Zoë O'Kill \"42\""}, corp: {Name: "Corp"}})
	same(t, "without a ticker", unresolved(t, s, store.EntityNamed, 10), []int64{corp})
	if left := unresolved(t, s, store.EntityUnnamed, 10); slices.Contains(left, who) || slices.Contains(left, corp) || len(left) != 5 {
		t.Errorf("without a name: got %v, want the other five", left)
	}
	must(t, s.SaveNames(t.Context(), []store.NamedEntity{{ID: corp, Name: store.Name{Name: "Corp", Ticker: "C.O"}, State: store.EntityResolved}}, at(20)))
	names(map[int64]store.Name{who: {Name: "Zoë O'Kill \"42\""}, corp: {Name: "Corp", Ticker: "C.O"}})
	same(t, "without a ticker", unresolved(t, s, store.EntityNamed, 20), []int64{})
	save(t, s, mail(2, 5)) // meets them again
	names(map[int64]store.Name{who: {Name: "Zoë O'Kill \"42\""}, corp: {Name: "Corp", Ticker: "C.O"}})
	none, err := s.Names(t.Context(), nil)
	must(t, err)
	same(t, "of no ids", len(none), 0)
	many := make([]int64, 3000)
	for i := range many {
		many[i] = int64(i)
	}
	many[2999] = who
	got, err := s.Names(t.Context(), many)
	must(t, err)
	same(t, "of thousands", len(got), 1)
}

func entitiesPostponed(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0))
	later, never := pilot(1, 1).CharacterID, pilot(1, 2).CharacterID
	must(t, s.Postpone(t.Context(), []store.Postponed{
		{ID: later, State: store.EntityUnnamed, Due: at(0).Add(time.Hour)}, {ID: never, State: store.EntityUnknown},
	}, at(1)))
	if due := unresolved(t, s, store.EntityUnnamed, 3599); slices.Contains(due, later) || slices.Contains(due, never) || len(due) != 5 {
		t.Errorf("due before the hour is over: got %v, want neither %d nor %d", due, later, never)
	}
	got, err := s.Unresolved(t.Context(), store.EntityUnnamed, at(3600), 1000)
	must(t, err)
	i := slices.IndexFunc(got, func(u store.Unresolved) bool { return u.ID == later })
	if i < 0 || got[i].Attempts != 1 {
		t.Errorf("due after the hour: got %+v, want %d with one attempt", got, later)
	}
	if _, err := s.Unresolved(t.Context(), store.EntityResolved, at(0), 1); err == nil {
		t.Error("a state in which nothing is missing was accepted")
	}
}

// claim lists the ids that a claim gets.
func claim(t *testing.T, s store.Store, missing store.EntityState, second, until, limit int) []int64 {
	t.Helper()
	got, err := s.ClaimUnresolved(t.Context(), missing, at(second), at(until), limit)
	must(t, err)
	out := []int64{}
	for _, u := range got {
		out = append(out, u.ID)
	}
	return sorted(out)
}

func entitiesClaimed(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0))
	all := unresolved(t, s, store.EntityUnnamed, 0)
	first := claim(t, s, store.EntityUnnamed, 0, 300, 3)
	same(t, "limited", len(first), 3)
	rest := claim(t, s, store.EntityUnnamed, 0, 300, 100)
	same(t, "both claims", sorted(slices.Concat(first, rest)), all)
	same(t, "claimed", claim(t, s, store.EntityUnnamed, 299, 600, 100), []int64{})
	must(t, s.GiveUp(t.Context(), first[:1], at(20)))
	same(t, "given up", claim(t, s, store.EntityUnnamed, 20, 300, 100), first[:1])
	same(t, "those who had them died", claim(t, s, store.EntityUnnamed, 300, 600, 100), all)

	corp := pilot(1, 1).CorporationID
	must(t, s.SaveNames(t.Context(), []store.NamedEntity{{ID: corp, Name: store.Name{Name: "Corp"}, State: store.EntityNamed}}, at(400)))
	must(t, s.GiveUp(t.Context(), []int64{corp}, at(410)))
	same(t, "without a ticker", claim(t, s, store.EntityNamed, 410, 500, 100), []int64{corp})
	same(t, "again", claim(t, s, store.EntityNamed, 420, 500, 100), []int64{})
	must(t, s.SaveNames(t.Context(), []store.NamedEntity{{ID: corp, Name: store.Name{Name: "Corp", Ticker: "C"}, State: store.EntityResolved}}, at(430)))
	must(t, s.GiveUp(t.Context(), []int64{corp}, at(0)))
	same(t, "resolved", claim(t, s, store.EntityNamed, 9999, 10000, 100), []int64{})
	if _, err := s.ClaimUnresolved(t.Context(), store.EntityResolved, at(0), at(1), 1); err == nil {
		t.Error("a state in which nothing is missing was accepted")
	}
}

func entitiesClaimedOnce(t *testing.T, s store.Store) {
	d := mail(1, 0)
	for n := range int64(300) {
		d.Killmail.Attackers = append(d.Killmail.Attackers, killmail.Attacker{Party: killmail.Party{CharacterID: 91_000_000 + n}})
	}
	save(t, s, d)
	all := unresolved(t, s, store.EntityUnnamed, 0)
	var mu sync.Mutex
	var got []int64
	var g errgroup.Group
	for range 6 {
		g.Go(func() error {
			for {
				list, err := s.ClaimUnresolved(t.Context(), store.EntityUnnamed, at(0), at(300), 11)
				if err != nil || len(list) == 0 {
					return err
				}
				mu.Lock()
				for _, u := range list {
					got = append(got, u.ID)
				}
				mu.Unlock()
			}
		})
	}
	must(t, g.Wait())
	same(t, "claimed by all together, each once", sorted(got), all)
}
