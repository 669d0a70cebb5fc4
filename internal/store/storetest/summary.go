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
	{"follows every change", summaryFollows},
	{"counts an hour that is asked for in part", summaryPart},
	{"counted anew is the same", summaryRefreshed},
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

// summaryFollows changes what was counted: values, kinds of battles, battles that end.
func summaryFollows(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0, unvalued), mail(2, 10, worth(2)), mail(3, 20, estimated(3))}
	id := create(t, s, docs[:2]...)
	other := create(t, s, docs[2])
	check := func(what string, isk float64, battles map[battle.Kind]int64) {
		t.Helper()
		got, err := s.Summary(t.Context(), at(0), at(0))
		must(t, err)
		same(t, what+": killmails", [2]int64{got.Killmails, got.KillmailsSince}, [2]int64{3, 3})
		same(t, what+": ISK", got.ISKSince, eve.FromFloat(isk))
		same(t, what+": battles", got.Battles, battles)
	}
	check("created", 5, map[battle.Kind]int64{battle.KindBattle: 2})
	save(t, s, mail(1, 0, sequence(1), worth(10)), mail(3, 20, sequence(1), worth(1)), mail(2, 10, sequence(1), worth(2)))
	check("valued", 13, map[battle.Kind]int64{battle.KindBattle: 2})
	save(t, s, mail(1, 0, sequence(2), worth(7)), mail(1, 0, sequence(3), worth(4)), mail(1, 0, sequence(2), worth(100)))
	check("valued in a batch", 7, map[battle.Kind]int64{battle.KindBattle: 2})
	rows := []store.Document{mail(1, 0, worth(4)), mail(2, 10, worth(2)), mail(3, 20, worth(1))}
	b := fight(rows...)
	b.Kind = battle.KindCamp
	apply(t, s, store.Change{Basis: known(t, s, 1, 3), Component: considered(rows...), Put: []store.PutBattle{put(id, b)}, Remove: []store.RemoveBattle{{ID: other, Redirect: id}}})
	check("merged", 7, map[battle.Kind]int64{battle.KindCamp: 1})
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(rows...), Remove: []store.RemoveBattle{{ID: id}}})
	check("dissolved", 7, map[battle.Kind]int64{})
}

// summaryPart asks from every kind of moment within an hour.
func summaryPart(t *testing.T, s store.Store) {
	for i := range 8 {
		save(t, s, mail(int64(i+1), 900*i, worth(1)))
	}
	for _, c := range []struct{ from, want int }{
		{-10_000, 8}, {0, 8}, {1, 7}, {900, 7}, {2699, 5}, {2701, 4}, {3599, 4}, {3600, 4}, {3601, 3}, {6300, 1}, {6301, 0}, {100_000, 0},
	} {
		got, err := s.Summary(t.Context(), at(c.from), at(0))
		must(t, err)
		same(t, "killmails since", got.KillmailsSince, int64(c.want))
		same(t, "ISK since", got.ISKSince, eve.FromFloat(float64(c.want)))
		same(t, "latest", got.LatestKillmail, at(6300))
	}
}

func summaryRefreshed(t *testing.T, s store.Store) {
	create(t, s, mail(1, 0), mail(2, 5000, unvalued))
	save(t, s, mail(3, 9000, sequence(1), worth(3)), mail(4, 1, later(1)))
	before, err := s.Summary(t.Context(), at(0), at(0))
	must(t, err)
	must(t, s.RefreshStats(t.Context()))
	after, err := s.Summary(t.Context(), at(0), at(0))
	must(t, err)
	same(t, "counted anew", after, before)
}
