package api

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// BattleDelta makes one state of a stored battle out of another.
type BattleDelta struct {
	Base      string                  `json:"base" doc:"mark of the state it applies to; a reader of any other must fetch the battle anew"`
	Mark      string                  `json:"mark" doc:"mark of the state it makes"`
	View      BattleView              `json:"view" doc:"the new state without killmails, pilots and revisions"`
	Killmails ListDelta[BattleKill]   `json:"killmails" doc:"by id"`
	Pilots    ListDelta[PilotView]    `json:"pilots" doc:"by id of the character"`
	Revisions ListDelta[RevisionView] `json:"revisions" doc:"by number"`
}

// ListDelta makes one list out of another in this order: removed items are taken out,
// changed ones replaced where they are, put ones taken out where they are and inserted.
type ListDelta[T any] struct {
	Removed []int64  `json:"removed,omitempty" doc:"keys of items that are gone"`
	Changed []T      `json:"changed,omitempty" doc:"items that replace those of their key, in place"`
	Put     []Put[T] `json:"put,omitempty" doc:"items that are new or stand elsewhere, by place"`
}

// Put is an item and its place in the new list.
type Put[T any] struct {
	At   int `json:"at" minimum:"0"`
	Item T   `json:"item"`
}

// ErrBase says that a delta is for another state.
var ErrBase = errors.New("the delta applies to another state")

// Apply returns the state that the delta makes of its base, or ErrBase of anything
// else. Items that did not change are those of the base.
func (d *BattleDelta) Apply(base *BattleView) (*BattleView, error) {
	if base.Mark != d.Base {
		return nil, fmt.Errorf("battle %d in state %q, want %q: %w", base.ID, base.Mark, d.Base, ErrBase)
	}
	out := d.View
	var errs [3]error
	out.Killmails, errs[0] = d.Killmails.apply(base.Killmails, killKey)
	out.PilotList, errs[1] = d.Pilots.apply(base.PilotList, pilotKey)
	out.Revisions, errs[2] = d.Revisions.apply(base.Revisions, revisionKey)
	return &out, errors.Join(errs[:]...)
}

func killKey(k *BattleKill) int64       { return k.ID }
func revisionKey(r *RevisionView) int64 { return int64(r.Revision) }
func pilotKey(p *PilotView) int64 {
	if p.Character == nil {
		return 0
	}
	return p.Character.ID
}

func (d *ListDelta[T]) apply(base []T, key func(*T) int64) ([]T, error) {
	gone, changed := make(map[int64]bool, len(d.Removed)+len(d.Put)), make(map[int64]*T, len(d.Changed))
	for _, id := range d.Removed {
		gone[id] = true
	}
	for i := range d.Put {
		gone[key(&d.Put[i].Item)] = true
	}
	for i := range d.Changed {
		changed[key(&d.Changed[i])] = &d.Changed[i]
	}
	out, next := make([]T, 0, len(base)+len(d.Put)), 0
	put := func() {
		for next < len(d.Put) && d.Put[next].At == len(out) {
			out = append(out, d.Put[next].Item)
			next++
		}
	}
	for i := range base {
		put()
		switch id := key(&base[i]); {
		case gone[id]:
		case changed[id] != nil:
			out = append(out, *changed[id])
		default:
			out = append(out, base[i])
		}
	}
	put()
	if next < len(d.Put) {
		return nil, fmt.Errorf("place %d of a list of %d", d.Put[next].At, len(out))
	}
	return out, nil
}

// delta returns what makes a state with this print out of one with another.
func delta(before, now *battlePrint, state *BattleView) *BattleDelta {
	d := &BattleDelta{
		Base: before.mark, Mark: now.mark, View: state.small(),
		Killmails: listDelta(before.killmails, now.killmails, state.Killmails),
		Pilots:    listDelta(before.pilots, now.pilots, state.PilotList),
		Revisions: listDelta(before.revisions, now.revisions, state.Revisions),
	}
	d.View.Mark = now.mark
	return d
}

// listDelta compares two lists by the prints of their items; items are those of now.
func listDelta[T any](before, now []itemPrint, items []T) ListDelta[T] {
	var d ListDelta[T]
	was := make(map[int64]int, len(before))
	for i, p := range before {
		was[p.Key] = i
	}
	is := make(map[int64]struct{}, len(now))
	var places []int // in the list before, of items that are in both
	for _, p := range now {
		is[p.Key] = struct{}{}
		if at, ok := was[p.Key]; ok {
			places = append(places, at)
		}
	}
	for _, p := range before {
		if _, ok := is[p.Key]; !ok {
			d.Removed = append(d.Removed, p.Key)
		}
	}
	steady := ascending(places)
	kept := 0
	for i, p := range now {
		at, ok := was[p.Key]
		stays := ok && steady[kept]
		if ok {
			kept++
		}
		switch {
		case !stays:
			d.Put = append(d.Put, Put[T]{i, items[i]})
		case before[at].Hash != p.Hash:
			d.Changed = append(d.Changed, items[i])
		}
	}
	return d
}

// ascending picks the most places that are in ascending order as they come; the items
// in those need not move.
func ascending(places []int) []bool {
	picked := make([]bool, len(places))
	if slices.IsSorted(places) {
		for i := range picked {
			picked[i] = true
		}
		return picked
	}
	// ends[n] is the index of the smallest place that n+1 ascending ones may end with.
	var ends []int
	before := make([]int, len(places)) // index of the one before it, -1 for none
	for i, place := range places {
		n, _ := slices.BinarySearchFunc(ends, place, func(at, place int) int { return cmp.Compare(places[at], place) })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		picked[i] = true
	}
	return picked
}
