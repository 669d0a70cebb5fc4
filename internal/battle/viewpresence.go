package battle

import (
	"cmp"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Presence is who was there, over the buckets of the view's timeline. A pilot counts
// from its first to its last appearance in a hull of the class: nothing is known of
// those that left no trace on a killmail.
type Presence struct {
	Bucket  time.Duration
	Buckets []time.Time // start of each
	Rows    []PresenceRow
}

// PresenceRow is one class of hulls on one side; capsules are none.
type PresenceRow struct {
	Side    string
	Class   eve.HullClass
	Present []int // pilots seen in it before or in the bucket, and in or after it
	Lost    []int // up to the end of the bucket
}

// stay is a pilot in a class of hulls, from bucket to bucket.
type stay struct {
	pilot       int32
	class       eve.HullClass
	first, last int32
}

// Presence counts the pilots of the view.
func (v *View) Presence() Presence {
	if len(v.kills) == 0 {
		return Presence{}
	}
	f, b := v.f, &v.Battle
	size, start := bucketSize(b.Start.UTC(), b.End.UTC())
	out := Presence{Bucket: size, Buckets: make([]time.Time, int(b.End.Sub(start)/size)+1)}
	for i := range out.Buckets {
		out.Buckets[i] = start.Add(time.Duration(i) * size)
	}
	type line struct {
		side  string
		class eve.HullClass
	}
	index := map[line]int{}
	row := func(side string, class eve.HullClass) *PresenceRow {
		i, known := index[line{side, class}]
		if !known {
			i = len(out.Rows)
			index[line{side, class}] = i
			n := len(out.Buckets)
			out.Rows = append(out.Rows, PresenceRow{Side: side, Class: class, Present: make([]int, n+1), Lost: make([]int, n)})
		}
		return &out.Rows[i]
	}
	stays := map[int64]*stay{} // by pilot and class
	see := func(row int32, typeID int64, bucket int32) (pilot int32, class eve.HullClass, flown bool) {
		h := f.hull(typeID)
		if pilot = f.t.pilot[row]; pilot == none || !h.ship || h.class == eve.ClassCapsule {
			return none, "", false
		}
		s := at(stays, int64(pilot)<<8|int64(h.order), stay{pilot: f.pilotAt[pilot], class: h.class, first: bucket})
		s.last = bucket
		return s.pilot, h.class, true
	}
	for i, k := range v.kills {
		mail, first := f.t.kills[k], f.t.first[k]
		bucket := int32(mail.Time.Sub(start) / size)
		for j := range mail.Attackers {
			see(first+1+int32(j), mail.Attackers[j].ShipTypeID, bucket)
		}
		pilot, class, flown := see(first, mail.Victim.ShipTypeID, bucket)
		switch {
		case flown:
			row(b.Pilots[pilot].Side, class).Lost[bucket]++
		case f.victimType(k).class != eve.ClassCapsule: // it has a line in the table of hulls, too
			row(b.Kills[i].Side, f.victimType(k).class).Lost[bucket]++
		}
	}
	for _, s := range stays {
		r := row(b.Pilots[s.pilot].Side, s.class)
		r.Present[s.first]++
		r.Present[s.last+1]--
	}
	for i := range out.Rows {
		r := &out.Rows[i]
		r.Present = running(r.Present)[:len(out.Buckets)]
		r.Lost = running(r.Lost)
	}
	slices.SortFunc(out.Rows, func(a, b PresenceRow) int {
		return cmp.Or(compareSides(a.Side, b.Side), compareClasses(a.Class, b.Class))
	})
	return out
}

// running replaces every number by the sum up to it.
func running(numbers []int) []int {
	sum := 0
	for i, n := range numbers {
		sum += n
		numbers[i] = sum
	}
	return numbers
}
