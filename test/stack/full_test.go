package stack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// TestFullDisk lets the database reach its limit while a feed flows in: the server
// must say so, keep serving what it has, lose nothing, and go on when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	documents := sim.Day(43, 3000).R2Z2(5000)
	feed := fake.NewR2Z2(fake.Numbered(5000, documents)...)
	feed.Publish(1)
	web := httptest.NewServer(feed)
	t.Cleanup(web.Close)
	data := t.TempDir()
	small := together(t, data, source{feed: web.URL, rate: 1_000_000}, "--max-size", "2")
	base := small.sites(t)[0]
	small.until(t, "the first killmail", func(db *sqlstore.Store) bool { return count(t, db).Killmails == 1 })
	feed.PublishAll()
	until(t, "the server to say that it is full", func() bool { return strings.Contains(feedError(t, base), "full") })
	small.stop(t)
	db := small.open(t)
	if n := count(t, db).Killmails; n == 0 || n >= int64(len(ids(t, documents))) {
		t.Errorf("stored %d killmails under the limit", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	large := together(t, data, source{feed: web.URL, rate: 1_000_000})
	large.untilDone(t, feed.Head())
	large.stop(t)
	db = large.open(t)
	defer db.Close()
	sameAsImport(t, db, documents)
}

// feedError asks the server what is wrong with its feed.
func feedError(t *testing.T, base string) string {
	t.Helper()
	resp, err := http.Get(base + "/api/v1/stats/summary")
	if err != nil {
		return "" // not up yet
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return ""
	}
	var out struct {
		Feed struct {
			LastError string `json:"last_error"`
		} `json:"feed"`
	}
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out.Feed.LastError
}
