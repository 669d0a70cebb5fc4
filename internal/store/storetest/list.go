package storetest

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var listTests = []test{
	{"every order, forwards and backwards, page by page, each once", listOrders},
	{"every filter", listFilters},
	{"rows carry systems, sides and hulls", listRowsWhole},
	{"of those who are in very many", listOfMany},
	{"refuses a foreign cursor and an unknown order", listCursor},
}

// list lists battles through all pages.
func list(t *testing.T, s store.Store, f store.BattleFilter, limit int) []int64 {
	t.Helper()
	var got []int64
	p := store.Page{Limit: limit}
	for {
		rows, next, err := s.Battles(t.Context(), f, p)
		must(t, err)
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if next == "" {
			return got
		}
		if len(rows) != limit {
			t.Fatalf("a page of %d rows is not the last one, the limit is %d", len(rows), limit)
		}
		p.Cursor = next
	}
}

// fill writes n battles of two kills each, with figures that often tie.
func fill(t *testing.T, s store.Store, n int) []store.BattleRow {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	var c store.Change
	for i, id := range newIDs(t, s, n) {
		start := r.IntN(5) * 100
		docs := []store.Document{mail(int64(2*i+1), start), mail(int64(2*i+2), start+r.IntN(4)*10)}
		save(t, s, docs...)
		b := fight(docs...)
		b.PilotCount = r.IntN(3)
		b.ISKDestroyed = eve.ISK(r.IntN(3)) * 1e15
		c.Component = append(c.Component, considered(docs...)...)
		c.Put = append(c.Put, put(id, b))
	}
	apply(t, s, c)
	rows, _, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, store.Page{Limit: n})
	must(t, err)
	same(t, "battles", len(rows), n)
	return rows
}

func listOrders(t *testing.T, s store.Store) {
	rows := fill(t, s, 40)
	for order, key := range map[store.BattleOrder]func(store.BattleRow) int64{
		store.OrderStarted:  func(r store.BattleRow) int64 { return r.Start.UnixMilli() },
		store.OrderISK:      func(r store.BattleRow) int64 { return int64(r.ISKDestroyed) },
		store.OrderKills:    func(r store.BattleRow) int64 { return int64(r.Kills) },
		store.OrderPilots:   func(r store.BattleRow) int64 { return int64(r.Pilots) },
		store.OrderDuration: func(r store.BattleRow) int64 { return r.End.Sub(r.Start).Milliseconds() },
	} {
		slices.SortFunc(rows, func(a, b store.BattleRow) int { return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.ID, b.ID)) })
		want := make([]int64, len(rows))
		for i, r := range rows {
			want[i] = r.ID
		}
		for _, limit := range []int{1, 7, 39, 40, 100} {
			same(t, string(order), list(t, s, store.BattleFilter{Order: order}, limit), want)
		}
		slices.Reverse(want)
		for _, limit := range []int{1, 7, 100} {
			same(t, "-"+string(order), list(t, s, store.BattleFilter{Order: order, Descending: true}, limit), want)
		}
	}
	same(t, "a page of a filtered list", list(t, s, store.BattleFilter{Order: store.OrderStarted, SystemIDs: []int64{tama}}, 7),
		list(t, s, store.BattleFilter{Order: store.OrderStarted}, 100))
}

// listOfMany asks for the battles of somebody who is in thousands, which stores may
// find in another way than those of others, alone and along with somebody who is in few.
func listOfMany(t *testing.T, s store.Store) {
	const battles, page = 3300, 500
	r := rand.New(rand.NewPCG(3, 3))
	docs := make([]store.Document, battles)
	for i := range docs {
		docs[i] = mail(int64(i+1), r.IntN(battles/2))
		if i%100 == 0 {
			docs[i].Killmail.SystemID = jita
		}
	}
	save(t, s, docs...)
	var c store.Change
	var all, inJita []int64
	at := make(map[int64]time.Time)
	for i, id := range newIDs(t, s, battles) {
		c.Put = append(c.Put, put(id, fight(docs[i])))
		at[id] = docs[i].Killmail.Time
		all = append(all, id)
		if i%100 == 0 {
			inJita = append(inJita, id)
		}
	}
	apply(t, s, c)
	order := func(a, b int64) int { return cmp.Or(at[a].Compare(at[b]), cmp.Compare(a, b)) }
	slices.SortFunc(all, order)
	slices.SortFunc(inJita, order)
	of := store.BattleFilter{Order: store.OrderStarted, AllianceIDs: []int64{99_000_001}, ShipTypeIDs: []int64{cruiser}}
	same(t, "of an alliance", list(t, s, of, page), all)
	half := of
	half.Since = at[all[battles/2]]
	same(t, "since", list(t, s, half, page), all[slices.IndexFunc(all, func(id int64) bool { return !at[id].Before(half.Since) }):])
	of.Descending = true
	slices.Reverse(all)
	same(t, "backwards", list(t, s, of, page), all)
	of.SystemIDs, of.Descending = []int64{jita}, false
	same(t, "in a system", list(t, s, of, 10), inJita)
	of.AllianceIDs = []int64{5}
	same(t, "of nobody", len(list(t, s, of, page)), 0)
}

