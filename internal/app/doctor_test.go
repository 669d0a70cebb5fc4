package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestDoctorNetwork asks stand-ins of feed and ESI that answer in all the ways.
func TestDoctorNetwork(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		status int
		ahead  time.Duration // of the service's clock
		feed   string
		clock  string
	}{
		"answers":         {200, time.Second, "ok ", "ok 1s away"},
		"refuses":         {403, 0, "warn refuses this client", "ok "},
		"another server":  {404, 0, "warn answer 404", "ok "},
		"has trouble":     {502, 0, "warn answer 502", "ok "},
		"our clock lags":  {200, 5 * time.Minute, "ok ", "warn 5m0s away"},
		"our clock leads": {200, -time.Hour, "ok ", "warn 1h0m0s away"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				if r.URL.Path != "/root/ephemeral/sequence.json" || !strings.Contains(r.UserAgent(), "me@example.org") {
					t.Errorf("asked for %s as %q", r.URL.Path, r.UserAgent())
				}
				w.Header().Set("Date", now.Add(tt.ahead).Format(http.TimeFormat))
				w.WriteHeader(tt.status)
			}))
			t.Cleanup(server.Close)
			findings := make(map[string]Finding)
			cfg := ServiceConfig{Feed: Feed{FeedURL: server.URL + "/root", FeedIdle: time.Second, FeedMisses: 1}, ESI: ESI{NoESI: true}}
			cfg.Contact = "me@example.org"
			d := &doctor{cfg: cfg, client: server.Client(), now: func() time.Time { return now }, tell: func(f Finding) { findings[f.Part] = f }}
			d.network(t.Context())
			if asked != 1 {
				t.Errorf("asked %d times, want once", asked)
			}
			for part, want := range map[string]string{"feed": tt.feed, "clock": tt.clock} {
				f := findings[part]
				text := string(f.Status) + " " + strings.TrimPrefix(f.Detail, server.URL+"/root: ")
				if !strings.HasPrefix(text, want) {
					t.Errorf("%s: got %q, want %q", part, text, want)
				}
				if f.Status != FindingOK && f.Hint == "" {
					t.Errorf("%s: no hint for %q", part, text)
				}
			}
		})
	}
}

// A relay of RedisQ hands every killmail out once: asking would lose one.
func TestDoctorLeavesRelayAlone(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the relay was asked") }))
	t.Cleanup(server.Close)
	cfg := ServiceConfig{
		Feed: Feed{FeedSource: feedRedisQ, FeedURL: server.URL, FeedQueueID: "mine", FeedIdle: time.Second, FeedMisses: 1, HistoryURL: server.URL},
		ESI:  ESI{NoESI: true},
	}
	cfg.Contact = "me@example.org"
	var feed Finding
	d := &doctor{cfg: cfg, client: server.Client(), now: time.Now, tell: func(f Finding) {
		if f.Part == "feed" {
			feed = f
		}
	}}
	d.network(t.Context())
	if feed.Status != FindingOK {
		t.Errorf("got %+v", feed)
	}
}

func TestBytesText(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 kB", 800 << 10: "800 kB", 3 << 19: "1.5 MB", 5 << 29: "2.5 GB"} {
		if got := bytesText(n); got != want {
			t.Errorf("bytesText(%d) = %q, want %q", n, got, want)
		}
	}
}
