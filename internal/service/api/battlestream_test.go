package api_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/test/servers"
)

// change is one event of a battle's stream.
type change struct{ id, name, data string }

// followBattle opens the stream of a battle and returns its events, heartbeats left out
// but for the one that opens it.
func followBattle(t *testing.T, server *httptest.Server, id int64, query string, header ...string) (changes <-chan change, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/battles/%d/stream?%s", server.URL, id, query), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	transport := &http.Transport{DisableCompression: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("got status %d as %q", answer.StatusCode, kind)
	}
	body, packed := io.Reader(answer.Body), answer.Header.Get("Content-Encoding") == "gzip"
	if packed != strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		t.Fatalf("packed as %q", answer.Header.Get("Content-Encoding"))
	}
	if packed {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	out, done := make(chan change, 1000), make(chan struct{})
	opened := false
	go func() {
		defer close(done)
		defer close(out)
		defer answer.Body.Close()
		var c change
		lines := bufio.NewScanner(body)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "id":
				c.id = value
			case "event":
				c.name = value
			case "data":
				c.data = value
			case "":
				if c.name != "heartbeat" || !opened {
					out <- c
				}
				opened, c = true, change{}
			}
		}
		if err := lines.Err(); err != nil && ctx.Err() == nil {
			t.Errorf("the stream ends with %v", err)
		}
	}()
	stop = func() {
		cancel()
		<-done
		transport.CloseIdleConnections()
	}
	t.Cleanup(stop)
	if c := nextChange(t, out); c.name != "heartbeat" || c.id != "" {
		t.Fatalf("the stream opens with %+v, want a heartbeat without an id", c)
	}
	return out, stop
}

