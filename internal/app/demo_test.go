package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/demo"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// demoBattle is what the tests read of a battle.
type demoBattle struct {
	ID     int64
	Status string
	Kills  int
	Sides  []struct {
		Members []struct{ Name *string }
	}
}

func (b demoBattle) named() bool {
	for _, side := range b.Sides {
		for _, member := range side.Members {
			if member.Name == nil {
				return false
			}
		}
	}
	return true
}

// TestDemo starts a demonstration, lets it publish many killmails at once and then some
// a second, and waits for a battle to grow on the stream, with everybody's names.
func TestDemo(t *testing.T) {
	t.Parallel()
	const most = 300
	published, begin := 0, make(chan struct{})
	options := demo.Options{Seed: 1, Speed: 1, History: time.Hour, Wait: func(ctx context.Context, _ time.Time) error {
		if published++; published <= most {
			select {
			case <-begin:
			case <-ctx.Done():
			}
			return ctx.Err()
		}
		select { // battles go on, for names that come later than all that was published at once
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
		return ctx.Err()
	}}
	d, err := newDemo(t.Context(), DemoConfig{Listen: "127.0.0.1:0", Speed: 1, Seed: 1}, options, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()

	before := map[int64]int{}
	for _, b := range battlesOf(t, d) {
		before[b.ID] = b.Kills
	}
	if len(before) < 20 {
		t.Errorf("the list has %d battles at the start, want it full", len(before))
	}
	stream := streamOf(t, d)
	close(begin)
	grown := false
	for !grown {
		if !stream.Scan() { // readers that fall behind are let go, and come back
			stream = streamOf(t, d)
			continue
		}
		data, isData := strings.CutPrefix(stream.Text(), "data: ")
		var event struct{ Battle *demoBattle }
		if !isData || json.Unmarshal([]byte(data), &event) != nil || event.Battle == nil {
			continue
		}
		kills, known := before[event.Battle.ID]
		if !known {
			before[event.Battle.ID] = event.Battle.Kills
		}
		grown = known && event.Battle.Kills > kills && event.Battle.Status == "live" && event.Battle.named()
	}

	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if _, err := os.Stat(d.remove); !os.IsNotExist(err) {
		t.Errorf("the temporary folder is left: %v", err)
	}
	for _, address := range []string{d.Addr().String(), strings.TrimPrefix(d.world.FeedURL(), "http://"), strings.TrimPrefix(d.world.ESIURL(), "http://")} {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s is still open", address)
		}
	}
}

func battlesOf(t *testing.T, d *Demo) []demoBattle {
	t.Helper()
	resp := getDemo(t, d, "/api/v1/battles?limit=100")
	defer resp.Body.Close()
	var list struct{ Items []demoBattle }
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

func streamOf(t *testing.T, d *Demo) *bufio.Scanner {
	t.Helper()
	resp := getDemo(t, d, "/api/v1/killmails/stream")
	t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() { // the heartbeat that opens the stream
		t.Fatal(lines.Err())
	}
	return lines
}

func getDemo(t *testing.T, d *Demo, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://%s%s", d.Addr(), path), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestDemoKeepsAwayFromOtherData(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, sqlite.FileName)
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := NewDemo(t.Context(), DemoConfig{Listen: "127.0.0.1:0", Data: folder, Speed: 1}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), folder) || !strings.Contains(fault.HintOf(err), "--data") {
		t.Errorf("got %v with hint %q", err, fault.HintOf(err))
	}
	if left, err := os.ReadFile(file); err != nil || string(left) != "precious" {
		t.Errorf("the database is now %q, %v", left, err)
	}
}

// TestDemoThatCannotListen leaves nothing behind.
func TestDemoThatCannotListen(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	d, err := NewDemo(t.Context(), DemoConfig{Listen: busy.Addr().String(), Speed: 1}, slog.New(slog.DiscardHandler))
	if d != nil || !strings.Contains(fault.HintOf(err), "--listen") {
		t.Errorf("got %v with hint %q", err, fault.HintOf(err))
	}
}
