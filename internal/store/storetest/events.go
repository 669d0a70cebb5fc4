package storetest

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/store"
)

var eventTests = []test{
	{"none at first", eventsNone},
	{"new killmails that are not too old", eventsOfKillmails},
	{"battles that were written or removed", eventsOfBattles},
	{"are read in parts", eventsInParts},
	{"numbers are never used again", eventNumbers},
	{"come in commit order from several writers", eventsInCommitOrder},
}

func events(t *testing.T, s store.Store, after int64) []store.Event {
	t.Helper()
	got, err := s.EventsAfter(t.Context(), after, 1000)
	must(t, err)
	return got
}

// span checks the numbers of the oldest event kept and of the newest ever made.
func span(t *testing.T, s store.Store, oldest, newest int64) {
	t.Helper()
	gotOldest, gotNewest, err := s.EventRange(t.Context())
	must(t, err)
	same(t, "oldest and newest event", [2]int64{gotOldest, gotNewest}, [2]int64{oldest, newest})
}

// announce saves documents with events for those since second 0.
func announce(t *testing.T, s store.Store, now int, docs ...store.Document) {
	t.Helper()
	_, err := s.Save(t.Context(), store.Batch{Documents: docs, Announce: true, AnnounceAfter: at(0), Now: at(now)})
	must(t, err)
}

func eventsNone(t *testing.T, s store.Store) {
	span(t, s, 0, 0)
	same(t, "events", len(events(t, s, 0)), 0)
	save(t, s, mail(1, 0)) // not announced
	span(t, s, 0, 0)
}

func eventsOfKillmails(t *testing.T, s store.Store) {
	announce(t, s, 50, mail(1, 10), mail(2, -1), mail(3, 0), mail(1, 10))
	announce(t, s, 60, mail(1, 10, sequence(5), worth(1)), mail(4, 20))
	same(t, "events", events(t, s, 0), []store.Event{
		{Seq: 1, At: at(50), Topic: store.TopicKillmail, Subject: 1},
		{Seq: 2, At: at(50), Topic: store.TopicKillmail, Subject: 3},
		{Seq: 3, At: at(60), Topic: store.TopicKillmail, Subject: 4},
	})
	span(t, s, 1, 3)
}

func eventsOfBattles(t *testing.T, s store.Store) {
	a, b, old := []store.Document{mail(1, 0), mail(2, 10)}, []store.Document{mail(3, 0), mail(4, 10)}, []store.Document{mail(5, -50), mail(6, -40)}
	save(t, s, slices.Concat(a, b, old)...)
	id := newIDs(t, s, 3)
	write := func(c store.Change, since int) {
		t.Helper()
		c.AnnounceAfter, c.Now = at(since), at(90)
		apply(t, s, c)
	}
	write(store.Change{
		Component: considered(slices.Concat(a, b, old)...),
		Put:       []store.PutBattle{put(id[0], fight(a...)), put(id[1], fight(b...)), put(id[2], fight(old...))},
	}, 10)
	write(store.Change{
		Basis: known(t, s, 1, 3), Component: considered(slices.Concat(a, b)...),
		Put: []store.PutBattle{put(id[1], fight(slices.Concat(a, b)...))}, Remove: []store.RemoveBattle{{ID: id[0], Redirect: id[1]}},
	}, 10)
	write(store.Change{Basis: known(t, s, 5), Component: considered(old...), Remove: []store.RemoveBattle{{ID: id[2]}}}, 10) // too old
	apply(t, s, store.Change{                                                                                                // not announced
		Basis: known(t, s, 1), Component: considered(slices.Concat(a, b)...), Remove: []store.RemoveBattle{{ID: id[1]}},
	})
	event := func(seq, subject int64, revision int) store.Event {
		return store.Event{Seq: seq, At: at(90), Topic: store.TopicBattle, Subject: subject, Revision: revision}
	}
	same(t, "events", events(t, s, 0), []store.Event{event(1, id[0], 1), event(2, id[1], 1), event(3, id[1], 2), event(4, id[0], 2)})
}

func eventsInParts(t *testing.T, s store.Store) {
	for id := range int64(7) {
		announce(t, s, 0, mail(id+1, int(id)))
	}
	got := []int64{}
	for last := int64(2); ; {
		part, err := s.EventsAfter(t.Context(), last, 2)
		must(t, err)
		if len(part) == 0 {
			break
		}
		for _, e := range part {
			got, last = append(got, e.Seq), e.Seq
		}
	}
	same(t, "numbers after 2", got, []int64{3, 4, 5, 6, 7})
	same(t, "after the last", len(events(t, s, 7)), 0)
	same(t, "after one that is to come", len(events(t, s, 100)), 0)
}

func eventNumbers(t *testing.T, s store.Store) {
	prune := func(before, want int) {
		t.Helper()
		n, err := s.PruneEvents(t.Context(), at(before))
		must(t, err)
		same(t, "pruned", n, want)
	}
	announce(t, s, 10, mail(1, 1), mail(2, 2))
	announce(t, s, 20, mail(3, 3))
	prune(10, 0)
	prune(11, 2)
	span(t, s, 3, 3)
	prune(100, 1)
	span(t, s, 0, 3)
	announce(t, s, 30, mail(4, 4))
	span(t, s, 4, 4)
	same(t, "subject", events(t, s, 0)[0].Subject, 4)
}

// eventsInCommitOrder lets several writers announce while a reader follows. If a
// number could become visible before a lower one, the reader would miss that.
func eventsInCommitOrder(t *testing.T, s store.Store) {
	const writers, batches = 4, 12
	ctx := t.Context()
	var g errgroup.Group
	for w := range writers {
		g.Go(func() error {
			for i := range batches {
				first := int64(1000*w + 10*i + 1)
				_, err := s.Save(ctx, store.Batch{
					Documents: []store.Document{mail(first, i), mail(first+1, i)}, Announce: true, AnnounceAfter: at(-1), Now: at(0),
				})
				if err != nil {
					return fmt.Errorf("writer %d: %w", w, err)
				}
			}
			return nil
		})
	}
	followed := make(chan []store.Event, 1)
	g.Go(func() error {
		var got []store.Event
		defer func() { followed <- got }()
		for len(got) < 2*writers*batches {
			last := int64(0)
			if len(got) > 0 {
				last = got[len(got)-1].Seq
			}
			more, err := s.EventsAfter(ctx, last, 5)
			if err != nil {
				return err
			}
			got = append(got, more...)
		}
		return nil
	})
	must(t, g.Wait())
	got := <-followed
	subjects := make(map[int64]bool)
	for i, e := range got {
		same(t, "number", e.Seq, int64(i+1))
		subjects[e.Subject] = true
	}
	same(t, "killmails announced", len(subjects), 2*writers*batches)
	same(t, "all events", events(t, s, 0), got)
}
