package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/demo"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// open makes a world that began at noon. It waits for nothing and publishes at most
// so many killmails.
func open(t *testing.T, o demo.Options, most int) *demo.World {
	t.Helper()
	published := 0
	o.Now = func() time.Time { return noon }
	o.Wait = func(ctx context.Context, _ time.Time) error {
		if published++; published <= most {
			return ctx.Err()
		}
		<-ctx.Done()
		return ctx.Err()
	}
	w, err := demo.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// history returns what was fought before the start, and the number of its last document.
func history(t *testing.T, w *demo.World) (mails []*killmail.Killmail, last int64) {
	t.Helper()
	err := w.History(func(documents []killmail.Document, sequence int64) error {
		for _, d := range documents {
			mails = append(mails, d.Killmail)
		}
		last = sequence
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return mails, last
}

func closed(t *testing.T, w *demo.World) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestSameSeedSameHistory(t *testing.T) {
	t.Parallel()
	var all [3][]*killmail.Killmail
	for i, seed := range []uint64{7, 7, 8} {
		w := open(t, demo.Options{Seed: seed, Speed: 1, History: time.Hour}, 0)
		all[i], _ = history(t, w)
		closed(t, w)
	}
	if len(all[0]) != len(all[1]) {
		t.Fatalf("the same seed gave %d and %d killmails", len(all[0]), len(all[1]))
	}
	for i, mail := range all[0] {
		if other := all[1][i]; !reflect.DeepEqual(mail, other) {
			t.Fatalf("killmail %d of the same seed (-first +second):\n%s", i, cmp.Diff(mail, other))
		}
	}
	if reflect.DeepEqual(all[0], all[2]) {
		t.Error("another seed gave the same history")
	}
}

func TestHistoryEndsAtTheStart(t *testing.T) {
	t.Parallel()
	w := open(t, demo.Options{Seed: 1, Speed: 1, History: 2 * time.Hour}, 0)
	defer closed(t, w)
	mails, last := history(t, w)
	if len(mails) < 1000 || last != int64(len(mails)) {
		t.Errorf("history has %d killmails up to number %d, want thousands, each with a number", len(mails), last)
	}
	for _, mail := range mails {
		if mail.Time.After(noon) || mail.Time.Before(noon.Add(-2*time.Hour)) {
			t.Errorf("killmail %d of %v is not of the two hours before noon", mail.ID, mail.Time)
		}
	}
}

// TestLive reads the feed on and asks for the names of everybody on it.
func TestLive(t *testing.T) {
	t.Parallel()
	const most = 50
	tests := []struct {
		speed float64
		until time.Duration // of the last killmail, at most
	}{{1, 10 * time.Minute}, {100, 6 * time.Second}}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.speed), func(t *testing.T) {
			t.Parallel()
			w := open(t, demo.Options{Seed: 1, Speed: test.speed, History: time.Hour}, most)
			_, last := history(t, w)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- w.Run(ctx) }()
			defer func() {
				cancel()
				if err := <-ended; err != nil {
					t.Errorf("Run: %v", err)
				}
			}()
			ids := map[int64]bool{}
			for sequence := last + 1; sequence <= last+most; sequence++ {
				d := document(t, w, sequence)
				if d.Sequence != sequence {
					t.Errorf("document %d says it is %d", sequence, d.Sequence)
				}
				if late := d.Killmail.Time.Sub(noon); late > test.until {
					t.Errorf("killmail %d is %v after the start", d.Killmail.ID, late)
				}
				if id := d.Killmail.Victim.CharacterID; id != 0 {
					ids[id] = true
				}
				ids[d.Killmail.Attackers[0].CorporationID] = true
			}
			if got := names(t, w, ids); got != len(ids) {
				t.Errorf("%d of %d names are known", got, len(ids))
			}
		})
	}
}

// document asks until the feed has the document, which it soon has.
func document(t *testing.T, w *demo.World, sequence int64) killmail.Document {
	t.Helper()
	for {
		status, body := ask(t, http.MethodGet, fmt.Sprintf("%s/ephemeral/%d.json", w.FeedURL(), sequence), nil)
		if status == http.StatusNotFound && t.Context().Err() == nil {
			continue
		}
		d, err := killmail.DecodeDocument(body)
		if err != nil {
			t.Fatalf("status %d: %v", status, err)
		}
		return d
	}
}

func names(t *testing.T, w *demo.World, ids map[int64]bool) int {
	t.Helper()
	var list []int64
	for id := range ids {
		list = append(list, id)
	}
	question, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	status, body := ask(t, http.MethodPost, w.ESIURL()+"/universe/names", question)
	var answer []struct{ Name string }
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("status %d: %v: %s", status, err, body)
	}
	return len(answer)
}

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func ask(t *testing.T, method, url string, question []byte) (status int, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(question))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test (pilot@example.org)")
	req.Header.Set("X-Compatibility-Date", "2026-07-21")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// TestFeedForgets reads behind a history that is longer than what the feed keeps.
func TestFeedForgets(t *testing.T) {
	t.Parallel()
	w := open(t, demo.Options{Seed: 1, Speed: 1, History: 4 * time.Hour}, 0)
	_, last := history(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	if last < 5000 {
		t.Fatalf("history has %d documents, too few to forget any", last)
	}
	for sequence, want := range map[int64]int{1: 404, last - 4000: 404, last - 3999: 200, last: 200, last + 1: 404} {
		if status, _ := ask(t, http.MethodGet, fmt.Sprintf("%s/ephemeral/%d.json", w.FeedURL(), sequence), nil); status != want {
			t.Errorf("document %d of %d: status %d, want %d", sequence, last, status, want)
		}
	}
	if _, body := ask(t, http.MethodGet, w.FeedURL()+"/ephemeral/sequence.json", nil); string(body) != fmt.Sprintf(`{"sequence":%d}`, last) {
		t.Errorf("pointer is %s, want %d", body, last)
	}
}

func TestHistoryThatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := open(t, demo.Options{Seed: 1, Speed: 1, History: time.Hour}, 0)
	defer closed(t, w)
	full := errors.New("disk is full")
	if err := w.History(func([]killmail.Document, int64) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

func TestImpossibleSpeed(t *testing.T) {
	t.Parallel()
	for _, speed := range []float64{0, -1, 1e9} {
		_, err := demo.New(t.Context(), demo.Options{Speed: speed})
		if !fault.IsUsage(err) || !strings.Contains(fault.HintOf(err), "0.1 to 100") {
			t.Errorf("speed %g: got %v with hint %q", speed, err, fault.HintOf(err))
		}
	}
}
