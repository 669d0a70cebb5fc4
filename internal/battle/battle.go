// Package battle turns killmails into battles: which kills belong together, who
// fought on which side, and what a report says about it. It is pure: no clock,
// no I/O, no goroutines. The result is a function of the set of killmails and
// the parameters, never of the order in which they came.
package battle

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// World answers what the engine must know of New Eden. Unknown ids answer false.
type World interface {
	System(id int64) (eve.System, bool)
	Type(id int64) (eve.Type, bool)
	// Neighbors lists the systems one stargate away.
	Neighbors(systemID int64) []int64
}

// Kind classifies a group of kills by the table in docs/battle-engine.md.
type Kind string

// The kinds, in the order in which their rules are tried.
const (
	KindNPC       Kind = "npc"
	KindStructure Kind = "structure"
	KindBattle    Kind = "battle"
	KindGank      Kind = "gank"
	KindCamp      Kind = "camp"
	KindSolo      Kind = "solo"
	KindSkirmish  Kind = "skirmish"
)

// Unassigned is the side of bystanders and of victims nobody can place.
const Unassigned = "unassigned"

// Battle is one group of kills with everything a report says of it. It has no
// id of its own: ids are history and belong to the store.
type Battle struct {
	Kind     Kind
	KindRule string // the rule that decided, in words for a player
	Profile  string // parameter profile, "linked" or "classic"
	Version  int    // version of the parameters
	// Corrected counts the corrections of its killmails (by their first) and of its sides.
	Corrected int

	SystemIDs []int64 // most kills first
	Start     time.Time
	End       time.Time
	Kills     []Kill // by time, then killmail id

	ShipsLost      int // ships, without capsules, shuttles and corvettes
	CapsulesLost   int
	StructuresLost int
	PilotCount     int

	ISKDestroyed  eve.ISK // sum of the known values
	ISKEstimated  eve.ISK // the part of it that is our estimate
	UnknownValues int     // kills whose value is not known

	Sides  []Side  // A, B, …; then Unassigned if anybody is
	Pilots []Pilot // by side, then hull class, then character id
	Hulls  []Hull  // fielded and lost, whole battle, per side
}

// Kill is one killmail's place in the battle.
type Kill struct {
	Mail *killmail.Killmail
	Side string   // side of the victim
	Link Evidence // why it belongs; zero for the first kill
}

// Evidence says in figures why two things were put together.
type Evidence struct {
	Rule     string // name of the link rule
	With     int64  // killmail or entity id it was linked to
	Pilots   int    // shared pilots
	Together int    // kills on the same side of the mail
	Against  int    // kills on opposite sides of the mail
}

// Side is one party to the battle.
type Side struct {
	ID             string // A, B, … or Unassigned
	Members        []Member
	Pilots         int
	Kills          int // killmails this side inflicted: at least one attacker row on a victim of another side
	FinalBlows     int
	ShipsLost      int
	CapsulesLost   int
	StructuresLost int
	ISKLost        eve.ISK
	// ISKDestroyed credits each loss once per side, in proportion to the damage
	// its pilots did among all sides that shot the victim (all of it when only one did).
	ISKDestroyed    eve.ISK
	DamageDone      int64 // to other sides, structures apart
	StructureDamage int64
	DamageTaken     int64
	Confidence      float64 // 0 to 1, mean of the members by their pilots
	ThirdParty      bool
}

// Member is one entity on a side.
type Member struct {
	Entity     eve.Entity
	Pilots     int
	ShipsLost  int
	ISKLost    eve.ISK
	Kills      int
	DamageDone int64
	Confidence float64 // 0 to 1: margin of this side over the second best
	// TogetherWith and Against name the entities with the strongest evidence.
	TogetherWith Evidence
	Against      Evidence
	FriendlyFire int // attacker rows against its own side
}

// Pilot is one character in the battle, whatever number of ships it flew.
type Pilot struct {
	CharacterID     int64
	CorporationID   int64
	AllianceID      int64
	FactionID       int64
	Side            string
	Hulls           []PilotHull // in order of first appearance
	Kills           int         // killmails it is an attacker on
	FinalBlows      int
	Losses          int // ships and structures, without capsules
	Podded          bool
	DamageDone      int64 // structures apart
	StructureDamage int64
	DamageTaken     int64
	ISKLost         eve.ISK
	FirstSeen       time.Time
	LastSeen        time.Time
}

// PilotHull is one hull a pilot flew.
type PilotHull struct {
	ShipTypeID int64
	Lost       int
	ISKLost    eve.ISK
}

// Hull sums one hull on one side.
type Hull struct {
	Side       string
	ShipTypeID int64
	Class      eve.HullClass
	Fielded    int // pilots seen in it, or losses where more were lost than seen
	Lost       int
	ISKLost    eve.ISK
}
