package esi_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/test/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hash = "0123456789abcdef0123456789abcdef01234567"

func config() esi.Config {
	cfg := esi.DefaultConfig()
	cfg.BaseURL, cfg.Contact = "http://esi.test/", "pilot@example.org"
	return cfg
}

// ask runs a client against a fake in a synctest bubble.
func ask(t *testing.T, source *fake.ESI, act func(t *testing.T, c *esi.Client)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := esi.New(config(), fake.Transport{Handler: source}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		act(t, c)
	})
}

// pilots are n invented characters.
func pilots(first, n int64) (names []fake.Name, ids []int64) {
	for id := first; id < first+n; id++ {
		names = append(names, fake.Name{ID: id, Name: fmt.Sprintf("Pilot %d", id), Category: "character"})
		ids = append(ids, id)
	}
	return names, ids
}

// statuses counts the answers of a fake by status.
func statuses(source *fake.ESI) map[int]int {
	count := map[int]int{}
	for _, q := range source.Requests() {
		count[q.Status]++
	}
	return count
}

func TestNames(t *testing.T) {
	names, ids := pilots(90000001, 2500)
	ask(t, fake.NewESI(names...), func(t *testing.T, c *esi.Client) {
		got, unknown, err := c.Names(t.Context(), append(ids, ids[:10]...))
		if err != nil || len(got) != 2500 || len(unknown) != 0 {
			t.Errorf("got %d names, %d unknown, %v; want 2500", len(got), len(unknown), err)
		}
		if got[0] != (esi.Name{ID: 90000001, Name: "Pilot 90000001", Category: "character"}) {
			t.Errorf("got %+v", got[0])
		}
	})
}

// TestUnknownIDsAreFoundByHalving: one unknown id fails the whole batch at ESI.
func TestUnknownIDsAreFoundByHalving(t *testing.T) {
	names, ids := pilots(90000001, 1000)
	source := fake.NewESI(slices.Concat(names[:7], names[8:500], names[501:])...)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		got, unknown, err := c.Names(t.Context(), append([]int64{30002187, 0, -5}, ids...)) // a system is not asked for
		if err != nil || len(got) != 998 {
			t.Errorf("got %d names and %v, want 998", len(got), err)
		}
		slices.Sort(unknown)
		if diff := cmp.Diff([]int64{-5, 0, 30002187, 90000008, 90000501}, unknown); diff != "" {
			t.Errorf("unknown (-want +got):\n%s", diff)
		}
		if n := statuses(source)[404]; n > 22 {
			t.Errorf("cost %d errors, want at most 22", n)
		}
	})
}

// TestErrorBudgetIsNeverUsedUp: with many unknown ids the client waits for the next
// minute rather than be refused.
func TestErrorBudgetIsNeverUsedUp(t *testing.T) {
	names, ids := pilots(90000001, 1000)
	var known []fake.Name
	for i, n := range names {
		if i%20 != 0 {
			known = append(known, n)
		}
	}
	source := fake.NewESI(known...)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		start := time.Now()
		got, unknown, err := c.Names(t.Context(), ids)
		if err != nil || len(got) != 950 || len(unknown) != 50 {
			t.Errorf("got %d names, %d unknown, %v; want 950 and 50", len(got), len(unknown), err)
		}
		count := statuses(source)
		if count[420] != 0 || count[404] <= 100 {
			t.Errorf("answers %v, want more than 100 errors and no 420", count)
		}
		if took := time.Since(start); took < time.Minute || took > 10*time.Minute {
			t.Errorf("took %v, want a few minutes", took)
		}
	})
}

