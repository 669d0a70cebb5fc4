package storetest

import (
	"testing"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/store"
)

// Text that people type and services answer: PostgreSQL takes neither NUL nor what is
// no UTF-8.
const (
	foul    = "a\x00b\xffc"
	cleaned = "a\uFFFDb\uFFFDc"
)

var textTests = []test{
	{"of a killmail's hash", foulHash},
	{"of a correction", foulCorrection},
	{"of a ruleset", foulRuleset},
	{"of the status of a feed", foulFeedStatus},
	{"of a run of retention", foulRetention},
	{"of a run of verification", foulVerification},
}

func foulHash(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0, func(d *store.Document) { d.Killmail.Hash = foul }))
	k, err := s.Killmail(t.Context(), 1)
	must(t, err)
	same(t, "hash", k.Hash, cleaned)
}

func foulCorrection(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	b := create(t, s, docs...)
	id := correct(t, s, b, excluding(1), battle.Ground{Kills: ids(docs...)}, func(c *store.Correction) { c.Note, c.Author = foul, foul })
	must(t, s.TakeBackCorrection(t.Context(), id, foul, at(200)))
	c, err := s.Correction(t.Context(), id)
	must(t, err)
	same(t, "note, author and who took it back", [3]string{c.Note, c.Author, c.TakenBackBy}, [3]string{cleaned, cleaned, cleaned})
}

func foulRuleset(t *testing.T, s store.Store) {
	_, err := s.PutRuleset(t.Context(), store.RulesetVersion{Rules: ruleset.Default(), Note: foul, CreatedBy: foul, CreatedAt: at(0)})
	must(t, err)
	r, err := s.ActiveRuleset(t.Context())
	must(t, err)
	same(t, "note and author", [2]string{r.Note, r.CreatedBy}, [2]string{cleaned, cleaned})
}

func foulFeedStatus(t *testing.T, s store.Store) {
	must(t, s.SetFeedStatus(t.Context(), store.FeedStatus{Feed: "r2z2", State: store.FeedOffline, Since: at(0), Error: foul, Hint: foul, UpdatedAt: at(1)}))
	all, err := s.FeedStatuses(t.Context())
	must(t, err)
	same(t, "error and hint", [2]string{all[0].Error, all[0].Hint}, [2]string{cleaned, cleaned})
}

func foulRetention(t *testing.T, s store.Store) {
	run, err := s.BeginRetention(t.Context(), store.RetentionRule{Horizon: at(0)}, at(1))
	must(t, err)
	must(t, s.EndRetention(t.Context(), run, at(2), foul))
	runs, err := s.RetentionRuns(t.Context(), 1)
	must(t, err)
	same(t, "problem", runs[0].Problem, cleaned)
}

func foulVerification(t *testing.T, s store.Store) {
	_, err := s.PutVerifyRun(t.Context(), store.VerifyRun{
		StartedAt: at(0), FinishedAt: at(1), NotChecked: []string{foul}, Found: 1,
		Findings: []store.Finding{{Check: store.CheckDays, Samples: []int64{}, Detail: foul, Repair: foul}},
	})
	must(t, err)
	runs, err := s.VerifyRuns(t.Context(), 1)
	must(t, err)
	f := runs[0].Findings[0]
	same(t, "detail, repair and what was not checked", [3]string{f.Detail, f.Repair, runs[0].NotChecked[0]}, [3]string{cleaned, cleaned, cleaned})
}
