package battle

import (
	"cmp"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// capsules are the two hulls a pilot is left in when the ship is gone.
const (
	capsule           = 670
	capsuleGenolution = 33328
)

func isCapsule(typeID int64) bool { return typeID == capsule || typeID == capsuleGenolution }

// none stands for no pilot, no entity, no kill in the dense tables.
const none = int32(-1)

// table is a set of killmails in index form: sorted by time and id, without
// duplicates, every pilot, entity and system a dense number. Row first[i] is the
// victim of kill i; the rows up to first[i+1] are its attackers in their order.
type table struct {
	kills  []*killmail.Killmail
	at     []int32 // seconds since the first kill
	system []int32
	npc    []bool // no player among the attackers
	first  []int32

	pilot  []int32 // by row
	entity []int32 // by row

	pilots   *interner
	entities *interner
	systems  *interner
}

// entityOf returns the organisation a party fights for: the alliance, else the
// corporation of players, else the pilot. Members of NPC corporations have
// nothing in common. The zero Entity stands for NPCs.
func entityOf(p *killmail.Party) eve.Entity {
	switch {
	case p.CharacterID != 0 && !p.IsPlayer():
		return eve.Entity{}
	case p.AllianceID != 0:
		return eve.Entity{Type: eve.Alliance, ID: p.AllianceID}
	case eve.IsPlayerCorporation(p.CorporationID):
		return eve.Entity{Type: eve.Corporation, ID: p.CorporationID}
	case p.CharacterID != 0:
		return eve.Entity{Type: eve.Character, ID: p.CharacterID}
	}
	return eve.Entity{}
}

func newTable(kills []*killmail.Killmail) *table {
	kills = ordered(kills)
	n := len(kills)
	rows := n
	for _, k := range kills {
		rows += len(k.Attackers)
	}
	t := &table{
		kills:  kills,
		at:     make([]int32, n),
		system: make([]int32, n),
		npc:    make([]bool, n),
		first:  make([]int32, n+1),
		pilot:  make([]int32, 0, rows),
		entity: make([]int32, 0, rows),
		// Guesses that spare most of the growing; a day has about a pilot a kill.
		pilots:   newInterner(n),
		entities: newInterner(n / 4),
		systems:  newInterner(n / 16),
	}
	var epoch int64
	if n > 0 {
		epoch = kills[0].Time.Unix()
	}
	for i, k := range kills {
		t.at[i] = int32(k.Time.Unix() - epoch)
		t.system[i] = t.systems.intern(k.SystemID)
		t.first[i] = int32(len(t.pilot))
		t.addRow(&k.Victim.Party)
		t.npc[i] = true
		for j := range k.Attackers {
			a := &k.Attackers[j].Party
			t.addRow(a)
			if a.IsPlayer() {
				t.npc[i] = false
			}
		}
	}
	t.first[n] = int32(len(t.pilot))
	return t
}

func (t *table) addRow(p *killmail.Party) {
	pilot, entity := none, none
	if p.IsPlayer() {
		pilot = t.pilots.intern(p.CharacterID)
	}
	if e := entityOf(p); !e.IsZero() {
		entity = t.entities.intern(e.ID) // ids are unique across characters, corporations and alliances
	}
	t.pilot = append(t.pilot, pilot)
	t.entity = append(t.entity, entity)
}

// ordered returns the kills by time, then id, each id once.
func ordered(kills []*killmail.Killmail) []*killmail.Killmail {
	before := func(a, b *killmail.Killmail) int {
		if c := cmp.Compare(a.Time.Unix(), b.Time.Unix()); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	}
	sorted := true
	for i := 1; i < len(kills) && sorted; i++ {
		sorted = before(kills[i-1], kills[i]) < 0
	}
	if sorted {
		return kills
	}
	kills = slices.Clone(kills)
	slices.SortStableFunc(kills, before)
	kept := kills[:0]
	seen := make(map[int64]bool, len(kills))
	for _, k := range kills {
		if !seen[k.ID] {
			seen[k.ID] = true
			kept = append(kept, k)
		}
	}
	return kept
}
