package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// crashes is how often the short form kills the server; BATTLESCOPE_CHAOS sets
// the number for the long form.
const crashes = 12

// TestKillNine kills the server without warning at random moments while a feed
// flows in. In the end everything must be stored once, and the battles must be
// those of one undisturbed import.
func TestKillNine(t *testing.T) {
	t.Parallel()
	rounds, documents := crashes, sim.Day(41, 1500).R2Z2(5000)
	if n, err := strconv.Atoi(os.Getenv("BATTLESCOPE_CHAOS")); err == nil {
		rounds, documents = n, chaosDocuments(t)
	}
	feed := fake.NewR2Z2(fake.Numbered(sequence(t, documents[0]), documents)...)
	feed.Publish(1)
	source := httptest.NewServer(feed)
	t.Cleanup(source.Close)
	data := t.TempDir()
	rate := len(documents) * 3 / rounds // so that the feed outlasts most of the crashes

	server := startServer(t, data, source.URL, rate)
	server.waitFor(t, func(s *sqlstore.Store) bool { return count(t, s).Killmails == 1 })
	feed.PublishAll()
	rng := rand.New(rand.NewPCG(41, 41))
	for range rounds {
		time.Sleep(time.Duration(50+rng.IntN(450)) * time.Millisecond) // a random moment, not a wait for anything
		server.kill(t)
		server = startServer(t, data, source.URL, rate)
	}
	server.kill(t)

	want := ids(t, documents)
	server = startServer(t, data, source.URL, 1_000_000)
	server.waitFor(t, func(s *sqlstore.Store) bool {
		sum := count(t, s)
		seq, _, err := s.Cursor(context.Background(), "r2z2")
		return err == nil && seq == feed.Head() && sum.Unclustered == 0
	})
	server.stop(t)

	clean := t.TempDir()
	importAll(t, clean, documents)
	got, wanted := battles(t, data, want), battles(t, clean, want)
	if g, w := stored(t, data), stored(t, clean); g != w || g != int64(len(want)) {
		t.Errorf("stored %d killmails, one import stores %d, the feed has %d", g, w, len(want))
	}
	if !maps.Equal(got, wanted) {
		t.Errorf("battles differ from those of one import: %s", difference(got, wanted))
	}
	t.Logf("%d crashes, %d documents, %d killmails, %d battles", rounds, len(documents), len(want), len(wanted))
}

// chaosDocuments are those of the file BATTLESCOPE_FEED_FILE, one a line, or of a
// simulated day.
func chaosDocuments(t *testing.T) [][]byte {
	t.Helper()
	name := os.Getenv("BATTLESCOPE_FEED_FILE")
	if name == "" {
		return sim.Day(41, 17_000).R2Z2(5000)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]byte
	for r := bufio.NewReader(f); ; {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			out = append(out, line)
		}
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

type process struct {
	cmd  *exec.Cmd
	data string
	log  *bytes.Buffer
}

// startServer starts the program on a data folder and a feed. It comes to an end
// with the test at the latest.
func startServer(t *testing.T, data, feed string, rate int) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := newProcess(exec.Command(self), data)
	p.cmd.Args = []string{
		"battlescope", "serve", "--data", data, "--listen", "127.0.0.1:0", "--no-esi",
		"--feed-url", feed, "--feed-max-rate", strconv.Itoa(max(rate, 1)), "--feed-idle", "20ms",
	}
	p.start(t)
	return p
}

func newProcess(cmd *exec.Cmd, data string) *process {
	p := &process{cmd: cmd, data: data, log: new(bytes.Buffer)}
	cmd.Stderr = p.log
	return p
}

func (p *process) start(t *testing.T) {
	t.Helper()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatalf("server ended by itself: %v\n%s", err, p.log)
	}
	_ = p.cmd.Wait()
}

// stop asks the server to end, which it must do without an error.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("server ended with %v\n%s", err, p.log)
	}
}

// patience bounds a wait for something that must come. It is no claim about speed.
const patience = 5 * time.Minute

func (p *process) waitFor(t *testing.T, ready func(*sqlstore.Store) bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if _, err := os.Stat(filepath.Join(p.data, sqlite.FileName)); err == nil {
			s := open(t, p.data)
			ok := ready(s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if ok {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("gave up waiting\n%s", p.log)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func open(t *testing.T, data string) *sqlstore.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type summary struct{ Killmails, Unclustered int64 }

func count(t *testing.T, s *sqlstore.Store) summary {
	t.Helper()
	sum, err := s.Summary(context.Background(), time.Now(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return summary{sum.Killmails, sum.Unclustered}
}

func stored(t *testing.T, data string) int64 {
	t.Helper()
	s := open(t, data)
	defer s.Close()
	return count(t, s).Killmails
}

// sequence returns the number that a document gives itself.
func sequence(t *testing.T, document []byte) int64 {
	t.Helper()
	d, err := killmail.DecodeDocument(document)
	if err != nil {
		t.Fatal(err)
	}
	return d.Sequence
}

// ids lists the killmails of documents, each once.
func ids(t *testing.T, documents [][]byte) []int64 {
	t.Helper()
	var out []int64
	for _, body := range documents {
		d, err := killmail.DecodeDocument(body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d.Killmail.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// importAll stores documents in a fresh folder, in one go.
func importAll(t *testing.T, data string, documents [][]byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "documents.jsonl")
	var lines bytes.Buffer
	for _, d := range documents {
		if err := json.Compact(&lines, d); err != nil {
			t.Fatal(err)
		}
		lines.WriteByte('\n')
	}
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = []string{"battlescope", "import", "--data", data, file}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
}

// battles maps the killmails of each stored battle to the digest of all it says.
func battles(t *testing.T, data string, killmails []int64) map[string]string {
	t.Helper()
	s := open(t, data)
	defer s.Close()
	out := make(map[string]string)
	known, err := s.Known(context.Background(), killmails)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range known {
		slices.Sort(b.KillmailIDs)
		out[strings.Trim(fmt.Sprint(b.KillmailIDs), "[]")] = b.Digest
	}
	return out
}

func difference(got, want map[string]string) string {
	only := func(a, b map[string]string) (n int, example string) {
		for k, digest := range a {
			if b[k] != digest {
				n++
				example = k
			}
		}
		return n, example
	}
	extra, e := only(got, want)
	missing, m := only(want, got)
	return fmt.Sprintf("%d of %d are not wanted, such as %s; %d of %d are missing, such as %s", extra, len(got), e, missing, len(want), m)
}
