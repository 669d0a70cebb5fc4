package esi_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/test/fake"
)

const corporation = 98000001

// TestAnswersAreKept as long as ESI says, then asked for with what is known of them;
// two processes share them.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := fake.NewESI(fake.Name{ID: corporation, Name: "First Name", Category: "corporation"})
		two := clients(t, source, 2, esi.Keep(memcache.New(memcache.DefaultLimits, time.Now)))
		step := func(what string, c *esi.Client, name string, answers map[int]int) {
			t.Helper()
			o, err := c.Corporation(t.Context(), corporation)
			if err != nil || o.Name != name {
				t.Errorf("%s: got %+v, %v; want %s", what, o, err, name)
			}
			if diff := cmp.Diff(answers, statuses(source)); diff != "" {
				t.Errorf("%s: answers (-want +got):\n%s", what, diff)
			}
		}
		step("first", two[0], "First Name", map[int]int{200: 1})
		step("the other process", two[1], "First Name", map[int]int{200: 1})
		time.Sleep(59 * time.Minute)
		step("still good", two[0], "First Name", map[int]int{200: 1})
		time.Sleep(2 * time.Minute)
		step("expired", two[0], "First Name", map[int]int{200: 1, 304: 1})
		step("good again", two[1], "First Name", map[int]int{200: 1, 304: 1})
		source.AddNames(fake.Name{ID: corporation, Name: "Second Name", Category: "corporation"})
		time.Sleep(2 * time.Hour)
		step("changed", two[1], "Second Name", map[int]int{200: 2, 304: 1})
	})
}

// scripted answers with the same body and headers and counts.
type scripted struct {
	header http.Header
	asked  int
	since  string // of the last request
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked++
	s.since = r.Header.Get("If-None-Match")
	for name := range s.header {
		w.Header().Set(name, s.header.Get(name))
	}
	_, _ = w.Write([]byte(`{"name":"A","ticker":"B"}`))
}

// TestFreshness reads the headers as RFC 9111 says, and has a time of its own without.
func TestFreshness(t *testing.T) {
	const date = "Sat, 01 Jan 2000 00:00:00 GMT" // when a bubble begins
	for name, test := range map[string]struct {
		header    http.Header
		good, bad time.Duration // asked again after bad, not after good
	}{
		"nothing said":          {http.Header{}, 5*time.Minute - 1, 5 * time.Minute},
		"max-age":               {http.Header{"Cache-Control": {"public, max-age=90"}}, 90*time.Second - 1, 90 * time.Second},
		"max-age beats Expires": {http.Header{"Cache-Control": {"max-age=90"}, "Expires": {date}}, 90*time.Second - 1, 90 * time.Second},
		"Expires":               {http.Header{"Expires": {"Sat, 01 Jan 2000 02:00:00 GMT"}, "Date": {"Sat, 01 Jan 2000 01:00:00 GMT"}}, time.Hour - 1, time.Hour},
		"Expires without Date":  {http.Header{"Expires": {"Sat, 01 Jan 2000 02:00:00 GMT"}}, 2*time.Hour - time.Second, 2 * time.Hour},
		"in the past":           {http.Header{"Expires": {"0"}}, -1, 0},
		"no-cache":              {http.Header{"Cache-Control": {"no-cache"}}, -1, 0},
		"no-store":              {http.Header{"Cache-Control": {"no-store, max-age=90"}}, -1, 0},
		"for ever":              {http.Header{"Cache-Control": {"max-age=99999999999"}}, 24*time.Hour - 1, 24 * time.Hour},
		"nonsense":              {http.Header{"Cache-Control": {"max-age=soon"}}, 5*time.Minute - 1, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source := &scripted{header: test.header}
				c, err := esi.New(config(), fake.Transport{Handler: source}, time.Now, esi.Keep(memcache.New(memcache.DefaultLimits, time.Now)))
				if err != nil {
					t.Fatal(err)
				}
				asked := func(want int) {
					t.Helper()
					if o, err := c.Corporation(t.Context(), corporation); err != nil || o.Name != "A" || source.asked != want {
						t.Errorf("got %+v, %v after %d questions, want %d", o, err, source.asked, want)
					}
				}
				asked(1)
				if test.good >= 0 {
					time.Sleep(test.good)
					asked(1)
					time.Sleep(test.bad - test.good)
				}
				asked(2)
				if source.since != "" {
					t.Errorf("asked for what has changed since %s, which nobody said", source.since)
				}
			})
		})
	}
}

