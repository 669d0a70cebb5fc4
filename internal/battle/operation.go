package battle

import (
	"cmp"
	"slices"
	"time"
)

// OperationParams bound what counts as one outing of a crew.
type OperationParams struct {
	Crew    int           // pilots of a crew, at least
	Overlap float64       // share of the pilots of two fights that were in both (Jaccard)
	Pause   time.Duration // from the end of a fight to the beginning of the next
	Jumps   int           // stargates between their systems; J-space has none and is near everything
}

// DefaultOperations returns the parameters that reports use.
func DefaultOperations() OperationParams {
	return OperationParams{Crew: 3, Overlap: 0.5, Pause: time.Hour, Jumps: 10}
}

// Outline is a battle as operations need it.
type Outline struct {
	ID         int64
	Start, End time.Time
	SystemIDs  []int64
	Crews      []Crew
}

// Crew are the pilots of one side.
type Crew struct {
	Side   string
	Pilots []int64
}

// Operation is a chain of battles by one crew: a roam, a campaign evening, a string of
// ganks. They stay battles of their own. A battle can belong to an operation of either side.
type Operation struct {
	Battles []OperationBattle // by time
	Pilots  int               // that were in any of them
}

// OperationBattle is one battle of an operation.
type OperationBattle struct {
	ID     int64
	Side   string  // the crew's
	With   int64   // the earlier battle it follows; 0 for the first
	Shared int     // pilots that were in both
	Share  float64 // of the pilots of both
}

// Outline returns what operations need of a battle.
func (b *Battle) Outline(id int64) Outline {
	o := Outline{ID: id, Start: b.Start, End: b.End, SystemIDs: b.SystemIDs}
	for i := range b.Pilots {
		o.Add(b.Pilots[i].Side, b.Pilots[i].CharacterID)
	}
	return o
}

// Add puts a pilot into the crew of a side; bystanders have none.
func (o *Outline) Add(side string, pilot int64) {
	if side == Unassigned {
		return
	}
	i := slices.IndexFunc(o.Crews, func(c Crew) bool { return c.Side == side })
	if i < 0 {
		i = len(o.Crews)
		o.Crews = append(o.Crews, Crew{Side: side})
	}
	o.Crews[i].Pilots = append(o.Crews[i].Pilots, pilot)
}

// crewIn is one crew in one battle.
type crewIn struct {
	battle *Outline
	side   string
	pilots map[int64]bool
	link   OperationBattle
	parent int
}

// Operations finds the chains among battles, by time of their first. A crew in one
// battle follows the same crew in the earlier battle with most pilots in common. The
// order of the battles does not matter.
func Operations(battles []Outline, world World, p OperationParams) []Operation {
	var crews []crewIn
	for i := range battles {
		for _, c := range battles[i].Crews {
			if len(c.Pilots) >= p.Crew {
				set := make(map[int64]bool, len(c.Pilots))
				for _, id := range c.Pilots {
					set[id] = true
				}
				crews = append(crews, crewIn{battle: &battles[i], side: c.Side, pilots: set})
			}
		}
	}
	slices.SortFunc(crews, func(a, b crewIn) int {
		return cmp.Or(a.battle.Start.Compare(b.battle.Start), cmp.Compare(a.battle.ID, b.battle.ID), compareSides(a.side, b.side))
	})
	open := 0 // crews before it ended too long ago
	for i := range crews {
		c := &crews[i]
		c.parent, c.link = i, OperationBattle{ID: c.battle.ID, Side: c.side}
		for open < i && c.battle.Start.Sub(crews[open].battle.End) > p.Pause {
			open++
		}
		for j := open; j < i; j++ {
			e := &crews[j]
			if e.battle == c.battle || c.battle.Start.Sub(e.battle.End) > p.Pause {
				continue
			}
			shared := common(e.pilots, c.pilots)
			share := float64(shared) / float64(len(e.pilots)+len(c.pilots)-shared)
			if share >= p.Overlap && share > c.link.Share && near(world, e.battle.SystemIDs, c.battle.SystemIDs, p.Jumps) {
				c.link.With, c.link.Shared, c.link.Share, c.parent = e.battle.ID, shared, share, j
			}
		}
	}
	return chains(crews)
}

// chains collects the crews by the first of their chain.
func chains(crews []crewIn) []Operation {
	root := make([]int, len(crews))
	members := make([][]int, len(crews))
	for i := range crews {
		root[i] = i
		if p := crews[i].parent; p != i {
			root[i] = root[p]
		}
		members[root[i]] = append(members[root[i]], i)
	}
	var out []Operation
	for _, chain := range members {
		if len(chain) < 2 {
			continue
		}
		var o Operation
		pilots := map[int64]bool{}
		for _, i := range chain {
			o.Battles = append(o.Battles, crews[i].link)
			for id := range crews[i].pilots {
				pilots[id] = true
			}
		}
		o.Pilots = len(pilots)
		out = append(out, o)
	}
	return out
}

func common(a, b map[int64]bool) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for id := range a {
		if b[id] {
			n++
		}
	}
	return n
}

// near reports whether any two systems are at most so many stargates apart.
func near(world World, from, to []int64, jumps int) bool {
	seen := make(map[int64]bool)
	frontier := slices.Clone(from)
	for _, id := range from {
		seen[id] = true
		if len(world.Neighbors(id)) == 0 {
			return true
		}
	}
	for _, id := range to {
		if seen[id] || len(world.Neighbors(id)) == 0 {
			return true
		}
	}
	for range jumps {
		var next []int64
		for _, id := range frontier {
			for _, n := range world.Neighbors(id) {
				if slices.Contains(to, n) {
					return true
				}
				if !seen[n] {
					seen[n] = true
					next = append(next, n)
				}
			}
		}
		frontier = next
	}
	return false
}
