package stack_test

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// crashes is how often the short form kills a process; BATTLESCOPE_CHAOS sets the
// number for the long form.
const crashes = 12

// TestKillNine kills processes without warning at random moments while a feed flows
// in: the one there is, or any of those that run apart. In the end everything must be
// stored once, and the battles must be those of one undisturbed import.
func TestKillNine(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			killNine(t, mode.start)
		})
	}
}

func killNine(t *testing.T, begin func(*testing.T, source) *system) {
	rounds, documents := crashes, sim.Day(41, 1500).R2Z2(5000)
	if n, err := strconv.Atoi(os.Getenv("BATTLESCOPE_CHAOS")); err == nil {
		rounds, documents = n, chaosDocuments(t)
	}
	feed := fake.NewR2Z2(fake.Numbered(sequence(t, documents[0]), documents)...)
	feed.Publish(1)
	web := httptest.NewServer(feed)
	t.Cleanup(web.Close)

	// The rate lets the feed outlast most of the crashes.
	s := begin(t, source{feed: web.URL, rate: len(documents) * 3 / rounds})
	s.begin(t, feed)
	rng := rand.New(rand.NewPCG(41, 41))
	for range rounds {
		time.Sleep(time.Duration(50+rng.IntN(450)) * time.Millisecond) // a random moment, not a wait for anything
		victim := s.processes[rng.IntN(len(s.processes))]
		victim.kill(t)
		victim.start(t)
	}
	s.untilDone(t, feed.Head())
	s.stop(t)
	db := s.open(t)
	defer db.Close()
	sameAsImport(t, db, documents)
	t.Logf("%d crashes", rounds)
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

// sequence returns the number that a document gives itself.
func sequence(t *testing.T, document []byte) int64 {
	t.Helper()
	d, err := killmail.DecodeDocument(document)
	if err != nil {
		t.Fatal(err)
	}
	return d.Sequence
}
