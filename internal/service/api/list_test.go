package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

const everyKind = "kind=battle&kind=skirmish&kind=camp&kind=gank&kind=structure&kind=solo&kind=npc"

func TestBattlesArePagedOnce(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	want := s.all(t, "/api/v1/battles?limit=100&"+everyKind)
	slices.Sort(want)
	if len(slices.Compact(want)) < 10 {
		t.Fatalf("got %d battles, too few to tell anything", len(want))
	}
	for _, sort := range []string{"started_at", "isk", "kills", "pilots", "duration"} {
		up := s.all(t, "/api/v1/battles?limit=3&sort="+sort+"&"+everyKind)
		down := s.all(t, "/api/v1/battles?limit=4&sort=-"+sort+"&"+everyKind)
		slices.Reverse(down)
		if !slices.Equal(up, down) {
			t.Errorf("%s: backwards is not the reverse of forwards", sort)
		}
		slices.Sort(up)
		if !slices.Equal(up, want) {
			t.Errorf("%s: got %d battles, want all %d once", sort, len(up), len(want))
		}
	}
}

// TestTopHulls has a battle with more fighters and deployables than ships of any hull.
func TestTopHulls(t *testing.T) {
	t.Parallel()
	const templar, tractorUnit, unheardOf = 23_055, 33_475, 9_000_001
	s := empty(t)
	mails := recentMails(6)
	for i, k := range mails {
		k.Victim.ShipTypeID = tractorUnit
		for j := range k.Attackers {
			if k.Attackers[j].ShipTypeID = templar; (i+j)%3 == 0 {
				k.Attackers[j].ShipTypeID = unheardOf
			}
		}
	}
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	got := into[struct{ Items []api.BattleItem }](t, s.get(t, "/api/v1/battles?"+everyKind), http.StatusOK).Items
	if len(got) != 1 || len(got[0].TopHulls) != 1 || got[0].TopHulls[0].ShipType.ID != unheardOf {
		t.Errorf("got %+v, want one battle with the one hull that is flown", got)
	}
}

