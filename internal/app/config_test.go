package app

import (
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/zkb"
)

// TestFeedSettings: each setting reaches the client, and what is not set is its default.
func TestFeedSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		feed    Feed
		want    func(*zkb.Config)
		history string
	}{
		"defaults": {
			Feed{FeedURL: publicFeed, FeedKeepAlive: true, FeedIdle: 6 * time.Second},
			func(c *zkb.Config) {}, publicFeed,
		},
		"r2z2": {
			Feed{
				FeedSource: feedR2Z2, FeedURL: "http://127.0.0.1:1", FeedMaxRate: 3, FeedIdle: time.Second, FeedMisses: 7,
				HistoryURL: "http://127.0.0.1:2", Identity: Identity{Contact: "pilot@example.org"},
			},
			func(c *zkb.Config) {
				c.BaseURL, c.MaxRate, c.IdleWait, c.MissesBeforeRecheck, c.KeepAlive, c.Contact = "http://127.0.0.1:1", 3, time.Second, 7, false, "pilot@example.org"
			}, "http://127.0.0.1:2",
		},
		"r2z2 of somebody else": {
			Feed{FeedURL: "http://127.0.0.1:1", FeedIdle: 6 * time.Second, FeedKeepAlive: true},
			func(c *zkb.Config) { c.BaseURL = "http://127.0.0.1:1" }, "http://127.0.0.1:1",
		},
		"redisq": {
			Feed{FeedSource: feedRedisQ, FeedURL: "http://127.0.0.1:1", FeedQueueID: "mine", FeedIdle: 6 * time.Second, FeedKeepAlive: true},
			func(c *zkb.Config) {
				c.BaseURL, c.QueueID, c.LongPoll, c.MaxRate, c.Retention = "http://127.0.0.1:1", "mine", 10*time.Second, 2, 3*time.Hour
			}, publicFeed,
		},
	} {
		want := zkb.DefaultConfig()
		want.UserAgent = "BattleScope/1"
		test.want(&want)
		if got := test.feed.config("1"); got != want {
			t.Errorf("%s: got %+v\nwant %+v", name, got, want)
		}
		if got := test.feed.historyURL(); got != test.history {
			t.Errorf("%s: history at %s, want %s", name, got, test.history)
		}
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for address, fine := range map[string]bool{
		"": true, "https://battles.example.org": true, "https://battles.example.org/": true, "http://[::1]:8080": true,
		"battles.example.org": false, "ftp://example.org": false, "https://": false, "https://example.org/battles": false,
		"https://example.org/?a=b": false, "https://example.org/#top": false, "https://user:secret@example.org": false,
	} {
		if err := checkPublicURL(address); (err == nil) != fine || err != nil && fault.HintOf(err) == "" {
			t.Errorf("%q: got %v", address, err)
		}
	}
}
