package sde

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Export is the static data as plain tables: what a generator fills, and what Encode
// writes and Decode reads. The order of rows does not matter; Encode sorts by id.
type Export struct {
	Version  string    // of the source, for people
	PricedAt time.Time // day of the export, which dates the base prices

	Systems      []eve.System // coordinates are kept to a million kilometres
	Gates        [][2]int64   // system ids on both ends; direction and repeats do not matter
	Categories   []Category
	Groups       []Group
	Types        []Type
	Factions     []Faction
	Corporations []Corporation
}

// Category is the coarsest division of types: ships, modules, NPCs.
type Category struct {
	ID   int64
	Name string
}

// Group is the division of types below the category.
type Group struct {
	ID         int64
	Name       string
	CategoryID int64
}

// Type is one inventory type as the export has it; group and class are joined when
// it is read.
type Type struct {
	ID        int64
	Name      string
	GroupID   int64
	BasePrice float64 // ISK, kept to the cent; 0 where CCP gives none
}

// Faction is an empire or pirate faction of NPCs.
type Faction struct {
	ID                   int64
	Name                 string
	CorporationID        int64 // its executive corporation, 0 when none
	MilitiaCorporationID int64 // for factions that take part in faction warfare, else 0
}

// Corporation is a corporation run by CCP.
type Corporation struct {
	ID        int64
	Name      string
	Ticker    string
	FactionID int64 // 0 when it belongs to none
}
