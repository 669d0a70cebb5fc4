package api

import (
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// KillmailItem is a killmail as lists and the live feed show it.
type KillmailItem struct {
	ID            int64     `json:"id"`
	OccurredAt    time.Time `json:"occurred_at"`
	System        System    `json:"system"`
	Victim        Party     `json:"victim"`
	Class         string    `json:"class" doc:"hull class of the victim"`
	FinalBlow     *Party    `json:"final_blow" doc:"null when the mail names none"`
	AttackerCount int       `json:"attacker_count"`
	ISK           *float64  `json:"isk" doc:"null when unknown"`
	ISKSource     string    `json:"isk_source" enum:"zkb,market,base,"`
	NPC           bool      `json:"npc"`
	BattleID      *int64    `json:"battle_id" doc:"null when it is in no battle"`
	ZkillboardURL string    `json:"zkillboard_url"`
}

// KillmailView is one killmail with everyone on it.
type KillmailView struct {
	ID            int64          `json:"id"`
	Hash          string         `json:"hash"`
	OccurredAt    time.Time      `json:"occurred_at"`
	System        System         `json:"system"`
	Victim        Party          `json:"victim"`
	Class         string         `json:"class"`
	ClassLabel    string         `json:"class_label"`
	DamageTaken   int64          `json:"damage_taken"`
	Attackers     []AttackerView `json:"attackers" doc:"in the order of the killmail"`
	ISK           *float64       `json:"isk"`
	ISKSource     string         `json:"isk_source" enum:"zkb,market,base,"`
	ISKPricedAt   *time.Time     `json:"isk_priced_at" doc:"day of the price list of an estimate"`
	WarID         int64          `json:"war_id,omitempty"`
	Labels        []string       `json:"labels" doc:"as zKillboard gives them"`
	NPC           bool           `json:"npc" doc:"no player is among the attackers"`
	BattleID      *int64         `json:"battle_id"`
	Battle        *KillBattle    `json:"battle" doc:"the battle it belongs to; null when it stands alone"`
	ZkillboardURL string         `json:"zkillboard_url"`
	EVEKillURL    string         `json:"eve_kill_url"`
	DotlanURL     string         `json:"dotlan_url,omitempty" doc:"the system"`
	ESIURL        string         `json:"esi_url,omitempty" doc:"the killmail at its origin; needs the hash"`
}

// AttackerView is one attacker.
type AttackerView struct {
	Party
	Class          string  `json:"class" doc:"hull class; empty when the mail names no ship"`
	WeaponType     *Ref    `json:"weapon_type" doc:"null when the mail names none; the ship itself when its drones, fighters or bombs are not named"`
	DamageDone     int64   `json:"damage_done"`
	DamageShare    float64 `json:"damage_share" minimum:"0" maximum:"1" doc:"of the damage of all attackers"`
	FinalBlow      bool    `json:"final_blow"`
	SecurityStatus float64 `json:"security_status"`
	Side           string  `json:"side,omitempty" doc:"in the battle, by the organisation; left out where that stands on none"`
}

// KillBattle is the battle of a killmail, as far as its page shows it.
type KillBattle struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind" enum:"battle,skirmish,camp,gank,structure,solo,npc"`
	Status    string     `json:"status" enum:"live,settled"`
	Systems   []System   `json:"systems" doc:"most kills first"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   time.Time  `json:"ended_at"`
	Pilots    int        `json:"pilot_count"`
	Sides     []SideItem `json:"sides"`
	Side      string     `json:"side" doc:"of the victim"`
	Number    int        `json:"number" doc:"of this killmail by time, from 1"`
	Kills     int        `json:"kills"`
	Previous  *int64     `json:"previous" doc:"killmail before it; null for the first"`
	Next      *int64     `json:"next" doc:"killmail after it; null for the last"`
}

func (v views) killmailItem(r *store.KillmailRow) KillmailItem {
	return KillmailItem{
		ID: r.ID, OccurredAt: r.Time, System: v.system(r.SystemID), Victim: v.party(r.Victim), Class: string(v.class(r.Victim.ShipTypeID)),
		FinalBlow: v.finalBlow(r), AttackerCount: r.AttackerCount, ISK: isk(r.Value), ISKSource: string(r.Value.Source), NPC: r.NPC,
		BattleID: idOrNull(r.BattleID), ZkillboardURL: zkb.KillURL(r.ID),
	}
}

func (v views) finalBlow(r *store.KillmailRow) *Party {
	if r.FinalBlow == (killmail.Party{}) {
		return nil
	}
	p := v.party(r.FinalBlow)
	return &p
}

// killmail shows a killmail; b is its battle and place where it stands in it, or nil.
func (v views) killmail(k *killmail.Killmail, b *store.BattleRow, place store.Place) KillmailView {
	class, system := v.class(k.Victim.ShipTypeID), v.system(k.SystemID)
	out := KillmailView{
		ID: k.ID, Hash: k.Hash, OccurredAt: k.Time, System: system, Victim: v.party(k.Victim.Party),
		Class: string(class), ClassLabel: class.Label(), DamageTaken: k.Victim.DamageTaken, Attackers: make([]AttackerView, len(k.Attackers)),
		ISK: isk(k.Value), ISKSource: string(k.Value.Source), WarID: k.WarID, Labels: []string{}, NPC: k.Players() == 0,
		ZkillboardURL: zkb.KillURL(k.ID), EVEKillURL: fmt.Sprintf("https://eve-kill.com/kill/%d", k.ID), DotlanURL: dotlanURL(system), ESIURL: esiURL(k),
	}
	if k.Value.Estimated() {
		out.ISKPricedAt = &k.Value.PricedAt
	}
	if k.Zkb != nil {
		out.Labels = append(out.Labels, k.Zkb.Labels...)
	}
	if b != nil {
		out.BattleID, out.Battle = &b.ID, v.killBattle(b, place)
	}
	sides, total := sidesOf(b), 0.0
	for i := range k.Attackers {
		total += float64(k.Attackers[i].DamageDone)
	}
	for i := range k.Attackers {
		a := &k.Attackers[i]
		out.Attackers[i] = AttackerView{
			Party: v.party(a.Party), Class: string(v.class(a.ShipTypeID)), WeaponType: v.typeRef(a.WeaponTypeID), DamageDone: a.DamageDone,
			DamageShare: share(float64(a.DamageDone), total), FinalBlow: a.FinalBlow, SecurityStatus: a.SecurityStatus, Side: sideOf(a.Party, sides),
		}
	}
	return out
}

func (v views) killBattle(b *store.BattleRow, place store.Place) *KillBattle {
	item := v.battleItem(b)
	return &KillBattle{
		ID: item.ID, Kind: item.Kind, Status: item.Status, Systems: item.Systems, StartedAt: item.StartedAt, EndedAt: item.EndedAt,
		Pilots: item.Pilots, Sides: item.Sides, Side: place.Side, Number: place.Number, Kills: place.Of,
		Previous: idOrNull(place.Previous), Next: idOrNull(place.Next),
	}
}

// sidesOf says of every member of a battle's sides where it stands. Nil is no battle.
func sidesOf(b *store.BattleRow) map[eve.Entity]string {
	if b == nil {
		return nil
	}
	out := make(map[eve.Entity]string)
	for i := range b.Sides {
		for _, m := range b.Sides[i].Members {
			out[m.Entity] = b.Sides[i].ID
		}
	}
	return out
}

// sideOf returns the side a party stands on: a pilot who is named by itself, else with
// its corporation or alliance; "" for nowhere.
func sideOf(p killmail.Party, sides map[eve.Entity]string) string {
	for _, e := range []eve.Entity{{Type: eve.Character, ID: p.CharacterID}, {Type: eve.Corporation, ID: p.CorporationID}, {Type: eve.Alliance, ID: p.AllianceID}} {
		if side, ok := sides[e]; ok && e.ID != 0 {
			return side
		}
	}
	return ""
}

func idOrNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
