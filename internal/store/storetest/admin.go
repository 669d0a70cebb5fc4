package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// Rejections, by their reason.
var (
	tooFew   = store.Rejected{Reason: "min_pilots"}
	notSpace = store.Rejected{Reason: "untracked_space"}
	unlisted = store.Rejected{Reason: "unlisted_entity"}
)

var rulesetTests = []test{
	{"the last one put or activated is active", rulesetActive},
	{"rejected killmails are kept for another decision", rejectedKept},
	{"stored killmails are listed by when they were stored", storedSince},
}

func rulesetActive(t *testing.T, s store.Store) {
	if _, err := s.ActiveRuleset(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before any was stored: got %v, want not found", err)
	}
	none, err := s.Rulesets(t.Context(), 10)
	must(t, err)
	same(t, "versions at first", len(none), 0)

	one := store.RulesetVersion{Note: "only us", CreatedBy: "administrator", CreatedAt: at(5), Active: true}
	one.Rules.MinPilots, one.Rules.SystemIDs, one.Rules.Spaces = 3, []int64{tama}, []eve.Space{eve.Lowsec}
	one.Rules.AllianceIDs, one.Rules.CorporationIDs, one.Rules.CharacterIDs = []int64{1}, []int64{2}, []int64{3, 4}
	one.Rules.IgnoreUnlisted = true
	two := store.RulesetVersion{CreatedAt: at(6)}
	two.Rules.MinPilots = 1
	one.Version, err = s.PutRuleset(t.Context(), one)
	must(t, err)
	two.Version, err = s.PutRuleset(t.Context(), two)
	must(t, err)
	if two.Version <= one.Version {
		t.Errorf("got version %d after %d", two.Version, one.Version)
	}
	active := func(want store.RulesetVersion) {
		t.Helper()
		got, err := s.ActiveRuleset(t.Context())
		must(t, err)
		want.Active = true
		same(t, "active ruleset", got, want)
	}
	active(two)
	must(t, s.ActivateRuleset(t.Context(), one.Version))
	active(one)
	if err := s.ActivateRuleset(t.Context(), 99); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("activate an unknown version: got %v, want not found", err)
	}
	active(one)
	all, err := s.Rulesets(t.Context(), 10)
	must(t, err)
	same(t, "versions", all, []store.RulesetVersion{two, one})
	newest, err := s.Rulesets(t.Context(), 1)
	must(t, err)
	same(t, "newest version", newest, []store.RulesetVersion{two})
}

func rejectedKept(t *testing.T, s store.Store) {
	rejected := func(id int64, second int, r store.Rejected) store.Rejected {
		r.KillmailID, r.Time, r.RulesetVersion, r.RejectedAt = id, at(0), 3, at(second)
		r.Facts.SystemID, r.Facts.Space, r.Facts.Pilots, r.Facts.Entities = tama, eve.Lowsec, 2, []int64{7, 8, 1 << 40}
		return r
	}
	put := func(r store.Rejected) {
		t.Helper()
		_, err := s.Save(t.Context(), store.Batch{Rejected: []store.Rejected{r}, Now: r.RejectedAt})
		must(t, err)
	}
	since := func(second int, want ...store.Rejected) {
		t.Helper()
		got, err := s.RejectedSince(t.Context(), at(second))
		must(t, err)
		same(t, "rejected", got, want, cmpopts.EquateEmpty())
	}
	nobody := rejected(3, 30, unlisted)
	nobody.Facts.Entities = nil
	put(rejected(1, 10, tooFew))
	put(rejected(2, 20, notSpace))
	put(nobody)
	since(20, rejected(2, 20, notSpace), nobody)
	put(rejected(1, 40, unlisted)) // came again
	since(0, rejected(2, 20, notSpace), nobody, rejected(1, 40, unlisted))
	must(t, s.PruneRejected(t.Context(), at(30)))
	since(0, nobody, rejected(1, 40, unlisted))
}

