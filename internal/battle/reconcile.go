package battle

import (
	"cmp"
	"slices"
	"time"
)

// Known is a stored battle, as far as naming needs it.
type Known struct {
	ID          int64
	KillmailIDs []int64
	Profile     string // parameters it was made with
	Version     int
}

// Reason says why a battle has a new revision.
type Reason string

// The reasons. Of several that hold the first is given.
const (
	ReasonCreated    Reason = "created"
	ReasonParameters Reason = "parameters" // made with another profile or version
	ReasonMerge      Reason = "merge"      // another battle, or part of one, was joined
	ReasonSplit      Reason = "split"      // a part is now another battle
	ReasonLateKill   Reason = "late kill"  // a kill older than the newest known one was added
	ReasonGrew       Reason = "grew"       // the fight went on
	ReasonShrank     Reason = "shrank"     // kills left it to stand alone
	ReasonUnchanged  Reason = "unchanged"  // the same kills; figures may differ
	ReasonDissolved  Reason = "dissolved"  // too few kills are left (only of Removal)
	// ReasonCorrection is given by those who keep the corrections: the killmails alone do
	// not tell that a person decided.
	ReasonCorrection Reason = "correction"
)

// Plan says what becomes of the stored battles of one component.
type Plan struct {
	Named   []Named   // one for each new battle, in their order
	Removed []Removal // by id
}

// Named gives a new battle its id.
type Named struct {
	ID      int64
	Reason  Reason
	Added   int     // kills it did not have before
	Dropped int     // kills it had and has no more
	Merged  []int64 // ids that now redirect to it, ascending
}

// Removal ends a stored battle. RedirectTo is the id that answers for it now, 0 when
// its kills stand alone again.
type Removal struct {
	ID         int64
	RedirectTo int64
	Reason     Reason
}

// Reconcile names the new battles of a component after the stored ones that share
// kills with it. A stored battle hands its id to the new one that holds most of its
// kills; where several do, the id that brought most kills lives on and the others
// redirect to it. Ties go to the lowest id, and to the earlier battle. newID makes
// the ids of battles without a predecessor; it is called once for each, in order.
func Reconcile(old []Known, battles []Battle, newID func() int64) Plan {
	old = slices.Clone(old)
	slices.SortFunc(old, func(a, b Known) int { return cmp.Compare(a.ID, b.ID) })
	owner := make(map[int64]int) // killmail id → index in old
	for i := range old {
		for _, id := range old[i].KillmailIDs {
			owner[id] = i
		}
	}
	// shared[b][o] counts the kills that new battle b took from old battle o.
	shared := make([]map[int]int, len(battles))
	heir := make([]int, len(old)) // index in battles, or -1
	most := make([]int, len(old))
	for o := range heir {
		heir[o] = -1
	}
	for b := range battles {
		shared[b] = make(map[int]int)
		for i := range battles[b].Kills {
			if o, ok := owner[battles[b].Kills[i].Mail.ID]; ok {
				shared[b][o]++
			}
		}
		for o, n := range shared[b] {
			if n > most[o] {
				heir[o], most[o] = b, n
			}
		}
	}

	plan := Plan{Named: make([]Named, len(battles))}
	name := make([]int, len(battles)) // index in old whose id lives on, or -1
	for b := range battles {
		name[b] = -1
		for o := range old { // ascending ids: the first of equals wins
			if heir[o] == b && (name[b] < 0 || most[o] > most[name[b]]) {
				name[b] = o
			}
		}
		if name[b] >= 0 {
			plan.Named[b].ID = old[name[b]].ID
		} else {
			plan.Named[b].ID = newID()
		}
	}
	for o := range old {
		b := heir[o]
		switch {
		case b < 0:
			plan.Removed = append(plan.Removed, Removal{ID: old[o].ID, Reason: ReasonDissolved})
		case name[b] != o:
			plan.Removed = append(plan.Removed, Removal{ID: old[o].ID, RedirectTo: plan.Named[b].ID, Reason: ReasonMerge})
			plan.Named[b].Merged = append(plan.Named[b].Merged, old[o].ID)
		}
	}
	for b := range battles {
		shed := false // kills of the same name went to another new battle
		for other := range battles {
			shed = shed || other != b && name[b] >= 0 && shared[other][name[b]] > 0
		}
		explain(&plan.Named[b], &battles[b], old, name[b], shared[b], shed, owner)
	}
	return plan
}

// explain fills reason and counts of one named battle.
func explain(n *Named, b *Battle, old []Known, name int, shared map[int]int, shed bool, owner map[int64]int) {
	if name < 0 {
		n.Reason, n.Added = ReasonCreated, len(b.Kills)
		if len(shared) > 0 {
			n.Reason = ReasonSplit
		}
		return
	}
	n.Added = len(b.Kills) - shared[name]
	n.Dropped = len(old[name].KillmailIDs) - shared[name]
	switch {
	case old[name].Profile != b.Profile || old[name].Version != b.Version:
		n.Reason = ReasonParameters
	case len(shared) > 1:
		n.Reason = ReasonMerge
	case shed:
		n.Reason = ReasonSplit
	case n.Dropped > 0:
		n.Reason = ReasonShrank
	case n.Added > 0:
		n.Reason = ReasonGrew
		if addedLate(b, name, owner) {
			n.Reason = ReasonLateKill
		}
	default:
		n.Reason = ReasonUnchanged
	}
}

// addedLate reports whether a kill that was not in the old battle is older than the
// newest that was.
func addedLate(b *Battle, name int, owner map[int64]int) bool {
	var newest time.Time
	was := func(i int) bool {
		o, ok := owner[b.Kills[i].Mail.ID]
		return ok && o == name
	}
	for i := range b.Kills {
		if was(i) {
			newest = b.Kills[i].Mail.Time
		}
	}
	for i := range b.Kills {
		if !was(i) && b.Kills[i].Mail.Time.Before(newest) {
			return true
		}
	}
	return false
}
