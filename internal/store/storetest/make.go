package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
)

// Ids that the made killmails use.
const (
	tama    = 30002813
	jita    = 30000142
	rifter  = 587
	cruiser = 621
	capsule = 670
)

var epoch = time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)

// at is a time so many seconds after the epoch of the suite.
func at(second int) time.Time { return epoch.Add(time.Duration(second) * time.Second) }

// pilot makes the party of the n-th pilot of a corporation in an alliance.
func pilot(alliance, n int64) killmail.Party {
	return killmail.Party{
		CharacterID: 90_000_000 + alliance*1000 + n, CorporationID: 98_000_000 + alliance, AllianceID: 99_000_000 + alliance,
		ShipTypeID: cruiser,
	}
}

// mail makes a document of a killmail at a second: pilot 1 of alliance 2 dies to two
// pilots of alliance 1, worth 10 million ISK by zKillboard.
func mail(id int64, second int, change ...func(*store.Document)) store.Document {
	k := &killmail.Killmail{
		ID: id, Hash: fmt.Sprintf("%040x", id), Time: at(second), SystemID: tama,
		Victim: killmail.Victim{Party: pilot(2, 1), DamageTaken: 1000},
		Attackers: []killmail.Attacker{
			{Party: pilot(1, 1), WeaponTypeID: 2488, DamageDone: 600, SecurityStatus: -1.5},
			{Party: pilot(1, 2), WeaponTypeID: 2488, DamageDone: 400, SecurityStatus: 0.25, FinalBlow: true},
		},
	}
	d := store.Document{Document: killmail.Document{Killmail: k}, Space: eve.Lowsec}
	worth(10e6)(&d)
	for _, c := range change {
		c(&d)
	}
	return d
}

// worth gives a document a zkb block with a value.
func worth(isk float64) func(*store.Document) {
	return func(d *store.Document) {
		v := eve.FromFloat(isk)
		d.Killmail.Zkb = &killmail.Zkb{LocationID: 40_000_001, TotalValue: v, HasValue: true, Points: 7, Labels: []string{"pvp", "loc:lowsec"}}
		d.Killmail.Value = killmail.Value{ISK: v, Source: killmail.ValueZkb}
	}
}

// estimated takes the zkb block away and gives an estimate of our own.
func estimated(isk float64) func(*store.Document) {
	return func(d *store.Document) {
		d.Killmail.Zkb = nil
		d.Killmail.Value = killmail.Value{ISK: eve.FromFloat(isk), Source: killmail.ValueBase, PricedAt: epoch.AddDate(0, 0, -3)}
	}
}

// unvalued takes the zkb block and the value away.
func unvalued(d *store.Document) { d.Killmail.Zkb, d.Killmail.Value = nil, killmail.Value{} }

// sequence numbers a document as R2Z2 does.
func sequence(n int64) func(*store.Document) {
	return func(d *store.Document) { d.Sequence = n }
}

// in puts a document into a system.
func in(system int64, space eve.Space) func(*store.Document) {
	return func(d *store.Document) { d.Killmail.SystemID, d.Space = system, space }
}

// save stores documents in one batch.
func save(t *testing.T, s store.Store, docs ...store.Document) store.Saved {
	t.Helper()
	saved, err := s.Save(t.Context(), store.Batch{Documents: docs, Now: at(0)})
	must(t, err)
	return saved
}

// load returns a killmail as it is stored.
func load(t *testing.T, s store.Store, id int64) *killmail.Killmail {
	t.Helper()
	k, err := s.Killmail(t.Context(), id)
	must(t, err)
	return k
}

