package enrich_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	firstPilot  = 90_000_001
	corporation = 98_000_001
	alliance    = 99_000_001
)

// site is the service with a real store and a fake ESI, in a bubble.
type site struct {
	t     *testing.T
	esi   *fake.ESI
	store *sqlstore.Store
	bus   *membus.Bus
	// refuse is how storing killmails fails; nil: it does not.
	refuse error
}

func inBubble(t *testing.T, names []fake.Name, act func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		act(t, &site{t: t, esi: fake.NewESI(names...), store: db, bus: membus.New()})
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// service makes a process with the service.
func (s *site) service(options ...esi.Option) *enrich.Service {
	s.t.Helper()
	cfg := esi.DefaultConfig()
	cfg.Contact = "pilot@example.org"
	client, err := esi.New(cfg, fake.Transport{Handler: s.esi}, time.Now, options...)
	if err != nil {
		s.t.Fatal(err)
	}
	return &enrich.Service{Store: s.store, ESI: client, Bus: s.bus, Save: s.save, Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

// start runs the service; what it returns ends it.
func (s *site) start(options ...esi.Option) (stop func()) {
	s.t.Helper()
	service := s.service(options...)
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("ended with %v, want nil", err)
		}
	}
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// kill stores a killmail on which pilots first to last fought, and tells.
func (s *site) kill(id, first, last int64) {
	s.t.Helper()
	party := func(pilot int64) killmail.Party {
		return killmail.Party{CharacterID: pilot, CorporationID: corporation, AllianceID: alliance, ShipTypeID: 587}
	}
	k := &killmail.Killmail{ID: id, Time: time.Now(), SystemID: 30002813, Victim: killmail.Victim{Party: party(first)}}
	for pilot := first + 1; pilot <= last; pilot++ {
		k.Attackers = append(k.Attackers, killmail.Attacker{Party: party(pilot)})
	}
	_, err := s.store.Save(s.t.Context(), store.Batch{
		Documents: []store.Document{{Document: killmail.Document{Killmail: k}, Space: eve.Lowsec}}, Source: "test", Now: time.Now(),
	})
	if err == nil {
		err = s.bus.Publish(s.t.Context(), bus.KillmailsStored)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// named counts which of the ids have a name, and how many of all those a ticker.
func (s *site) named(ids ...int64) (names, tickers int) {
	s.t.Helper()
	got, err := s.store.Names(s.t.Context(), ids)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, n := range got {
		names++
		if n.Ticker != "" {
			tickers++
		}
	}
	return names, tickers
}

// pilots are the ids of n pilots, their corporation and their alliance, and all names.
func pilots(n int64) (names []fake.Name, ids []int64) {
	for id := int64(firstPilot); id < firstPilot+n; id++ {
		names = append(names, fake.Name{ID: id, Name: fmt.Sprintf("Pilot %d", id), Category: "character"})
		ids = append(ids, id)
	}
	names = append(names, fake.Name{ID: corporation, Name: "Some Corporation", Category: "corporation"}, fake.Name{ID: alliance, Name: "Some Alliance", Category: "alliance", Ticker: "SOME"})
	return names, append(ids, corporation, alliance)
}

func TestNamesArrive(t *testing.T) {
	names, ids := pilots(1500)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.kill(1, firstPilot, firstPilot+1499)
		stop := s.start()
		after(10 * time.Second)
		if n, tickers := s.named(ids...); n != 1502 || tickers != 2 {
			t.Errorf("%d names and %d tickers, want 1502 and 2", n, tickers)
		}
		got, err := s.store.Names(t.Context(), []int64{corporation, alliance})
		if err != nil || got[corporation] != (store.Name{Name: "Some Corporation", Ticker: "SC"}) || got[alliance] != (store.Name{Name: "Some Alliance", Ticker: "SOME"}) {
			t.Errorf("got %+v, %v", got, err)
		}
		stop()
	})
}

// TestNothingIsAskedTwice: a new killmail of known people asks for nothing, nor does time.
func TestNothingIsAskedTwice(t *testing.T) {
	names, ids := pilots(12)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.kill(1, firstPilot, firstPilot+9)
		stop := s.start()
		after(10 * time.Second)
		s.esi.Forget()
		s.kill(2, firstPilot, firstPilot+9)
		after(25 * time.Hour)
		if n := len(s.esi.Requests()); n != 0 {
			t.Errorf("ESI was asked %d times for what is known, want never", n)
		}
		s.kill(3, firstPilot, firstPilot+11)
		after(time.Second)
		if n := len(s.esi.Requests()); n != 1 {
			t.Errorf("ESI was asked %d times for two new pilots, want once, and at once", n)
		}
		if n, _ := s.named(ids...); n != 14 {
			t.Errorf("%d names, want 14", n)
		}
		stop()
		s.esi.Forget()
		stop = s.start() // a restart finds nothing to do
		after(time.Hour)
		if n := len(s.esi.Requests()); n != 0 {
			t.Errorf("ESI was asked %d times after a restart, want never", n)
		}
		stop()
	})
}

// TestUnknownIDs do not keep the others from their names, and are not asked for again.
func TestUnknownIDs(t *testing.T) {
	names, ids := pilots(100)
	inBubble(t, append(names[:50:50], names[53:]...), func(t *testing.T, s *site) {
		s.kill(1, firstPilot, firstPilot+99)
		stop := s.start()
		after(time.Minute)
		if n, _ := s.named(ids...); n != 99 {
			t.Errorf("%d names, want all but three", n)
		}
		s.esi.Forget()
		after(time.Hour)
		if n := len(s.esi.Requests()); n != 0 {
			t.Errorf("ESI was asked %d times for ids it does not know, want never", n)
		}
		stop()
	})
}

