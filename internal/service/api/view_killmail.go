package api

import (
	"time"

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
	DamageTaken   int64          `json:"damage_taken"`
	Attackers     []AttackerView `json:"attackers" doc:"in the order of the killmail"`
	ISK           *float64       `json:"isk"`
	ISKSource     string         `json:"isk_source" enum:"zkb,market,base,"`
	ISKPricedAt   *time.Time     `json:"isk_priced_at" doc:"day of the price list of an estimate"`
	WarID         int64          `json:"war_id,omitempty"`
	Labels        []string       `json:"labels" doc:"as zKillboard gives them"`
	BattleID      *int64         `json:"battle_id"`
	ZkillboardURL string         `json:"zkillboard_url"`
	ESIURL        string         `json:"esi_url,omitempty" doc:"the killmail at its origin; needs the hash"`
}

// AttackerView is one attacker.
type AttackerView struct {
	Party
	WeaponType     *Ref    `json:"weapon_type"`
	DamageDone     int64   `json:"damage_done"`
	FinalBlow      bool    `json:"final_blow"`
	SecurityStatus float64 `json:"security_status"`
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

func (v views) killmail(k *killmail.Killmail, battleID int64) KillmailView {
	out := KillmailView{
		ID: k.ID, Hash: k.Hash, OccurredAt: k.Time, System: v.system(k.SystemID), Victim: v.party(k.Victim.Party),
		Class: string(v.class(k.Victim.ShipTypeID)), DamageTaken: k.Victim.DamageTaken, Attackers: make([]AttackerView, len(k.Attackers)),
		ISK: isk(k.Value), ISKSource: string(k.Value.Source), WarID: k.WarID, Labels: []string{}, BattleID: idOrNull(battleID),
		ZkillboardURL: zkb.KillURL(k.ID), ESIURL: esiURL(k),
	}
	if k.Value.Estimated() {
		out.ISKPricedAt = &k.Value.PricedAt
	}
	if k.Zkb != nil {
		out.Labels = append(out.Labels, k.Zkb.Labels...)
	}
	for i := range k.Attackers {
		a := &k.Attackers[i]
		out.Attackers[i] = AttackerView{
			Party: v.party(a.Party), WeaponType: v.typeRef(a.WeaponTypeID), DamageDone: a.DamageDone,
			FinalBlow: a.FinalBlow, SecurityStatus: a.SecurityStatus,
		}
	}
	return out
}

func idOrNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
