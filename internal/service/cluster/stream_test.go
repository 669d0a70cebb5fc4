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
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			mails := sim.Day(seed, 350).Mails()
			want := batch(t, mails)
			if len(want) < 10 {
				t.Fatalf("the simulation gave %d battles, too few to tell anything", len(want))
			}
			r := rand.New(rand.NewPCG(seed, 1))
			for _, most := range []int{1, 7, 80, len(mails)} {
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
	day := sim.Day(99, 500)
	s := newStore(t)
	c := service(t, s, nil)
	for i, k := range day.Kills {
		save(t, s, k.Mail)
		if i%5 == 0 {
			drain(t, c)
		}
		if i%100 == 99 {
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
	mails := sim.Fleet(5, sim.FleetOptions{Sides: 2}).Mails()
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

// TestOtherParameters changes the profile: battles around new killmails are made
// anew, and no killmail of an old one is lost from sight.
func TestOtherParameters(t *testing.T) {
	t.Parallel()
	mails := sim.Day(3, 300).Mails()
	s := newStore(t)
	save(t, s, mails[:len(mails)-20]...)
	drain(t, service(t, s, nil, func(cfg *cluster.Config) { cfg.Params = battle.Classic() }))
	before := map[int64]bool{}
	for _, d := range stored(t, s) {
		for _, k := range d.Killmails {
			before[k.ID] = true
		}
	}
	save(t, s, mails[len(mails)-20:]...)
	drain(t, service(t, s, nil))
	want := map[string]bool{}
	for _, b := range batch(t, mails) {
		for _, k := range b.Kills {
			want[k] = true
		}
	}
	for _, d := range stored(t, s) {
		if d.Profile != battle.ProfileLinked {
			continue
		}
		for _, k := range ofStore(d).Kills {
			if !want[k] {
				t.Errorf("killmail %s is in a battle of the new profile, though not in one of all killmails", k)
			}
		}
	}
	// A killmail that was in a battle is in one still, or the new profile leaves it alone.
	linked := map[int64]bool{}
	battles, err := battle.Form(mails, world(t), battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	for i := range battles {
		for _, k := range battles[i].Kills {
			linked[k.Mail.ID] = true
		}
	}
	for id := range before {
		if _, err := s.BattleOf(t.Context(), id); err != nil && linked[id] {
			t.Errorf("killmail %d has lost its battle: %v", id, err)
		}
	}
}
