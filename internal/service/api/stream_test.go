package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// event is one event of a stream.
type event struct {
	id, name string
	data     struct {
		ID     int64 `json:"id"`
		System struct {
			ID int64 `json:"id"`
		} `json:"system"`
		Battle  *item  `json:"battle"`
		MovedTo *int64 `json:"moved_to"`
		Push    string `json:"push"`
	}
}

// live runs a site on a real port, with its hub.
func live(t *testing.T, s *site) (server *httptest.Server, stopHub func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	server = httptest.NewUnstartedServer(s.http)
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if tcp, ok := c.(*net.TCPConn); ok { // so that a reader can be slow within a test
			if err := tcp.SetWriteBuffer(4096); err != nil {
				t.Error(err)
			}
		}
		return ctx
	}
	server.Start()
	stop := func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the hub ended with %v", err)
		}
		ended <- nil // for a second call
	}
	t.Cleanup(func() {
		stop()
		server.Close()
	})
	return server, stop
}

// listen opens a stream and returns its events. The channel is closed with the stream.
func listen(t *testing.T, server *httptest.Server, query string, header ...string) (events <-chan event, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/api/v1/killmails/stream?"+query, nil)
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
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" || answer.Header.Get("Content-Encoding") != "" {
		t.Fatalf("got status %d as %q, packed %q", answer.StatusCode, kind, answer.Header.Get("Content-Encoding"))
	}
	out := make(chan event, 10_000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(out)
		defer answer.Body.Close()
		var e event
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				// A stream that is given up may end in the middle of a line.
				if err := json.Unmarshal([]byte(value), &e.data); err != nil && ctx.Err() == nil {
					t.Errorf("event %s: %v in %s", e.id, err, value)
				}
			case "":
				if e.name != "" {
					out <- e
				}
				e = event{}
			}
		}
	}()
	stop = func() {
		cancel()
		<-done
		transport.CloseIdleConnections()
	}
	t.Cleanup(stop)
	return out, stop
}

// patience is how long an event may take before a test gives up; no claim about speed.
const patience = time.Minute

// next waits for the next event that is no heartbeat.
func next(t *testing.T, events <-chan event) event {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case e, open := <-events:
			if !open {
				t.Fatal("the stream has ended")
			}
			if e.name != "heartbeat" {
				return e
			}
		case <-late:
			t.Fatal("no event came")
		}
	}
}

// opened waits for the heartbeat that opens a stream.
func opened(t *testing.T, events <-chan event) {
	t.Helper()
	select {
	case e := <-events:
		if e.name != "heartbeat" || e.id != "" {
			t.Fatalf("the stream opens with %+v, want a heartbeat without an id", e)
		}
	case <-time.After(patience):
		t.Fatal("the stream does not open")
	}
}

// recentMails makes n killmails of one fight that is going on.
func recentMails(n int) []*killmail.Killmail {
	mails := sim.Fleet(21, sim.FleetOptions{Start: now.Add(-30 * time.Minute)}).Mails()[:n]
	for i, k := range mails {
		k.Time = now.Add(-time.Duration(n-i) * time.Second)
	}
	return mails
}

// post saves killmails and signals.
func post(t *testing.T, s *site, mails ...*killmail.Killmail) {
	t.Helper()
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	if err := s.bus.Publish(t.Context(), bus.KillmailsStored); err != nil {
		t.Fatal(err)
	}
}

func TestStreamTells(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	for _, packed := range []string{"", "gzip, br"} {
		events, stop := listen(t, server, "", "Accept-Encoding", packed)
		opened(t, events)
		stop()
	}
	events, _ := listen(t, server, "")
	opened(t, events)
	mails := recentMails(6)
	post(t, s, mails...)
	for i, k := range mails {
		if e := next(t, events); e.name != "killmail" || e.data.ID != k.ID || e.id != fmt.Sprint(i+1) {
			t.Errorf("got %+v, want killmail %d as event %d", e, k.ID, i+1)
		}
	}
	e := next(t, events)
	if e.name != "battle" || e.data.Battle == nil || e.data.Battle.Kills != 6 || e.data.MovedTo != nil || e.id != "7" {
		t.Errorf("got %+v, want the battle of 6 kills", e)
	}
}

func TestStreamFilters(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	mails := recentMails(4)
	system := mails[0].SystemID
	for _, k := range mails[1:] {
		k.SystemID = 30_000_142
	}
	here, _ := listen(t, server, fmt.Sprintf("system_id=%d", system))
	rich, _ := listen(t, server, "min_isk=90000000000000")
	holes, _ := listen(t, server, "space_type=jspace")
	for _, c := range []<-chan event{here, rich, holes} {
		opened(t, c)
	}
	post(t, s, mails...)
	if e := next(t, here); e.name != "killmail" || e.data.ID != mails[0].ID {
		t.Errorf("got %+v, want killmail %d first", e, mails[0].ID)
	}
	for _, c := range []<-chan event{here, rich, holes} {
		if e := next(t, c); e.name != "battle" {
			t.Errorf("got %+v, want the battle", e)
		}
	}
}

