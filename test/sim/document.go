package sim

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// The forms in which sources write killmails. Missing ids are left out, as ESI does.
type (
	esiMail struct {
		Attackers []esiAttacker `json:"attackers"`
		ID        int64         `json:"killmail_id"`
		Time      time.Time     `json:"killmail_time"`
		SystemID  int64         `json:"solar_system_id"`
		Victim    esiVictim     `json:"victim"`
		WarID     int64         `json:"war_id,omitempty"`
		MoonID    int64         `json:"moon_id,omitempty"`
	}
	esiParty struct {
		AllianceID    int64 `json:"alliance_id,omitempty"`
		CharacterID   int64 `json:"character_id,omitempty"`
		CorporationID int64 `json:"corporation_id,omitempty"`
		FactionID     int64 `json:"faction_id,omitempty"`
	}
	esiAttacker struct {
		esiParty
		DamageDone     int64   `json:"damage_done"`
		FinalBlow      bool    `json:"final_blow"`
		SecurityStatus float64 `json:"security_status"`
		ShipTypeID     int64   `json:"ship_type_id,omitempty"`
		WeaponTypeID   int64   `json:"weapon_type_id,omitempty"`
	}
	esiVictim struct {
		esiParty
		DamageTaken int64     `json:"damage_taken"`
		Items       []esiItem `json:"items"`
		ShipTypeID  int64     `json:"ship_type_id"`
	}
	esiItem struct {
		Flag      int64 `json:"flag"`
		TypeID    int64 `json:"item_type_id"`
		Destroyed int64 `json:"quantity_destroyed,omitempty"`
		Dropped   int64 `json:"quantity_dropped,omitempty"`
		Singleton int64 `json:"singleton"`
	}
	everefMember struct {
		esiMail
		Hash         string    `json:"killmail_hash"`
		LastModified time.Time `json:"http_last_modified"`
	}
	zkbBlock struct {
		Hash          string   `json:"hash"`
		TotalValue    float64  `json:"totalValue"`
		Points        int64    `json:"points"`
		NPC           bool     `json:"npc"`
		Solo          bool     `json:"solo"`
		Awox          bool     `json:"awox"`
		Labels        []string `json:"labels"`
		AttackerCount int      `json:"attackerCount"`
	}
	r2z2Document struct {
		ID         int64    `json:"killmail_id"`
		Hash       string   `json:"hash"`
		ESI        esiMail  `json:"esi"`
		Zkb        zkbBlock `json:"zkb"`
		UploadedAt int64    `json:"uploaded_at"`
		Sequence   int64    `json:"sequence_id"`
	}
)

// ESI is the killmail as ESI writes it.
func (k Kill) ESI() []byte { return encode(esi(k.Mail)) }

// EVERef is the killmail as a member of EVERef's daily archives, with the member's name.
func (k Kill) EVERef() (name string, body []byte) {
	return fmt.Sprintf("killmails/%d.json", k.Mail.ID), encode(everefMember{esi(k.Mail), k.Mail.Hash, k.PublishedAt.Truncate(time.Second)})
}

// R2Z2 is the killmail as the live feed publishes it under a sequence number.
func (k Kill) R2Z2(sequence int64) []byte {
	players := k.Mail.Players()
	zkb := zkbBlock{
		Hash: k.Mail.Hash, TotalValue: k.Mail.Value.ISK.Float(), Points: int64(1 + players),
		NPC: players == 0, Solo: players == 1 && k.Mail.Victim.ShipTypeID != capsule.ID, AttackerCount: len(k.Mail.Attackers),
		Labels: []string{"pvp"},
	}
	if zkb.NPC {
		zkb.Labels, zkb.Points = []string{"npc"}, 1
	}
	return encode(r2z2Document{k.Mail.ID, k.Mail.Hash, esi(k.Mail), zkb, k.PublishedAt.Unix(), sequence})
}

// WriteTar writes every killmail once, in the form of an uncompressed EVERef archive.
func (s Set) WriteTar(w io.Writer) error {
	out := tar.NewWriter(w)
	for _, k := range s.Kills {
		if k.Repeated {
			continue
		}
		name, body := k.EVERef()
		if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(body)), Mode: 0o644, ModTime: k.Mail.Time}); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
		if _, err := out.Write(body); err != nil {
			return fmt.Errorf("write archive: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

func esi(m *killmail.Killmail) esiMail {
	mail := esiMail{ID: m.ID, Time: m.Time, SystemID: m.SystemID, WarID: m.WarID, MoonID: m.MoonID}
	mail.Victim = esiVictim{esiParty: party(m.Victim.Party), DamageTaken: m.Victim.DamageTaken, ShipTypeID: m.Victim.ShipTypeID, Items: []esiItem{}}
	for i, item := range m.Victim.Items {
		mail.Victim.Items = append(mail.Victim.Items, esiItem{Flag: int64(11 + i), TypeID: item.TypeID, Destroyed: item.Destroyed, Dropped: item.Dropped, Singleton: item.Singleton})
	}
	for _, a := range m.Attackers {
		mail.Attackers = append(mail.Attackers, esiAttacker{party(a.Party), a.DamageDone, a.FinalBlow, a.SecurityStatus, a.ShipTypeID, a.WeaponTypeID})
	}
	return mail
}

func party(p killmail.Party) esiParty {
	return esiParty{p.AllianceID, p.CharacterID, p.CorporationID, p.FactionID}
}

func encode(document any) []byte {
	body, err := json.Marshal(document)
	if err != nil {
		panic(fmt.Sprintf("sim: encode killmail: %v", err)) // numbers and strings always encode
	}
	return body
}