func nextChange(t *testing.T, changes <-chan change) change {
	t.Helper()
	select {
	case c, open := <-changes:
		if !open {
			t.Fatal("the stream has ended")
		}
		return c
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return change{}
}

// applied makes the next state of a battle by what comes next on the stream.
func applied(t *testing.T, changes <-chan change, base api.BattleView) (made api.BattleView, id string) {
	t.Helper()
	c := nextChange(t, changes)
	return c.onto(t, base), c.id
}

// onto makes the next state of a battle.
func (c change) onto(t *testing.T, base api.BattleView) api.BattleView {
	t.Helper()
	if c.name != "delta" {
		t.Fatalf("got %.200v, want a delta", c)
	}
	var d api.BattleDelta
	if err := json.Unmarshal([]byte(c.data), &d); err != nil {
		t.Fatal(err)
	}
	out, err := d.Apply(&base)
	if err != nil {
		t.Fatal(err)
	}
	return *out
}

// until applies what comes until the battle has so many kills.
func untilKills(t *testing.T, changes <-chan change, base api.BattleView, n int) (made api.BattleView, id string) {
	t.Helper()
	for base.Kills != n {
		base, id = applied(t, changes, base)
	}
	return base, id
}

// resumed is the battle after what comes first on a stream that was taken up again after
// an event. Where the battle was read twice before the hub had read the event, that names
// no state; only then the battle may be to be fetched, as the page does.
func resumed(t *testing.T, s *site, changes <-chan change, base api.BattleView, event string) api.BattleView {
	t.Helper()
	c := nextChange(t, changes)
	if c.name == "reset" && s.NamesSeveral(t.Context(), base.ID, event) {
		return theBattle(t, s)
	}
	return c.onto(t, base)
}

// burning is a site with a battle of some killmails, and more of the same fight to come.
func burning(t *testing.T, s *site, stored int) (battle api.BattleView, more []*killmail.Killmail) {
	t.Helper()
	mails := recentMails(40)
	post(t, s, mails[:stored]...)
	return theBattle(t, s), mails[stored:]
}

// theBattle is the only one of a site.
func theBattle(t *testing.T, s *site) api.BattleView {
	t.Helper()
	p := into[page](t, s.get(t, "/api/v1/battles"), http.StatusOK)
	if len(p.Items) != 1 {
		t.Fatalf("got %d battles, want one", len(p.Items))
	}
	return battleView(t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", p.Items[0].ID)))
}

// TestBattleStream follows a battle that grows, as the page does: what the deltas make
// of the battle as it was fetched is what is fetched in the end.
func TestBattleStream(t *testing.T) {
	t.Parallel()
	for _, coding := range []string{"", "gzip, br"} {
		t.Run("coding "+coding, func(t *testing.T) {
			t.Parallel()
			s, _ := keeping(t, caches["memory"](t))
			server, stopHub := live(t, s)
			battle, more := burning(t, s, 10)
			changes, _ := followBattle(t, server, battle.ID, "base="+battle.Mark, "Accept-Encoding", coding)
			for _, k := range more[:5] {
				post(t, s, k)
			}
			battle, _ = untilKills(t, changes, battle, 15)
			post(t, s, more[5:]...)
			battle, id := untilKills(t, changes, battle, 40)
			if diff := cmp.Diff(theBattle(t, s), battle); diff != "" {
				t.Errorf("(-fetched +followed):\n%s", diff)
			}
			// Less than the newest is what a hub says that has not read it yet.
			_, newest, err := s.store.EventRange(t.Context())
			if n, bad := strconv.ParseInt(id, 10, 64); err != nil || bad != nil || n < 1 || n > newest {
				t.Errorf("the last delta has the id %q, want one up to %d; %v", id, newest, err)
			}
			stopHub()
			if c, open := <-changes; open {
				t.Errorf("got %v at the end", c)
			}
		})
	}
}

// TestBattleStreamResumes comes back with what was seen last: with the mark of the
// state or the id of the event what has changed since is told, with neither nothing.
func TestBattleStreamResumes(t *testing.T) {
	t.Parallel()
	for name, open := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := keeping(t, open(t))
			server, _ := live(t, s)
			fetched, more := burning(t, s, 10)
			changes, stop := followBattle(t, server, fetched.ID, "base="+fetched.Mark)
			post(t, s, more[:5]...)
			seen, last := untilKills(t, changes, fetched, 15)
			stop()
			post(t, s, more[5:]...)
			want := theBattle(t, s)
			stale := "base=" + fetched.Mark // of the address that a browser opens again
			for how, c := range map[string]struct {
				from   api.BattleView
				event  string
				query  string
				header []string
			}{
				"by mark":               {seen, "", "base=" + seen.Mark, nil},
				"by id":                 {seen, last, "last_event_id=" + last, nil},
				"by header":             {seen, last, stale, []string{"Last-Event-ID", last}},
				"by the mark of before": {fetched, "", stale, nil},
				"after an unknown id":   {fetched, "", stale, []string{"Last-Event-ID", "1"}},
			} {
				changes, stop := followBattle(t, server, fetched.ID, c.query, c.header...)
				if got := resumed(t, s, changes, c.from, c.event); !cmp.Equal(want, got) {
					t.Errorf("%s (-fetched +resumed):\n%s", how, cmp.Diff(want, got))
				}
				stop()
			}
			for _, query := range []string{"base=zzz", "last_event_id=1"} {
				changes, stop := followBattle(t, server, fetched.ID, query)
				if c := nextChange(t, changes); c.name != "reset" || c.data != `{"reason":"unknown base"}` {
					t.Errorf("%s: got %v, want a reset", query, c)
				}
				stop()
			}
		})
	}
}

