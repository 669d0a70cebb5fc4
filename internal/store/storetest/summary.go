package storetest

import (
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var summaryTests = []test{
	{"of an empty store", summaryEmpty},
	{"counts everything", summaryCounts},
	{"answers a ping", ping},
}

func summaryEmpty(t *testing.T, s store.Store) {
	got, err := s.Summary(t.Context(), at(0), at(0))
	must(t, err)
	same(t, "summary", got, store.Summary{Battles: map[battle.Kind]int64{}})
}

func summaryCounts(t *testing.T, s store.Store) {
	create(t, s, mail(1, 0), mail(2, 100))
	create(t, s, mail(3, 1000, worth(3e6)), mail(4, 2000, unvalued))
	gank := []store.Document{mail(5, 1500), mail(6, 2500, estimated(1e6))}
	save(t, s, gank...)
	b := fight(gank...)
	b.Kind = battle.KindGank
	apply(t, s, store.Change{Component: considered(gank...), Put: []store.PutBattle{put(newIDs(t, s, 1)[0], b)}, Done: ids(gank...)})
	save(t, s, mail(7, 3000, worth(0.01)))
	_, err := s.Save(t.Context(), store.Batch{DeadLetters: []store.DeadLetter{{Source: "a", Reference: "1"}}, Now: at(0)})
	must(t, err)
	got, err := s.Summary(t.Context(), at(1000), at(2000))
	must(t, err)
	same(t, "summary", got, store.Summary{
		Killmails: 7, LatestKillmail: at(3000), Battles: map[battle.Kind]int64{battle.KindBattle: 2, battle.KindGank: 1},
		KillmailsSince: 5, ISKSince: eve.FromFloat(3e6+10e6+1e6) + 1, BattlesSince: 1, BattlesLive: 1, Unclustered: 1, DeadLetters: 1,
	})
}

func ping(t *testing.T, s store.Store) {
	must(t, s.Ping(t.Context()))
}
