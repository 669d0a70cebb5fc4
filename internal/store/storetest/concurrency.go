package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var concurrencyTests = []test{
	{"readers see battles whole while they are rewritten", readersSeeWhole},
	{"of several planners on one basis one wins", onePlannerWins},
	{"writers of the same killmails store them once", writersStoreOnce},
	{"writers of the same killmails with other times store them once", writersOverMonths},
	{"a value that changes while battles are written is not lost", valueIsNotLost},
	{"planners of new battles of the same killmails", newBattlesCollide},
}

// readersSeeWhole lets one writer merge and split battles without end while
// readers check that what they get fits together.
func readersSeeWhole(t *testing.T, s store.Store) {
	const rounds = 60
	ctx := t.Context()
	docs := []store.Document{mail(1, 0), mail(2, 1), mail(3, 500), mail(4, 501)}
	id := create(t, s, docs...)
	var g errgroup.Group
	done := make(chan struct{})
	g.Go(func() error {
		defer close(done)
		for range rounds {
			basis, err := s.Known(ctx, ids(docs...))
			if err != nil {
				return err
			}
			c := store.Change{Basis: basis, Component: considered(docs...), Now: at(0), Put: []store.PutBattle{put(id, fight(docs...))}}
			if len(basis) == 1 {
				fresh, err := s.NewBattleIDs(ctx, 1)
				if err != nil {
					return err
				}
				c.Put = []store.PutBattle{put(id, fight(docs[:2]...)), put(fresh[0], fight(docs[2:]...))}
			} else {
				c.Remove = []store.RemoveBattle{{ID: basis[1].ID, Redirect: id}}
			}
			if err := s.Apply(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	for range 3 {
		g.Go(func() error {
			for {
				select {
				case <-done:
					return nil
				default:
				}
				if err := readWhole(t, s, id); err != nil {
					return err
				}
			}
		})
	}
	must(t, g.Wait())
}

func readWhole(t *testing.T, s store.Store, id int64) error {
	rows, _, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, store.Page{Limit: 10})
	if err != nil {
		return err
	}
	kills := 0
	for _, r := range rows {
		kills += r.Kills
		if len(r.SystemIDs) == 0 || len(r.Sides) != 2 || len(r.Hulls) != 2 {
			return fmt.Errorf("battle %d in the list is not whole: %+v", r.ID, r)
		}
		// It may have been merged since; then the other one answers.
		if _, err := s.BattleSummary(t.Context(), r.ID); err != nil {
			return fmt.Errorf("battle %d that was just listed: %w", r.ID, err)
		}
	}
	if kills != 4 {
		return fmt.Errorf("%d battles with %d kills are listed, want 4 kills", len(rows), kills)
	}
	d, err := s.Battle(t.Context(), id)
	if err != nil {
		return err
	}
	if len(d.Killmails) != d.Kills || len(d.Revisions) != d.Revision || len(d.Members) != 3 || len(d.SystemIDs) == 0 {
		return fmt.Errorf("battle says %d kills and revision %d, has %d killmails, %d revisions, %d pilots, %d systems",
			d.Kills, d.Revision, len(d.Killmails), len(d.Revisions), len(d.Members), len(d.SystemIDs))
	}
	return nil
}

func onePlannerWins(t *testing.T, s store.Store) {
	const planners, rounds = 4, 5
	ctx := t.Context()
	docs := []store.Document{mail(1, 0), mail(2, 1)}
	id := create(t, s, docs...)
	for round := range rounds {
		basis := known(t, s, 1)
		results := make([]error, planners)
		var g errgroup.Group
		for i := range planners {
			g.Go(func() error {
				results[i] = s.Apply(ctx, store.Change{
					Basis: basis, Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}, Now: at(i),
				})
				return nil
			})
		}
		must(t, g.Wait())
		won := 0
		for _, err := range results {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, store.ErrConflict):
				t.Errorf("got %v, want nothing but %v", err, store.ErrConflict)
			}
		}
		same(t, "planners that won", won, 1)
		same(t, "revision", known(t, s, 1)[0].Revision, round+2)
	}
}

func writersStoreOnce(t *testing.T, s store.Store) {
	const writers = 4
	docs := make([]store.Document, 50)
	for i := range docs {
		docs[i] = mail(int64(i+1), i)
	}
	ctx := t.Context()
	results := make([]store.Saved, writers)
	var g errgroup.Group
	for w := range writers {
		g.Go(func() (err error) {
			results[w], err = s.Save(ctx, store.Batch{Documents: docs, Announce: true, AnnounceAfter: at(-1), Now: at(0)})
			return err
		})
	}
	must(t, g.Wait())
	total := store.Saved{}
	for _, r := range results {
		total.New += r.New
		total.Known += r.Known
	}
	same(t, "saved by all", total, store.Saved{New: len(docs), Known: (writers - 1) * len(docs)})
	same(t, "events", len(events(t, s, 0)), len(docs))
	same(t, "work", len(work(t, s)), len(docs))
}

