package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

const allKinds = "&kind=battle&kind=skirmish&kind=camp&kind=gank&kind=structure&kind=solo&kind=npc"

// battleView decodes a whole battle or report.
func battleView(t *testing.T, r *http.Response) api.BattleView {
	t.Helper()
	return into[api.BattleView](t, r, http.StatusOK)
}

// largestBattle is the one of the full site with most kills.
func largestBattle(t *testing.T, s *site) api.BattleView {
	t.Helper()
	p := into[page](t, s.get(t, "/api/v1/battles?limit=1&sort=-kills"), http.StatusOK)
	return battleView(t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", p.Items[0].ID)))
}

// TestLookedAtWholeIsTheSame looks at every battle through a window it fits in: what is
// computed from the killmails is what is stored.
func TestLookedAtWholeIsTheSame(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	ids := s.all(t, "/api/v1/battles?limit=100"+allKinds)
	for _, id := range ids {
		for _, form := range []string{"", "&view=summary"} {
			plain := into[map[string]any](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d?%s", id, form)), http.StatusOK)
			looked := into[map[string]any](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d?from=2000-01-01T00:00:00Z%s", id, form)), http.StatusOK)
			if plain["window"] != nil || looked["window"] == nil {
				t.Errorf("battle %d: the windows are %v and %v", id, plain["window"], looked["window"])
			}
			for _, own := range []string{"window", "mark"} {
				delete(plain, own)
				delete(looked, own)
			}
			if diff := cmp.Diff(plain, looked); diff != "" {
				t.Fatalf("battle %d%s (-stored +computed):\n%s", id, form, diff)
			}
		}
	}
	if len(ids) < 20 {
		t.Errorf("compared %d battles, too few", len(ids))
	}
}

func stampOf(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func TestBattleWindow(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	whole := largestBattle(t, s)
	half := whole.Killmails[len(whole.Killmails)/2].OccurredAt
	path := fmt.Sprintf("/api/v1/battles/%d?", whole.ID)
	before := battleView(t, s.get(t, path+"to="+stampOf(half.Add(-time.Second))))
	after := battleView(t, s.get(t, path+"from="+stampOf(half)))
	if before.Kills+after.Kills != whole.Kills || before.Kills == 0 || after.Kills == 0 || before.ShipsLost+after.ShipsLost != whole.ShipsLost ||
		before.Pilots+after.Pilots < whole.Pilots || len(before.Sides) != len(whole.Sides) {
		t.Errorf("the parts have %d and %d kills, %d and %d pilots of %d and %d", before.Kills, after.Kills, before.Pilots, after.Pilots, whole.Kills, whole.Pilots)
	}
	if w := after.Window; w == nil || !w.From.Equal(half) || !w.To.Equal(whole.EndedAt) {
		t.Errorf("the window from the half on is %+v", w)
	}
	if after.ID != whole.ID || after.Kind != whole.Kind || after.Revision != whole.Revision || after.Edited || len(after.Revisions) != len(whole.Revisions) ||
		!after.StartedAt.Equal(half) || after.Timeline.Buckets[0].At.After(half) || len(after.Phases) == 0 {
		t.Errorf("the later part is %+v", after)
	}
	for i, k := range after.Killmails {
		if want := whole.Killmails[len(before.Killmails)+i]; k.ID != want.ID || k.Side != want.Side {
			t.Fatalf("killmail %d is %d on side %s, want %d on %s", i, k.ID, k.Side, want.ID, want.Side)
		}
	}
	for _, window := range []string{"from=" + stampOf(whole.EndedAt.Add(time.Hour)), "from=2300-01-01T00:00:00Z&to=9999-12-31T23:59:59Z", "from=0001-01-01T00:00:01Z&to=2025-01-01T00:00:00Z"} {
		nothing := battleView(t, s.get(t, path+window))
		if nothing.Kills != 0 || len(nothing.Killmails) != 0 || nothing.ISKDestroyed != nil || len(nothing.Sides) != len(whole.Sides) || len(nothing.Systems) == 0 {
			t.Errorf("the window %s beside the battle shows %+v", window, nothing)
		}
	}
}

func TestBattleEdited(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	whole := largestBattle(t, s)
	moved := whole.Sides[1].Members[0]
	gone := whole.Killmails[0].ID
	query := fmt.Sprintf("side=A:%s-%d&side=none:character-90009000&exclude=%d&exclude=%d", moved.Entity.Type, moved.Entity.ID, gone, gone)
	path := fmt.Sprintf("/api/v1/battles/%d", whole.ID)
	got := battleView(t, s.get(t, path+"?"+query))
	if !got.Edited || len(got.Excluded) != 1 || got.Excluded[0] != gone || got.Kills != whole.Kills-1 || got.Window != nil {
		t.Errorf("edited %t, excluded %v, %d kills of %d, window %v", got.Edited, got.Excluded, got.Kills, whole.Kills, got.Window)
	}
	want := []api.Override{
		{Side: "A", Entity: moved.Entity, Met: true},
		{Side: "unassigned", Entity: api.Entity{Type: "character", ID: 90009000}},
	}
	if diff := cmp.Diff(want, got.Overrides); diff != "" {
		t.Errorf("overrides (-want +got):\n%s", diff)
	}
	found := false
	for _, m := range got.Sides[0].Members {
		found = found || m.Entity.ID == moved.Entity.ID && m.Confidence == 1
	}
	if !found {
		t.Errorf("side A has no %+v: %+v", moved.Entity, got.Sides[0].Members)
	}
	if again := largestBattle(t, s); again.Edited || again.Kills != whole.Kills || len(again.Overrides) != 0 {
		t.Error("looking at a battle changed it")
	}
	// The parts of the page are about the same killmails.
	damage := into[api.DamageView](t, s.get(t, path+"/damage?"+query), http.StatusOK)
	lost := 0
	for _, c := range damage.Taken {
		lost += c.Lost
	}
	presence := into[api.PresenceView](t, s.get(t, path+"/presence?"+query), http.StatusOK)
	if lost != got.Kills || presence.BucketS != got.Timeline.BucketS || len(presence.Buckets) != len(got.Timeline.Buckets) || len(presence.Rows) == 0 {
		t.Errorf("damage knows %d kills of %d; presence has %d steps of %d s, the timeline %d of %d s", lost, got.Kills,
			len(presence.Buckets), presence.BucketS, len(got.Timeline.Buckets), got.Timeline.BucketS)
	}
	if len(damage.Dealers) == 0 || damage.Dealers[0].Share <= 0 || damage.Dealers[0].Character == nil || damage.Dealers[0].ShipType == nil {
		t.Errorf("the dealers are %+v", damage.Dealers)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	whole := largestBattle(t, s)
	window := fmt.Sprintf("window=%d:%s-%s", whole.Systems[0].ID, whole.StartedAt.UTC().Format("200601021504"), whole.EndedAt.UTC().Format("200601021504"))
	for name, query := range map[string]string{
		"window": window, "battle": fmt.Sprintf("battle=%d", whole.ID),
		"both": fmt.Sprintf("%s&battle=%d&%s", window, whole.ID, window),
	} {
		got := battleView(t, s.get(t, "/api/v1/reports?"+query))
		if got.ID != 0 || got.Kind != "report" || got.Revision != 0 || len(got.Revisions) != 0 || got.Kills < whole.Kills || got.Sources == nil || got.Edited {
			t.Errorf("%s: got id %d, kind %s, %d kills of %d, sources %+v", name, got.ID, got.Kind, got.Kills, whole.Kills, got.Sources)
		}
		if len(got.Sides) < 2 || got.Systems[0].ID != whole.Systems[0].ID || got.Links.Zkillboard == "" || got.KindRule == "" {
			t.Errorf("%s: got %d sides in %v", name, len(got.Sides), got.Systems)
		}
	}
	// Made of the battle alone, it is the battle, but for what is stored of it.
	got := battleView(t, s.get(t, fmt.Sprintf("/api/v1/reports?battle=%d", whole.ID)))
	want := whole
	want.ID, want.Kind, want.KindRule, want.Revision, want.Revisions, want.UpdatedAt, want.Sources = 0, got.Kind, got.KindRule, 0, got.Revisions, got.UpdatedAt, got.Sources
	want.Mark = ""
	for i := range got.Killmails {
		got.Killmails[i].Link = want.Killmails[i].Link
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-battle +report of it):\n%s", diff)
	}
	// Two places are one report.
	var other api.BattleView
	for _, id := range s.all(t, "/api/v1/battles?limit=100") {
		if other = battleView(t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", id))); other.Systems[0].ID != whole.Systems[0].ID {
			break
		}
	}
	both := battleView(t, s.get(t, fmt.Sprintf("/api/v1/reports?battle=%d&battle=%d", whole.ID, other.ID)))
	if both.Kills != whole.Kills+other.Kills || both.Systems[0].ID != whole.Systems[0].ID || len(both.Systems) < 2 || len(both.Sources.Battles) != 2 {
		t.Errorf("two battles of %d and %d kills make a report of %d in %v", whole.Kills, other.Kills, both.Kills, both.Systems)
	}
	narrow := battleView(t, s.get(t, fmt.Sprintf("/api/v1/reports?%s&from=%s&to=%s", window, stampOf(whole.StartedAt), stampOf(whole.StartedAt))))
	if narrow.Kills == 0 || narrow.Kills >= whole.Kills || narrow.Window == nil {
		t.Errorf("the first second has %d kills, window %v", narrow.Kills, narrow.Window)
	}
}

// TestReportTag asks with the tag of the answer before.
func TestReportTag(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	id := largestBattle(t, s).ID
	for _, path := range []string{
		fmt.Sprintf("/api/v1/reports?battle=%d", id), fmt.Sprintf("/api/v1/battles/%d?exclude=1", id),
		fmt.Sprintf("/api/v1/battles/%d/damage", id), fmt.Sprintf("/api/v1/reports/presence?battle=%d", id),
	} {
		tag := s.get(t, path).Header.Get("ETag")
		if r := s.get(t, path, "If-None-Match", tag); tag == "" || r.StatusCode != http.StatusNotModified {
			t.Errorf("%s: tag %s answers %d", path, tag, r.StatusCode)
		}
	}
}

func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

// TestBadLooks asks for what makes no sense: the answer says what and how to do better.
func TestBadLooks(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	id := largestBattle(t, s).ID
	looks := []string{
		"from=yesterday", "to=2026-01-01", "to=9999-12-31T23:59:59-14:00", "from=0000-01-01T00:00:00Z", "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
		"side=A", "side=a:alliance-1", "side=AA:alliance-1", "side=A:faction-500001", "side=A:alliance-0", "side=A:alliance-1x", "side=:alliance-1",
		"side=A:alliance-99999999999999999999", "side=A:corporation-1000125", "side=A:alliance-1&side=B:alliance-1",
		"exclude=x", "exclude=-1", "exclude=1.5", repeated(301, "side=A:alliance-%d&"), repeated(501, "exclude=%d&"),
	}
	bad := []string{
		"", "window=", "window=30000142", "window=30000142:202601011200", "window=30000142:202601011300-202601011200", "window=30000142:202601011200-202601021201",
		"window=39999999:202601011200-202601011300", "window=Jita:202601011200-202601011300", "window=30000142:20260101-20260102",
		"window=30000142:202613011200-202613011300", "battle=x", "battle=0", repeated(21, "battle=%d&"),
		strings.Repeat("window=30000142:202601011200-202601011300&", 21),
	}
	paths := []string{}
	for _, l := range looks {
		paths = append(paths, fmt.Sprintf("/api/v1/battles/%d?%s", id, l), fmt.Sprintf("/api/v1/reports/presence?battle=%d&%s", id, l))
	}
	for _, b := range bad {
		paths = append(paths, "/api/v1/reports?"+b, "/api/v1/reports/damage?"+b)
	}
	for _, path := range paths {
		r := s.get(t, path)
		p := into[api.Problem](t, r, http.StatusBadRequest)
		if p.Detail == "" || p.Hint == "" || p.RequestID == "" {
			t.Errorf("%.100s: the problem is %+v", path, p)
		}
	}
	for _, good := range []string{
		"from=&to=", "side=A:alliance-1&side=A:alliance-1", "side=unassigned:character-90000001", "from=2026-01-01T13:00:00%2B01:00",
	} {
		if r := s.get(t, fmt.Sprintf("/api/v1/battles/%d?%s", id, good)); r.StatusCode != http.StatusOK {
			t.Errorf("%s: got status %d: %s", good, r.StatusCode, text(t, r))
		}
	}
	for _, path := range []string{"/api/v1/reports?window=30000142:200301011200-200301011300", "/api/v1/reports?battle=99999", "/api/v1/battles/99999?exclude=1"} {
		if p := into[api.Problem](t, s.get(t, path), http.StatusNotFound); p.Hint == "" || p.RequestID == "" {
			t.Errorf("%s: the problem is %+v", path, p)
		}
	}
}

func TestRelated(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := largestBattle(t, s)
	hour := b.StartedAt.UTC().Truncate(time.Hour)
	got := into[api.RelatedView](t, s.get(t, fmt.Sprintf("/api/v1/related/%d/%s", b.Systems[0].ID, hour.Format("200601021504"))), http.StatusOK)
	want := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, hour.Add(-time.Hour).Format("200601021504"), hour.Add(time.Hour).Format("200601021504"))
	if got.BattleID == nil || *got.BattleID != b.ID || got.Report != want || got.Killmails < b.Kills {
		t.Errorf("got battle %v, report %s of %d killmails; want %d, %s", got.BattleID, got.Report, got.Killmails, b.ID, want)
	}
	if r := battleView(t, s.get(t, "/api/v1/reports?"+got.Report)); r.Kills != got.Killmails {
		t.Errorf("the report has %d killmails, want %d", r.Kills, got.Killmails)
	}
	if quiet := into[api.RelatedView](t, s.get(t, "/api/v1/related/30000142/200301011200"), http.StatusOK); quiet.BattleID != nil || quiet.Report == "" {
		t.Errorf("a quiet hour is %+v", quiet)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := largestBattle(t, s)
	system := *b.Systems[0].Name
	hour := b.StartedAt.UTC().Truncate(time.Hour)
	stamp := hour.Format("200601021504")
	window := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, hour.Add(-time.Hour).Format("200601021504"), hour.Add(time.Hour).Format("200601021504"))
	kill := b.Killmails[0].ID
	related := api.LinkedView{Kind: "related", BattleID: &b.ID, Report: window}
	mail := api.LinkedView{Kind: "killmail", BattleID: &b.ID, KillmailID: &kill}
	for text, want := range map[string]api.LinkedView{
		fmt.Sprintf("https://zkillboard.com/kill/%d/", kill): mail,
		fmt.Sprintf("https://eve-kill.com/kill/%d", kill):    mail,
		fmt.Sprintf("https://localhost/kills/%d", kill):      mail,
		fmt.Sprint(kill): mail,
		fmt.Sprint(b.ID): {Kind: "battle", BattleID: &b.ID},
		fmt.Sprintf("/battles/%d/damage?side=A:alliance-5", b.ID):                                 {Kind: "battle", BattleID: &b.ID, Query: "side=A:alliance-5"},
		fmt.Sprintf("https://zkillboard.com/related/%d/%s/", b.Systems[0].ID, stamp):              related,
		fmt.Sprintf("https://br.evetools.org/related/%d/%s", b.Systems[0].ID, stamp):              related,
		fmt.Sprintf("https://warbeacon.net/br/related/%d/%s/", b.Systems[0].ID, stamp):            related,
		system + " " + hour.Format("2006-01-02 15:04"):                                            related,
		"https://localhost/reports/damage?window=30000142:202601011200-202601011300&tab=x&side=x": {Kind: "report", Report: "window=30000142:202601011200-202601011300&side=x"},
		fmt.Sprintf("https://warbeacon.net/br/related/%d/%s/%s", b.Systems[0].ID, stamp, hour.Add(90*time.Minute).Format("200601021504")): {
			Kind: "related", BattleID: &b.ID, Report: fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, stamp, hour.Add(90*time.Minute).Format("200601021504")),
		},
	} {
		got := into[api.LinkedView](t, s.get(t, "/api/v1/links?url="+url.QueryEscape(text)), http.StatusOK)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for text, status := range map[string]int{
		"hello": 400, "https://br.evetools.org/br/5f1a2b3c4d5e6f7a8b9c0d1e": 400, "https://zkillboard.com/kill/7/": 404, "123456789": 404, "/battles/99999": 404,
		"Nowhere 2026-01-01 12:00": 404, "/related/99999/202601011200": 404,
	} {
		if p := into[api.Problem](t, s.get(t, "/api/v1/links?url="+url.QueryEscape(text)), status); p.Hint == "" {
			t.Errorf("%s: the problem is %+v", text, p)
		}
	}
}

// TestLinkToLonelyKillmail shows what was around a killmail that is in no battle.
func TestLinkToLonelyKillmail(t *testing.T) {
	t.Parallel()
	s := empty(t)
	if err := s.save(t.Context(), recentMails(1)...); err != nil {
		t.Fatal(err)
	}
	id := recentMails(1)[0].ID
	got := into[api.LinkedView](t, s.get(t, fmt.Sprintf("/api/v1/links?url=%d", id)), http.StatusOK)
	if got.Kind != "killmail" || got.BattleID != nil || got.KillmailID == nil || got.Report == "" {
		t.Fatalf("got %+v", got)
	}
	if r := battleView(t, s.get(t, "/api/v1/reports?"+got.Report)); r.Kills != 1 || r.Killmails[0].ID != id {
		t.Errorf("the report has %d kills", r.Kills)
	}
}

func TestBattleWithoutKillmails(t *testing.T) {
	t.Parallel()
	s := empty(t)
	if err := s.save(t.Context(), sim.Fleet(3, sim.FleetOptions{Start: begin}).Mails()...); err != nil {
		t.Fatal(err)
	}
	id := largestBattle(t, s).ID
	rule := store.RetentionRule{Horizon: now.Add(24 * time.Hour), KeepPilots: true}
	run, err := s.store.BeginRetention(t.Context(), rule, now)
	for done := false; err == nil && !done; {
		_, done, err = s.store.Retain(t.Context(), run, rule, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	if r := s.get(t, fmt.Sprintf("/api/v1/battles/%d", id)); r.StatusCode != http.StatusOK {
		t.Errorf("the battle as a whole answers %d", r.StatusCode)
	}
	for _, path := range []string{"/api/v1/battles/%d?exclude=1", "/api/v1/battles/%d/damage", "/api/v1/battles/%d/presence", "/api/v1/reports?battle=%d"} {
		if p := into[api.Problem](t, s.get(t, fmt.Sprintf(path, id)), http.StatusGone); p.Hint == "" {
			t.Errorf("%s: the problem is %+v", path, p)
		}
	}
}

// loading counts how often whole killmails are read.
type loading struct {
	store.Store
	n atomic.Int64
}

func (l *loading) Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error) {
	l.n.Add(1)
	return l.Store.Load(ctx, ids)
}

// TestWindowMoves looks at a battle through one window after the other: the killmails
// are read once, until it has grown or a minute is over.
func TestWindowMoves(t *testing.T) {
	t.Parallel()
	l, clock := &loading{}, &ticking{now: now}
	s := empty(t, func(d *api.Deps) {
		l.Store = d.Store.(store.Store)
		d.Store, d.Now = l, clock.Now
	})
	mails := sim.Fleet(3, sim.FleetOptions{Start: begin}).Mails()
	if err := s.save(t.Context(), mails[1:]...); err != nil {
		t.Fatal(err)
	}
	b := largestBattle(t, s)
	id := b.ID
	window := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, begin.Format("200601021504"), begin.Add(5*time.Hour).Format("200601021504"))
	looks := func() (kills int) {
		for i := range 5 {
			from := stampOf(begin.Add(-time.Hour + time.Duration(i)*time.Minute))
			kills = battleView(t, s.get(t, fmt.Sprintf("/api/v1/battles/%d?from=%s", id, from))).Kills
			_ = battleView(t, s.get(t, fmt.Sprintf("/api/v1/reports?battle=%d&from=%s", id, from)))
			_ = battleView(t, s.get(t, fmt.Sprintf("/api/v1/reports?%s&from=%s", window, from)))
			_ = text(t, s.get(t, fmt.Sprintf("/api/v1/battles/%d/damage?from=%s", id, from)))
		}
		return kills
	}
	before := l.n.Load()
	kills := looks()
	if got := l.n.Load() - before; got != 3 { // the battle, the report of it, and of its place
		t.Errorf("the killmails were read %d times, want 3", got)
	}
	if err := s.save(t.Context(), mails[0]); err != nil {
		t.Fatal(err)
	}
	before = l.n.Load()
	if now := looks(); now != kills+1 || l.n.Load()-before != 3 {
		t.Errorf("a battle that grew has %d kills after %d, read %d times", now, kills, l.n.Load()-before)
	}
	clock.pass(5 * time.Minute)
	before = l.n.Load()
	if looks(); l.n.Load()-before != 3 {
		t.Errorf("after five minutes the killmails were read %d times, want 3", l.n.Load()-before)
	}
}

// TestTooManyKillmails asks for more than one report can be.
func TestTooManyKillmails(t *testing.T) {
	t.Parallel()
	s := empty(t, func(d *api.Deps) { d.Store = crowded{d.Store.(store.Store)} })
	p := into[api.Problem](t, s.get(t, "/api/v1/reports?window=30000142:202601011200-202601011300"), http.StatusBadRequest)
	if p.Hint == "" || !strings.Contains(p.Detail, "10000") {
		t.Errorf("the problem is %+v", p)
	}
}

// held is a store whose readers of whole killmails wait until they may go on.
type held struct {
	store.Store
	asked, come, leave chan struct{}
	now, most          atomic.Int64
}

func (h *held) InSystem(ctx context.Context, system int64, from, to time.Time) ([]int64, error) {
	h.asked <- struct{}{}
	return h.Store.InSystem(ctx, system, from, to)
}

func (h *held) Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error) {
	n := h.now.Add(1)
	for most := h.most.Load(); n > most && !h.most.CompareAndSwap(most, n); {
		most = h.most.Load()
	}
	h.come <- struct{}{}
	<-h.leave
	h.now.Add(-1)
	return h.Store.Load(ctx, ids)
}

// TestReportsTakeTurns asks for many reports at once, each of which could be large.
func TestReportsTakeTurns(t *testing.T) {
	t.Parallel()
	const readers, atOnce = 12, 4
	h := &held{asked: make(chan struct{}, readers), come: make(chan struct{}, readers), leave: make(chan struct{})}
	s := empty(t, func(d *api.Deps) {
		h.Store = d.Store.(store.Store)
		d.Store = h
	})
	mails := recentMails(3)
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	kills := make(chan int)
	for i := range readers {
		from := mails[0].Time.Add(-time.Duration(i+1) * time.Minute)
		path := fmt.Sprintf("/api/v1/reports?window=%d:%s-%s", mails[0].SystemID, from.Format("200601021504"), now.Format("200601021504"))
		go func() { kills <- battleView(t, s.get(t, path)).Kills }()
	}
	for range readers {
		<-h.asked
	}
	for range atOnce {
		<-h.come
	}
	for range readers - atOnce {
		h.leave <- struct{}{}
		<-h.come
	}
	close(h.leave)
	for range readers {
		if n := <-kills; n != len(mails) {
			t.Errorf("a report has %d kills, want %d", n, len(mails))
		}
	}
	if n := h.most.Load(); n > atOnce {
		t.Errorf("%d reports were made at a time, want at most %d", n, atOnce)
	}
}

// crowded has many killmails everywhere.
type crowded struct{ store.Store }

func (crowded) InSystem(_ context.Context, _ int64, _, _ time.Time) ([]int64, error) {
	ids := make([]int64, 10_001)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	return ids, nil
}

// TestReportsAsOne asks for the same report from many sides at once.
func TestReportsAsOne(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	path := fmt.Sprintf("/api/v1/reports?battle=%d", largestBattle(t, s).ID)
	bodies := make(chan string)
	for range 8 {
		go func() {
			b, err := json.Marshal(text(t, s.get(t, path)))
			if err != nil {
				t.Error(err)
			}
			bodies <- string(b)
		}()
	}
	first := <-bodies
	for range 7 {
		if b := <-bodies; b != first {
			t.Error("two readers got different answers")
		}
	}
}

// TestCorrectedSidesAreSeen decides on a side and looks at the battle through a window,
// and at a report of it.
func TestCorrectedSidesAreSeen(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	a, _ := alliances(s.one)
	window := fmt.Sprintf("/api/v1/reports?window=%d:%s-%s", s.one.Systems[0].ID, s.one.StartedAt.Format("200601021504"), s.one.EndedAt.Format("200601021504"))
	if got := battleView(t, s.get(t, window)); got.Corrections != 0 { // and is kept
		t.Fatalf("got %d corrections of what nobody has corrected", got.Corrections)
	}
	body := api.CorrectionBody{Sides: []api.SideCorrection{{Entity: a, Verb: "exclude"}}}
	if r := s.ask(t, "POST", fmt.Sprintf("/api/v1/battles/%d/corrections", s.one.ID), encoded(t, body), "Cookie", s.cookie); r.StatusCode != http.StatusCreated {
		t.Fatalf("got status %d: %s", r.StatusCode, text(t, r))
	}
	s.drain(t)
	whole := s.battle(t, s.one.ID)
	for _, path := range []string{
		fmt.Sprintf("/api/v1/battles/%d", s.one.ID), fmt.Sprintf("/api/v1/battles/%d?from=2000-01-01T00:00:00Z", s.one.ID), fmt.Sprintf("/api/v1/reports?battle=%d", s.one.ID),
		fmt.Sprintf("/api/v1/reports?battle=%d&battle=%d", s.one.ID, s.one.ID),
	} {
		got := battleView(t, s.get(t, path))
		if got.Corrections != 1 {
			t.Errorf("%s: got %d corrections, want the 1 of the battle", path, got.Corrections)
		}
		last := got.Sides[len(got.Sides)-1]
		if last.ID != "unassigned" || !slices.ContainsFunc(last.Members, func(m api.MemberView) bool { return m.Entity.ID == a.ID }) {
			t.Errorf("%s: %d stands on a side: %+v", path, a.ID, got.Sides)
		}
		for i := range got.Sides {
			x, y := &got.Sides[i], &whole.Sides[i]
			if x.ID != y.ID || x.Pilots != y.Pilots || x.ISKLost != y.ISKLost || x.ISKDestroyed != y.ISKDestroyed || x.Kills != y.Kills {
				t.Errorf("%s: side %+v, the corrected battle has %+v", path, x, y)
			}
		}
	}
	if got := battleView(t, s.get(t, window)); got.Corrections != 1 {
		t.Errorf("%s: got %d corrections, want the 1 about sides there", window, got.Corrections)
	}
}

// TestKeptReportIsCorrected decides on a side, which makes no event, after the report was
// answered and kept.
func TestKeptReportIsCorrected(t *testing.T) {
	t.Parallel()
	n := &counted{}
	s := correcting(t, func(d *api.Deps) {
		n.Store = d.Store.(store.Store)
		d.Store, d.Cache = n, caches["memory"](t)
	})
	live(t, s.site)
	_ = warmed(t, s.site, &n.lists, "/api/v1/battles")
	a, _ := alliances(s.one)
	report := fmt.Sprintf("/api/v1/reports?battle=%d", s.one.ID)
	for want, body := range []api.CorrectionBody{{}, {Sides: []api.SideCorrection{{Entity: a, Verb: "exclude"}}}} {
		if want > 0 {
			if r := s.post(t, s.one.ID, body); r.StatusCode != http.StatusCreated {
				t.Fatalf("got status %d: %s", r.StatusCode, text(t, r))
			}
		}
		if got := battleView(t, s.get(t, report)); got.Corrections != want {
			t.Errorf("got %d corrections, want %d", got.Corrections, want)
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