// TestBattleStreamOfTwoProcesses opens the stream at one process and takes it up at
// another, which shares only the database, the bus and the cache.
func TestBattleStreamOfTwoProcesses(t *testing.T) {
	t.Parallel()
	url := servers.Redis(t)
	one, _ := keeping(t, redisCache(t, url))
	two := &site{store: one.store, bus: one.bus}
	two.Service = api.New(api.Deps{
		Store: one.store, Bus: one.bus, World: one.World, Cache: redisCache(t, url), Now: one.Now, Page: testPage, Version: one.Version,
		Log: slog.New(slog.DiscardHandler),
	})
	two.http = two.Handler()
	first, _ := live(t, one)
	second, _ := live(t, two)

	battle, more := burning(t, one, 10)
	changes, stop := followBattle(t, first, battle.ID, "base="+battle.Mark)
	follower, _ := followBattle(t, second, battle.ID, "base="+battle.Mark)
	post(t, one, more[:10]...)
	seen, last := untilKills(t, changes, battle, 20)
	stop()
	post(t, one, more[10:]...)
	want := theBattle(t, two)
	followed, _ := untilKills(t, follower, battle, 40)
	if diff := cmp.Diff(want, followed); diff != "" {
		t.Errorf("(-fetched +followed at the second process):\n%s", diff)
	}
	changes, _ = followBattle(t, second, battle.ID, "base="+battle.Mark, "Last-Event-ID", last)
	if got := resumed(t, two, changes, seen, last); !cmp.Equal(want, got) {
		t.Errorf("(-fetched +resumed at the second process):\n%s", cmp.Diff(want, got))
	}
}

// TestBattleStreamTellsNames follows a battle whose pilots get their names after it was
// fetched, which makes no event.
func TestBattleStreamTellsNames(t *testing.T) {
	t.Parallel()
	s, _ := keeping(t, memcache.New(memcache.DefaultLimits, func() time.Time { return now }))
	server, _ := live(t, s)
	battle, _ := burning(t, s, 10)
	changes, _ := followBattle(t, server, battle.ID, "base="+battle.Mark)
	nameEverybody(t, s, "Somebody")
	got, _ := applied(t, changes, battle)
	if name := got.PilotList[0].Character.Name; name == nil || *name != "Somebody" || got.Kills != 10 {
		t.Errorf("got the name %v of %d kills", name, got.Kills)
	}
}

func TestBattleStreamOfNothing(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, stopHub := live(t, s)
	for path, status := range map[string]int{
		"/api/v1/battles/1/stream": http.StatusNotFound, "/api/v1/battles/0/stream": http.StatusUnprocessableEntity,
		"/api/v1/battles/1/stream?base=A": http.StatusUnprocessableEntity, "/api/v1/battles/1/stream?last_event_id=-1": http.StatusUnprocessableEntity,
	} {
		checkProblem(t, path, s.get(t, path), status)
	}
	battle, _ := burning(t, s, 2)
	stopHub()
	changes, _ := followBattle(t, server, battle.ID, "")
	if c, open := <-changes; open {
		t.Errorf("got %v of a server that ends", c)
	}
}

// TestBattleStreamGolden holds the page's half to this one: web/src/api/delta.test.ts
// makes the same state of what is sent here.
func TestBattleStreamGolden(t *testing.T) {
	t.Parallel()
	s, _ := keeping(t, caches["memory"](t))
	server, _ := live(t, s)
	mails := recentMails(12)
	for _, k := range mails {
		k.Attackers = k.Attackers[:min(3, len(k.Attackers))]
	}
	post(t, s, mails[:8]...)
	var golden struct {
		Before json.RawMessage `json:"before"`
		Delta  json.RawMessage `json:"delta"`
		After  json.RawMessage `json:"after"`
	}
	battle := theBattle(t, s)
	path := fmt.Sprintf("/api/v1/battles/%d", battle.ID)
	golden.Before = json.RawMessage(text(t, s.get(t, path)))
	changes, _ := followBattle(t, server, battle.ID, "base="+battle.Mark)
	post(t, s, mails[8:]...)
	c := nextChange(t, changes)
	golden.Delta = json.RawMessage(c.data)
	golden.After = json.RawMessage(text(t, s.get(t, path)))

	got, err := json.MarshalIndent(golden, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/battle_delta.json"
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
		t.Errorf("the stream says something else; if it is meant to, go test -update (-want +got):\n%s", diff)
	}
}
