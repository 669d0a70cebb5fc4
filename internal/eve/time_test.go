package eve_test

import (
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

func TestTime(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 11, 22, 23, 41, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-11-22 23:41", "2026-11-22 23:41:00", "2026-11-22T23:41", "2026-11-22T23:41:00",
		"2026-11-22T23:41:00Z", "2026-11-23T01:41:00+02:00",
	} {
		got, err := eve.ParseTime(s)
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("ParseTime(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
	if got, err := eve.ParseTime("2026-11-22"); err != nil || !got.Equal(want.Truncate(24*time.Hour)) {
		t.Errorf("a day alone: got %v, %v", got, err)
	}
	for _, s := range []string{"", "yesterday", "22.11.2026", "2026-13-01 00:00", "2026-11-22 24:00"} {
		if got, err := eve.ParseTime(s); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", s, got)
		}
	}
	zone := time.FixedZone("east", 2*60*60)
	if got := eve.FormatTime(want.In(zone)); got != "2026-11-22 23:41" {
		t.Errorf("FormatTime = %q", got)
	}
}

func TestRelatedStamp(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("half", -90*60)
	at := time.Date(2026, 1, 2, 3, 59, 59, 0, time.UTC)
	if got, want := eve.RelatedStamp(at.In(zone)), "202601020300"; got != want {
		t.Errorf("RelatedStamp = %q, want %q", got, want)
	}
	got, err := eve.ParseRelatedStamp("202601020335")
	if want := time.Date(2026, 1, 2, 3, 35, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("ParseRelatedStamp = %v, %v, want %v", got, err, want)
	}
	for _, s := range []string{"", "2026010203", "20260102033500", "202601022400", "2026-01-02 03"} {
		if got, err := eve.ParseRelatedStamp(s); err == nil {
			t.Errorf("ParseRelatedStamp(%q) = %v, want an error", s, got)
		}
	}
}
