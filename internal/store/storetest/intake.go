package storetest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

var intakeTests = []test{
	{"every field comes back", savedWhole},
	{"a killmail is stored once", savedOnce},
	{"the ESI part never changes", esiStays},
	{"a newer zkb block replaces, an older one does not", zkbBySequence},
	{"a changed value makes work again", valueMakesWork},
	{"a block without a value keeps the known one", valueIsKept},
	{"an estimate keeps the day of its prices", estimateKeepsDay},
	{"a missing hash is filled in later", hashIsFilled},
	{"several of one killmail in a batch are as one after the other", batchIsSequence},
	{"attackers keep their order, repeated ones too", attackersInOrder},
	{"ten thousand attackers on one mail", manyAttackers},
	{"a batch of thousands", largeBatch},
	{"nothing of a failed batch is kept", batchIsAtomic},
	{"a killmail is stored once whatever time its document gives", storedOnceOverMonths},
	{"killmails of many months", manyMonths},
	{"text that is no text", brokenText},
}

// plain compares killmails as they are stored: without items.
var plain = cmpopts.IgnoreFields(killmail.Victim{}, "Items")

func savedWhole(t *testing.T, s store.Store) {
	k := &killmail.Killmail{
		ID: 1<<53 - 1, Hash: "0123456789abcdef0123456789abcdef01234567",
		Time: time.Date(2026, 3, 1, 20, 0, 7, 0, time.FixedZone("CET", 3600)), SystemID: 31_000_005, MoonID: 40_000_004, WarID: 12,
		Victim: killmail.Victim{
			Party:       killmail.Party{CharacterID: 2, CorporationID: 3, AllianceID: 4, FactionID: 5, ShipTypeID: 6},
			DamageTaken: 1 << 40, Items: []killmail.Item{{TypeID: 34, Dropped: 2}},
		},
		Attackers: []killmail.Attacker{
			{Party: killmail.Party{CharacterID: 12, CorporationID: 13, AllianceID: 14, FactionID: 15, ShipTypeID: 16},
				WeaponTypeID: 17, DamageDone: 1 << 41, SecurityStatus: -9.876543210123, FinalBlow: true},
			{Party: killmail.Party{FactionID: 500_010}},
		},
		Zkb: &killmail.Zkb{LocationID: 1_035_000_000_001, TotalValue: 123_456_789_012_345_678, HasValue: true, Points: 9,
			NPC: true, Solo: true, Awox: true, Labels: []string{"cat:6", "#:10+", "loc:w-space"}},
		Value: killmail.Value{ISK: 123_456_789_012_345_678, Source: killmail.ValueZkb},
	}
	same(t, "saved", save(t, s, store.Document{Document: killmail.Document{Killmail: k, Sequence: 99}, Space: eve.Wormhole}), store.Saved{New: 1})
	want := *k
	want.Time = k.Time.UTC()
	same(t, "killmail", load(t, s, k.ID), &want, plain)
}

func savedOnce(t *testing.T, s store.Store) {
	same(t, "first", save(t, s, mail(1, 0), mail(2, 1)), store.Saved{New: 2})
	same(t, "again", save(t, s, mail(2, 1), mail(3, 2), mail(1, 0)), store.Saved{New: 1, Known: 2})
	work, err := s.Unclustered(t.Context(), 10)
	must(t, err)
	same(t, "work", work, []int64{1, 2, 3})
}

func esiStays(t *testing.T, s store.Store) {
	first := mail(1, 0)
	save(t, s, first)
	forged := mail(1, 500, in(jita, eve.Highsec), sequence(9), worth(5e6))
	forged.Killmail.Victim.DamageTaken = 1
	forged.Killmail.Attackers = forged.Killmail.Attackers[:1]
	forged.Killmail.Hash = fmt.Sprintf("%040x", 77)
	save(t, s, forged)
	want := *first.Killmail
	want.Zkb, want.Value = forged.Killmail.Zkb, forged.Killmail.Value
	same(t, "killmail", load(t, s, 1), &want)
}

