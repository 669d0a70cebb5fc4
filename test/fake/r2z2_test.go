package fake_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// get asks a feed as a well-behaved client does.
func get(t *testing.T, feed http.Handler, path string, header ...string) (status int, body string, h http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://feed.test"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test (pilot@example.org)")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := fake.Transport{Handler: feed}.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(content), resp.Header
}

// feed is a fleet fight, numbered from 100 on.
func feed() (*fake.R2Z2, [][]byte) {
	bodies := sim.Fleet(1, sim.FleetOptions{Pilots: 100, Losses: 80}).R2Z2(100)
	return fake.NewR2Z2(fake.Numbered(100, bodies)...), bodies
}

func TestPublishMovesHeadAndPointer(t *testing.T) {
	t.Parallel()
	f, bodies := feed()
	if status, _, _ := get(t, f, "/ephemeral/sequence.json"); status != 404 {
		t.Errorf("pointer of an empty feed: status %d, want 404", status)
	}
	f.Publish(1)
	for _, step := range []struct {
		publish       int
		head, pointer int64
	}{{0, 100, 100}, {51, 151, 100}, {1, 152, 152}, {10, 162, 152}} {
		f.Publish(step.publish)
		_, body, _ := get(t, f, "/ephemeral/sequence.json")
		var pointer struct{ Sequence int64 }
		if err := json.Unmarshal([]byte(body), &pointer); err != nil || pointer.Sequence != step.pointer || f.Head() != step.head {
			t.Errorf("pointer %d at head %d, want %d at %d", pointer.Sequence, f.Head(), step.pointer, step.head)
		}
	}
	if status, body, _ := get(t, f, "/ephemeral/162.json"); status != 200 || body != string(bodies[62]) {
		t.Errorf("newest document: status %d", status)
	}
	if status, body, _ := get(t, f, "/ephemeral/163.json"); status != 404 || !strings.Contains(body, "<html>") {
		t.Errorf("document to come: status %d, want 404 with a page", status)
	}
	f.Stall(true)
	if n := f.PublishAll(); n != 0 {
		t.Errorf("stalled feed published %d", n)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	f, bodies := feed()
	f.PublishAll()
	if diff := cmp.Diff([]string{"20260101"}, f.Days()); diff != "" {
		t.Fatalf("days (-want +got):\n%s", diff)
	}
	var (
		totals map[string]int
		hashes map[string]string
		raw    map[string]json.RawMessage
	)
	for path, into := range map[string]any{"totals": &totals, "20260101": &hashes, "raw/20260101": &raw} {
		_, body, _ := get(t, f, "/history/"+path+".json")
		if err := json.Unmarshal([]byte(body), into); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if totals["20260101"] != len(bodies) || len(hashes) != len(bodies) || len(raw) != len(bodies) {
		t.Errorf("totals %v, %d hashes, %d raw; want %d", totals, len(hashes), len(raw), len(bodies))
	}
	if status, _, _ := get(t, f, "/history/20251231.json"); status != 404 {
		t.Errorf("day without kills: status %d, want 404", status)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f, bodies := feed()
	f.Publish(3)
	tests := []struct {
		name   string
		fault  fake.Fault
		status int
		body   string
		retry  string
	}{
		{"403", fake.Forbidden(), 403, "<!DOCTYPE html>", ""},
		{"429", fake.TooManyRequests("7"), 429, "<!DOCTYPE html>", "7"},
		{"429 without Retry-After", fake.TooManyRequests(""), 429, "<!DOCTYPE html>", ""},
		{"HTML", fake.HTML(), 200, "<!DOCTYPE html>", ""},
		{"502", fake.Status(502, ""), 502, "<!DOCTYPE html>", ""},
		{"truncated", fake.Truncated(), 200, string(bodies[1][:len(bodies[1])/2]), ""},
		{"missing", fake.Missing(), 404, "<!DOCTYPE html>", ""},
	}
	for _, test := range tests {
		f.InjectAt("/101.json", 1, test.fault)
		if status, _, _ := get(t, f, "/ephemeral/100.json"); status != 200 {
			t.Errorf("%s: strikes another document: status %d", test.name, status)
		}
		status, body, header := get(t, f, "/ephemeral/101.json")
		if status != test.status || !strings.HasPrefix(body, test.body) || header.Get("Retry-After") != test.retry {
			t.Errorf("%s: got %d, Retry-After %q, %.40q", test.name, status, header.Get("Retry-After"), body)
		}
		if status, _, _ := get(t, f, "/ephemeral/101.json"); status != 200 {
			t.Errorf("%s: strikes twice: status %d", test.name, status)
		}
	}
	f.Inject(-1, fake.Forbidden())
	for range 3 {
		if status, _, _ := get(t, f, "/ephemeral/101.json"); status != 403 {
			t.Errorf("lasting fault: status %d, want 403", status)
		}
	}
	f.Heal()
	f.Hole(101)
	f.Expire(101)
	f.Rewrite(102, []byte(`{"new":1}`))
	for path, want := range map[string]int{"100": 404, "101": 404, "102": 200} {
		if status, _, _ := get(t, f, "/ephemeral/"+path+".json"); status != want {
			t.Errorf("document %s: status %d, want %d", path, status, want)
		}
	}
	if _, body, _ := get(t, f, "/ephemeral/102.json"); body != `{"new":1}` {
		t.Errorf("rewritten document is %s", body)
	}
}

func TestStaleHead(t *testing.T) {
	t.Parallel()
	f, _ := feed()
	f.Publish(1)
	f.StaleHead(true)
	f.Publish(70)
	if _, body, _ := get(t, f, "/ephemeral/sequence.json"); body != `{"sequence":100}` {
		t.Errorf("stale pointer is %s", body)
	}
	f.StaleHead(false)
	if _, body, _ := get(t, f, "/ephemeral/sequence.json"); body != `{"sequence":170}` {
		t.Errorf("fresh pointer is %s", body)
	}
}

func TestClientsWithoutNameAreBlocked(t *testing.T) {
	t.Parallel()
	f, _ := feed()
	f.Publish(1)
	for _, agent := range []string{"", "Go-http-client/1.1"} {
		if status, _, _ := get(t, f, "/ephemeral/100.json", "User-Agent", agent); status != 403 {
			t.Errorf("User-Agent %q: status %d, want 403", agent, status)
		}
	}
	requests := f.Requests()
	if len(requests) != 2 || requests[1].UserAgent != "Go-http-client/1.1" || requests[1].Status != 403 || f.MostInFlight() != 1 {
		t.Errorf("remembers %+v, most in flight %d", requests, f.MostInFlight())
	}
	f.Forget()
	if n := len(f.Requests()); n != 0 {
		t.Errorf("remembers %d requests after Forget", n)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	f, bodies := feed()
	f.Publish(1)
	_, body, header := get(t, f, "/ephemeral/100.json", "Accept-Encoding", "gzip")
	unzip, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(unzip)
	if err != nil || !bytes.Equal(plain, bodies[0]) || header.Get("Content-Encoding") != "gzip" {
		t.Errorf("got %d bytes with error %v, want the document", len(plain), err)
	}
}