// TestStreamResumes breaks the stream again and again, in the middle of what it has
// to tell; in the end every event was seen once, in order.
func TestStreamResumes(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	mails := recentMails(30)
	post(t, s, mails[:10]...)
	_, newest, err := s.store.EventRange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	last := "0"
	for round := 0; len(seen) < int(newest); round++ {
		query, header := "last_event_id="+last, []string{}
		if round%2 == 1 {
			query, header = "", []string{"Last-Event-ID", last}
		}
		events, stop := listen(t, server, query, header...)
		opened(t, events)
		if round == 1 { // more happens while the reader catches up
			post(t, s, mails[10:20]...)
			post(t, s, mails[20:]...)
			if _, newest, err = s.store.EventRange(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for range 4 {
			if len(seen) == int(newest) {
				break
			}
			e := next(t, events)
			seen, last = append(seen, e.id), e.id
		}
		stop()
	}
	for i, id := range seen {
		if id != fmt.Sprint(i+1) {
			t.Fatalf("got the events %v, want 1 to %d in order", seen, newest)
		}
	}
}

func TestStreamWithForeignID(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	events, _ := listen(t, server, "last_event_id=999999") // of a data folder that was thrown away
	opened(t, events)
	mails := recentMails(2)
	post(t, s, mails...)
	if e := next(t, events); e.data.ID != mails[0].ID {
		t.Errorf("got %+v, want killmail %d", e, mails[0].ID)
	}
	for _, id := range []string{"x", "-1", "1.5", "99999999999999999999"} {
		r := s.get(t, "/api/v1/killmails/stream", "Last-Event-ID", id)
		checkProblem(t, "Last-Event-ID "+id, r, http.StatusUnprocessableEntity)
	}
}

func TestStreamEndsWithHub(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, stopHub := live(t, s)
	events, _ := listen(t, server, "")
	opened(t, events)
	stopHub()
	ends(t, events)
	late, _ := listen(t, server, "") // the server still takes connections
	ends(t, late)
}

// ends waits for the end of a stream.
func ends(t *testing.T, events <-chan event) {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case _, open := <-events:
			if !open {
				return
			}
		case <-late:
			t.Fatal("the stream does not end")
		}
	}
}

// TestSlowReaderIsDropped opens a stream and reads nothing of it, while there is more
// to tell than any buffer holds. The others get everything.
func TestSlowReaderIsDropped(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	var dialer net.Dialer
	slow, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if err := slow.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(slow, "GET /api/v1/killmails/stream HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 16)
	if _, err := slow.Read(head); err != nil || !strings.HasPrefix(string(head), "HTTP/1.1 200") {
		t.Fatalf("got %q, %v", head, err)
	}
	events, _ := listen(t, server, "")
	opened(t, events)

	const n = 1600
	template := recentMails(1)[0]
	for from := range n / 200 {
		batch := make([]*killmail.Killmail, 200)
		for i := range batch {
			k := *template
			k.ID, k.SystemID = int64(1+200*from+i), 30_000_142+int64(200*from+i)
			k.Victim.CharacterID, k.Attackers = 90_000_000+int64(200*from+i), nil
			batch[i] = &k
		}
		announce(t, s, batch)
		for range batch { // the quick reader sets the pace
			next(t, events)
		}
	}
	time.Sleep(sse.WriteTimeout + time.Second) // its time is over, however long the others took
	// The slow one was dropped: what the kernel holds for it comes to an end.
	if err := slow.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	got := 0
	buffer := make([]byte, 1<<20)
	for {
		n, err := slow.Read(buffer)
		got += strings.Count(string(buffer[:n]), "event: killmail")
		if err == nil {
			continue
		}
		if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
			t.Fatal("the slow reader is still served")
		}
		break
	}
	if got >= n {
		t.Errorf("the slow reader got all %d events", got)
	}
}

// announce saves killmails that belong to nothing and signals.
func announce(t *testing.T, s *site, mails []*killmail.Killmail) {
	t.Helper()
	b := store.Batch{Announce: true, AnnounceAfter: now.Add(-24 * time.Hour), Now: now}
	for _, k := range mails {
		b.Documents = append(b.Documents, store.Document{Document: killmail.Document{Killmail: k}})
	}
	if _, err := s.store.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := s.bus.Publish(t.Context(), bus.KillmailsStored); err != nil {
		t.Fatal(err)
	}
}

// TestHeadOfAStream asks for something else on the same connection afterwards.
func TestHeadOfAStream(t *testing.T) {
	t.Parallel()
	s := empty(t)
	server, _ := live(t, s)
	battle, _ := burning(t, s, 2)
	for _, path := range []string{"/api/v1/killmails/stream", fmt.Sprintf("/api/v1/battles/%d/stream", battle.ID)} {
		transport := &http.Transport{MaxConnsPerHost: 1}
		for _, ask := range []struct {
			method, path string
			status       int
		}{{http.MethodHead, path, http.StatusMethodNotAllowed}, {http.MethodGet, "/livez", http.StatusOK}} {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			r, err := http.NewRequestWithContext(ctx, ask.method, server.URL+ask.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatalf("%s %s: %v", ask.method, ask.path, err)
			}
			if answer.StatusCode != ask.status {
				t.Errorf("%s %s: got status %d, want %d", ask.method, ask.path, answer.StatusCode, ask.status)
			}
			_ = answer.Body.Close()
			cancel()
		}
		transport.CloseIdleConnections()
	}
}
