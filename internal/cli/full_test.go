package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

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
	source := httptest.NewServer(feed)
	t.Cleanup(source.Close)
	data := t.TempDir()
	base, p := startLimited(t, data, source.URL)
	p.waitFor(t, func(s *sqlstore.Store) bool { return count(t, s).Killmails == 1 })
	feed.PublishAll()
	var full string
	for deadline := time.Now().Add(patience); !strings.Contains(full, "full"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the server never said that it is full, but %q\n%s", full, p.log)
		}
		full = feedError(t, base)
	}
	if n := stored(t, data); n == 0 || n >= int64(len(ids(t, documents))) {
		t.Errorf("stored %d killmails under the limit", n)
	}
	p.stop(t)

	p = startServer(t, data, source.URL, 1_000_000)
	p.waitFor(t, func(s *sqlstore.Store) bool {
		seq, _, err := s.Cursor(context.Background(), "r2z2")
		return err == nil && seq == feed.Head() && count(t, s).Unclustered == 0
	})
	p.stop(t)
	if got, want := stored(t, data), int64(len(ids(t, documents))); got != want {
		t.Errorf("stored %d killmails in the end, the feed has %d", got, want)
	}
}

// startLimited starts the program with room for two megabytes.
func startLimited(t *testing.T, data, feed string) (base string, p *process) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p = newProcess(exec.Command(self), data)
	p.cmd.Args = []string{
		"battlescope", "serve", "--data", data, "--max-size", "2", "--listen", address, "--no-esi",
		"--feed-url", feed, "--feed-max-rate", "1000000", "--feed-idle", "20ms",
	}
	p.start(t)
	return "http://" + address, p
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
