package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/store"
)

var deadLetterTests = []test{
	{"are kept once each", deadLettersOnce},
	{"may have no body", deadLetterWithoutBody},
}

func deadLettersOnce(t *testing.T, s store.Store) {
	letter := func(source, reference, reason string) store.DeadLetter {
		return store.DeadLetter{Source: source, Reference: reference, Reason: reason, Body: []byte("{\x00\xff" + reason)}
	}
	for i, reason := range []string{"is truncated", "is HTML"} {
		_, err := s.Save(t.Context(), store.Batch{Now: at(i), DeadLetters: []store.DeadLetter{
			letter("r2z2", "7", reason), letter("r2z2", "8", reason), letter("file", "7", reason), letter("r2z2", "7", reason),
		}})
		must(t, err)
	}
	sum, err := s.Summary(t.Context(), at(0), at(0))
	must(t, err)
	same(t, "dead letters", sum.DeadLetters, 3)

	rows, err := s.DeadLetters(t.Context(), 0, 10)
	must(t, err)
	var want []store.DeadLetterRow
	for i, l := range []store.DeadLetter{letter("r2z2", "7", "is HTML"), letter("r2z2", "8", "is HTML"), letter("file", "7", "is HTML")} {
		row := store.DeadLetterRow{DeadLetter: l, Size: len(l.Body), Seen: 2, CreatedAt: at(0), UpdatedAt: at(1)}
		if i == 0 {
			row.Seen = 4
		}
		row.ID = rows[i].ID
		got, err := s.DeadLetter(t.Context(), row.ID)
		must(t, err)
		same(t, "dead letter", got, row)
		row.Body = nil
		want = append(want, row)
	}
	same(t, "list", rows, want)
	rest, err := s.DeadLetters(t.Context(), rows[0].ID, 1)
	must(t, err)
	same(t, "next page", rest, want[1:2])

	must(t, s.DropDeadLetter(t.Context(), rows[1].ID))
	if _, err := s.DeadLetter(t.Context(), rows[1].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("dropped letter: got %v, want not found", err)
	}
	if err := s.DropDeadLetter(t.Context(), rows[1].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("drop again: got %v, want not found", err)
	}
}

func deadLetterWithoutBody(t *testing.T, s store.Store) {
	saved, err := s.Save(t.Context(), store.Batch{
		Documents: []store.Document{mail(1, 0)}, Feed: "r2z2", Cursor: 3, Now: at(0),
		DeadLetters: []store.DeadLetter{{Source: "r2z2", Reference: "1"}, {Source: "r2z2", Reference: "2", Body: []byte{}}},
	})
	must(t, err)
	same(t, "saved", saved, store.Saved{New: 1})
}

var cursorTests = []test{
	{"belong to their feed and move with the batch", cursorsMove},
	{"are listed by prefix and dropped", cursorsListed},
}

func cursorsMove(t *testing.T, s store.Store) {
	if _, _, err := s.Cursor(t.Context(), "r2z2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before the first batch: got %v, want not found", err)
	}
	move := func(feed string, to int64, now time.Time) {
		t.Helper()
		_, err := s.Save(t.Context(), store.Batch{Feed: feed, Cursor: to, Now: now})
		must(t, err)
	}
	stands := func(feed string, want int64, wantAt time.Time) {
		t.Helper()
		got, when, err := s.Cursor(t.Context(), feed)
		must(t, err)
		same(t, "cursor of "+feed, got, want)
		same(t, "time of "+feed, when, wantAt)
	}
	move("r2z2", 1<<52, at(1))
	move("other", 5, at(2))
	stands("r2z2", 1<<52, at(1))
	move("r2z2", 1<<52+1, at(3))
	save(t, s, mail(1, 0)) // no feed
	stands("r2z2", 1<<52+1, at(3))
	stands("other", 5, at(2))
	move("r2z2", 4, at(4)) // a source that counts anew
	stands("r2z2", 4, at(4))
}

var feedTests = []test{
	{"status is the last that was set", feedStatus},
}

func feedStatus(t *testing.T, s store.Store) {
	all, err := s.FeedStatuses(t.Context())
	must(t, err)
	same(t, "statuses of no feed", len(all), 0)
	set := func(f store.FeedStatus) {
		t.Helper()
		must(t, s.SetFeedStatus(t.Context(), f))
	}
	set(store.FeedStatus{Feed: "r2z2", State: store.FeedCatchingUp, Since: at(0), UpdatedAt: at(1)})
	set(store.FeedStatus{Feed: "other", State: store.FeedLive, Since: at(0), UpdatedAt: at(1)})
	offline := store.FeedStatus{
		Feed: "r2z2", State: store.FeedOffline, Since: at(2).In(time.FixedZone("EST", -5*3600)), Error: "answers 403", Hint: "give a contact",
		LastDocumentAt: at(1).Add(123 * time.Millisecond), UpdatedAt: at(3),
	}
	set(offline)
	all, err = s.FeedStatuses(t.Context())
	must(t, err)
	offline.Since = at(2)
	same(t, "statuses", all, []store.FeedStatus{{Feed: "other", State: store.FeedLive, Since: at(0), UpdatedAt: at(1)}, offline})
}
