package zkb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
)

// TestYearsOldKillmailComesInItsPlace: the order is that of the numbers, whatever the
// age of a kill, and neither the cursor nor the lag is taken from it.
func TestYearsOldKillmailComesInItsPlace(t *testing.T) {
	list := documents(1001, 5)
	list[2].Body = []byte(strings.Replace(string(list[2].Body), "2026-01-01T12:00:00Z", "2009-05-11T12:00:00Z", 1))
	source := fake.NewR2Z2(list...)
	source.PublishAll()
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		r.want(t, 1001, 1005)
		r.phase(t, zkb.PhaseLive)
		var years []int
		for _, batch := range r.batches() {
			for _, document := range batch.Documents {
				years = append(years, document.Killmail.Time.Year())
			}
		}
		if len(years) != 5 || years[2] != 2009 || years[3] != 2026 {
			t.Errorf("got killmails of %v, want the old one in its place", years)
		}
	})
}

// TestStaleCopyOfADocument: an edge serves an old body of a number; it is taken as it is,
// because the killmail never changes.
func TestStaleCopyOfADocument(t *testing.T) {
	source := published(3)
	source.Rewrite(1002, []byte(strings.Replace(string(body(1002, 101_002)), `"pvp"`, `"pvp","ganked"`, 1)))
	source.InjectAt("/1002.json", 1, fake.Body(body(1002, 101_002)))
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		r.want(t, 1001, 1003)
		if n := r.asked("/1002.json"); n != 1 {
			t.Errorf("asked %d times, want once", n)
		}
	})
}

// TestDocumentThatOnlyNamesItsKillmail is handed over apart, in its place, with its bytes.
func TestDocumentThatOnlyNamesItsKillmail(t *testing.T) {
	source := published(20)
	named := fmt.Sprintf(`{"killmail_id":7,"hash":"%s","esi":null,"zkb":{"totalValue":5},"sequence_id":1011}`, strings.Repeat("ab", 20))
	source.Rewrite(1011, []byte(named))
	play(t, source, at(1000), nil, func(t *testing.T, r *reader) {
		r.after(time.Minute)
		var partial []zkb.Partial
		for _, batch := range r.batches() {
			partial = append(partial, batch.Partial...)
		}
		if len(partial) != 1 || partial[0].Sequence != 1011 || partial[0].Document.Ref.ID != 7 || string(partial[0].Raw) != named {
			t.Errorf("got %+v, want killmail 7 by name", partial)
		}
		if got := r.sequences(); len(got) != 19 || r.feed.State().Cursor != 1020 || r.feed.State().Broken != 0 {
			t.Errorf("got documents %v and cursor %d, want all others and 1020", got, r.feed.State().Cursor)
		}
	})
}
