package api_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

// TestKillmailInBattle walks through a battle from one killmail to the next.
func TestKillmailInBattle(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	sides := map[int64]string{}
	for _, p := range b.PilotList {
		sides[p.Character.ID] = p.Side
	}
	var before *int64
	for i := range b.Killmails {
		want := &b.Killmails[i]
		k := into[api.KillmailView](t, s.get(t, fmt.Sprintf("/api/v1/killmails/%d", want.ID)), http.StatusOK)
		if k.Battle == nil || k.BattleID == nil || *k.BattleID != b.ID {
			t.Fatalf("killmail %d is in no battle", k.ID)
		}
		got := k.Battle
		if got.ID != b.ID || got.Number != i+1 || got.Kills != len(b.Killmails) || got.Side != want.Side || got.Kind != b.Kind || len(got.Sides) != len(b.Sides) {
			t.Errorf("killmail %d: got %+v", k.ID, got)
		}
		if (got.Previous == nil) != (before == nil) || before != nil && *got.Previous != *before {
			t.Errorf("killmail %d: the one before is %v, want %v", k.ID, got.Previous, before)
		}
		if last := i == len(b.Killmails)-1; (got.Next == nil) != last || !last && *got.Next != b.Killmails[i+1].ID {
			t.Errorf("killmail %d: the one after is %v", k.ID, got.Next)
		}
		before = &want.ID

		total, blows := 0.0, 0
		for j := range k.Attackers {
			a := &k.Attackers[j]
			total += a.DamageShare
			if a.FinalBlow {
				blows++
			}
			if a.Character != nil && a.Side != sides[a.Character.ID] {
				t.Errorf("killmail %d: attacker %d is on side %q, want %q", k.ID, a.Character.ID, a.Side, sides[a.Character.ID])
			}
			if a.ShipType != nil && a.Class == "" {
				t.Errorf("killmail %d: a %s has no class", k.ID, *a.ShipType.Name)
			}
		}
		if math.Abs(total-1) > 1e-9 || blows != 1 || len(k.Attackers) != want.AttackerCount {
			t.Errorf("killmail %d: %d attackers with %v of the damage and %d final blows", k.ID, len(k.Attackers), total, blows)
		}
		if k.ClassLabel == "" || k.EVEKillURL == "" || k.DotlanURL == "" || k.ZkillboardURL == "" {
			t.Errorf("killmail %d: got %+v", k.ID, k)
		}
	}
}

// TestKillmailAlone: nobody but NPCs shot, nothing did damage, and no battle came of it.
func TestKillmailAlone(t *testing.T) {
	t.Parallel()
	s := empty(t)
	k := &killmail.Killmail{
		ID: 77, Hash: "0123456789abcdef0123456789abcdef01234567", Time: now, SystemID: 30_000_142,
		Victim:    killmail.Victim{Party: killmail.Party{CharacterID: 90_000_001, CorporationID: 98_000_001, ShipTypeID: 670}},
		Attackers: []killmail.Attacker{{Party: killmail.Party{FactionID: 500_010}}, {Party: killmail.Party{CorporationID: 1_000_125}, FinalBlow: true}},
		Value:     killmail.Value{ISK: eve.FromFloat(5), Source: killmail.ValueBase, PricedAt: begin},
	}
	if _, err := s.store.Save(t.Context(), store.Batch{Documents: []store.Document{{Document: killmail.Document{Killmail: k}, Space: eve.Highsec}}, Now: now}); err != nil {
		t.Fatal(err)
	}
	v := into[api.KillmailView](t, s.get(t, "/api/v1/killmails/77"), http.StatusOK)
	if v.Battle != nil || v.BattleID != nil || !v.NPC || v.ISKPricedAt == nil || v.ISKSource != "base" || v.Class != "capsule" {
		t.Errorf("got %+v", v)
	}
	shares := []float64{v.Attackers[0].DamageShare, v.Attackers[1].DamageShare}
	if !slices.Equal(shares, []float64{0, 0}) || v.Attackers[0].Side != "" || v.Attackers[0].Class != "" {
		t.Errorf("got the attackers %+v", v.Attackers)
	}
	if v.ESIURL == "" {
		t.Error("it is nowhere at CCP")
	}
}
