package killmail

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/goccy/go-json"

	"github.com/battlescope/battlescope/internal/eve"
)

// wireDocument is the union of the forms DecodeDocument accepts.
type wireDocument struct {
	wireKillmail
	Hash            string        `json:"hash"`
	KillmailHash    string        `json:"killmail_hash"`
	ESI             *wireKillmail `json:"esi"`
	Zkb             *wireZkb      `json:"zkb"`
	UploadedAt      int64         `json:"uploaded_at"`
	SequenceID      int64         `json:"sequence_id"`
	Sequence        int64         `json:"sequence"` // some relays call it so
	SequenceUpdated int64         `json:"sequence_updated"`

	// RedisQ's names.
	KillID   int64           `json:"killID"`
	Killmail *wireKillmail   `json:"killmail"`
	Package  json.RawMessage `json:"package"` // a document of its own, nil or null
}

// names reports whether a document says which killmail it is about.
func (w *wireDocument) names() bool {
	return w.KillmailID != 0 || w.KillID != 0 || w.ESI != nil || w.Killmail != nil
}

// bare reports whether a killmail holds nothing but its id.
func (w *wireKillmail) bare() bool {
	return w.KillmailTime == "" && w.SolarSystemID == 0 && w.Victim == nil && w.Attackers == nil
}

// wireKillmail is ESI's killmail document.
type wireKillmail struct {
	KillmailID    int64          `json:"killmail_id"`
	KillmailTime  string         `json:"killmail_time"`
	SolarSystemID int64          `json:"solar_system_id"`
	MoonID        int64          `json:"moon_id"`
	WarID         int64          `json:"war_id"`
	Victim        *wireVictim    `json:"victim"`
	Attackers     []wireAttacker `json:"attackers"`
}

type wireVictim struct {
	CharacterID   int64      `json:"character_id"`
	CorporationID int64      `json:"corporation_id"`
	AllianceID    int64      `json:"alliance_id"`
	FactionID     int64      `json:"faction_id"`
	ShipTypeID    int64      `json:"ship_type_id"`
	DamageTaken   int64      `json:"damage_taken"`
	Items         []wireItem `json:"items"`
}

type wireItem struct {
	ItemTypeID        int64      `json:"item_type_id"`
	QuantityDestroyed int64      `json:"quantity_destroyed"`
	QuantityDropped   int64      `json:"quantity_dropped"`
	Singleton         int64      `json:"singleton"`
	Items             []wireItem `json:"items"`
}

type wireAttacker struct {
	CharacterID    int64   `json:"character_id"`
	CorporationID  int64   `json:"corporation_id"`
	AllianceID     int64   `json:"alliance_id"`
	FactionID      int64   `json:"faction_id"`
	ShipTypeID     int64   `json:"ship_type_id"`
	WeaponTypeID   int64   `json:"weapon_type_id"`
	DamageDone     int64   `json:"damage_done"`
	SecurityStatus float64 `json:"security_status"`
	FinalBlow      bool    `json:"final_blow"`
}

type wireZkb struct {
	LocationID int64    `json:"locationID"`
	Hash       string   `json:"hash"`
	TotalValue *amount  `json:"totalValue"`
	Points     float64  `json:"points"`
	NPC        bool     `json:"npc"`
	Solo       bool     `json:"solo"`
	Awox       bool     `json:"awox"`
	Labels     []string `json:"labels"`
}

// amount is ISK as the feeds write it: integer, float or a number in a string.
type amount float64

func (a *amount) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		return nil
	}
	if len(s) > 1 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	f, err := strconv.ParseFloat(s, 64)
	// Above this, hundredths of an ISK do not fit 64 bits; no fight in history came near.
	if err != nil || f != f || f < 0 || f > 9e16 {
		return fmt.Errorf("totalValue %q is not an amount of ISK", s)
	}
	*a = amount(f)
	return nil
}

func (w *wireZkb) zkb() *Zkb {
	z := &Zkb{LocationID: w.LocationID, Points: int64(min(max(w.Points, 0), math.MaxInt32)), NPC: w.NPC, Solo: w.Solo, Awox: w.Awox, Labels: w.Labels}
	if w.TotalValue != nil {
		z.TotalValue, z.HasValue = eve.FromFloat(float64(*w.TotalValue)), true
	}
	return z
}

// killmail checks the invariants of the ESI schema and converts. What real
// documents are known to lack (final blow, position, items) is not required.
func (w *wireKillmail) killmail() (*Killmail, error) {
	bad := func(field, reason string) (*Killmail, error) {
		return nil, &DecodeError{KillmailID: max(w.KillmailID, 0), Field: field, Reason: reason}
	}
	switch {
	case w.KillmailID <= 0:
		return bad("killmail_id", "is missing or not positive")
	case w.KillmailTime == "":
		return bad("killmail_time", "is missing")
	case w.SolarSystemID <= 0:
		return bad("solar_system_id", "is missing or not positive")
	case w.Victim == nil:
		return bad("victim", "is missing")
	case w.Victim.ShipTypeID < 0:
		return bad("victim.ship_type_id", "is negative")
	case w.Attackers == nil:
		return bad("attackers", "is missing")
	}
	at, err := time.Parse(time.RFC3339, w.KillmailTime)
	if err != nil {
		return bad("killmail_time", fmt.Sprintf("%q is not an RFC 3339 time", w.KillmailTime))
	}
	at = at.UTC().Truncate(time.Second)
	if y := at.Year(); y < 2003 || y > 2200 { // EVE opened in 2003
		return bad("killmail_time", fmt.Sprintf("%q is outside EVE's history", w.KillmailTime))
	}
	v := w.Victim
	k := &Killmail{
		ID: w.KillmailID, Time: at, SystemID: w.SolarSystemID, MoonID: w.MoonID, WarID: w.WarID,
		Victim: Victim{
			Party:       Party{v.CharacterID, v.CorporationID, v.AllianceID, v.FactionID, v.ShipTypeID},
			DamageTaken: v.DamageTaken,
			Items:       items(v.Items),
		},
		Attackers: make([]Attacker, len(w.Attackers)),
	}
	if !k.Victim.valid() || v.DamageTaken < 0 {
		return bad("victim", "has a negative id or damage")
	}
	for i, a := range w.Attackers {
		k.Attackers[i] = Attacker{
			Party:        Party{a.CharacterID, a.CorporationID, a.AllianceID, a.FactionID, a.ShipTypeID},
			WeaponTypeID: a.WeaponTypeID, DamageDone: a.DamageDone,
			SecurityStatus: a.SecurityStatus, FinalBlow: a.FinalBlow,
		}
		if !k.Attackers[i].valid() || a.WeaponTypeID < 0 || a.DamageDone < 0 {
			return bad(fmt.Sprintf("attackers[%d]", i), "has a negative id or damage")
		}
	}
	return k, nil
}

func (p Party) valid() bool {
	return p.CharacterID >= 0 && p.CorporationID >= 0 && p.AllianceID >= 0 && p.FactionID >= 0 && p.ShipTypeID >= 0
}

func items(w []wireItem) []Item {
	if len(w) == 0 {
		return nil
	}
	out := make([]Item, len(w))
	for i, it := range w {
		out[i] = Item{TypeID: it.ItemTypeID, Destroyed: it.QuantityDestroyed, Dropped: it.QuantityDropped,
			Singleton: it.Singleton, Items: items(it.Items)}
	}
	return out
}