func zkbBySequence(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0, worth(1e6), sequence(10)))
	same(t, "older", save(t, s, mail(1, 0, worth(9e6), sequence(9))), store.Saved{Known: 1})
	same(t, "from an archive", save(t, s, mail(1, 0, worth(8e6))), store.Saved{Known: 1})
	same(t, "without block", save(t, s, mail(1, 0, unvalued, sequence(12))), store.Saved{Known: 1})
	same(t, "value", load(t, s, 1).Value.ISK, eve.FromFloat(1e6))
	newer := mail(1, 0, worth(2e6), sequence(11))
	newer.Killmail.Zkb.Labels, newer.Killmail.Zkb.Points, newer.Killmail.Zkb.Awox = []string{"ganked"}, 1, true
	same(t, "newer", save(t, s, newer), store.Saved{Updated: 1})
	same(t, "killmail", load(t, s, 1), newer.Killmail)
	same(t, "the same again", save(t, s, newer), store.Saved{Known: 1})
}

func valueMakesWork(t *testing.T, s store.Store) {
	d := mail(1, 0, worth(1e6), sequence(1))
	create(t, s, d, mail(2, 5))
	work := func(what string, want ...int64) {
		t.Helper()
		got, err := s.Unclustered(t.Context(), 10)
		must(t, err)
		same(t, what, got, append([]int64{}, want...))
	}
	work("after clustering")
	labels := mail(1, 0, worth(1e6), sequence(2))
	labels.Killmail.Zkb.Labels = []string{"new"}
	save(t, s, labels)
	work("after new labels")
	save(t, s, mail(1, 0, worth(3e6), sequence(3)))
	work("after a new value", 1)
	save(t, s, mail(1, 0, worth(4e6), sequence(4)))
	work("after another one", 1)
}

func valueIsKept(t *testing.T, s store.Store) {
	valueless := func(d *store.Document) {
		worth(0)(d)
		d.Killmail.Zkb.HasValue, d.Killmail.Zkb.TotalValue, d.Killmail.Value = false, 0, killmail.Value{}
	}
	save(t, s, mail(1, 0, worth(1e6), sequence(1)), mail(2, 0, unvalued))
	save(t, s, mail(1, 0, valueless, sequence(2)))
	same(t, "value", load(t, s, 1).Value, killmail.Value{ISK: eve.FromFloat(1e6), Source: killmail.ValueZkb})
	priced := mail(2, 0, valueless, sequence(2))
	priced.Killmail.Value = mail(2, 0, estimated(3e6)).Killmail.Value
	save(t, s, priced)
	same(t, "value that was unknown", load(t, s, 2).Value, priced.Killmail.Value)
	save(t, s, mail(3, 0, worth(0)))
	if v := load(t, s, 3).Value; !v.Known() || v.ISK != 0 {
		t.Errorf("a value of 0 came back as %+v", v)
	}
	save(t, s, mail(4, 0, unvalued))
	if k := load(t, s, 4); k.Value.Known() || k.Zkb != nil {
		t.Errorf("an unknown value came back as %+v, %+v", k.Value, k.Zkb)
	}
}

func estimateKeepsDay(t *testing.T, s store.Store) {
	d := mail(1, 0, estimated(3e6))
	save(t, s, d)
	same(t, "estimate", load(t, s, 1).Value, d.Killmail.Value)
	labels := mail(1, 0, sequence(4))
	labels.Killmail.Zkb.HasValue, labels.Killmail.Zkb.TotalValue, labels.Killmail.Value = false, 0, killmail.Value{}
	save(t, s, labels)
	same(t, "estimate after a block without value", load(t, s, 1).Value, d.Killmail.Value)
	real := mail(1, 0, worth(4e6), sequence(5))
	save(t, s, real)
	same(t, "value after a real one", load(t, s, 1).Value, real.Killmail.Value)
}

func hashIsFilled(t *testing.T, s store.Store) {
	d := mail(1, 0)
	d.Killmail.Hash = ""
	save(t, s, d)
	save(t, s, mail(1, 0, unvalued))
	same(t, "hash", load(t, s, 1).Hash, mail(1, 0).Killmail.Hash)
}