// TestUnchangedCostsLess: of unchanged answers, twice as many may be asked for.
func TestUnchangedCostsLess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := fake.NewESI()
		c := clients(t, source, 1, esi.Keep(memcache.New(memcache.DefaultLimits, time.Now)))[0]
		for range 500 { // the group has 600 tokens
			if s, err := c.Status(t.Context()); err != nil || s.Version != "1" {
				t.Fatalf("got %+v, %v", s, err)
			}
			time.Sleep(31 * time.Second)
		}
		if got := statuses(source); got[304] != 499 || got[200] != 1 {
			t.Errorf("answers %v, want all but the first unchanged", got)
		}
	})
}

func TestPrices(t *testing.T) {
	price := func(f float64) *float64 { return &f }
	source := fake.NewESI()
	source.SetPrices(fake.Price{TypeID: 587, Average: price(412345.67), Adjusted: price(4e5)}, fake.Price{TypeID: 23773, Adjusted: price(8e10)},
		fake.Price{TypeID: 1}, fake.Price{TypeID: 2, Average: price(-1)}, fake.Price{TypeID: 587, Average: price(1)})
	ask(t, source, func(t *testing.T, c *esi.Client) {
		got, err := c.Prices(t.Context())
		want := []esi.Price{{TypeID: 587, Average: 412345.67, Adjusted: 4e5}, {TypeID: 23773, Adjusted: 8e10}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		for _, body := range []string{`[]`, `{}`, `null`, `[{"type_id":1}]`} {
			source.Inject(1, fake.Body([]byte(body)))
			if got, err := c.Prices(t.Context()); !errors.Is(err, esi.ErrUnusable) {
				t.Errorf("%s: got %v, %v; want an error", body, got, err)
			}
		}
	})
}

func TestAffiliations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := fake.NewESI()
		var ids []int64
		for id := int64(90000001); id <= 90001500; id++ {
			ids = append(ids, id)
			if id != 90000777 { // unknown
				source.Affiliate(fake.Affiliation{CharacterID: id, CorporationID: corporation, AllianceID: 99000001})
			}
		}
		c := clients(t, source, 1, esi.Keep(memcache.New(memcache.DefaultLimits, time.Now)))[0]
		got, err := c.Affiliations(t.Context(), append([]int64{30002187, 0, 3000001}, append(ids, ids[0])...))
		if err != nil || len(got) != 1499 || got[0] != (esi.Affiliation{CharacterID: 90000001, CorporationID: corporation, AllianceID: 99000001}) {
			t.Fatalf("got %d, %v; want 1,499", len(got), err)
		}
		if n := statuses(source)[404]; n > 11 {
			t.Errorf("cost %d errors, want at most 11", n)
		}
		before := len(source.Requests())
		if got, err := c.Affiliations(t.Context(), ids[:500]); err != nil || len(got) != 500 || len(source.Requests()) != before {
			t.Errorf("got %d, %v after %s requests; want 500 that are kept", len(got), err, strconv.Itoa(len(source.Requests())-before))
		}
		time.Sleep(2 * time.Hour)
		source.Affiliate(fake.Affiliation{CharacterID: ids[0], CorporationID: corporation + 1})
		if got, err := c.Affiliations(t.Context(), ids[:1]); err != nil || len(got) != 1 || got[0].CorporationID != corporation+1 || got[0].AllianceID != 0 {
			t.Errorf("later: got %+v, %v", got, err)
		}
	})
}
