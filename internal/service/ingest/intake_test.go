package ingest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/ruleset"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
)

func TestSaveJudges(t *testing.T) {
	t.Parallel()
	in, s, _ := setUp(t)
	s.use(&store.RulesetVersion{Version: 7, Rules: ruleset.Ruleset{MinPilots: 2}})
	lone := mail(2)
	lone.Killmail.Attackers[0].Party = killmail.Party{CorporationID: 1_000_125}
	letter := store.DeadLetter{Source: "r2z2", Reference: "3", Reason: "is empty"}
	got, err := in.Save(t.Context(), ingest.Delivery{
		Documents: []killmail.Document{mail(1), lone, mail(3)}, DeadLetters: []store.DeadLetter{letter},
		Source: "r2z2", Feed: "r2z2", Cursor: 42, Live: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := ingest.Counts{Saved: store.Saved{New: 2}, Broken: 1, Rejected: map[ruleset.Reason]int{ruleset.TooFew: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if got.RejectedTotal() != 1 {
		t.Errorf("got %d rejected, want 1", got.RejectedTotal())
	}
	b := s.saved()[0]
	if len(b.Documents) != 2 || b.Documents[0].Killmail.ID != 1 || b.Documents[1].Killmail.ID != 3 || b.Documents[0].Space != eve.Lowsec {
		t.Errorf("got the documents %+v, want 1 and 3 in lowsec", b.Documents)
	}
	wantBatch := store.Batch{
		DeadLetters: []store.DeadLetter{letter}, Source: "r2z2", Feed: "r2z2", Cursor: 42, Announce: true,
		AnnounceAfter: noon.Add(-24 * time.Hour), Now: noon,
		Rejected: []store.Rejected{{
			KillmailID: 2, Time: lone.Killmail.Time, Facts: ruleset.FactsOf(lone.Killmail, eve.Lowsec), Reason: ruleset.TooFew,
			RulesetVersion: 7, RejectedAt: noon,
		}},
	}
	b.Documents = nil
	if diff := cmp.Diff(wantBatch, b); diff != "" {
		t.Errorf("batch (-want +got):\n%s", diff)
	}
}

func TestSaveValues(t *testing.T) {
	t.Parallel()
	in, s, _ := setUp(t)
	valued, unpriced, pod := mail(2), mail(3), mail(4)
	valued.Killmail.Value = killmail.Value{ISK: 5, Source: killmail.ValueZkb}
	unpriced.Killmail.Victim.ShipTypeID = 999_999_999
	pod.Killmail.Victim.ShipTypeID = 670
	unknown := mail(5)
	unknown.Killmail.SystemID = 30_999_999
	if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{mail(1), valued, unpriced, pod, unknown}}); err != nil {
		t.Fatal(err)
	}
	b := s.saved()[0]
	rifter := killmail.Value{ISK: eve.FromFloat(in.World.BasePrice(587)), Source: killmail.ValueBase, PricedAt: in.World.PricedAt()}
	for i, want := range []killmail.Value{
		rifter, {ISK: 5, Source: killmail.ValueZkb}, {}, {Source: killmail.ValueBase, PricedAt: in.World.PricedAt()}, rifter,
	} {
		if got := b.Documents[i].Killmail.Value; got != want {
			t.Errorf("killmail %d: got %+v, want %+v", i+1, got, want)
		}
	}
	if rifter.ISK == 0 {
		t.Error("the static data has no price of a Rifter")
	}
	if b.Announce {
		t.Error("an archive is announced")
	}
	if got := b.Documents[4].Space; got != eve.Other {
		t.Errorf("unknown system: got %q, want %q", got, eve.Other)
	}
}

func TestSaveSignals(t *testing.T) {
	t.Parallel()
	in, s, b := setUp(t)
	signals, stop := b.Listen(bus.KillmailsStored)
	defer stop()
	signalled := func() bool {
		select {
		case <-signals:
			return true
		default:
			return false
		}
	}
	if _, err := in.Save(t.Context(), ingest.Delivery{Feed: "r2z2", Cursor: 1}); err != nil || signalled() {
		t.Errorf("nothing new: got %v, or a signal", err)
	}
	if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{mail(1)}}); err != nil || !signalled() {
		t.Errorf("a new killmail: got %v, or no signal", err)
	}
	full := errors.New("disk is full")
	s.fail(full)
	got, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{mail(2)}})
	if !errors.Is(err, full) || signalled() {
		t.Errorf("a failing store: got %v, or a signal, want %v", err, full)
	}
	if diff := cmp.Diff(ingest.Counts{}, got); diff != "" {
		t.Errorf("a failing store: counts (-want +got):\n%s", diff)
	}
}

// deafBus cannot publish.
type deafBus struct{ bus.Bus }

func (deafBus) Publish(context.Context, bus.Topic) error { return errors.New("bus is down") }

func TestSaveWithoutBus(t *testing.T) {
	t.Parallel()
	in, s, b := setUp(t)
	in.Bus = deafBus{b}
	if _, err := in.Save(t.Context(), ingest.Delivery{Documents: []killmail.Document{mail(1)}}); err != nil || len(s.saved()) != 1 {
		t.Errorf("got %v and %d batches: what is stored depends on the bus", err, len(s.saved()))
	}
}

func TestCountsAdd(t *testing.T) {
	t.Parallel()
	var sum ingest.Counts
	for _, reason := range []ruleset.Reason{ruleset.TooFew, ruleset.TooFew, ruleset.Unlisted} {
		sum.Add(ingest.Counts{Saved: store.Saved{New: 1, Updated: 2, Known: 3}, Broken: 4, Rejected: map[ruleset.Reason]int{reason: 5}})
	}
	want := ingest.Counts{
		Saved: store.Saved{New: 3, Updated: 6, Known: 9}, Broken: 12, Rejected: map[ruleset.Reason]int{ruleset.TooFew: 10, ruleset.Unlisted: 5},
	}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("sum (-want +got):\n%s", diff)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	_, s, b := setUp(t)
	now := noon
	rules := ingest.NewRules(s, b, func() time.Time { return now })
	active := func(what string, version int64, asked int) {
		t.Helper()
		got, err := rules.Active(t.Context())
		if err != nil || got.Version != version || s.times() != asked {
			t.Errorf("%s: got version %d, %v after %d questions, want %d after %d", what, got.Version, err, s.times(), version, asked)
		}
	}
	active("nothing stored", 0, 1)
	if got, _ := rules.Active(t.Context()); cmp.Diff(ruleset.Default(), got.Rules) != "" {
		t.Errorf("got %+v, want the default", got.Rules)
	}
	s.use(&store.RulesetVersion{Version: 3, Rules: ruleset.Default()})
	active("signal lost", 0, 1)
	now = now.Add(5 * time.Minute)
	active("signal lost, later", 3, 2)
	s.use(&store.RulesetVersion{Version: 4, Rules: ruleset.Default()})
	if err := b.Publish(t.Context(), bus.RulesetChanged); err != nil {
		t.Fatal(err)
	}
	active("signal", 4, 3)
	active("once", 4, 3)
	broken := errors.New("database is gone")
	s.fail(broken)
	now = now.Add(5 * time.Minute)
	if _, err := rules.Active(t.Context()); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	s.fail(nil)
	active("after the failure", 4, 5)
	s.use(&store.RulesetVersion{Version: 5, Rules: ruleset.Default()})
	s.fail(broken)
	if err := b.Publish(t.Context(), bus.RulesetChanged); err != nil {
		t.Fatal(err)
	}
	if _, err := rules.Active(t.Context()); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	s.fail(nil)
	active("a signal whose question failed", 5, 7)
}