func TestBattleFilters(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	everything := into[page](t, s.get(t, "/api/v1/battles?limit=100&"+everyKind), http.StatusOK).Items
	at := func(t time.Time) string { return url.QueryEscape(t.Format(time.RFC3339)) }
	middle := begin.Add(2 * time.Hour)
	for query, keep := range map[string]func(item) bool{
		"":                               func(i item) bool { return slices.Contains([]string{"battle", "skirmish", "camp", "structure"}, i.Kind) },
		"kind=gank":                      func(i item) bool { return i.Kind == "gank" },
		"kind=gank&kind=battle":          func(i item) bool { return i.Kind == "gank" || i.Kind == "battle" },
		everyKind + "&space_type=lowsec": func(i item) bool { return i.SpaceType == "lowsec" },
		everyKind + "&space_type=jspace": func(i item) bool { return i.SpaceType == "wormhole" },
		everyKind + "&space_type=kspace": func(i item) bool { return slices.Contains([]string{"highsec", "lowsec", "nullsec"}, i.SpaceType) },
		everyKind + "&space_type=kspace&security=lowsec": func(i item) bool { return i.SpaceType == "lowsec" },
		everyKind + "&space_type=jspace&security=lowsec": func(item) bool { return false },
		everyKind + "&security=nullsec&security=highsec": func(i item) bool { return i.SpaceType == "nullsec" || i.SpaceType == "highsec" },
		everyKind + "&min_kills=4":                       func(i item) bool { return i.Kills >= 4 },
		everyKind + "&max_kills=3":                       func(i item) bool { return i.Kills <= 3 },
		everyKind + "&min_kills=3&max_kills=3":           func(i item) bool { return i.Kills == 3 },
		everyKind + "&since=" + at(middle):               func(i item) bool { return !i.StartedAt.Before(middle) },
		everyKind + "&until=" + at(middle):               func(i item) bool { return i.StartedAt.Before(middle) },
		everyKind + "&time_range=last_hour":              func(i item) bool { return !i.StartedAt.Before(now.Add(-time.Hour)) },
		everyKind + "&time_range=last_24h":               func(item) bool { return true },
	} {
		var want []int64
		for _, i := range everything {
			if keep(i) {
				want = append(want, i.ID)
			}
		}
		if got := s.all(t, "/api/v1/battles?limit=7&"+query); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
}

func TestKillmailFilters(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	all := s.all(t, "/api/v1/killmails/recent?limit=100")
	first := into[page](t, s.get(t, "/api/v1/killmails/recent?limit=100"), http.StatusOK).Items
	if !slices.IsSortedFunc(first, func(a, b item) int {
		return b.OccurredAt.Compare(a.OccurredAt)
	}) {
		t.Error("the list is not newest first")
	}
	one := s.all(t, fmt.Sprintf("/api/v1/killmails/recent?limit=100&system_id=%d", first[0].System.ID))
	if len(one) == 0 || len(one) == len(all) {
		t.Errorf("one system: got %d of %d", len(one), len(all))
	}
	rich := into[page](t, s.get(t, "/api/v1/killmails/recent?limit=100&min_isk=50000000"), http.StatusOK).Items
	for _, k := range rich {
		if k.ISK == nil || *k.ISK < 50e6 {
			t.Errorf("killmail %d of %v ISK is listed among the rich ones", k.ID, k.ISK)
		}
	}
	sum := 0
	for _, space := range []string{"highsec", "lowsec", "nullsec", "wormhole", "pochven", "abyssal", "void", "other"} {
		sum += len(s.all(t, "/api/v1/killmails/recent?limit=100&space_type="+space))
	}
	if sum != len(all) {
		t.Errorf("all bands together have %d killmails, want %d", sum, len(all))
	}
}

func TestBattleIsWhole(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	list := into[page](t, s.get(t, "/api/v1/battles?sort=-kills&limit=1"), http.StatusOK).Items
	type view struct {
		ID        int64 `json:"id"`
		Kills     int   `json:"kills"`
		Pilots    int   `json:"pilot_count"`
		Killmails []struct {
			ID int64 `json:"id"`
		} `json:"killmails"`
		PilotList []any `json:"pilots"`
		Revisions []any `json:"revisions"`
		Timeline  *struct {
			Buckets []struct {
				Sides map[string]struct {
					Ships      int `json:"ships_lost"`
					Capsules   int `json:"capsules_lost"`
					Structures int `json:"structures_lost"`
				} `json:"sides"`
			} `json:"buckets"`
		} `json:"timeline"`
	}
	path := fmt.Sprintf("/api/v1/battles/%d", list[0].ID)
	whole := into[view](t, s.get(t, path), http.StatusOK)
	if whole.Kills != list[0].Kills || len(whole.Killmails) != whole.Kills || len(whole.PilotList) != whole.Pilots || len(whole.Revisions) == 0 {
		t.Errorf("got %d killmails, %d pilots and %d revisions of %d kills and %d pilots", len(whole.Killmails), len(whole.PilotList),
			len(whole.Revisions), whole.Kills, whole.Pilots)
	}
	losses := 0
	for _, b := range whole.Timeline.Buckets {
		for _, side := range b.Sides {
			losses += side.Ships + side.Capsules + side.Structures
		}
	}
	if losses != whole.Kills {
		t.Errorf("the timeline tells %d losses, want %d", losses, whole.Kills)
	}
	short := into[view](t, s.get(t, path+"?view=summary"), http.StatusOK)
	if short.Kills != whole.Kills || short.Killmails != nil || short.PilotList != nil || short.Timeline != nil {
		t.Errorf("the summary has the long lists: %+v", short)
	}
	of := into[map[string]int64](t, s.get(t, fmt.Sprintf("/api/v1/battles/by-killmail/%d", whole.Killmails[0].ID)), http.StatusOK)
	if of["battle_id"] != whole.ID {
		t.Errorf("the killmail's battle is %v, want %d", of, whole.ID)
	}
}

func TestStats(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	type summary struct {
		Battles   map[string]int `json:"battles"`
		Live      int            `json:"battles_live"`
		Killmails int            `json:"killmails"`
		Last24h   struct {
			Killmails int     `json:"killmails"`
			ISK       float64 `json:"isk_destroyed"`
		} `json:"last_24h"`
		DeadLetters int `json:"dead_letters"`
		Unclustered int `json:"unclustered"`
		Feed        struct {
			State string `json:"state"`
			Lag   *int   `json:"lag_s"`
		} `json:"feed"`
		Version string `json:"version"`
	}
	got := into[summary](t, s.get(t, "/api/v1/stats/summary"), http.StatusOK)
	kills := len(s.all(t, "/api/v1/killmails/recent?limit=100"))
	if got.Killmails != kills || got.Last24h.Killmails != kills || got.Last24h.ISK <= 0 || got.Live < 1 || got.DeadLetters != 1 || got.Unclustered != 0 ||
		got.Version != "1.2.3" || got.Feed.State != "live" || got.Feed.Lag == nil || *got.Feed.Lag != 7 {
		t.Errorf("got %+v, want %d killmails", got, kills)
	}
	battles := 0
	for _, n := range got.Battles {
		battles += n
	}
	if want := len(s.all(t, "/api/v1/battles?limit=100&"+everyKind)); battles != want {
		t.Errorf("got %d battles of all kinds, want %d", battles, want)
	}
	if got := into[summary](t, empty(t).get(t, "/api/v1/stats/summary"), http.StatusOK); got.Feed.State != "off" || got.Feed.Lag != nil {
		t.Errorf("without a feed: got %+v", got.Feed)
	}
}

// TestSummaryTellsWhatIsMissing: days of which the feed lost a part, and killmails that are
// known by id only.
func TestSummaryTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := empty(t)
	const path = "/api/v1/stats/summary"
	if got := into[api.StatsSummary](t, s.get(t, path), http.StatusOK); got.PendingKillmails != 0 || got.MissingDays == nil || len(got.MissingDays) != 0 {
		t.Errorf("of nothing: got %d pending and %v", got.PendingKillmails, got.MissingDays)
	}
	for _, b := range []store.Batch{
		{Feed: store.RepairFeeds + "2026-01-02", Cursor: 1},
		{Feed: store.RepairFeeds + "2025-12-31"},
		{Feed: "r2z2", Cursor: 7},
		{Partial: []store.Partial{{KillmailID: 1, Source: "redisq"}, {KillmailID: 2, Source: "redisq"}}},
	} {
		b.Now = now
		if _, err := s.store.Save(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	got := into[api.StatsSummary](t, s.get(t, path), http.StatusOK)
	if got.PendingKillmails != 2 || !slices.Equal(got.MissingDays, []string{"2025-12-31", "2026-01-02"}) {
		t.Errorf("got %d pending and %v, want 2 and two days", got.PendingKillmails, got.MissingDays)
	}
}
