package enrich_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/fake"
)

// save stores a completed killmail as the way in does, without judging it.
func (s *site) save(ctx context.Context, source string, live bool, d killmail.Document) error {
	if s.refuse != nil {
		return s.refuse
	}
	_, err := s.store.Save(ctx, store.Batch{
		Documents: []store.Document{{Document: d, Space: eve.Lowsec}}, Source: source, Announce: live, Now: time.Now(),
	})
	return err
}

func hashOf(id int64) string { return fmt.Sprintf("%040x", id) }

// publish makes killmails known to ESI.
func (s *site) publish(first, last int64) {
	for id := first; id <= last; id++ {
		s.esi.AddKillmail(id, hashOf(id), fmt.Appendf(nil,
			`{"killmail_id":%d,"killmail_time":"2010-01-01T00:00:00Z","solar_system_id":30002813,"victim":{"ship_type_id":587},"attackers":[]}`, id))
	}
}

// hint puts a killmail on the list as a relay names it, to be swept after a wait.
func (s *site) hint(id int64, isk float64, wait time.Duration) {
	s.t.Helper()
	s.list(store.Partial{
		KillmailID: id, Hash: hashOf(id), Source: "redisq", Live: true, HasZkb: true, Due: time.Now().Add(wait),
		Body: fmt.Appendf(nil, `{"package":{"killID":%d,"zkb":{"hash":"%s","totalValue":%f}}}`, id, hashOf(id), isk),
	})
}

