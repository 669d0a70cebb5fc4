package storetest

import (
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var outlineTests = []test{
	{"when, where and whose crews", outlineWhole},
	{"only battles that were going on", outlineTimes},
	{"a battle that took another's place stands for both", outlineMerged},
}

// outlined returns the ids of the battles that were going on between two seconds.
func outlined(t *testing.T, s store.Store, from, to int) []int64 {
	t.Helper()
	got, err := s.Outlines(t.Context(), at(from), at(to))
	must(t, err)
	ids := []int64{}
	for _, o := range got {
		ids = append(ids, o.ID)
	}
	return ids
}

func outlineWhole(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 60, in(jita, eve.Highsec))}
	save(t, s, docs...)
	id := newIDs(t, s, 1)[0]
	b := fight(docs...)
	b.Pilots = append(b.Pilots, battle.Pilot{CharacterID: 91_000_000, Side: battle.Unassigned, FirstSeen: at(0), LastSeen: at(0)})
	apply(t, s, store.Change{Component: considered(docs...), Put: []store.PutBattle{put(id, b)}, Done: ids(docs...)})
	got, err := s.Outlines(t.Context(), at(0), at(0))
	must(t, err)
	same(t, "outlines", got, []battle.Outline{{
		ID: id, Start: at(0), End: at(60), SystemIDs: []int64{tama, jita}, Crews: []battle.Crew{
			{Side: "A", Pilots: []int64{pilot(1, 1).CharacterID, pilot(1, 2).CharacterID}},
			{Side: "B", Pilots: []int64{pilot(2, 1).CharacterID}},
		},
	}})
}

func outlineTimes(t *testing.T, s store.Store) {
	early, late := create(t, s, mail(1, 0), mail(2, 100)), create(t, s, mail(3, 200))
	for _, tt := range []struct {
		from, to int
		want     []int64
	}{
		{0, 300, []int64{early, late}},
		{100, 199, []int64{early}},
		{40, 50, []int64{early}},
		{101, 199, []int64{}},
		{200, 200, []int64{late}},
		{-10, 0, []int64{early}},
		{-10, -1, []int64{}},
	} {
		same(t, "battles between", outlined(t, s, tt.from, tt.to), tt.want)
	}
	hours := int(store.LongestOutlined / time.Second)
	same(t, "as old as can be", outlined(t, s, 100, 100+hours), []int64{early, late})
}

func outlineMerged(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 60)}
	first, second := create(t, s, docs[0]), create(t, s, docs[1])
	merge(t, s, first, []int64{second}, docs...)
	same(t, "battles", outlined(t, s, 0, 60), []int64{first})
}
