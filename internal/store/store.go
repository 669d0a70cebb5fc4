// Package store is the port to the database: what is kept, and what can be asked.
//
// The database is the truth. Whatever the other parts hold (bus, cache, search)
// can be lost and is found again from here. Adapters: sqlstore, opened by package sqlite
// or postgres. The conformance suite storetest holds them to the contracts written at
// the methods.
//
// Times are UTC with millisecond precision at most. Methods return ErrNotFound,
// ErrConflict or an error with the operation in front; no adapter logs.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

var (
	// ErrNotFound says that no row has the id asked for.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else changed the rows on which a change was
	// planned. Nothing was written; plan again from the present state.
	ErrConflict = errors.New("changed by somebody else meanwhile")
	// ErrCursor says that a list cursor does not belong to this list and order.
	ErrCursor = errors.New("cursor does not fit this list")
)

// Page asks for a part of a list. The zero Cursor is the beginning.
type Page struct {
	Limit  int
	Cursor string
}

// Battles answers questions about battles.
type Battles interface {
	// Battles lists battles by the filter, in the order asked for.
	Battles(ctx context.Context, f BattleFilter, p Page) ([]BattleRow, string, error)
	// Battle returns one battle with everything, or ErrNotFound. A merged battle's
	// id answers with the battle that took its place.
	Battle(ctx context.Context, id int64) (*BattleDetail, error)
	// BattleSummary returns one battle as lists show it, following redirects.
	BattleSummary(ctx context.Context, id int64) (*BattleRow, error)
	// BattleRevision returns the number of a battle's newest revision, or ErrNotFound;
	// redirects are not followed. Whatever Battle says of it comes with a new number.
	BattleRevision(ctx context.Context, id int64) (int, error)
	// BattleOf returns the id of the battle a killmail is in, or ErrNotFound.
	BattleOf(ctx context.Context, killmailID int64) (int64, error)
	// PlaceIn says where in a battle a killmail stands, or ErrNotFound when it is not
	// among those stored of the battle.
	PlaceIn(ctx context.Context, battleID, killmailID int64) (Place, error)
	// Outlines returns the battles that were going on at any time between two moments,
	// ends included, by their start, with the pilots of their sides. Battles that lasted
	// longer than LongestOutlined are found only while they are younger than that.
	Outlines(ctx context.Context, from, to time.Time) ([]battle.Outline, error)
}

// LongestOutlined bounds how far back Outlines looks for the start of a battle that was
// still going on. The longest fight on record, B-R5RB, took 21 hours.
const LongestOutlined = 48 * time.Hour

// Place is where a killmail stands among those of its battle, by time, then id.
type Place struct {
	Side     string // of the victim
	Number   int    // from 1
	Of       int    // how many there are
	Previous int64  // killmail before it; 0 for the first
	Next     int64  // killmail after it; 0 for the last
}

// BattleOrder names a sort order of Battles.
type BattleOrder string

// The orders.
const (
	OrderStarted  BattleOrder = "started_at"
	OrderISK      BattleOrder = "isk"
	OrderKills    BattleOrder = "kills"
	OrderPilots   BattleOrder = "pilots"
	OrderDuration BattleOrder = "duration"
)

// Range bounds a number; nil ends are open.
type Range struct{ Min, Max *int64 }

// BattleFilter narrows Battles. Values within one list are alternatives, lists
// add up. Zero fields do not filter.
type BattleFilter struct {
	Kinds            []battle.Kind
	Spaces           []eve.Space
	SystemIDs        []int64
	ConstellationIDs []int64
	RegionIDs        []int64
	AllianceIDs      []int64
	CorporationIDs   []int64
	CharacterIDs     []int64
	ShipTypeIDs      []int64
	Kills            Range
	Pilots           Range
	ISK              Range // hundredths
	Duration         Range // milliseconds
	Since            time.Time
	Until            time.Time
	Order            BattleOrder
	Descending       bool
}

// BattleRow is a battle as lists show it.
type BattleRow struct {
	ID              int64
	Kind            battle.Kind
	KindRule        string
	Profile         string
	Version         int
	Space           eve.Space
	SystemIDs       []int64
	ConstellationID int64
	RegionID        int64
	Start           time.Time
	End             time.Time
	Kills           int
	ShipsLost       int
	CapsulesLost    int
	StructuresLost  int
	Pilots          int
	ISKDestroyed    eve.ISK
	ISKEstimated    eve.ISK
	UnknownValues   int
	Sides           []battle.Side // members: all
	Hulls           []battle.Hull // by number fielded
	Revision        int
	UpdatedAt       time.Time
	Corrections     int // in force; lists do not tell
	// When retention removed its killmails, and its list of pilots; zero: never.
	PrunedAt       time.Time
	PilotsPrunedAt time.Time
}

// BattleDetail is a battle with its lists.
type BattleDetail struct {
	BattleRow
	Killmails []BattleKill
	Members   []battle.Pilot
	Revisions []Revision
}

// Losses returns the killmails as the course of the battle is read from them. class
// tells the hull class of a type; what it does not know counts as a ship.
func (d *BattleDetail) Losses(class func(typeID int64) eve.HullClass) []battle.Loss {
	out := make([]battle.Loss, len(d.Killmails))
	for i := range d.Killmails {
		k := &d.Killmails[i]
		out[i] = battle.Loss{
			ID: k.ID, At: k.Time, Side: k.Side, Class: class(k.Victim.ShipTypeID),
			Victim: k.Victim, FinalBlow: k.FinalBlow, Attackers: k.AttackerCount, Value: k.Value,
		}
		if out[i].Class == "" {
			out[i].Class = eve.ClassOtherShip
		}
	}
	return out
}

// BattleKill is a killmail within a battle.
type BattleKill struct {
	KillmailRow
	Side string
	Link battle.Evidence
}

// Revision says what changed in a battle and why.
type Revision struct {
	Number  int
	At      time.Time
	Reason  string
	Added   int
	Removed int
	Kills   int
}

// Store is everything an adapter offers. Services take the parts they use.
type Store interface {
	Intake
	Cursors
	Killmails
	Clustering
	Battles
	Events
	Stats
	Feeds
	Entities
	Engine
	Corrections
	Rulesets
	IntakeStats
	DeadLetters
	Sessions
	Leases
	Marks
	Health
	Verification
	Enrichments
	Prices
	Retention
	Maintenance
	// Close ends all connections. No other method may be called afterwards.
	Close() error
}