func storedSince(t *testing.T, s store.Store) {
	for id := range int64(3) {
		_, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{mail(id+1, int(-id))}, Now: at(int(10 * id))})
		must(t, err)
	}
	got, err := s.StoredSince(t.Context(), at(10))
	must(t, err)
	same(t, "stored", got, []int64{2, 3})
}

var intakeStatTests = []test{
	{"outcomes are summed by hour and source", intakeCounted},
}

func intakeCounted(t *testing.T, s store.Store) {
	hour := func(h int) time.Time { return epoch.Add(time.Duration(h)*time.Hour + 7*time.Minute) }
	save := func(h int, b store.Batch) {
		t.Helper()
		b.Now = hour(h)
		_, err := s.Save(t.Context(), b)
		must(t, err)
	}
	rejected := func(id int64, r store.Rejected) store.Rejected {
		r.KillmailID = id
		return r
	}
	save(0, store.Batch{Source: "r2z2", Documents: []store.Document{mail(1, 0), mail(2, 0)}})
	save(1, store.Batch{
		Source: "r2z2", Documents: []store.Document{mail(1, 0), mail(2, 0, sequence(3), worth(3)), mail(3, 0)},
		Rejected:    []store.Rejected{rejected(8, tooFew), rejected(9, tooFew), rejected(10, unlisted)},
		DeadLetters: []store.DeadLetter{{Source: "r2z2", Reference: "1"}},
	})
	save(1, store.Batch{Source: "archive", Documents: []store.Document{mail(3, 0), mail(4, 0)}})
	save(2, store.Batch{Source: "archive", Documents: []store.Document{mail(5, 0)}})
	since := func(h int, want ...store.IntakeCount) {
		t.Helper()
		got, err := s.IntakeSince(t.Context(), hour(h))
		must(t, err)
		same(t, "counts", got, want, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b store.IntakeCount) bool {
			return a.Source+a.Outcome < b.Source+b.Outcome
		}))
	}
	since(1,
		store.IntakeCount{Source: "archive", Outcome: "known", N: 1}, store.IntakeCount{Source: "archive", Outcome: "new", N: 2},
		store.IntakeCount{Source: "r2z2", Outcome: "broken", N: 1}, store.IntakeCount{Source: "r2z2", Outcome: "known", N: 1},
		store.IntakeCount{Source: "r2z2", Outcome: "new", N: 1}, store.IntakeCount{Source: "r2z2", Outcome: "rejected:min_pilots", N: 2},
		store.IntakeCount{Source: "r2z2", Outcome: "rejected:unlisted_entity", N: 1}, store.IntakeCount{Source: "r2z2", Outcome: "updated", N: 1})
	must(t, s.PruneIntake(t.Context(), epoch.Add(2*time.Hour)))
	since(0, store.IntakeCount{Source: "archive", Outcome: "new", N: 1})
	since(3)
}

var sessionTests = []test{
	{"lasts until it expires or is ended", sessionLasts},
}

func sessionLasts(t *testing.T, s store.Store) {
	put := func(hash string, until int) store.Session {
		t.Helper()
		v := store.Session{TokenHash: hash, Subject: "administrator", CreatedAt: at(0), ExpiresAt: at(until)}
		must(t, s.PutSession(t.Context(), v))
		return v
	}
	lacks := func(hash string, now int) {
		t.Helper()
		if v, err := s.Session(t.Context(), hash, at(now)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("session %s at %d: got %+v, %v, want not found", hash, now, v, err)
		}
	}
	lacks("a", 1)
	a := put("a", 100)
	put("b", 200)
	got, err := s.Session(t.Context(), "a", at(99))
	must(t, err)
	same(t, "session", got, a)
	lacks("a", 100)
	must(t, s.DeleteSession(t.Context(), "b"))
	must(t, s.DeleteSession(t.Context(), "b"))
	lacks("b", 1)
	put("c", 300)
	must(t, s.PruneSessions(t.Context(), at(200)))
	lacks("a", 1)
	if _, err := s.Session(t.Context(), "c", at(1)); err != nil {
		t.Errorf("session c after pruning: %v", err)
	}
}
