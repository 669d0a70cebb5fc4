package scheduler

import (
	"fmt"
	"time"
)

// Schedule says when something is due: At after every full Every, counted in UTC from
// 1970. It knows no time zones, so that nothing is due twice or never when clocks change.
type Schedule struct{ Every, At time.Duration }

const day = 24 * time.Hour

// Every is due at full multiples of d.
func Every(d time.Duration) Schedule { return Schedule{Every: d} }

// Daily is due once a day at a time of day in UTC.
func Daily(hour, minute int) Schedule {
	return Schedule{Every: day, At: time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute}
}

// shortest is the least time between two runs: work is looked for every lookEvery.
const shortest = time.Minute

// Validate names what is wrong with a schedule.
func (s Schedule) Validate() error {
	if s.Every < shortest {
		return fmt.Errorf("every %v: work can be due once a minute at most", s.Every)
	}
	if s.At < 0 || s.At >= s.Every {
		return fmt.Errorf("at %v of every %v: the moment lies outside", s.At, s.Every)
	}
	return nil
}

// Latest is the last moment at or before t when something was due.
func (s Schedule) Latest(t time.Time) time.Time {
	every, at := s.Every.Milliseconds(), s.At.Milliseconds()
	ms := t.UnixMilli() - at
	behind := ms % every
	if behind < 0 {
		behind += every // before 1970
	}
	return time.UnixMilli(ms - behind + at).UTC()
}

// Next is the first moment after t when something is due.
func (s Schedule) Next(t time.Time) time.Time { return s.Latest(t).Add(s.Every) }

// String implements fmt.Stringer.
func (s Schedule) String() string {
	if s.Every == day {
		return fmt.Sprintf("daily at %02d:%02d UTC", s.At/time.Hour, s.At%time.Hour/time.Minute)
	}
	return "every " + s.Every.String()
}
