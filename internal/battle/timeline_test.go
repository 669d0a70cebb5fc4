package battle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/battle"
)

func TestTimelineBuckets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		length time.Duration
		want   time.Duration
	}{
		{0, time.Minute}, {59 * time.Minute, time.Minute}, {time.Hour, 5 * time.Minute},
		{4*time.Hour + 59*time.Minute, 5 * time.Minute}, {14 * time.Hour, 15 * time.Minute},
		{29 * time.Hour, 30 * time.Minute}, {59 * time.Hour, time.Hour}, {160 * time.Hour, 3 * time.Hour},
		{59 * 24 * time.Hour, 24 * time.Hour}, {61 * 24 * time.Hour, 48 * time.Hour},
	}
	for _, tt := range tests {
		got := battle.NewTimeline(nil, epoch, epoch.Add(tt.length))
		if got.Bucket != tt.want || len(got.Buckets) > 60 {
			t.Errorf("%s: %d buckets of %s, want buckets of %s and at most 60", tt.length, len(got.Buckets), got.Bucket, tt.want)
		}
	}
}

// TestEndlessTimeline: a report may be asked for from any time to any other, even where
// a Duration cannot hold what is between.
func TestEndlessTimeline(t *testing.T) {
	t.Parallel()
	got := battle.NewTimeline(nil, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
	if n := len(got.Buckets); n == 0 || n > 60 {
		t.Errorf("got %d buckets of %s", n, got.Bucket)
	}
}

func TestTimelineSums(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time { return epoch.Add(time.Duration(minutes) * time.Minute) }
	got := battle.NewTimeline([]battle.TimelineKill{
		{At: at(1), Side: "B", ISK: 100, Known: true},
		{At: at(0), Side: "A", ISK: 10, Known: true},
		{At: at(1), Side: "A", ISK: 5, Capsule: true},
		{At: at(1), Side: battle.Unassigned, Structure: true, ISK: 7, Known: true},
		{At: at(9), Side: "A"}, // after the end
	}, at(0), at(1))
	want := battle.Timeline{
		Bucket: time.Minute, Sides: []string{"A", "B", battle.Unassigned},
		Buckets: []battle.TimelineBucket{
			{At: at(0), Losses: []battle.SideLosses{{Ships: 1, ISK: 10, TotalKills: 1, TotalISK: 10}, {}, {}}},
			{At: at(1), Losses: []battle.SideLosses{
				{Capsules: 1, TotalKills: 2, TotalISK: 10},
				{Ships: 1, ISK: 100, TotalKills: 1, TotalISK: 100},
				{Structures: 1, ISK: 7, TotalKills: 1, TotalISK: 7},
			}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	if got := battle.StatusAt(epoch, epoch.Add(15*time.Minute-1)); got != battle.Live {
		t.Errorf("just before 15 minutes: %s, want live", got)
	}
	if got := battle.StatusAt(epoch, epoch.Add(15*time.Minute)); got != battle.Settled {
		t.Errorf("after 15 minutes: %s, want settled", got)
	}
}