func listFilters(t *testing.T, s store.Store) {
	// Three battles that differ in everything a filter asks for.
	var id [4]int64
	copy(id[1:], newIDs(t, s, 3))
	docs := [4][]store.Document{
		1: {mail(1, 0), mail(2, 60)},
		2: {mail(3, 1000, in(jita, eve.Highsec)), mail(4, 1010, in(jita, eve.Highsec)), mail(5, 1010, in(30_000_144, eve.Highsec))},
		3: {mail(6, 2000, in(31_000_005, eve.Wormhole)), mail(7, 2600, in(31_000_005, eve.Wormhole))},
	}
	kinds := [4]battle.Kind{1: battle.KindBattle, battle.KindGank, battle.KindSkirmish}
	spaces := [4]eve.Space{1: eve.Lowsec, eve.Highsec, eve.Wormhole}
	var c store.Change
	for i := 1; i <= 3; i++ {
		save(t, s, docs[i]...)
		b := fight(docs[i]...)
		n := int64(i)
		b.Kind, b.PilotCount, b.ISKDestroyed = kinds[i], 10*i, eve.FromFloat(float64(i)*1e9)
		for j := range b.Pilots {
			p := &b.Pilots[j]
			p.CharacterID, p.CorporationID, p.AllianceID = p.CharacterID+10*n, p.CorporationID+10*n, p.AllianceID+10*n
		}
		b.Hulls[0].ShipTypeID, b.Hulls[1].ShipTypeID = 100*n, 100*n+1
		p := put(id[i], b)
		p.Space, p.ConstellationID, p.RegionID = spaces[i], 20_000_000+n, 10_000_000+n
		c.Component = append(c.Component, considered(docs[i]...)...)
		c.Put = append(c.Put, p)
	}
	apply(t, s, c)

	n := func(v int64) *int64 { return &v }
	minute, none := time.Minute.Milliseconds(), []int64(nil)
	for _, f := range []struct {
		name   string
		filter store.BattleFilter
		want   []int64
	}{
		{"nothing", store.BattleFilter{}, id[1:]},
		{"kind", store.BattleFilter{Kinds: []battle.Kind{battle.KindGank}}, id[2:3]},
		{"kinds", store.BattleFilter{Kinds: []battle.Kind{battle.KindBattle, battle.KindGank, battle.KindNPC}}, id[1:3]},
		{"space", store.BattleFilter{Spaces: []eve.Space{eve.Wormhole}}, id[3:]},
		{"system", store.BattleFilter{SystemIDs: []int64{tama}}, id[1:2]},
		{"second system of a battle", store.BattleFilter{SystemIDs: []int64{30_000_144}}, id[2:3]},
		{"systems", store.BattleFilter{SystemIDs: []int64{tama, jita, 30_000_144}}, id[1:3]},
		{"constellation", store.BattleFilter{ConstellationIDs: []int64{20_000_002}}, id[2:3]},
		{"region", store.BattleFilter{RegionIDs: []int64{10_000_001, 10_000_003}}, []int64{id[1], id[3]}},
		{"alliance", store.BattleFilter{AllianceIDs: []int64{99_000_012}}, id[1:2]},
		{"alliance elsewhere", store.BattleFilter{AllianceIDs: []int64{99_000_002}}, none},
		{"corporation", store.BattleFilter{CorporationIDs: []int64{98_000_021}}, id[2:3]},
		{"character", store.BattleFilter{CharacterIDs: []int64{pilot(1, 1).CharacterID + 30}}, id[3:]},
		{"hull fielded", store.BattleFilter{ShipTypeIDs: []int64{200}}, id[2:3]},
		{"hull lost", store.BattleFilter{ShipTypeIDs: []int64{301, 5}}, id[3:]},
		{"least kills", store.BattleFilter{Kills: store.Range{Min: n(3)}}, id[2:3]},
		{"most kills", store.BattleFilter{Kills: store.Range{Max: n(2)}}, []int64{id[1], id[3]}},
		{"pilots", store.BattleFilter{Pilots: store.Range{Min: n(11), Max: n(20)}}, id[2:3]},
		{"isk", store.BattleFilter{ISK: store.Range{Min: n(2e11)}}, id[2:]},
		{"most isk", store.BattleFilter{ISK: store.Range{Max: n(2e11)}}, id[1:3]},
		{"duration", store.BattleFilter{Duration: store.Range{Min: n(minute)}}, []int64{id[1], id[3]}},
		{"shortest", store.BattleFilter{Duration: store.Range{Max: n(minute - 1)}}, id[2:3]},
		{"since", store.BattleFilter{Since: at(1000)}, id[2:]},
		{"until", store.BattleFilter{Until: at(1000)}, id[1:2]},
		{"two at once", store.BattleFilter{Spaces: []eve.Space{eve.Lowsec, eve.Highsec}, ISK: store.Range{Min: n(2e11)}}, id[2:3]},
		{"all at once", store.BattleFilter{
			Kinds: []battle.Kind{battle.KindGank}, Spaces: []eve.Space{eve.Highsec}, SystemIDs: []int64{jita},
			ConstellationIDs: []int64{20_000_002}, RegionIDs: []int64{10_000_002}, AllianceIDs: []int64{99_000_021},
			CorporationIDs: []int64{98_000_022}, CharacterIDs: []int64{pilot(2, 1).CharacterID + 20}, ShipTypeIDs: []int64{201},
			Kills: store.Range{Min: n(3), Max: n(3)}, Pilots: store.Range{Min: n(20), Max: n(20)}, ISK: store.Range{Min: n(2e11), Max: n(2e11)},
			Duration: store.Range{Min: n(10_000), Max: n(10_000)}, Since: at(1000), Until: at(1001),
		}, id[2:3]},
		{"exclude each other", store.BattleFilter{Spaces: []eve.Space{eve.Lowsec}, SystemIDs: []int64{jita}}, none},
	} {
		f.filter.Order = store.OrderStarted
		same(t, f.name, list(t, s, f.filter, 2), f.want, cmpopts.EquateEmpty())
	}
}