// TestManyUnknownIDs hold up the names of others for a few minutes, not for hours.
func TestManyUnknownIDs(t *testing.T) {
	names, ids := pilots(1000)
	var known []fake.Name
	for i, n := range names {
		if i%2 == 0 || i >= 1000 {
			known = append(known, n)
		}
	}
	inBubble(t, known, func(t *testing.T, s *site) {
		s.kill(1, firstPilot, firstPilot+99)
		s.kill(2, firstPilot+100, firstPilot+999)
		stop := s.start()
		after(6 * time.Minute)
		if n, _ := s.named(ids...); n < 100 {
			t.Errorf("%d names after six minutes, want them to come as they are found", n)
		}
		after(2 * time.Hour)
		if n, _ := s.named(ids...); n != 502 {
			t.Errorf("%d names, want 502", n)
		}
		for _, q := range s.esi.Requests() {
			if q.Status == 420 {
				t.Fatal("the client used up its errors")
			}
		}
		stop()
	})
}

// TestESIGoneAndBack in every way: names are late, and nothing is marked unknown.
func TestESIGoneAndBack(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"502": fake.Status(502, ""), "420": fake.ErrorLimited(30), "429": fake.TooManyRequests("60"), "403": fake.Forbidden(), "HTML": fake.HTML(),
		"hang": fake.Hang(), "404 page": fake.Missing(), "nonsense": fake.Body([]byte(`{}`)), "truncated": fake.Truncated(), "null": fake.Body([]byte(`null`)),
	} {
		t.Run(name, func(t *testing.T) {
			names, ids := pilots(20)
			inBubble(t, names, func(t *testing.T, s *site) {
				s.esi.Inject(-1, fault)
				s.kill(1, firstPilot, firstPilot+19)
				stop := s.start()
				after(20 * time.Minute)
				if n, _ := s.named(ids...); n != 0 {
					t.Errorf("%d names while ESI is gone", n)
				}
				if n := len(s.esi.Requests()); n > 150 {
					t.Errorf("ESI was asked %d times in 20 minutes while it was gone", n)
				}
				s.esi.Heal()
				after(2 * time.Hour)
				if n, tickers := s.named(ids...); n != 22 || tickers != 2 {
					t.Errorf("%d names and %d tickers when ESI is back, want 22 and 2", n, tickers)
				}
				stop()
			})
		})
	}
}

// TestTickersFailAlone: names do not wait for tickers.
func TestTickersFailAlone(t *testing.T) {
	names, ids := pilots(20)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.esi.InjectAt("/alliances/", -1, fake.Status(500, ""))
		s.esi.InjectAt("/corporations/", 1, fake.Status(404, ""))
		s.kill(1, firstPilot, firstPilot+9)
		stop := s.start()
		after(time.Minute)
		s.kill(2, firstPilot+10, firstPilot+19)
		after(5 * time.Minute)
		if n, tickers := s.named(ids...); n != 22 || tickers > 1 {
			t.Errorf("%d names and %d tickers, want 22, and none of the alliance", n, tickers)
		}
		s.esi.Heal()
		after(25 * time.Hour)
		if n, tickers := s.named(ids...); n != 22 || tickers != 2 {
			t.Errorf("%d names and %d tickers, want 22 and 2", n, tickers)
		}
		stop()
	})
}

// TestTwoProcessesShareTheNames: both work, and no id is asked for twice.
func TestTwoProcessesShareTheNames(t *testing.T) {
	names, ids := pilots(3000)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.esi.InjectAt("/universe/names", 10, fake.Slow(time.Second)) // time enough to meet
		shared := esi.Share(memcache.New(memcache.DefaultLimits, time.Now))
		first, second := s.start(shared), s.start(shared)
		s.kill(1, firstPilot, firstPilot+2999)
		after(time.Minute)
		if n, tickers := s.named(ids...); n != 3002 || tickers != 2 {
			t.Errorf("%d names and %d tickers, want 3002 and 2", n, tickers)
		}
		if n := s.esi.Resolved(); n != 3002 {
			t.Errorf("%d ids were resolved, want each once", n)
		}
		if n := s.esi.MostInFlight(); n < 2 {
			t.Errorf("%d requests at once, want both to work", n)
		}
		first()
		second()
	})
}

// TestNamesOfAProcessThatDied are asked for by another, soon when it could say so.
func TestNamesOfAProcessThatDied(t *testing.T) {
	names, ids := pilots(20)
	inBubble(t, names, func(t *testing.T, s *site) {
		s.esi.Inject(1, fake.Hang())
		s.kill(1, firstPilot, firstPilot+19)
		stop := s.start()
		after(time.Second)
		stop() // asked to end
		stop = s.start()
		after(5 * time.Second)
		if n, _ := s.named(ids...); n != 22 {
			t.Errorf("%d names after a restart, want 22", n)
		}
		stop()

		s.kill(2, firstPilot+100, firstPilot+109)
		if _, err := s.store.ClaimUnresolved(t.Context(), store.EntityUnnamed, time.Now(), time.Now().Add(15*time.Minute), 100); err != nil {
			t.Fatal(err) // by one that is killed
		}
		for id := int64(firstPilot + 100); id < firstPilot+110; id++ {
			s.esi.AddNames(fake.Name{ID: id, Name: "Late", Category: "character"})
		}
		stop = s.start()
		after(20 * time.Minute)
		if n, _ := s.named(firstPilot+100, firstPilot+109); n != 2 {
			t.Errorf("%d names of those that a killed process had, want 2", n)
		}
		stop()
	})
}
