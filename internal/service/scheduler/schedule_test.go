package scheduler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/service/scheduler"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	for _, c := range []struct {
		name         string
		s            scheduler.Schedule
		at           time.Time
		latest, next string
	}{
		{"in between", scheduler.Every(5 * time.Minute), time.Date(2025, 3, 1, 12, 3, 59, 1, time.UTC), "2025-03-01T12:00:00Z", "2025-03-01T12:05:00Z"},
		{"on the dot", scheduler.Every(5 * time.Minute), time.Date(2025, 3, 1, 12, 5, 0, 0, time.UTC), "2025-03-01T12:05:00Z", "2025-03-01T12:10:00Z"},
		{"before the hour", scheduler.Daily(2, 0), time.Date(2025, 3, 1, 1, 59, 59, 999e6, time.UTC), "2025-02-28T02:00:00Z", "2025-03-01T02:00:00Z"},
		{"after the hour", scheduler.Daily(2, 30), time.Date(2025, 3, 1, 2, 30, 0, 0, time.UTC), "2025-03-01T02:30:00Z", "2025-03-02T02:30:00Z"},
		{"summer time begins", scheduler.Daily(2, 0), time.Date(2025, 3, 30, 3, 30, 0, 0, berlin), "2025-03-29T02:00:00Z", "2025-03-30T02:00:00Z"},
		{"summer time ends", scheduler.Daily(0, 30), time.Date(2025, 10, 26, 2, 45, 0, 0, berlin), "2025-10-26T00:30:00Z", "2025-10-27T00:30:00Z"},
		{"before 1970", scheduler.Every(time.Hour), time.Date(1969, 12, 31, 23, 30, 0, 0, time.UTC), "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			same(t, "latest", c.s.Latest(c.at).Format(time.RFC3339), c.latest)
			same(t, "next", c.s.Next(c.at).Format(time.RFC3339), c.next)
		})
	}
}

// TestScheduleProperties holds for any schedule: moments are a period apart, and every
// time lies between two of them.
func TestScheduleProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		every := time.Duration(rapid.Int64Range(1, 10_000).Draw(t, "minutes")) * time.Minute
		s := scheduler.Schedule{Every: every, At: time.Duration(rapid.Int64Range(0, int64(every)-1).Draw(t, "at"))}
		at := time.UnixMilli(rapid.Int64Range(-1e12, 4e12).Draw(t, "time"))
		latest, next := s.Latest(at), s.Next(at)
		if latest.After(at) || !next.After(at) || next.Sub(latest) != every {
			t.Fatalf("%v at %v: latest %v, next %v", s, at, latest, next)
		}
		if !s.Latest(latest).Equal(latest) || !s.Next(latest).Equal(next) {
			t.Fatalf("%v: the moment %v is not its own", s, latest)
		}
	})
}

func TestScheduleWords(t *testing.T) {
	t.Parallel()
	same(t, "every", scheduler.Every(5*time.Minute).String(), "every 5m0s")
	same(t, "daily", scheduler.Daily(2, 5).String(), "daily at 02:05 UTC")
	for name, bad := range map[string]scheduler.Schedule{
		"never": {}, "too often": scheduler.Every(time.Second), "outside": scheduler.Daily(24, 0), "before": {Every: time.Hour, At: -1},
	} {
		if bad.Validate() == nil {
			t.Errorf("%s: %+v was taken", name, bad)
		}
	}
}