// TestFaultsPass lets ESI fail in every way for a while, and checks how long the
// client waits.
func TestFaultsPass(t *testing.T) {
	for name, test := range map[string]struct {
		fault    fake.Fault
		times    int
		min, max time.Duration
	}{
		"420 with reset":            {fake.ErrorLimited(37), 1, 37 * time.Second, 40 * time.Second},
		"420 without reset":         {fake.ErrorLimited(-1), 1, time.Minute, 65 * time.Second},
		"429 with Retry-After":      {fake.TooManyRequests("90"), 1, 90 * time.Second, 95 * time.Second},
		"429 with endless wait":     {fake.TooManyRequests("999999"), 1, 15 * time.Minute, 16 * time.Minute},
		"429 without Retry-After":   {fake.TooManyRequests(""), 2, 2 * time.Second, 30 * time.Second},
		"429 with nonsense":         {fake.TooManyRequests("soon"), 2, 2 * time.Second, 30 * time.Second},
		"502":                       {fake.Status(502, ""), 2, 2 * time.Second, 30 * time.Second},
		"HTML":                      {fake.HTML(), 2, 2 * time.Second, 30 * time.Second},
		"truncated":                 {fake.Truncated(), 2, 2 * time.Second, 30 * time.Second},
		"no answer":                 {fake.Hang(), 2, 40 * time.Second, 2 * time.Minute},
		"slow, but within the time": {fake.Slow(15 * time.Second), 1, 15 * time.Second, 16 * time.Second},
		"slower than the time":      {fake.Slow(25 * time.Second), 1, 20 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			names, ids := pilots(90000001, 3)
			source := fake.NewESI(names...)
			source.Inject(test.times, test.fault)
			ask(t, source, func(t *testing.T, c *esi.Client) {
				start := time.Now()
				got, unknown, err := c.Names(t.Context(), ids)
				if err != nil || len(got) != 3 || len(unknown) != 0 {
					t.Errorf("got %v, %v, %v; want 3 names", got, unknown, err)
				}
				if took := time.Since(start); took < test.min || took > test.max {
					t.Errorf("took %v, want %v to %v", took, test.min, test.max)
				}
			})
		})
	}
}

// TestFaultsThatStay are told, with the difference that whoever asked must know:
// whether asking later makes sense.
func TestFaultsThatStay(t *testing.T) {
	for name, test := range map[string]struct {
		fault   fake.Fault
		passing bool
		tries   int
		hint    string
	}{
		"503":       {fake.Status(503, ""), true, 3, ""},
		"429":       {fake.TooManyRequests("5"), true, 3, "asked again later"},
		"truncated": {fake.Truncated(), true, 3, ""},
		"420":       {fake.ErrorLimited(5), true, 3, "asked again later"},
		"HTML":      {fake.HTML(), true, 3, "check its URL"},
		"no answer": {fake.Hang(), true, 3, "way to the internet"},
		"403":       {fake.Forbidden(), false, 1, "contact"},
		"404 page":  {fake.Missing(), false, 1, ""},
		"nonsense":  {fake.Body([]byte(`{"names":1}`)), false, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			names, ids := pilots(90000001, 3)
			source := fake.NewESI(names...)
			source.Inject(-1, test.fault)
			ask(t, source, func(t *testing.T, c *esi.Client) {
				got, unknown, err := c.Names(t.Context(), ids)
				if err == nil || len(got) != 0 || len(unknown) != 0 {
					t.Fatalf("got %v, %v, %v; want an error, and no id taken for unknown", got, unknown, err)
				}
				if esi.Passing(err) != test.passing || !strings.Contains(fault.HintOf(err), test.hint) || errors.Is(err, esi.ErrNotFound) {
					t.Errorf("got %v with hint %q, passing %v; want hint %q, passing %v", err, fault.HintOf(err), esi.Passing(err), test.hint, test.passing)
				}
				if n := len(source.Requests()); n != test.tries {
					t.Errorf("asked %d times, want %d", n, test.tries)
				}
			})
		})
	}
}

