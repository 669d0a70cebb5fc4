package eve

import (
	"fmt"
	"time"
)

// TimeLayout is how EVE time is written: UTC, 24 hours, no seconds.
const TimeLayout = "2006-01-02 15:04"

// relatedLayout is the time stamp in the address of a related-kills page.
const relatedLayout = "200601021504"

// FormatTime writes t as EVE time: "2026-11-22 23:41".
func FormatTime(t time.Time) string { return t.UTC().Format(TimeLayout) }

// ParseTime reads a time as people write it, always as EVE time: "2026-11-22 23:41",
// with seconds, with a T instead of the space, or the day alone. RFC 3339 with an
// offset is converted.
func ParseTime(s string) (time.Time, error) {
	layouts := []string{
		TimeLayout, time.DateTime, time.RFC3339,
		"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly,
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("EVE time %q: write it as 2026-11-22 23:41 (UTC)", s)
}

// RelatedStamp returns the hour of t as zKillboard's related pages name it,
// YYYYMMDDHH00: the minutes are always 00.
func RelatedStamp(t time.Time) string {
	return t.UTC().Truncate(time.Hour).Format(relatedLayout)
}

// ParseRelatedStamp reads the YYYYMMDDHHMM of a related link. Minutes other than 00
// occur in the links of other tools and are kept.
func ParseRelatedStamp(s string) (time.Time, error) {
	t, err := time.Parse(relatedLayout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("related time %q: want YYYYMMDDHHMM, for example 202611222300", s)
	}
	return t, nil
}
