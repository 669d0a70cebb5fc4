package battle

import (
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Status tells a burning battle from a settled one.
type Status string

// The two states.
const (
	Live    Status = "live"
	Settled Status = "settled"
)

// LiveFor is how long after its last kill a battle counts as live.
const LiveFor = 15 * time.Minute

// StatusAt returns the state, at now, of a battle whose last kill was at end.
func StatusAt(end, now time.Time) Status {
	if now.Sub(end) < LiveFor {
		return Live
	}
	return Settled
}

// TimelineKill is one loss as the timeline needs it; a stored row has it all.
type TimelineKill struct {
	At        time.Time
	Side      string // of the victim
	ISK       eve.ISK
	Known     bool // ISK means something
	Capsule   bool
	Structure bool
}

// Timeline is the course of a battle in equal buckets.
type Timeline struct {
	Bucket  time.Duration
	Sides   []string // order of the figures in each bucket
	Buckets []TimelineBucket
}

// TimelineBucket sums the losses from At until the next bucket, per side.
type TimelineBucket struct {
	At     time.Time
	Losses []SideLosses
}

// SideLosses are the losses of one side in a bucket, and up to its end.
type SideLosses struct {
	Ships      int // everything that is neither capsule nor structure
	Capsules   int
	Structures int
	ISK        eve.ISK // known values only
	TotalKills int
	TotalISK   eve.ISK
}

// maxBuckets keeps a timeline readable.
const maxBuckets = 60

var bucketSizes = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour,
}

// bucketSize returns the smallest size that covers the span in at most maxBuckets,
// and the start of the first bucket: a full minute, hour, day in EVE time.
func bucketSize(start, end time.Time) (time.Duration, time.Time) {
	// Divided, because the product overflows for the longest span that there is.
	fits := func(size time.Duration) bool {
		return end.Sub(start.Truncate(size))/size < maxBuckets
	}
	for _, size := range bucketSizes {
		if fits(size) {
			return size, start.Truncate(size)
		}
	}
	size := 24 * time.Hour
	for !fits(size) {
		size += 24 * time.Hour
	}
	return size, start.Truncate(size)
}

// NewTimeline sorts kills into buckets over the time from start to end. Sides stand
// in alphabetical order with Unassigned last; kills outside the time are left out.
func NewTimeline(kills []TimelineKill, start, end time.Time) Timeline {
	start, end = start.UTC(), end.UTC()
	if end.Before(start) {
		end = start
	}
	size, from := bucketSize(start, end)
	t := Timeline{Bucket: size, Sides: sideNames(kills)}
	t.Buckets = make([]TimelineBucket, int(end.Sub(from)/size)+1)
	for i := range t.Buckets {
		t.Buckets[i] = TimelineBucket{At: from.Add(time.Duration(i) * size), Losses: make([]SideLosses, len(t.Sides))}
	}
	for _, k := range kills {
		if k.At.Before(start) || k.At.After(end) {
			continue
		}
		l := &t.Buckets[k.At.Sub(from)/size].Losses[slices.Index(t.Sides, k.Side)]
		switch {
		case k.Capsule:
			l.Capsules++
		case k.Structure:
			l.Structures++
		default:
			l.Ships++
		}
		if k.Known {
			l.ISK += k.ISK
		}
	}
	for side := range t.Sides {
		kills, isk := 0, eve.ISK(0)
		for i := range t.Buckets {
			l := &t.Buckets[i].Losses[side]
			kills += l.Ships + l.Capsules + l.Structures
			isk += l.ISK
			l.TotalKills, l.TotalISK = kills, isk
		}
	}
	return t
}

// sideNames lists the sides of the kills: A, B, …, Z, AA, …, then Unassigned.
func sideNames(kills []TimelineKill) []string {
	var names []string
	for _, k := range kills {
		if !slices.Contains(names, k.Side) {
			names = append(names, k.Side)
		}
	}
	slices.SortFunc(names, compareSides)
	return names
}
