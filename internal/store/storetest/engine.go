package storetest

import (
	"slices"
	"testing"

	"github.com/battlescope/battlescope/internal/store"
)

var engineTests = []test{
	{"starts with the default profile", engineDefault},
	{"a change queues every killmail", engineQueues},
	{"battles of another profile are refused", engineConflict},
	{"battles made with others are counted", engineOthers},
}

func engineDefault(t *testing.T, s store.Store) {
	got, err := s.Engine(t.Context())
	must(t, err)
	same(t, "engine", got, store.EngineState{Profile: "linked"})
}

func engineQueues(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	create(t, s, docs...)
	apply(t, s, store.Change{Basis: known(t, s, 1), Component: considered(docs...), Done: []int64{1, 2}})
	want := store.EngineState{Profile: "classic", Previous: "linked", ChangedAt: at(5)}
	must(t, s.SetEngine(t.Context(), want, false))
	waiting, err := s.Unclustered(t.Context(), 10)
	must(t, err)
	same(t, "work without queueing", len(waiting), 0)
	must(t, s.SetEngine(t.Context(), want, true))
	must(t, s.SetEngine(t.Context(), want, true)) // twice is once
	got, err := s.Engine(t.Context())
	must(t, err)
	same(t, "engine", got, want)
	waiting, err = s.Unclustered(t.Context(), 10)
	must(t, err)
	slices.Sort(waiting)
	same(t, "work", waiting, []int64{1, 2})
}

func engineConflict(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	save(t, s, docs...)
	plan := store.Change{
		Profile: "linked", Component: considered(docs...), Done: []int64{1, 2},
		Put: []store.PutBattle{put(newIDs(t, s, 1)[0], fight(docs...))},
	}
	must(t, s.SetEngine(t.Context(), store.EngineState{Profile: "classic", ChangedAt: at(1)}, true))
	conflicts(t, s, plan)
	plan.Profile = "classic"
	apply(t, s, plan)
}

func engineOthers(t *testing.T, s store.Store) {
	create(t, s, mail(1, 0), mail(2, 1))
	b := fight(mail(1, 0), mail(2, 1))
	for _, c := range []struct {
		profile string
		version int
		want    int64
	}{{b.Profile, b.Version, 0}, {"other", b.Version, 1}, {b.Profile, b.Version + 1, 1}} {
		n, err := s.BattlesNotOf(t.Context(), c.profile, c.version)
		must(t, err)
		same(t, "battles not of "+c.profile, n, c.want)
	}
}
