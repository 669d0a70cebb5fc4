package cluster_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/test/sim"
)

// TestStreamEndsAsBatch lets killmails arrive in many orders and batch sizes; what is
// stored in the end is what the engine makes of all of them at once.
func TestStreamEndsAsBatch(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			mails := sim.Day(seed, 150).Mails()
			want := batch(t, mails)
			if len(want) < 5 {
				t.Fatalf("the simulation gave %d battles, too few to tell anything", len(want))
			}
			r := rand.New(rand.NewPCG(seed, 1))
			for _, most := range []int{2, 25, len(mails)} {
				s := newStore(t)
				c := service(t, s, nil, func(cfg *cluster.Config) {
					cfg.Batch = 1 + r.IntN(50)
					cfg.CacheKills = []int{1, 20, 50_000}[r.IntN(3)]
				})
				r.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
				for left := mails; len(left) > 0; {
					n := min(len(left), 1+r.IntN(most))
					save(t, s, left[:n]...)
					left = left[n:]
					if r.IntN(4) > 0 || len(left) == 0 {
						drain(t, c)
					}
				}
				if left := work(t, s); len(left) > 0 {
					t.Errorf("%d killmails are still to be done", len(left))
				}
				if diff := cmp.Diff(want, figuresOf(t, s)); diff != "" {
					t.Errorf("arriving up to %d at a time (-batch +stream):\n%s", most, diff)
				}
			}
		})
	}
}

// TestInOrderWithRepeats streams a day as the feed publishes it, late ones and
// repetitions included, with a service that is replaced now and then.
func TestInOrderWithRepeats(t *testing.T) {
	t.Parallel()
	day := sim.Day(99, 200)
	s := newStore(t)
	c := service(t, s, nil)
	for i, k := range day.Kills {
		save(t, s, k.Mail)
		if i%5 == 0 {
			drain(t, c)
		}
		if i%50 == 49 {
			c = service(t, s, nil) // a restart: nothing is remembered
		}
	}
	drain(t, c)
	if diff := cmp.Diff(batch(t, day.Mails()), figuresOf(t, s)); diff != "" {
		t.Errorf("stream (-batch +stream):\n%s", diff)
	}
}

// TestNameIsStable grows a fight kill by kill: it keeps its id, and every change is a
// revision that says what was added.
func TestNameIsStable(t *testing.T) {
	t.Parallel()
	mails := sim.Fleet(5, sim.FleetOptions{Sides: 2}).Mails()[:40]
	s := newStore(t)
	c := service(t, s, nil)
	first := mails[len(mails)/2:]
	save(t, s, first...)
	drain(t, c)
	id, err := s.BattleOf(t.Context(), first[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(mails)/2 - 1; i >= 0; i-- {
		save(t, s, mails[i])
		drain(t, c)
	}
	d, err := s.Battle(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got := stored(t, s); len(got) != 1 || d.ID != id || d.Kills != len(mails) {
		t.Errorf("got %d battles, %d of %d kills under the first id", len(got), d.Kills, len(mails))
	}
	kills := 0
	for i, r := range d.Revisions {
		kills += r.Added - r.Removed
		if r.Number != i+1 || r.Kills != kills {
			t.Errorf("revision %d is numbered %d and counts %d kills, want %d", i+1, r.Number, r.Kills, kills)
		}
	}
	if kills != len(mails) {
		t.Errorf("the revisions add up to %d kills, want %d", kills, len(mails))
	}
	before := d.Revision
	save(t, s, mails...) // nothing new
	drain(t, c)
	if d, err = s.Battle(t.Context(), id); err != nil || d.Revision != before {
		t.Errorf("got revision %d, %v after nothing new, want %d", d.Revision, err, before)
	}
}

// TestMergeRedirects lets the two halves of a fight become battles of their own,
// before the kills between them arrive.
func TestMergeRedirects(t *testing.T) {
	t.Parallel()
	mails := duel(40)
	s := newStore(t)
	c := service(t, s, nil)
	save(t, s, mails[:5]...)
	save(t, s, mails[30:]...)
	drain(t, c)
	small, err1 := s.BattleOf(t.Context(), mails[0].ID)
	large, err2 := s.BattleOf(t.Context(), mails[39].ID)
	if err1 != nil || err2 != nil || small == large {
		t.Fatalf("got the battles %d, %d (%v, %v), want two", small, large, err1, err2)
	}
	save(t, s, mails...)
	drain(t, c)
	for _, id := range []int64{small, large} {
		if row, err := s.BattleSummary(t.Context(), id); err != nil || row.ID != large || row.Kills != 40 {
			t.Errorf("battle %d: got %+v, %v, want %d with all kills", id, row, err, large)
		}
	}
	// The readers of both are told, and what became of theirs.
	events, err := s.EventsAfter(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	told := map[int64]int{}
	for _, e := range events {
		told[e.Subject]++
	}
	if told[small] != 2 || told[large] != 2 {
		t.Errorf("got events %v, want two of each battle", told)
	}
}

// duel makes n kills five minutes apart, in which two crews of three take turns.
func duel(n int) []*killmail.Killmail {
	pilot := func(side, i int64) killmail.Party {
		return killmail.Party{
			CharacterID: 95_000_000 + 100*side + i, CorporationID: 98_500_000 + side, AllianceID: 99_500_000 + side, ShipTypeID: 621,
		}
	}
	mails := make([]*killmail.Killmail, n)
	for i := range mails {
		victim, winner := int64(i%2), int64((i+1)%2)
		k := &killmail.Killmail{
			ID: int64(1000 + i), Time: now.Add(-12*time.Hour + time.Duration(i)*5*time.Minute), SystemID: 30002813,
			Victim: killmail.Victim{Party: pilot(victim, int64(i%3)), DamageTaken: 300},
			Value:  killmail.Value{ISK: 1e9, Source: killmail.ValueZkb},
			Zkb:    &killmail.Zkb{TotalValue: 1e9, HasValue: true},
		}
		for p := range int64(3) {
			k.Attackers = append(k.Attackers, killmail.Attacker{Party: pilot(winner, p), DamageDone: 100, FinalBlow: p == 0})
		}
		mails[i] = k
	}
	return mails
}

// TestOtherParameters changes to parameters that reach less far: when one killmail
// touches a battle of the old ones, all the others of that battle are put into new
// battles as well and are not lost from sight.
func TestOtherParameters(t *testing.T) {
	t.Parallel()
	wider := 0
	for seed := range uint64(5) {
		mails := sim.Scene(seed, sim.KindRunning, now.Add(-time.Hour)).Mails()
		s := newStore(t)
		save(t, s, mails[:len(mails)-1]...)
		drain(t, service(t, s, nil))
		if got := stored(t, s); len(got) == 1 && len(got[0].SystemIDs) > 1 {
			wider++
		}
		save(t, s, mails[len(mails)-1])
		drain(t, service(t, s, nil, func(cfg *cluster.Config) { cfg.Params = battle.Classic() }))
		battles, err := battle.Form(mails, world(t), battle.Classic())
		if err != nil {
			t.Fatal(err)
		}
		for i := range battles {
			for _, k := range battles[i].Kills {
				if _, err := s.BattleOf(t.Context(), k.Mail.ID); err != nil {
					t.Errorf("seed %d: killmail %d has lost its battle: %v", seed, k.Mail.ID, err)
				}
			}
		}
	}
	if wider == 0 {
		t.Error("no battle spanned several systems, so that nothing was tried")
	}
}