func (s *site) list(p store.Partial) {
	s.t.Helper()
	if _, err := s.store.Save(s.t.Context(), store.Batch{Partial: []store.Partial{p}, Now: time.Now()}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) enrichment(id int64) store.Enrichment {
	s.t.Helper()
	e, err := s.store.Enrichment(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// stored counts which killmails are stored.
func (s *site) stored(first, last int64) (n int) {
	s.t.Helper()
	for id := first; id <= last; id++ {
		if _, err := s.store.Killmail(s.t.Context(), id); err == nil {
			n++
		} else if !errors.Is(err, store.ErrNotFound) {
			s.t.Fatal(err)
		}
	}
	return n
}

// fetched counts the killmails that ESI was asked for.
func (s *site) fetched() (n int) {
	for _, q := range s.esi.Requests() {
		if strings.HasPrefix(q.Path, "/killmails/") {
			n++
		}
	}
	return n
}

func work(ctx context.Context, service *enrich.Service, args string) error {
	return service.Handlers()[store.FetchKillmail](ctx, queue.Work{Kind: store.FetchKillmail, Args: []byte(args), Attempt: 1, MaxAttempts: 12})
}

func TestJobFetchesAKillmail(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, s *site) {
		s.publish(7, 7)
		s.hint(7, 5e6, time.Hour)
		service := s.service()
		for range 3 { // a job may be worked more than once
			if err := work(t.Context(), service, `{"killmail_id":7}`); err != nil {
				t.Error(err)
			}
		}
		k, err := s.store.Killmail(t.Context(), 7)
		if err != nil || k.Hash != hashOf(7) || k.SystemID != 30002813 || k.Zkb == nil || k.Value != (killmail.Value{ISK: eve.FromFloat(5e6), Source: killmail.ValueZkb}) {
			t.Errorf("got %+v, %v; want ESI's killmail with the relay's value", k, err)
		}
		if n := s.fetched(); n != 1 {
			t.Errorf("ESI was asked %d times, want once", n)
		}
		if e := s.enrichment(7); e.State != store.EnrichmentSucceeded || e.Attempts != 1 || e.Reason != "" {
			t.Errorf("got %+v, want success at the first try", e)
		}
		events, err := s.store.EventsAfter(t.Context(), 0, 10)
		if err != nil || len(events) != 1 {
			t.Errorf("%d events, %v; want it announced once", len(events), err)
		}
		if err := work(t.Context(), service, `{"killmail_id":8}`); err != nil {
			t.Errorf("one that is not on the list any more: %v", err)
		}

		// A newer zkb block of a stored killmail needs no ESI.
		s.hint(7, 9e6, time.Hour)
		if err := work(t.Context(), service, `{"killmail_id":7}`); err != nil {
			t.Error(err)
		}
		if k, err := s.store.Killmail(t.Context(), 7); err != nil || k.Value.ISK != eve.FromFloat(9e6) {
			t.Errorf("got %+v, %v; want the newer value", k.Value, err)
		}
		if n := s.fetched(); n != 1 {
			t.Errorf("ESI was asked %d times, want once", n)
		}
	})
}

func is(f fake.Fault) *fake.Fault { return &f }

func TestJobFails(t *testing.T) {
	gone := errors.New("database is gone")
	for name, test := range map[string]struct {
		fault  *fake.Fault
		refuse error
		body   string // of the enrichment; "" is a relay's
		args   string
		dead   bool
		later  time.Duration // at least
		state  store.EnrichmentState
		reason string
	}{
		"unknown hash":      {fault: is(fake.Status(422, "")), dead: true, state: store.EnrichmentFailed, reason: "422"},
		"unknown to ESI":    {fault: is(fake.Body([]byte(`{"killmail_id":8}`))), dead: true, state: store.EnrichmentFailed, reason: "cannot be used"},
		"blocked":           {fault: is(fake.Forbidden()), state: store.EnrichmentPending, reason: "403"},
		"502":               {fault: is(fake.Status(502, "")), state: store.EnrichmentPending, reason: "502"},
		"HTML":              {fault: is(fake.HTML()), state: store.EnrichmentPending, reason: "html"},
		"truncated":         {fault: is(fake.Truncated()), state: store.EnrichmentPending, reason: "status 200"},
		"no answer":         {fault: is(fake.Hang()), state: store.EnrichmentPending, reason: "deadline"},
		"a page with 404":   {fault: is(fake.Missing()), state: store.EnrichmentPending, reason: "404"},
		"420":               {fault: is(fake.ErrorLimited(60)), later: 50 * time.Second, state: store.EnrichmentPending, reason: "limits"},
		"429":               {fault: is(fake.TooManyRequests("300")), later: 290 * time.Second, state: store.EnrichmentPending, reason: "limits"},
		"store refuses":     {refuse: gone, state: store.EnrichmentPending, reason: gone.Error()},
		"no hash":           {body: `{"package":{"killID":7,"zkb":{"totalValue":5}}}`, dead: true, state: store.EnrichmentFailed, reason: "cannot be used"},
		"another document":  {body: `{"killmail_id":8,"hash":"` + hashOf(8) + `"}`, dead: true, state: store.EnrichmentFailed, reason: "names another"},
		"broken document":   {body: `{"killmail_id":`, dead: true, state: store.EnrichmentFailed, reason: "cannot be used"},
		"arguments":         {args: `{"killmail_id":"7"}`, dead: true, state: store.EnrichmentPending},
		"arguments of none": {args: `{}`, dead: true, state: store.EnrichmentPending},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, s *site) {
				s.publish(7, 7)
				if test.fault != nil {
					s.esi.Inject(-1, *test.fault)
				}
				s.refuse = test.refuse
				s.hint(7, 5e6, time.Hour)
				if test.body != "" {
					s.list(store.Partial{KillmailID: 7, Source: "redisq", HasZkb: true, Body: []byte(test.body)})
				}
				if test.args == "" {
					test.args = `{"killmail_id":7}`
				}
				service := s.service()
				err := work(t.Context(), service, test.args)
				later := (*queue.LaterError)(nil)
				if err == nil || errors.Is(err, queue.ErrDead) != test.dead || errors.As(err, &later) != (test.later > 0) || later != nil && later.After < test.later {
					t.Errorf("got %v, want dead %v, later %v", err, test.dead, test.later)
				}
				e := s.enrichment(7)
				if e.State != test.state || !strings.Contains(e.Reason, test.reason) {
					t.Errorf("got %s because of %q, want %s because of %q", e.State, e.Reason, test.state, test.reason)
				}
				if n := s.stored(7, 7); n != 0 {
					t.Error("something was stored")
				}
				if test.state != store.EnrichmentPending || test.args != `{"killmail_id":7}` {
					return
				}
				s.esi.Heal()
				s.refuse = nil
				after(10 * time.Minute)
				if err := work(t.Context(), service, test.args); err != nil || s.stored(7, 7) != 1 || s.enrichment(7).State != store.EnrichmentSucceeded {
					t.Errorf("when all is well again: %v, %s", err, s.enrichment(7).Reason)
				}
			})
		})
	}
}

// TestJobsWaitOutTheDowntime: they cost few requests and no attempts.
func TestJobsWaitOutTheDowntime(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, s *site) {
		s.publish(1, 30)
		service := s.service()
		s.esi.Inject(-1, fake.Status(502, ""))
		put := 0
		for id := int64(1); id <= 30; id++ {
			s.hint(id, 1, time.Hour)
			err := work(t.Context(), service, fmt.Sprintf(`{"killmail_id":%d}`, id))
			if later := (*queue.LaterError)(nil); errors.As(err, &later) {
				put++
			} else if err == nil {
				t.Errorf("killmail %d was had from an ESI that is away", id)
			}
		}
		if n := s.fetched(); put < 28 || n > 6 {
			t.Errorf("%d of 30 jobs were put off after %d requests, want all but two after 5", put, n)
		}
		if e := s.enrichment(30); e.State != store.EnrichmentPending || e.Attempts != 0 || !strings.Contains(e.Reason, "502") {
			t.Errorf("got %+v, want it to wait with the reason", e)
		}
	})
}

