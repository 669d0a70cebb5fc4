package storetest

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/store"
)

var leaseTests = []test{
	{"a lease has one holder until it is released", leaseOneHolder},
	{"a lease that is not renewed ends", leaseEnds},
	{"of many that want a lease one gets it", leaseRace},
	{"marks keep the last value", marks},
}

func acquire(t *testing.T, s store.Store, holder string, ttl time.Duration) bool {
	t.Helper()
	got, err := s.Acquire(t.Context(), "work", holder, ttl)
	must(t, err)
	return got
}

func leaseOneHolder(t *testing.T, s store.Store) {
	holder, err := s.LeaseHolder(t.Context(), "work")
	must(t, err)
	same(t, "holder at first", holder, "")
	same(t, "first", acquire(t, s, "a", time.Hour), true)
	same(t, "another", acquire(t, s, "b", time.Hour), false)
	same(t, "again", acquire(t, s, "a", time.Hour), true)
	must(t, s.Release(t.Context(), "work", "b")) // not b's to release
	holder, err = s.LeaseHolder(t.Context(), "work")
	must(t, err)
	same(t, "holder", holder, "a")
	must(t, s.Release(t.Context(), "work", "a"))
	same(t, "after release", acquire(t, s, "b", time.Hour), true)
}

func leaseEnds(t *testing.T, s store.Store) {
	same(t, "first", acquire(t, s, "a", time.Millisecond), true)
	for !acquire(t, s, "b", time.Hour) { // the clock is the database's
	}
	same(t, "the one that lost it", acquire(t, s, "a", time.Hour), false)
}

func leaseRace(t *testing.T, s store.Store) {
	var won atomic.Int64
	var g errgroup.Group
	for _, holder := range []string{"a", "b", "c", "d", "e", "f"} {
		g.Go(func() error {
			got, err := s.Acquire(t.Context(), "work", holder, time.Hour)
			if got {
				won.Add(1)
			}
			return err
		})
	}
	must(t, g.Wait())
	same(t, "holders", won.Load(), 1)
}

func marks(t *testing.T, s store.Store) {
	if _, _, err := s.Mark(t.Context(), "sweep"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("got %v, want %v", err, store.ErrNotFound)
	}
	must(t, s.SetMark(t.Context(), "sweep", 1, at(1)))
	must(t, s.SetMark(t.Context(), "sweep", 7, at(2)))
	value, when, err := s.Mark(t.Context(), "sweep")
	must(t, err)
	same(t, "value", value, 7)
	same(t, "time", when, at(2))
}
