package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

var detailTests = []test{
	{"every field comes back", detailWhole},
	{"killmails are shown at their present value", detailValues},
	{"a killmail has a place in its battle", placeInBattle},
	{"every change has a revision of its own", revisionOfBattle},
}

// detailWhole writes a battle in which every stored field has a value of its own.
// Hull classes are left to the static data.
func detailWhole(t *testing.T, s store.Store) {
	docs := []store.Document{mail(1, 0, estimated(4e6)), mail(2, 65, in(jita, eve.Highsec)), mail(3, 65, unvalued)}
	docs[1].Killmail.Zkb.NPC = true
	docs[1].Killmail.Attackers[1].FactionID = 500_010
	docs[2].Killmail.Attackers = nil
	for i := range docs {
		docs[i].Killmail.Victim.FactionID = 500_001
	}
	_, err := s.Save(t.Context(), store.Batch{Documents: docs, Now: at(100)})
	must(t, err)
	id := newIDs(t, s, 1)[0]
	b := &battle.Battle{
		Kind: battle.KindCamp, KindRule: "one crew, three victims", Profile: battle.ProfileClassic, Version: 3,
		SystemIDs: []int64{tama, jita, 31_000_005}, Start: at(0), End: at(65),
		Kills: []battle.Kill{
			{Mail: docs[0].Killmail, Side: "B"},
			{Mail: docs[1].Killmail, Side: "C", Link: battle.Evidence{Rule: "crew", With: 1, Pilots: 2, Together: 3, Against: 4}},
			{Mail: docs[2].Killmail, Side: battle.Unassigned, Link: battle.Evidence{Rule: "pod", With: 2}},
		},
		ShipsLost: 11, CapsulesLost: 12, StructuresLost: 13, PilotCount: 14,
		ISKDestroyed: 9_000_000_000_000_000_015, ISKEstimated: 16, UnknownValues: 17,
		Sides: []battle.Side{
			{
				ID: "A", Pilots: 21, Kills: 22, FinalBlows: 23, ShipsLost: 24, CapsulesLost: 25, StructuresLost: 26, ISKLost: 27,
				ISKDestroyed: 28, DamageDone: 29, StructureDamage: 129, DamageTaken: 30, Confidence: 0.123456789, ThirdParty: true,
				Members: []battle.Member{
					{
						Entity: eve.Entity{Type: eve.Alliance, ID: 31}, Pilots: 32, ShipsLost: 33, ISKLost: 34, Kills: 35, DamageDone: 36,
						Confidence: 0.37, TogetherWith: battle.Evidence{With: 38, Together: 39}, Against: battle.Evidence{With: 40, Against: 41},
						FriendlyFire: 42,
					},
					{Entity: eve.Entity{Type: eve.Corporation, ID: 31}, Pilots: 1}, // the same number, another entity
					{Entity: eve.Entity{Type: eve.Character, ID: 43}},
				},
			},
			{ID: "B", Members: []battle.Member{{Entity: eve.Entity{Type: eve.Faction, ID: 500_001}}}},
			{ID: "C"},
			{ID: battle.Unassigned},
		},
		Pilots: []battle.Pilot{
			{
				CharacterID: 52, CorporationID: 53, AllianceID: 54, FactionID: 55, Side: "A", Kills: 56, FinalBlows: 57, Losses: 58,
				Podded: true, DamageDone: 59, StructureDamage: 159, DamageTaken: 60, ISKLost: 61, FirstSeen: at(1), LastSeen: at(2),
				Hulls: []battle.PilotHull{{ShipTypeID: 622, Lost: 63, ISKLost: 64}, {ShipTypeID: 621}, {ShipTypeID: 623, Lost: 1}},
			},
			{CharacterID: 51, Side: "B", FirstSeen: at(3), LastSeen: at(3)},
		},
		Hulls: []battle.Hull{
			{Side: "B", ShipTypeID: 71, Fielded: 72, Lost: 73, ISKLost: 74}, {Side: "A", ShipTypeID: 71, Fielded: 1}, {Side: "A"},
		},
	}
	p := store.PutBattle{
		ID: id, Digest: "d", Battle: b, Reason: "late kill", Added: 81, Removed: 82, Space: eve.Pochven, ConstellationID: 83, RegionID: 84,
	}
	now := at(200).Add(3 * time.Millisecond)
	apply(t, s, store.Change{Component: considered(docs...), Put: []store.PutBattle{p}, Now: now})

	want := &store.BattleDetail{
		BattleRow: store.BattleRow{
			ID: id, Kind: b.Kind, KindRule: b.KindRule, Profile: b.Profile, Version: b.Version, Space: p.Space, SystemIDs: b.SystemIDs,
			ConstellationID: p.ConstellationID, RegionID: p.RegionID, Start: b.Start, End: b.End, Kills: 3, ShipsLost: b.ShipsLost,
			CapsulesLost: b.CapsulesLost, StructuresLost: b.StructuresLost, Pilots: b.PilotCount, ISKDestroyed: b.ISKDestroyed,
			ISKEstimated: b.ISKEstimated, UnknownValues: b.UnknownValues, Sides: b.Sides, Hulls: b.Hulls, Revision: 1, UpdatedAt: now,
		},
		Members:   b.Pilots,
		Revisions: []store.Revision{{Number: 1, At: now, Reason: p.Reason, Added: p.Added, Removed: p.Removed, Kills: 3}},
	}
	rows, err := s.Rows(t.Context(), []int64{1, 2, 3})
	must(t, err)
	for _, k := range b.Kills {
		for _, r := range rows {
			if r.ID == k.Mail.ID {
				want.Killmails = append(want.Killmails, store.BattleKill{KillmailRow: r, Side: k.Side, Link: k.Link})
			}
		}
	}
	got, err := s.Battle(t.Context(), id)
	must(t, err)
	same(t, "battle", got, want, cmpopts.EquateEmpty())
}

