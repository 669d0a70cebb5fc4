package sim

import (
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Kind says what a fight was meant to be.
type Kind string

// The kinds of fights.
const (
	KindFleet     Kind = "fleet"
	KindGang      Kind = "gang"
	KindRunning   Kind = "running" // a gang fight over several gates
	KindRoam      Kind = "roam"    // one stop of a crew that goes on through a gate and kills others there
	KindBrawl     Kind = "brawl"   // two militia crews, among others in the same system
	KindCamp      Kind = "camp"
	KindGank      Kind = "gank"
	KindSolo      Kind = "solo"
	KindStructure Kind = "structure"
	KindNPC       Kind = "npc"
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{KindFleet, KindGang, KindRunning, KindRoam, KindBrawl, KindCamp, KindGank, KindSolo, KindStructure, KindNPC}
}

// Fight is the truth about what belongs together. Its maps are complete once the
// fight is over.
type Fight struct {
	ID        string // unique within a simulation
	Kind      Kind
	Sides     map[int64]string  // character id → "A", "B" or "C"
	Doctrines map[string]string // side → name of the Doctrine it flew; only fleets fly one
}

// Kill is a killmail with its truth. The mail and the fight are shared between
// repetitions and must not be changed.
type Kill struct {
	Mail        *killmail.Killmail
	Fight       *Fight
	Side        string    // of the victim; "" for what takes no side
	PublishedAt time.Time // when the feed has it: a minute or so after the kill, hours for a late one
	Repeated    bool      // published a second time, under a new sequence
}

// Label is the fight a kill belongs to, or "" when it stands alone: a loss to
// NPCs, or a fight of a single pair.
func (k Kill) Label() string {
	if k.Fight.Kind == KindNPC || k.Fight.Kind == KindSolo {
		return ""
	}
	return k.Fight.ID
}