func listRowsWhole(t *testing.T, s store.Store) {
	fill(t, s, 12)
	rows, _, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, store.Page{Limit: 12})
	must(t, err)
	for _, r := range rows {
		one, err := s.BattleSummary(t.Context(), r.ID)
		must(t, err)
		same(t, "row of the list", r, *one)
		if len(r.SystemIDs) != 1 || len(r.Sides) != 2 || len(r.Sides[0].Members) != 1 || len(r.Hulls) != 2 {
			t.Errorf("battle %d is not whole: %+v", r.ID, r)
		}
	}
}

func listCursor(t *testing.T, s store.Store) {
	fill(t, s, 3)
	first := func(f store.BattleFilter, cursor string) (string, error) {
		_, next, err := s.Battles(t.Context(), f, store.Page{Limit: 1, Cursor: cursor})
		return next, err
	}
	up, down := store.BattleFilter{Order: store.OrderISK}, store.BattleFilter{Order: store.OrderISK, Descending: true}
	cursor, err := first(up, "")
	must(t, err)
	for _, c := range []struct {
		name   string
		filter store.BattleFilter
		cursor string
	}{
		{"of the other direction", down, cursor},
		{"of another order", store.BattleFilter{Order: store.OrderKills}, cursor},
		{"cut short", up, cursor[:len(cursor)-1]},
		{"made up", up, "abc"},
		{"no base64", up, "§"},
	} {
		if _, err := first(c.filter, c.cursor); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor %s: got %v, want %v", c.name, err, store.ErrCursor)
		}
	}
	if _, err := first(store.BattleFilter{Order: "id"}, ""); err == nil {
		t.Error("an unknown order was accepted")
	}
}
