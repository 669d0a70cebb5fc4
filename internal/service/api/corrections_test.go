package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// corrected is a site on which corrections are made by an administrator.
type corrected struct {
	*site
	cookie   string
	one, two api.BattleView // the two battles, the larger first
}

// drain brings the battles up to date, with the corrections.
func (s *site) drain(t *testing.T) {
	t.Helper()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	cfg := cluster.DefaultConfig()
	cfg.Active = func(ctx context.Context) (p battle.Params, err error) {
		p = battle.Linked()
		p.Corrections, err = s.store.Layer(ctx, battle.Corrections{Version: -1})
		return p, err
	}
	c, err := cluster.New(cfg, s.store, s.bus, world, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err == nil {
		_, err = c.Drain(t.Context(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// twoFights are the killmails of two fights, hours apart.
func twoFights() []*killmail.Killmail {
	var mails []*killmail.Killmail
	for i := range uint64(2) {
		fight := sim.Fleet(i+1, sim.FleetOptions{Start: begin.Add(time.Duration(3*i) * time.Hour), Pilots: 12 - 4*int(i)}).Mails()
		for _, k := range fight {
			k.ID += int64(i+1) * 10_000_000
		}
		mails = append(mails, fight...)
	}
	return mails
}

func correcting(t *testing.T, change ...func(*api.Deps)) *corrected {
	t.Helper()
	s := &corrected{site: empty(t, change...)}
	if err := s.save(t.Context(), twoFights()...); err != nil {
		t.Fatal(err)
	}
	s.cookie = s.administrator(t)
	list := into[page](t, s.get(t, "/api/v1/battles?sort=-kills"), http.StatusOK).Items
	if len(list) != 2 {
		t.Fatalf("got %d battles, want two", len(list))
	}
	s.one, s.two = s.battle(t, list[0].ID), s.battle(t, list[1].ID)
	return s
}

func (s *corrected) battle(t *testing.T, id int64) api.BattleView {
	t.Helper()
	return into[api.BattleView](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", id)), http.StatusOK)
}

func (s *corrected) post(t *testing.T, id int64, body any) *http.Response {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return s.ask(t, "POST", fmt.Sprintf("/api/v1/battles/%d/corrections", id), string(b), "Cookie", s.cookie)
}

func (s *corrected) history(t *testing.T, id int64) []api.CorrectionView {
	t.Helper()
	return into[struct {
		Items []api.CorrectionView `json:"items"`
	}](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d/corrections", id)), http.StatusOK).Items
}

func (s *corrected) takeBack(t *testing.T, id int64) *http.Response {
	t.Helper()
	return s.ask(t, "DELETE", fmt.Sprintf("/api/v1/corrections/%d", id), "", "Cookie", s.cookie)
}

func number(n int64) *int64 { return &n }

// about makes a correction of one killmail.
func about(verb string, id int64, with *int64) api.CorrectionBody {
	return api.CorrectionBody{Killmails: []api.KillmailCorrection{{KillmailID: id, Verb: verb, With: with}}}
}

// alliances returns the first member of the first two sides.
func alliances(b api.BattleView) (a, c api.EntityID) {
	of := func(i int) api.EntityID {
		e := b.Sides[i].Members[0].Entity
		return api.EntityID{Type: e.Type, ID: e.ID}
	}
	return of(0), of(1)
}

// TestCorrectBattle makes one correction of every sort, reads the history as anybody can,
// and takes it back.
func TestCorrectBattle(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	signals, stop := s.bus.Listen(bus.BattlesCorrected)
	defer stop()
	signalled := func() bool {
		select {
		case <-signals:
			return true
		default:
			return false
		}
	}
	a, b := alliances(s.one)
	kill := s.one.Killmails[1].ID
	body := api.CorrectionBody{
		Note:      "  they <b>blue</b> each other ",
		Sides:     []api.SideCorrection{{Entity: a, Verb: "together", With: &b}},
		Killmails: []api.KillmailCorrection{{KillmailID: kill, Verb: "exclude"}},
		MergeWith: number(s.two.ID),
	}
	made := into[api.CorrectionView](t, s.post(t, s.one.ID, body), http.StatusCreated)
	if !signalled() {
		t.Error("nobody was told")
	}
	if made.ID == 0 || made.Author != "administrator" || made.Note != "they <b>blue</b> each other" || !made.CreatedAt.Equal(now) || !made.Active ||
		made.TakenBackAt != nil || made.TakenBackBy != nil || made.BattleID != s.one.ID || *made.MergeWith != s.two.ID {
		t.Errorf("got %+v", made)
	}
	if len(made.Sides) != 1 || made.Sides[0].Entity.ID != a.ID || made.Sides[0].With.ID != b.ID || made.Sides[0].With.Type != b.Type || made.Sides[0].Verb != "together" {
		t.Errorf("got the sides %+v", made.Sides)
	}
	if len(made.Killmails) != 1 || made.Killmails[0].KillmailID != kill || made.Killmails[0].With != nil {
		t.Errorf("got the killmails %+v", made.Killmails)
	}
	s.drain(t)
	got := s.battle(t, s.one.ID)
	if got.Kills != s.one.Kills+s.two.Kills-1 || got.Corrections != 1 || got.Revisions[len(got.Revisions)-1].Reason != "correction" {
		t.Errorf("the battle has %d kills of %d and %d, %d corrections, revisions %+v", got.Kills, s.one.Kills, s.two.Kills, got.Corrections, got.Revisions)
	}
	if short := into[api.BattleView](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d?view=summary", s.one.ID)), http.StatusOK); short.Corrections != 1 {
		t.Errorf("the summary counts %d corrections", short.Corrections)
	}
	for _, id := range []int64{s.one.ID, s.two.ID} {
		if h := s.history(t, id); len(h) != 1 || h[0].ID != made.ID {
			t.Errorf("the history of battle %d has %+v", id, h)
		}
	}
	signalled()
	back := into[api.CorrectionView](t, s.takeBack(t, made.ID), http.StatusOK)
	if back.Active || back.TakenBackAt == nil || !back.TakenBackAt.Equal(now) || *back.TakenBackBy != "administrator" || !signalled() {
		t.Errorf("got %+v", back)
	}
	s.drain(t)
	for _, want := range []api.BattleView{s.one, s.two} {
		got := s.battle(t, want.ID)
		if got.ID != want.ID || got.Kills != want.Kills || got.Corrections != 0 || len(got.Sides) != len(want.Sides) {
			t.Errorf("battle %d is %d with %d kills of %d, %d corrections", want.ID, got.ID, got.Kills, want.Kills, got.Corrections)
		}
	}
	if h := s.history(t, s.one.ID); len(h) != 1 || h[0].Active {
		t.Errorf("the history has %+v", h)
	}
	checkProblem(t, "taken back twice", s.takeBack(t, made.ID), http.StatusConflict)
	checkProblem(t, "no such correction", s.takeBack(t, 99), http.StatusNotFound)
}

// TestSplitBattle puts a third of a battle apart.
func TestSplitBattle(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	var body api.CorrectionBody
	var own []int64
	for _, k := range s.one.Killmails[:s.one.Kills/3] {
		own = append(own, k.ID)
		body.Killmails = append(body.Killmails, api.KillmailCorrection{KillmailID: k.ID, Verb: "apart"})
	}
	made := into[api.CorrectionView](t, s.post(t, s.one.ID, body), http.StatusCreated)
	if len(made.Killmails) != len(own) {
		t.Errorf("got %+v", made.Killmails)
	}
	s.drain(t)
	of := into[map[string]int64](t, s.get(t, fmt.Sprintf("/api/v1/battles/by-killmail/%d", own[0])), http.StatusOK)["battle_id"]
	part := s.battle(t, of)
	got := make([]int64, len(part.Killmails))
	for i, k := range part.Killmails {
		got[i] = k.ID
	}
	if !slices.Equal(got, own) || part.Corrections != 1 || s.battle(t, s.one.ID).Corrections != 1 {
		t.Errorf("the part has %v, want %v", got, own)
	}
}

// TestCorrectionsRefused makes corrections that cannot be, and looks that none is kept.
func TestCorrectionsRefused(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	far := twoFights()[0]
	far.ID, far.Time = 77_000_001, begin.AddDate(0, -1, 0)
	near := twoFights()[1]
	near.ID, near.Time = 77_000_002, begin.AddDate(0, 0, -2)
	early := *near
	early.ID, early.Time = 77_000_003, near.Time.Add(time.Second)
	if err := s.save(t.Context(), far, near, &early); err != nil {
		t.Fatal(err)
	}
	a, b := alliances(s.one)
	of := func(id int64) int64 {
		return into[map[string]int64](t, s.get(t, fmt.Sprintf("/api/v1/battles/by-killmail/%d", id)), http.StatusOK)["battle_id"]
	}
	sides := func(verb string, who api.EntityID, with *api.EntityID) api.CorrectionBody {
		return api.CorrectionBody{Sides: []api.SideCorrection{{Entity: who, Verb: verb, With: with}}}
	}
	first, second, foreign := s.one.Killmails[0].ID, s.one.Killmails[1].ID, s.two.Killmails[0].ID
	var everything api.CorrectionBody
	for _, k := range s.one.Killmails {
		everything.Killmails = append(everything.Killmails, api.KillmailCorrection{KillmailID: k.ID, Verb: "apart"})
	}
	for _, c := range []struct {
		name   string
		id     int64
		body   any
		status int
		told   string
	}{
		{"no such battle", 999, about("exclude", first, nil), 404, "battle"},
		{"nothing", s.one.ID, api.CorrectionBody{Note: "hm"}, 422, "nothing is decided"},
		{"an unknown verb", s.one.ID, about("glue", first, number(second)), 422, "verb"},
		{"an unknown field", s.one.ID, map[string]any{"split": true}, 422, "split"},
		{"a note without end", s.one.ID, api.CorrectionBody{Note: strings.Repeat("a", 501)}, 422, "note"},
		{"a killmail of another battle", s.one.ID, about("exclude", foreign, nil), 422, fmt.Sprintf("killmail %d is not in battle", foreign)},
		{"apart from a killmail of another battle", s.one.ID, about("apart", first, number(foreign)), 422, fmt.Sprintf("killmail %d is not in battle", foreign)},
		{"neither is in it", s.one.ID, about("together", foreign, number(s.two.Killmails[1].ID)), 422, "neither killmail"},
		{"a killmail nobody knows", s.one.ID, about("together", first, number(5)), 422, "killmail 5 is not stored"},
		{"a killmail of another month", s.one.ID, about("together", first, number(far.ID)), 422, "hours apart"},
		{"together with nothing", s.one.ID, about("move", first, nil), 422, "needs another killmail"},
		{"exclude with another", s.one.ID, about("exclude", first, number(second)), 422, "exclude takes one id"},
		{"with itself", s.one.ID, about("apart", first, number(first)), 422, "itself"},
		{"all of it apart", s.one.ID, everything, 422, "no killmail would be left"},
		{"twice the same", s.one.ID, api.CorrectionBody{Killmails: slices.Concat(about("exclude", first, nil).Killmails, about("exclude", first, nil).Killmails)}, 422, "excluded already"},
		{"a battle with itself", s.one.ID, api.CorrectionBody{MergeWith: number(s.one.ID)}, 422, "already"},
		{"with no battle", s.one.ID, api.CorrectionBody{MergeWith: number(999)}, 404, "battle to merge with"},
		{"with a battle of another day", s.one.ID, api.CorrectionBody{MergeWith: number(of(near.ID))}, 422, "hours apart"},
		{"somebody who was not there", s.one.ID, sides("exclude", api.EntityID{Type: "alliance", ID: 99_999_999}, nil), 422, "alliance 99999999 is not in battle"},
		{"an alliance as a corporation", s.one.ID, sides("exclude", api.EntityID{Type: "corporation", ID: a.ID}, nil), 422, "not"},
		{"a corporation of NPCs", s.one.ID, sides("exclude", api.EntityID{Type: "corporation", ID: 1_000_169}, nil), 422, "no corporation of players"},
		{"a side with nobody", s.one.ID, sides("together", a, nil), 422, "needs a second id"},
		{"no side with somebody", s.one.ID, sides("exclude", a, &b), 422, "exclude takes one id"},
		{"a faction", s.one.ID, sides("exclude", api.EntityID{Type: "faction", ID: 500_001}, nil), 422, "type"},
	} {
		p := checkProblem(t, c.name, s.post(t, c.id, c.body), c.status)
		told := p.Detail
		for _, e := range p.Errors {
			told += " " + e.Message + " " + e.Location
		}
		if !strings.Contains(told, c.told) {
			t.Errorf("%s: %q does not say %q", c.name, told, c.told)
		}
	}
	if h := s.history(t, s.one.ID); len(h) != 0 {
		t.Errorf("the history has %+v", h)
	}
	if left, err := s.store.Unclustered(t.Context(), 10); err != nil || len(left) > 0 {
		t.Errorf("%v are to be done (%v)", left, err)
	}
}

// TestContradictingCorrections names the correction that is in the way.
func TestContradictingCorrections(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	a, b := alliances(s.one)
	kills := s.one.Killmails
	sides := func(verb string) api.CorrectionBody {
		return api.CorrectionBody{Sides: []api.SideCorrection{{Entity: a, Verb: verb, With: &b}}}
	}
	for i, body := range []api.CorrectionBody{
		about("together", kills[0].ID, number(kills[1].ID)), sides("together"), {MergeWith: number(s.two.ID)},
	} {
		if made := into[api.CorrectionView](t, s.post(t, s.one.ID, body), http.StatusCreated); made.ID != int64(i+1) {
			t.Fatalf("got correction %d, want %d", made.ID, i+1)
		}
		s.drain(t)
	}
	rules, err := s.store.Correction(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	tied := rules.Rules.Kills[0]
	for _, c := range []struct {
		name string
		body api.CorrectionBody
		by   int
	}{
		{"apart what is together", about("apart", kills[1].ID, number(kills[0].ID)), 1},
		{"together again", about("together", kills[1].ID, number(kills[0].ID)), 1},
		{"exclude what is together", about("exclude", kills[0].ID, nil), 1},
		{"sides apart", sides("apart"), 2},
		{"apart what was merged", about("apart", tied.Kill, number(tied.With)), 3},
	} {
		p := checkProblem(t, c.name, s.post(t, s.one.ID, c.body), http.StatusConflict)
		if want := fmt.Sprintf("correction %d", c.by); !strings.Contains(p.Detail, want) || !strings.Contains(p.Hint, want) {
			t.Errorf("%s: got %q and %q, want %s named", c.name, p.Detail, p.Hint, want)
		}
	}
	// Taken back, they are in the way no longer.
	if r := s.takeBack(t, 1); r.StatusCode != http.StatusOK {
		t.Fatal(text(t, r))
	}
	if r := s.post(t, s.one.ID, about("exclude", kills[0].ID, nil)); r.StatusCode != http.StatusCreated {
		t.Error(text(t, r))
	}
}

// TestCorrectionsAfterRetention refuses what there is nothing left for.
func TestCorrectionsAfterRetention(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	made := into[api.CorrectionView](t, s.post(t, s.one.ID, about("exclude", s.one.Killmails[0].ID, nil)), http.StatusCreated)
	s.drain(t)
	rule := store.RetentionRule{Horizon: now}
	run, err := s.store.BeginRetention(t.Context(), rule, now)
	for done := false; err == nil && !done; {
		_, done, err = s.store.Retain(t.Context(), run, rule, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]*http.Response{
		"a correction": s.post(t, s.one.ID, about("exclude", s.one.Killmails[1].ID, nil)),
		"a merge":      s.post(t, s.one.ID, api.CorrectionBody{MergeWith: number(s.two.ID)}),
		"taking back":  s.takeBack(t, made.ID),
	} {
		if p := checkProblem(t, what, r, http.StatusConflict); !strings.Contains(p.Detail, "retention") {
			t.Errorf("%s: got %q", what, p.Detail)
		}
	}
	if h := s.history(t, s.one.ID); len(h) != 1 || !h[0].Active {
		t.Errorf("the history has %+v", h)
	}
}

// TestCorrectionRights lets everybody read and nobody but the administrator write, and
// that from our own page alone.
func TestCorrectionRights(t *testing.T) {
	t.Parallel()
	s := correcting(t)
	path := fmt.Sprintf("/api/v1/battles/%d/corrections", s.one.ID)
	body := fmt.Sprintf(`{"killmails":[{"killmail_id":%d,"verb":"exclude","with":null}],"sides":[],"merge_with":null,"note":""}`, s.one.Killmails[0].ID)
	for _, header := range [][]string{nil, {"Cookie", "battlescope_session=GUESS"}} {
		checkProblem(t, "POST of anybody", s.ask(t, "POST", path, body, header...), http.StatusUnauthorized)
		checkProblem(t, "DELETE of anybody", s.ask(t, "DELETE", "/api/v1/corrections/1", "", header...), http.StatusUnauthorized)
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		header = append(header, "Cookie", s.cookie)
		checkProblem(t, "POST from elsewhere", s.ask(t, "POST", path, body, header...), http.StatusForbidden)
		checkProblem(t, "DELETE from elsewhere", s.ask(t, "DELETE", "/api/v1/corrections/1", "", header...), http.StatusForbidden)
	}
	if h := s.history(t, s.one.ID); len(h) != 0 {
		t.Fatalf("strangers made %+v", h)
	}
	made := into[api.CorrectionView](t, s.ask(t, "POST", path, body, "Cookie", s.cookie, "Sec-Fetch-Site", "same-origin"), http.StatusCreated)
	if h := s.history(t, s.one.ID); len(h) != 1 || h[0].Author != "administrator" {
		t.Errorf("got %+v", h)
	}
	if r := s.ask(t, "POST", "/auth/logout", "", "Cookie", s.cookie); r.StatusCode != http.StatusNoContent {
		t.Fatalf("logout: got status %d", r.StatusCode)
	}
	checkProblem(t, "DELETE after logout", s.takeBack(t, made.ID), http.StatusUnauthorized)
	checkProblem(t, "history of no battle", s.get(t, "/api/v1/battles/999/corrections"), http.StatusNotFound)
}

// racing is a store on which somebody else corrects a battle whenever it is read for a
// correction, so often as told.
type racing struct {
	store.Store
	times int
	rule  battle.Corrections
}

func (r *racing) SaveCorrection(ctx context.Context, c store.Correction, layer int64) (int64, error) {
	if r.times > 0 {
		r.times--
		if _, err := r.Store.SaveCorrection(ctx, store.Correction{BattleID: c.BattleID, Rules: r.rule, CreatedAt: now}, layer); err != nil {
			return 0, err
		}
	}
	return r.Store.SaveCorrection(ctx, c, layer)
}

func TestCorrectionsAtOnce(t *testing.T) {
	t.Parallel()
	r := &racing{}
	s := correcting(t, func(d *api.Deps) {
		r.Store = d.Store.(store.Store)
		d.Store = r
	})
	r.rule = battle.Corrections{Kills: []battle.KillCorrection{{Verb: battle.Together, Kill: s.one.Killmails[3].ID, With: s.one.Killmails[4].ID}}}
	r.times = 2
	made := into[api.CorrectionView](t, s.post(t, s.one.ID, about("exclude", s.one.Killmails[0].ID, nil)), http.StatusCreated)
	if h := s.history(t, s.one.ID); made.ID != 3 || len(h) != 3 {
		t.Errorf("got correction %d of %d", made.ID, len(h))
	}
	// What another one says meanwhile is seen.
	r.times = 1
	checkProblem(t, "apart", s.post(t, s.one.ID, about("apart", s.one.Killmails[3].ID, number(s.one.Killmails[4].ID))), http.StatusConflict)
	r.times = 100
	checkProblem(t, "without end", s.post(t, s.one.ID, about("exclude", s.one.Killmails[1].ID, nil)), http.StatusConflict)
}

// mute is a bus that cannot publish.
type mute struct{ bus.Bus }

func (mute) Publish(context.Context, bus.Topic) error { return errors.New("bus is down") }

func TestCorrectionNeedsNoBus(t *testing.T) {
	t.Parallel()
	s := correcting(t, func(d *api.Deps) { d.Bus = mute{d.Bus} })
	if r := s.post(t, s.one.ID, about("exclude", s.one.Killmails[0].ID, nil)); r.StatusCode != http.StatusCreated {
		t.Error(text(t, r))
	}
}