// fight makes a battle of documents that all have the same two sides.
func fight(docs ...store.Document) *battle.Battle {
	b := &battle.Battle{
		Kind: battle.KindBattle, KindRule: "two sides", Profile: battle.ProfileLinked, Version: battle.ParamsVersion,
		ShipsLost: len(docs), PilotCount: 3,
		Sides: []battle.Side{
			{ID: "A", Pilots: 2, Confidence: 1, Members: []battle.Member{{Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_001}, Pilots: 2}}},
			{ID: "B", Pilots: 1, Confidence: 1, Members: []battle.Member{{Entity: eve.Entity{Type: eve.Alliance, ID: 99_000_002}, Pilots: 1}}},
		},
		Hulls: []battle.Hull{{Side: "A", ShipTypeID: cruiser, Fielded: 2}, {Side: "B", ShipTypeID: cruiser, Fielded: 1, Lost: len(docs)}},
	}
	for _, p := range []killmail.Party{pilot(1, 1), pilot(1, 2), pilot(2, 1)} {
		side := "A"
		if p.AllianceID == 99_000_002 {
			side = "B"
		}
		b.Pilots = append(b.Pilots, battle.Pilot{
			CharacterID: p.CharacterID, CorporationID: p.CorporationID, AllianceID: p.AllianceID, Side: side,
			Hulls: []battle.PilotHull{{ShipTypeID: p.ShipTypeID}}, FirstSeen: at(0), LastSeen: at(0),
		})
	}
	for i, d := range docs {
		k := d.Killmail
		b.Kills = append(b.Kills, battle.Kill{Mail: k, Side: "B"})
		if i == 0 || k.Time.Before(b.Start) {
			b.Start = k.Time
		}
		if k.Time.After(b.End) {
			b.End = k.Time
		}
		if !slices.Contains(b.SystemIDs, k.SystemID) {
			b.SystemIDs = append(b.SystemIDs, k.SystemID)
		}
		b.ISKDestroyed += k.Value.ISK
	}
	return b
}

// put plans a battle to be written.
func put(id int64, b *battle.Battle) store.PutBattle {
	return store.PutBattle{ID: id, Digest: fmt.Sprintf("digest of %d with %d", id, len(b.Kills)), Battle: b, Reason: "created", Space: eve.Lowsec}
}

// considered lists documents as they were when a change was planned.
func considered(docs ...store.Document) []store.Considered {
	out := make([]store.Considered, len(docs))
	for i, d := range docs {
		out[i] = store.Considered{ID: d.Killmail.ID, Value: d.Killmail.Value}
	}
	return out
}

// ids lists the ids of documents.
func ids(docs ...store.Document) []int64 {
	out := make([]int64, len(docs))
	for i, d := range docs {
		out[i] = d.Killmail.ID
	}
	return out
}

// newIDs takes fresh battle ids.
func newIDs(t *testing.T, s store.Store, n int) []int64 {
	t.Helper()
	got, err := s.NewBattleIDs(t.Context(), n)
	must(t, err)
	if len(got) != n {
		t.Fatalf("got %d battle ids, want %d", len(got), n)
	}
	return got
}

// known returns the stored battles of some killmails.
func known(t *testing.T, s store.Store, killmailIDs ...int64) []store.KnownBattle {
	t.Helper()
	got, err := s.Known(t.Context(), killmailIDs)
	must(t, err)
	return got
}

// apply writes a change that must succeed.
func apply(t *testing.T, s store.Store, c store.Change) {
	t.Helper()
	if c.Now.IsZero() {
		c.Now = at(0)
	}
	must(t, s.Apply(t.Context(), c))
}

// create saves documents and puts them into one battle.
func create(t *testing.T, s store.Store, docs ...store.Document) int64 {
	t.Helper()
	save(t, s, docs...)
	id := newIDs(t, s, 1)[0]
	apply(t, s, store.Change{Component: considered(docs...), Put: []store.PutBattle{put(id, fight(docs...))}, Done: ids(docs...)})
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same reports how got differs from want.
func same[T any](t *testing.T, what string, got, want T, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s: got the + lines, want the - lines\n%s", what, diff)
	}
}

// sorted returns ids in order, for results that come in none.
func sorted(list []int64) []int64 {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}
