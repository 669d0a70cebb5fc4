package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

var killmailTests = []test{
	{"an unknown one is not found", killmailNotFound},
	{"are loaded by id", loadedByID},
	{"are found by system and time", foundBySystem},
	{"are found by time", foundByTime},
	{"are found by character and time", foundByCharacter},
	{"rows say what lists show", rowsWhole},
}

func killmailNotFound(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0))
	if k, err := s.Killmail(t.Context(), 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, %v, want not found", k, err)
	}
}

func loadedByID(t *testing.T, s store.Store) {
	docs := make([]store.Document, 1000)
	want := make(map[int64]*killmail.Killmail)
	ask := []int64{-1, 0, 5000}
	for i := range docs {
		docs[i] = mail(int64(i+1), i)
		if i%2 == 0 {
			want[int64(i+1)] = docs[i].Killmail
			ask = append(ask, int64(i+1))
		}
	}
	save(t, s, docs...)
	got, err := s.Load(t.Context(), ask)
	must(t, err)
	byID := make(map[int64]*killmail.Killmail)
	for _, k := range got {
		byID[k.ID] = k
	}
	same(t, "killmails", byID, want)
	same(t, "each once", len(got), len(want))
	none, err := s.Load(t.Context(), nil)
	must(t, err)
	same(t, "of no ids", len(none), 0)
}

func foundBySystem(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0), mail(2, 10), mail(3, 20), mail(4, 30), mail(5, 10, in(jita, eve.Highsec)))
	found := func(system int64, from, to int, want ...int64) {
		t.Helper()
		got, err := s.InSystem(t.Context(), system, at(from), at(to))
		must(t, err)
		same(t, "killmails", sorted(got), append([]int64{}, want...), cmpopts.EquateEmpty())
	}
	found(tama, 10, 20, 2, 3)
	found(tama, 0, 30, 1, 2, 3, 4)
	found(tama, 11, 19)
	found(tama, 20, 10)
	found(jita, 0, 30, 5)
	found(1, 0, 30)
}

func foundByTime(t *testing.T, s store.Store) {
	save(t, s, mail(1, 0), mail(2, 10), mail(3, 20, in(jita, eve.Highsec)), mail(4, 30))
	got, err := s.Between(t.Context(), at(10), at(20))
	must(t, err)
	same(t, "killmails", sorted(got), []int64{2, 3})
}

func foundByCharacter(t *testing.T, s store.Store) {
	twice := mail(2, 10) // once as victim and twice as attacker: still one killmail
	twice.Killmail.Attackers = append(twice.Killmail.Attackers, killmail.Attacker{Party: pilot(2, 1)}, killmail.Attacker{Party: pilot(2, 1)})
	npc := mail(4, 10)
	npc.Killmail.Victim.Party = killmail.Party{CorporationID: 1_000_125}
	npc.Killmail.Attackers = []killmail.Attacker{{Party: killmail.Party{FactionID: 500_010}}}
	save(t, s, mail(1, 0), twice, mail(3, 20), npc)
	found := func(character int64, from, to int, want ...int64) {
		t.Helper()
		got, err := s.OfCharacter(t.Context(), character, at(from), at(to))
		must(t, err)
		same(t, "killmails", sorted(got), append([]int64{}, want...), cmpopts.EquateEmpty())
	}
	found(pilot(2, 1).CharacterID, 0, 10, 1, 2)
	found(pilot(1, 2).CharacterID, 10, 20, 2, 3)
	found(pilot(1, 2).CharacterID, 21, 30)
	found(0, 0, 30)
}

func rowsWhole(t *testing.T, s store.Store) {
	valued, guessed, unknown := mail(1, 0), mail(2, 5, estimated(7e6)), mail(3, 9, unvalued)
	valued.Killmail.Zkb.NPC = true
	guessed.Killmail.Attackers[1].Party = killmail.Party{FactionID: 500_010, CorporationID: 1_000_134, ShipTypeID: 23_000}
	unknown.Killmail.Attackers[1].FinalBlow = false
	saved, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{valued, guessed, unknown}, Now: at(60).Add(5 * time.Millisecond)})
	must(t, err)
	same(t, "saved", saved, store.Saved{New: 3})
	battle := newIDs(t, s, 1)[0]
	apply(t, s, store.Change{Component: considered(valued), Put: []store.PutBattle{put(battle, fight(valued))}})

	want := make(map[int64]store.KillmailRow)
	for _, d := range []store.Document{valued, guessed, unknown} {
		k := d.Killmail
		row := store.KillmailRow{
			ID: k.ID, Hash: k.Hash, Time: k.Time, SystemID: k.SystemID, Victim: k.Victim.Party, DamageTaken: k.Victim.DamageTaken,
			AttackerCount: 2, Value: k.Value, StoredAt: at(60).Add(5 * time.Millisecond),
		}
		if f := k.FinalBlow(); f != nil {
			row.FinalBlow = f.Party
		}
		want[k.ID] = row
	}
	first := want[1]
	first.NPC, first.BattleID = true, battle
	want[1] = first
	rows, err := s.Rows(t.Context(), []int64{3, 99, 1, 2})
	must(t, err)
	got := make(map[int64]store.KillmailRow)
	for _, r := range rows {
		got[r.ID] = r
	}
	same(t, "rows", got, want)
	same(t, "each once", len(rows), 3)
	rows, err = s.Rows(t.Context(), nil)
	must(t, err)
	same(t, "of no ids", len(rows), 0)
}