func detailValues(t *testing.T, s store.Store) {
	id := create(t, s, mail(1, 0, worth(1e6), sequence(1)), mail(2, 1))
	save(t, s, mail(1, 0, worth(5e6), sequence(2)))
	d, err := s.Battle(t.Context(), id)
	must(t, err)
	same(t, "value", d.Killmails[0].Value.ISK, eve.FromFloat(5e6))
}

// placeInBattle stores killmails in another order than they happened; two at one time go
// by id.
func placeInBattle(t *testing.T, s store.Store) {
	id := create(t, s, mail(4, 30), mail(9, 10), mail(2, 20), mail(1, 20))
	other := create(t, s, mail(7, 500))
	for _, want := range []struct {
		killmail int64
		place    store.Place
	}{
		{9, store.Place{Number: 1, Of: 4, Next: 1}},
		{1, store.Place{Number: 2, Of: 4, Previous: 9, Next: 2}},
		{2, store.Place{Number: 3, Of: 4, Previous: 1, Next: 4}},
		{4, store.Place{Number: 4, Of: 4, Previous: 2}},
	} {
		got, err := s.PlaceIn(t.Context(), id, want.killmail)
		must(t, err)
		if got.Side == "" {
			t.Errorf("killmail %d has no side", want.killmail)
		}
		got.Side = ""
		same(t, "place", got, want.place)
	}
	got, err := s.PlaceIn(t.Context(), other, 7)
	must(t, err)
	got.Side = ""
	same(t, "place of the only one", got, store.Place{Number: 1, Of: 1})
	for _, pair := range [][2]int64{{id, 7}, {other, 4}, {other + 1, 7}} {
		if got, err := s.PlaceIn(t.Context(), pair[0], pair[1]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("killmail %d in battle %d: got %+v, %v", pair[1], pair[0], got, err)
		}
	}
}
