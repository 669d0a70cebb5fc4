// Package ogcard draws the picture that chats show beside a link to a battle: who
// fought where and when, and what it cost; and a plain one for pages about no fight. It
// is pure: the same card gives the same bytes, on every machine, and nothing is asked of
// anybody. Organisations therefore have a monogram where the page has a logo.
//
// Chats show the picture a third of its size, which is why nothing on it is small.
package ogcard

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// The size of a card in pixels, as Open Graph readers want it.
const (
	Width  = 1200
	Height = 630
)

// MaxSides is how many sides a card has room for. Those beyond are left out.
const MaxSides = 8

// Design is the number of the drawing. It goes up with every change of what a card
// looks like, so that cards kept elsewhere are not taken for new ones.
const Design = 1

// Card is what the picture says.
type Card struct {
	System      string  // name; "" when it is not known
	SystemID    int64   // shown when there is no name
	MoreSystems int     // further systems of the same fight
	Security    float64 // as the client shows it, one decimal; not read when Space has words of its own
	Space       string  // "C3", "Pochven": shown instead of the security; "" shows the security
	Region      string  // "" when there is none
	Start, End  time.Time
	Kind        string // battle, skirmish, report, …
	Live        bool   // it still grows

	Kills        int
	ShipsLost    int
	Pilots       int
	ISKDestroyed eve.ISK
	ISKKnown     bool // at least one value is

	Sides         []Side  // A first
	UnassignedISK eve.ISK // lost by those who stand on no side
}

// Side is one party.
type Side struct {
	Letter    string // A to H
	Members   []Member
	Count     int // of the members, named here or not
	Pilots    int
	ShipsLost int
	ISKLost   eve.ISK
}

// Member is an organisation or a pilot of a side, the one with most pilots first.
type Member struct {
	Entity eve.Entity
	Name   string // "" until resolved
	Ticker string // "" when there is none
}