// batchIsSequence saves the same documents one by one and at once.
func batchIsSequence(t *testing.T, s store.Store) {
	r := rand.New(rand.NewPCG(3, 14))
	for round := range int64(60) {
		var docs [2][]store.Document
		for range 2 + r.IntN(3) {
			var changes []func(*store.Document)
			switch r.IntN(4) {
			case 0:
				changes = append(changes, unvalued)
			case 1:
				changes = append(changes, estimated(float64(1+r.IntN(9))*1e6))
			case 2:
				changes = append(changes, worth(float64(1+r.IntN(9))*1e6))
			case 3:
				changes = append(changes, func(d *store.Document) {
					d.Killmail.Zkb.HasValue, d.Killmail.Zkb.TotalValue, d.Killmail.Value = false, 0, killmail.Value{}
				})
			}
			changes = append(changes, sequence(int64(r.IntN(4))))
			hashless := r.IntN(3) == 0
			for i := range docs {
				d := mail(1+2*round+int64(i), 0, changes...)
				d.Killmail.Hash = fmt.Sprintf("%040x", round)
				if hashless {
					d.Killmail.Hash = ""
				}
				docs[i] = append(docs[i], d)
			}
		}
		for _, d := range docs[0] {
			save(t, s, d)
		}
		same(t, "saved", save(t, s, docs[1]...), store.Saved{New: 1, Known: len(docs[1]) - 1})
		want, got := load(t, s, 1+2*round), load(t, s, 2+2*round)
		same(t, fmt.Sprintf("round %d", round), got, want, cmpopts.IgnoreFields(killmail.Killmail{}, "ID"))
	}
}

func attackersInOrder(t *testing.T, s store.Store) {
	d := mail(1, 0)
	a := d.Killmail.Attackers
	npc := killmail.Attacker{Party: killmail.Party{FactionID: 500_010, ShipTypeID: 23_000}, DamageDone: 5}
	d.Killmail.Attackers = []killmail.Attacker{a[1], npc, a[0], a[1], npc, {}, a[0]}
	save(t, s, d)
	same(t, "attackers", load(t, s, 1).Attackers, d.Killmail.Attackers)
	none := mail(2, 0)
	none.Killmail.Attackers = []killmail.Attacker{}
	save(t, s, none)
	same(t, "no attackers", load(t, s, 2), none.Killmail)
}

func manyAttackers(t *testing.T, s store.Store) {
	const n = 10_000
	d := mail(1, 0)
	d.Killmail.Attackers = make([]killmail.Attacker, n)
	for i := range d.Killmail.Attackers {
		d.Killmail.Attackers[i] = killmail.Attacker{Party: pilot(int64(i%7), int64(n-i)), DamageDone: int64(i), FinalBlow: i == n-1}
	}
	save(t, s, d)
	same(t, "killmail", load(t, s, 1), d.Killmail)
	rows, _, err := s.Recent(t.Context(), store.KillmailFilter{}, store.Page{Limit: 1})
	must(t, err)
	same(t, "attacker count", rows[0].AttackerCount, n)
	same(t, "final blow", rows[0].FinalBlow, d.Killmail.Attackers[n-1].Party)
}

func largeBatch(t *testing.T, s store.Store) {
	docs := make([]store.Document, 1000)
	for i := range docs {
		docs[i] = mail(int64(i+1), i)
	}
	same(t, "first", save(t, s, docs...), store.Saved{New: len(docs)})
	same(t, "again", save(t, s, docs...), store.Saved{Known: len(docs)})
	all, err := s.Load(t.Context(), ids(docs...))
	must(t, err)
	same(t, "loaded", len(all), len(docs))
}

func batchIsAtomic(t *testing.T, s store.Store) {
	impossible := mail(2, 0)
	impossible.Killmail.Attackers[1].SecurityStatus = math.NaN()
	_, err := s.Save(t.Context(), store.Batch{
		Documents: []store.Document{mail(1, 0), impossible}, Feed: "f", Cursor: 5, Announce: true, Now: at(0),
		DeadLetters: []store.DeadLetter{{Source: "f", Reference: "1", Reason: "is empty"}},
	})
	if err == nil {
		t.Fatal("a killmail that cannot be stored was saved")
	}
	if _, err := s.Killmail(t.Context(), 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("killmail of the failed batch: got %v, want not found", err)
	}
	if _, _, err := s.Cursor(t.Context(), "f"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("cursor of the failed batch: got %v, want not found", err)
	}
	sum, err := s.Summary(t.Context(), at(0), at(0))
	must(t, err)
	same(t, "summary", sum, store.Summary{Battles: map[battle.Kind]int64{}})
	_, newest, err := s.EventRange(t.Context())
	must(t, err)
	same(t, "newest event", newest, 0)
	same(t, "the good one alone", save(t, s, mail(1, 0)), store.Saved{New: 1})
}