// writersOverMonths lets writers store the same killmails, each with a time of its own
// in months that are new, and each in another order.
func writersOverMonths(t *testing.T, s store.Store) {
	const writers, mails = 4, 60
	ctx := t.Context()
	results := make([]store.Saved, writers)
	var g errgroup.Group
	for w := range writers {
		g.Go(func() (err error) {
			var docs []store.Document
			for i := range mails {
				docs = append(docs, mail(int64(i+1), i, later(w-i%5), sequence(int64(w)), worth(float64(1+w))))
			}
			if w%2 == 0 {
				slices.Reverse(docs)
			}
			results[w], err = s.Save(ctx, store.Batch{Documents: docs, Now: at(0)})
			return err
		})
	}
	must(t, g.Wait())
	total, documents := 0, 0
	for _, r := range results {
		total += r.New
		documents += r.New + r.Known + r.Updated
	}
	same(t, "new of all writers", total, mails)
	same(t, "documents", documents, writers*mails)
	all, err := s.Between(ctx, at(0).AddDate(-2, 0, 0), at(0).AddDate(2, 0, 0))
	must(t, err)
	same(t, "stored", len(all), mails)
	var worth eve.ISK
	for _, id := range all {
		k := load(t, s, id)
		same(t, "attackers", len(k.Attackers), 2)
		same(t, "value of the newest", k.Value.ISK, eve.FromFloat(writers))
		worth += k.Value.ISK
	}
	sum, err := s.Summary(ctx, at(0).AddDate(-2, 0, 0), at(0))
	must(t, err)
	same(t, "counted", [2]int64{sum.Killmails, sum.KillmailsSince}, [2]int64{mails, mails})
	same(t, "worth", sum.ISKSince, worth)
}

// valueIsNotLost changes the value of a killmail while its battle is written with the
// old one. Either that is refused, or the killmail is on the list of work again.
func valueIsNotLost(t *testing.T, s store.Store) {
	const rounds = 40
	ctx := t.Context()
	d := mail(1, 0)
	id := create(t, s, d, mail(2, 1))
	for round := range rounds {
		_, err := s.Save(ctx, store.Batch{Documents: []store.Document{mail(1, 0, sequence(int64(2*round+1)), worth(float64(2*round+1)))}, Now: at(0)})
		must(t, err)
		planned := mail(1, 0, worth(float64(2*round+1)))
		docs := []store.Document{planned, mail(2, 1)}
		basis := known(t, s, 1)
		var g errgroup.Group
		g.Go(func() error {
			_, err := s.Save(ctx, store.Batch{Documents: []store.Document{mail(1, 0, sequence(int64(2*round+2)), worth(float64(2*round+2)))}, Now: at(0)})
			return err
		})
		g.Go(func() error {
			err := s.Apply(ctx, store.Change{
				Basis: basis, Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}, Done: ids(docs...), Now: at(0),
			})
			if errors.Is(err, store.ErrConflict) {
				return nil
			}
			return err
		})
		must(t, g.Wait())
		if left := work(t, s); !slices.Contains(left, 1) {
			t.Fatalf("round %d: the killmail has a new value and nobody will bring its battle up to date: left %v", round, left)
		}
	}
}

// newBattlesCollide has planners make battles of their own of killmails that share one.
func newBattlesCollide(t *testing.T, s store.Store) {
	const planners, rounds = 4, 5
	ctx := t.Context()
	for round := range rounds {
		first := int64(100 * round)
		shared := mail(first, 1000*round)
		save(t, s, shared)
		fresh := newIDs(t, s, planners)
		results := make([]error, planners)
		var g errgroup.Group
		for i := range planners {
			own := mail(first+int64(i)+1, 1000*round+i+1)
			save(t, s, own)
			g.Go(func() error {
				docs := []store.Document{own, shared}
				results[i] = s.Apply(ctx, store.Change{Component: considered(docs...), Put: []store.PutBattle{put(fresh[i], fight(docs...))}, Now: at(0)})
				return nil
			})
		}
		must(t, g.Wait())
		won := 0
		for i, err := range results {
			if err == nil {
				won++
				b, err := s.BattleOf(ctx, first)
				must(t, err)
				same(t, "battle of the shared killmail", b, fresh[i])
			} else if !errors.Is(err, store.ErrConflict) {
				t.Errorf("got %v, want nothing but %v", err, store.ErrConflict)
			}
		}
		same(t, "planners that won", won, 1)
		sum, err := s.Summary(ctx, at(0), at(0))
		must(t, err)
		same(t, "battles counted", sum.Battles[battle.KindBattle], int64(round+1))
	}
}