// TestSweep works what has no job, in bulk and at ESI's rate, and what a job has left.
func TestSweep(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, s *site) {
		s.publish(1, 400)
		for id := int64(1); id <= 300; id++ {
			s.list(store.Partial{KillmailID: id, Hash: hashOf(id), Source: "history", Body: fmt.Appendf(nil, `{"killmail_id":%d,"hash":"%s"}`, id, hashOf(id)), Due: time.Now()})
		}
		s.hint(301, 1, time.Hour)
		s.list(store.Partial{KillmailID: 302, Hash: hashOf(999), Source: "history", Body: fmt.Appendf(nil, `{"killmail_id":302,"hash":"%s"}`, hashOf(999)), Due: time.Now()})
		stop := s.start()
		after(5 * time.Minute)
		if n := s.stored(1, 400); n != 300 {
			t.Errorf("%d killmails, want the 300 that are due", n)
		}
		if e := s.enrichment(302); e.State != store.EnrichmentFailed || !strings.Contains(e.Reason, "422") {
			t.Errorf("got %+v, want it failed with the reason", e)
		}
		after(time.Hour)
		if n := s.stored(301, 301); n != 1 {
			t.Error("what its job has left was not fetched")
		}
		if n := s.fetched(); n != 302 {
			t.Errorf("ESI was asked %d times, want 302", n)
		}
		stop()
	})
}

// TestSweepSurvivesEverything: downtimes, a killed process, a database that refuses.
func TestSweepSurvivesEverything(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"502": fake.Status(502, ""), "420": fake.ErrorLimited(30), "429": fake.TooManyRequests("60"), "403": fake.Forbidden(), "HTML": fake.HTML(),
		"hang": fake.Hang(), "404 page": fake.Missing(), "truncated": fake.Truncated(),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, s *site) {
				s.publish(1, 20)
				for id := int64(1); id <= 20; id++ {
					s.hint(id, 1, 0)
				}
				s.esi.Inject(-1, fault)
				stop := s.start()
				after(20 * time.Minute)
				stop()
				if n := s.fetched(); n > 60 {
					t.Errorf("ESI was asked %d times in 20 minutes while it was gone", n)
				}
				s.refuse = errors.New("disk is full")
				s.esi.Heal()
				stop = s.start()
				after(10 * time.Minute)
				stop()
				s.refuse = nil
				if _, err := s.store.ClaimEnrichments(t.Context(), time.Now(), time.Now().Add(10*time.Minute), 5); err != nil {
					t.Fatal(err) // by one that is killed
				}
				stop = s.start()
				after(time.Hour)
				if n := s.stored(1, 20); n != 20 {
					t.Errorf("%d killmails, want 20", n)
				}
				counts, err := s.store.EnrichmentCounts(t.Context())
				if err != nil || counts[store.EnrichmentSucceeded].N != 20 {
					t.Errorf("got %+v, %v; want all to have succeeded", counts, err)
				}
				stop()
			})
		})
	}
}

// TestTwoProcessesShareTheKillmails: each is asked for once.
func TestTwoProcessesShareTheKillmails(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, s *site) {
		s.publish(1, 100)
		for id := int64(1); id <= 100; id++ {
			s.hint(id, 1, 0)
		}
		s.esi.Inject(100, fake.Slow(time.Second))
		first, second := s.start(), s.start()
		after(5 * time.Minute)
		if n := s.stored(1, 100); n != 100 || s.fetched() != 100 {
			t.Errorf("%d killmails after %d questions, want 100 after 100", n, s.fetched())
		}
		if n := s.esi.MostInFlight(); n < 2 {
			t.Errorf("%d requests at once, want both to work", n)
		}
		first()
		second()
	})
}

func TestRefreshPrices(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, s *site) {
		price := func(f float64) *float64 { return &f }
		s.esi.SetPrices(fake.Price{TypeID: 587, Average: price(412345.67), Adjusted: price(4e5)}, fake.Price{TypeID: 671, Adjusted: price(8e10)}, fake.Price{TypeID: 5, Average: price(1e16)})
		service := s.service()
		n, err := service.RefreshPrices(t.Context())
		if err != nil || n != 2 {
			t.Errorf("got %d, %v; want 2", n, err)
		}
		want := map[int64]store.Price{587: {TypeID: 587, Average: eve.FromFloat(412345.67), Adjusted: eve.FromFloat(4e5)}, 671: {TypeID: 671, Adjusted: eve.FromFloat(8e10)}}
		check := func(what string) {
			t.Helper()
			list, at, err := s.store.Prices(t.Context())
			if err != nil || len(list) != 2 || list[0] != want[list[0].TypeID] || list[1] != want[list[1].TypeID] || at.IsZero() {
				t.Errorf("%s: got %+v of %v, %v", what, list, at, err)
			}
		}
		check("first")
		for name, fault := range map[string]fake.Fault{"empty": fake.Body([]byte(`[]`)), "gone": fake.Status(502, ""), "nonsense": fake.Body([]byte(`{"a":1}`))} {
			s.esi.Inject(-1, fault)
			if _, err := service.RefreshPrices(t.Context()); err == nil {
				t.Errorf("%s: no error", name)
			}
			s.esi.Heal()
			check(name) // the old ones are better than none
		}
	})
}
