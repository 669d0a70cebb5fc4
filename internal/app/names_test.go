package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/test/fake"
)

// feedDocument is an invented killmail of now as R2Z2 publishes it.
func feedDocument(sequence int64, at time.Time) []byte {
	return fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%040x","esi":{"killmail_id":%[1]d,"killmail_time":"%[3]s","solar_system_id":30002813,`+
		`"victim":{"ship_type_id":587,"character_id":90000001,"corporation_id":98000001,"alliance_id":99000001},`+
		`"attackers":[{"character_id":90000002,"corporation_id":98000002,"final_blow":true,"ship_type_id":587}]},"zkb":{"totalValue":5},"uploaded_at":%[4]d,"sequence_id":%[5]d}`,
		100_000+sequence, sequence, at.UTC().Format(time.RFC3339), at.Unix(), sequence)
}

// serve runs a server until the test ends and returns its address.
func serve(t *testing.T, cfg app.ServiceConfig) string {
	t.Helper()
	if cfg.Data.Data == "" {
		cfg.Data.Data = t.TempDir()
	}
	cfg.Listen, cfg.Contact = "127.0.0.1:0", "pilot@example.org"
	cfg.FeedMaxRate, cfg.FeedIdle = 1000, 20*time.Millisecond
	server, err := app.NewServer(t.Context(), app.ServeConfig{ServiceConfig: cfg}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("server ended with %v", err)
		}
	})
	return "http://" + server.Addr().String()
}

// listen serves a handler on this machine until the test ends.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// read fetches JSON; false while there is none.
func read(t *testing.T, url string, into any) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode == http.StatusOK && json.Unmarshal(b, into) == nil
}

// until waits for something that the server does by itself.
func until(t *testing.T, what string, ready func() bool) {
	t.Helper()
	// What ESI failed to say is asked for again after a minute.
	for deadline := time.Now().Add(5 * time.Minute); !ready(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within five minutes", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// recent is what the tests read of a killmail in a list.
type recent struct {
	Items []struct {
		ID int64 `json:"id"`
	}
}

// TestServeShowsNames: what ESI calls people is on the API shortly after the killmail.
func TestServeShowsNames(t *testing.T) {
	t.Parallel()
	names := fake.NewESI(
		fake.Name{ID: 90000001, Name: "Some Victim", Category: "character"}, fake.Name{ID: 90000002, Name: "Some Attacker", Category: "character"},
		fake.Name{ID: 98000001, Name: "Some Corporation", Category: "corporation"}, fake.Name{ID: 99000001, Name: "Some Alliance", Category: "alliance", Ticker: "SOME"},
	)
	feed := fake.NewR2Z2(fake.Document{Sequence: 1000, Body: feedDocument(1000, time.Now())})
	feed.PublishAll()
	site := serve(t, app.ServiceConfig{Feed: app.Feed{FeedURL: listen(t, feed)}, ESI: app.ESI{ESIURL: listen(t, names), ESIMaxRate: 100}})
	until(t, "names", func() bool {
		var page json.RawMessage
		if !read(t, site+"/api/v1/killmails/recent", &page) {
			return false
		}
		for _, name := range []string{"Some Victim", "Some Attacker", "Some Corporation", "Some Alliance", `"SOME"`} {
			if !strings.Contains(string(page), name) {
				return false
			}
		}
		return true
	})
}

// TestServeReadsARelay that names killmails and does not hold them.
func TestServeReadsARelay(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Truncate(time.Second)
	queue, mails := fake.NewRedisQ(fake.WithoutMail), fake.NewESI()
	for n := range int64(3) {
		document := feedDocument(1000+n, at)
		queue.Push(document)
		var envelope struct {
			ID   int64           `json:"killmail_id"`
			Hash string          `json:"hash"`
			ESI  json.RawMessage `json:"esi"`
		}
		if err := json.Unmarshal(document, &envelope); err != nil {
			t.Fatal(err)
		}
		mails.AddKillmail(envelope.ID, envelope.Hash, envelope.ESI)
	}
	site := serve(t, app.ServiceConfig{
		Feed: app.Feed{FeedSource: "redisq", FeedURL: listen(t, queue), FeedQueueID: "test", HistoryURL: listen(t, fake.NewR2Z2())},
		ESI:  app.ESI{ESIURL: listen(t, mails), ESIMaxRate: 100},
	})
	until(t, "killmails of the relay", func() bool {
		var page recent
		return read(t, site+"/api/v1/killmails/recent", &page) && len(page.Items) == 3
	})
}

// TestServeRefusesFeedsItCannotRead with a hint, before anything runs.
func TestServeRefusesFeedsItCannotRead(t *testing.T) {
	t.Parallel()
	for name, feed := range map[string]app.Feed{
		"relay without an address": {FeedSource: "redisq", FeedURL: "https://r2z2.zkillboard.com", FeedQueueID: "test"},
		"relay without a queue":    {FeedSource: "redisq", FeedURL: "http://127.0.0.1:1"},
		"negative misses":          {FeedURL: "http://127.0.0.1:1", FeedMisses: -1},
		"negative rate":            {FeedURL: "http://127.0.0.1:1", FeedMaxRate: -1},
	} {
		cfg := app.ServiceConfig{Feed: feed, Listen: "127.0.0.1:0"}
		cfg.Data.Data, cfg.NoESI, cfg.FeedIdle, cfg.Contact = t.TempDir(), true, time.Second, "pilot@example.org"
		server, err := app.NewServer(t.Context(), app.ServeConfig{ServiceConfig: cfg}, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Errorf("%s: got a server", name)
			_ = server.Close()
		}
	}
}