// later moves a document to another month, as a source might that rewrites it.
func later(months int) func(*store.Document) {
	return func(d *store.Document) { d.Killmail.Time = d.Killmail.Time.AddDate(0, months, 0) }
}

func storedOnceOverMonths(t *testing.T, s store.Store) {
	same(t, "first", save(t, s, mail(1, 0), mail(1, 0, later(1))), store.Saved{New: 1, Known: 1})
	same(t, "in another month", save(t, s, mail(1, 0, later(2), sequence(5), worth(5))), store.Saved{Updated: 1})
	same(t, "in yet another", save(t, s, mail(1, 0, later(-1))), store.Saved{Known: 1})
	k := load(t, s, 1)
	same(t, "time", k.Time, at(0))
	same(t, "value", k.Value.ISK, eve.FromFloat(5))
	all, err := s.Between(t.Context(), at(0).AddDate(-1, 0, 0), at(0).AddDate(1, 0, 0))
	must(t, err)
	same(t, "stored", all, []int64{1})
	rows, err := s.Rows(t.Context(), []int64{1})
	must(t, err)
	same(t, "rows", len(rows), 1)
}

// manyMonths stores a batch over years, which is read by id, in order and by time.
func manyMonths(t *testing.T, s store.Store) {
	const months = 30
	docs := make([]store.Document, 2*months)
	for i := range docs {
		docs[i] = mail(int64(1000-i), i, later(-(i / 2)))
	}
	same(t, "saved", save(t, s, docs...), store.Saved{New: len(docs)})
	all, err := s.Load(t.Context(), ids(docs...))
	must(t, err)
	same(t, "loaded", len(all), len(docs))
	rows, _, err := s.Recent(t.Context(), store.KillmailFilter{}, store.Page{Limit: 2 * len(docs)})
	must(t, err)
	got := make([]int64, len(rows))
	for i, r := range rows {
		got[i] = r.ID
		same(t, "final blow", r.FinalBlow, docs[0].Killmail.Attackers[1].Party)
	}
	want := make([]int64, 0, len(docs))
	for i := 0; i < len(docs); i += 2 {
		want = append(want, docs[i+1].Killmail.ID, docs[i].Killmail.ID)
	}
	same(t, "newest first", got, want)
	some, err := s.Between(t.Context(), at(0).AddDate(0, -2, 0), at(0).AddDate(0, 0, -1))
	must(t, err)
	same(t, "within two months", sorted(some), []int64{995, 996, 997, 998})
}

func brokenText(t *testing.T, s store.Store) {
	d := mail(1, 0)
	d.Killmail.Zkb.Labels = []string{"a\x00b", "\xff"}
	letter := store.DeadLetter{Source: "f", Reference: "\xfe\x00", Reason: "no key \"\x00\xff\"", Body: []byte{0, 0xff}}
	for range 2 {
		_, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{d}, DeadLetters: []store.DeadLetter{letter}, Now: at(0)})
		must(t, err)
	}
	same(t, "labels", load(t, s, 1).Zkb.Labels, []string{"a\uFFFDb", "\uFFFD"})
	letters, err := s.DeadLetters(t.Context(), 0, 10)
	must(t, err)
	same(t, "letters", len(letters), 1)
	got, err := s.DeadLetter(t.Context(), letters[0].ID)
	must(t, err)
	same(t, "letter", got.DeadLetter, store.DeadLetter{Source: "f", Reference: "\uFFFD\uFFFD", Reason: "no key \"\uFFFD\uFFFD\"", Body: letter.Body})
	same(t, "seen", got.Seen, 2)
}
