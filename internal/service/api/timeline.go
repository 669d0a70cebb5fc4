package api

import (
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// timeline draws the course of a battle from its killmails.
func (v views) timeline(d *store.BattleDetail) *TimelineView {
	kills := make([]battle.TimelineKill, len(d.Killmails))
	for i := range d.Killmails {
		k := &d.Killmails[i]
		class := v.class(k.Victim.ShipTypeID)
		kills[i] = battle.TimelineKill{
			At: k.Time, Side: k.Side, ISK: k.Value.ISK, Known: k.Value.Known(),
			Capsule: class == eve.ClassCapsule, Structure: class != "" && !class.IsShip(),
		}
	}
	t := battle.NewTimeline(kills, d.Start, d.End)
	out := &TimelineView{BucketS: int64(t.Bucket.Seconds()), Buckets: make([]TimelineStep, len(t.Buckets))}
	for i, b := range t.Buckets {
		out.Buckets[i] = TimelineStep{At: b.At, Sides: make(map[string]TimelineSide)}
		for j, l := range b.Losses {
			if l.Ships+l.Capsules+l.Structures > 0 {
				out.Buckets[i].Sides[t.Sides[j]] = TimelineSide{l.Ships, l.Capsules, l.Structures, l.ISK.Float()}
			}
		}
	}
	return out
}
