// Package killmail holds the one form in which BattleScope knows a killmail,
// whatever source it came from, and the decoders that bring the sources' forms into it.
//
// A killmail is ESI's document: who lost what, where and when, and everyone who
// shot. The zKillboard block around it (value, labels) is optional and may be
// rewritten by zKillboard at any time; the ESI part never changes.
package killmail

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Killmail is one loss.
type Killmail struct {
	ID        int64
	Hash      string // 40 hexadecimal digits; "" when the source does not give it
	Time      time.Time
	SystemID  int64
	MoonID    int64 // 0 when none
	WarID     int64 // 0 when none
	Victim    Victim
	Attackers []Attacker // in the order of the document; the same pilot may not be merged
	Zkb       *Zkb       // nil when the source has no zKillboard block
	Value     Value
}

// Party is what victims and attackers have in common. An id of 0 means that the
// document does not name one: NPCs have no character, structures neither.
type Party struct {
	CharacterID   int64
	CorporationID int64
	AllianceID    int64
	FactionID     int64
	ShipTypeID    int64
}

// Victim is the party that lost its ship or structure.
type Victim struct {
	Party
	DamageTaken int64
	Items       []Item // only for valuing at decode; not stored
}

// Attacker is one row of the attacker list.
type Attacker struct {
	Party
	WeaponTypeID   int64
	DamageDone     int64
	SecurityStatus float64
	FinalBlow      bool
}

// Item is one stack in the victim's hold or slots. Containers hold one level more.
type Item struct {
	TypeID    int64
	Destroyed int64
	Dropped   int64
	// Singleton 2 marks a blueprint copy, which has no market price.
	Singleton int64
	Items     []Item
}

// Zkb is what zKillboard adds to a killmail.
type Zkb struct {
	LocationID int64
	TotalValue eve.ISK
	HasValue   bool // zKillboard leaves the value out of some old documents
	Points     int64
	NPC        bool
	Solo       bool
	Awox       bool
	Labels     []string
}

// ValueSource says where the ISK value of a killmail comes from.
type ValueSource string

// The sources of a value, best first.
const (
	ValueUnknown ValueSource = ""
	ValueZkb     ValueSource = "zkb"
	ValueMarket  ValueSource = "market"
	ValueBase    ValueSource = "base"
)

// Value is the ISK lost on a killmail. With source ValueUnknown the amount is
// unknown, not zero.
type Value struct {
	ISK      eve.ISK
	Source   ValueSource
	PricedAt time.Time // day of the prices used for an estimate; zero for zkb
}

// Known reports whether the amount means anything.
func (v Value) Known() bool { return v.Source != ValueUnknown }

// Estimated reports whether the amount was computed by us from price lists.
func (v Value) Estimated() bool { return v.Source == ValueMarket || v.Source == ValueBase }

// lastNPCCharacter is the last id of the NPC characters (agents).
const lastNPCCharacter = 3_999_999

// IsPlayer reports whether the party is a pilot: a character that is no NPC agent.
func (p Party) IsPlayer() bool { return p.CharacterID > lastNPCCharacter }

// Players counts the attackers that are pilots.
func (k *Killmail) Players() int {
	n := 0
	for i := range k.Attackers {
		if k.Attackers[i].IsPlayer() {
			n++
		}
	}
	return n
}

// FinalBlow returns the attacker credited with the final blow, or nil: a few
// real documents have none.
func (k *Killmail) FinalBlow() *Attacker {
	for i := range k.Attackers {
		if k.Attackers[i].FinalBlow {
			return &k.Attackers[i]
		}
	}
	return nil
}