func TestOrganisations(t *testing.T) {
	source := fake.NewESI(
		fake.Name{ID: 99000001, Name: "Test Please Ignore", Category: "alliance", Ticker: "TEST"},
		fake.Name{ID: 98000001, Name: "Brave Newbies Inc.", Category: "corporation"},
		fake.Name{ID: 98000002, Name: "", Category: "corporation"},
	)
	ask(t, source, func(t *testing.T, c *esi.Client) {
		if got, err := c.Alliance(t.Context(), 99000001); err != nil || got != (esi.Organisation{Name: "Test Please Ignore", Ticker: "TEST"}) {
			t.Errorf("alliance: got %+v, %v", got, err)
		}
		if got, err := c.Corporation(t.Context(), 98000001); err != nil || got.Ticker != "BNI" {
			t.Errorf("corporation: got %+v, %v", got, err)
		}
		if _, err := c.Corporation(t.Context(), 98000002); err == nil {
			t.Error("took a corporation without a name")
		}
		if _, err := c.Alliance(t.Context(), 98000001); !errors.Is(err, esi.ErrNotFound) || esi.Passing(err) {
			t.Errorf("unknown alliance: got %v, want ErrNotFound", err)
		}
	})
}

func TestKillmail(t *testing.T) {
	source := fake.NewESI()
	mail := func(id int64) []byte {
		return fmt.Appendf(nil, `{"killmail_id":%d,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`, id)
	}
	for id := range int64(10) {
		source.AddKillmail(id+1, hash, mail(id+1))
	}
	source.AddKillmail(100, hash, mail(101))
	source.AddKillmail(200, hash, []byte(`{"killmail_id":200,"hash":"`+hash+`"}`))
	source.AddKillmail(300, hash, []byte(`{"killmail_id":300}`))
	ask(t, source, func(t *testing.T, c *esi.Client) {
		start := time.Now()
		for id := range int64(10) {
			if k, err := c.Killmail(t.Context(), id+1, hash); err != nil || k.ID != id+1 || k.Hash != hash || k.SystemID != 30002187 {
				t.Errorf("got %+v, %v", k, err)
			}
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("10 killmails took %v, want the rate of all requests", took)
		}
		for _, id := range []int64{100, 200, 300, 400} { // another one, a name only, a broken one, none
			if k, err := c.Killmail(t.Context(), id, hash); err == nil || esi.Passing(err) || !esi.Final(err) {
				t.Errorf("killmail %d: got %+v, %v; want an error that stays", id, k, err)
			}
		}
		source.InjectAt("/killmails/", -1, fake.Forbidden())
		if _, err := c.Killmail(t.Context(), 5, strings.Repeat("a", 40)); err == nil || esi.Final(err) {
			t.Errorf("refused: got %v, want an error that says nothing of the killmail", err)
		}
	})
}

func TestHeaders(t *testing.T) {
	names, ids := pilots(90000001, 1)
	source := fake.NewESI(names...)
	check := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, want := range map[string]string{
			"User-Agent": "BattleScope (pilot@example.org)", "X-Compatibility-Date": "2026-07-21", "Content-Type": "application/json", "Accept": "application/json",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		source.ServeHTTP(w, r)
	})
	c, err := esi.New(config(), fake.Transport{Handler: check}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Names(t.Context(), ids); err != nil {
		t.Error(err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*esi.Config){
		"address": func(c *esi.Config) { c.BaseURL = "esi.evetech.net" }, "contact": func(c *esi.Config) { c.Contact = " " },
		"date": func(c *esi.Config) { c.CompatibilityDate = "today" }, "rate": func(c *esi.Config) { c.MaxRate = 0 },
		"share": func(c *esi.Config) { c.Share = 2 }, "tries": func(c *esi.Config) { c.Tries = 0 },
		"reserve": func(c *esi.Config) { c.ErrorReserve = 100 }, "break": func(c *esi.Config) { c.BreakFor = 0 },
	} {
		cfg := config()
		change(&cfg)
		if _, err := esi.New(cfg, nil, time.Now); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v, want an error with a hint", name, err)
		}
	}
}
