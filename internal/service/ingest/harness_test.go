package ingest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rulesets is an alias so that the embedded field does not hide the method Rulesets.
type rulesets = store.Rulesets

// memory is a store that keeps what it is given and fails when told to.
type memory struct {
	rulesets // only the active one is asked for

	mu       sync.Mutex
	failure  error
	refused  int
	batches  []store.Batch
	statuses []store.FeedStatus
	cursor   int64
	at       time.Time
	rules    *store.RulesetVersion
	asked    int
}

func (m *memory) Save(_ context.Context, b store.Batch) (store.Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failure != nil {
		m.refused++
		return store.Saved{New: 99}, m.failure
	}
	m.batches = append(m.batches, b)
	if b.Feed != "" {
		m.cursor, m.at = b.Cursor, b.Now
	}
	return store.Saved{New: len(b.Documents)}, nil
}

func (m *memory) Cursor(context.Context, string) (int64, time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.failure != nil:
		return 0, time.Time{}, m.failure
	case m.cursor == 0:
		return 0, time.Time{}, store.ErrNotFound
	}
	return m.cursor, m.at, nil
}

func (m *memory) SetFeedStatus(_ context.Context, f store.FeedStatus) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.statuses = append(m.statuses, f)
	return nil
}

func (m *memory) FeedStatuses(context.Context) ([]store.FeedStatus, error) { return m.status(), nil }

func (m *memory) ActiveRuleset(context.Context) (store.RulesetVersion, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	switch {
	case m.failure != nil:
		return store.RulesetVersion{}, m.failure
	case m.rules == nil:
		return store.RulesetVersion{}, store.ErrNotFound
	}
	return *m.rules, nil
}

// fail lets the store fail from now on, or work again with nil, and tells how often a batch was refused.
func (m *memory) fail(err error) (refused int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failure = err
	return m.refused
}

func (m *memory) saved() []store.Batch {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]store.Batch(nil), m.batches...)
}

func (m *memory) status() []store.FeedStatus {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]store.FeedStatus(nil), m.statuses...)
}

func (m *memory) use(r *store.RulesetVersion) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rules = r
}

func (m *memory) times() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked
}

func intake(t *testing.T, s *memory, b bus.Bus, now func() time.Time) *ingest.Intake {
	t.Helper()
	world, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &ingest.Intake{Store: s, Bus: b, World: world, Rules: ingest.NewRules(s, b, now), Now: now}
}

// set up an intake at noon.
func setUp(t *testing.T) (*ingest.Intake, *memory, *membus.Bus) {
	t.Helper()
	s, b := &memory{}, membus.New()
	return intake(t, s, b, func() time.Time { return noon }), s, b
}

func pilot(n int64) killmail.Party {
	return killmail.Party{CharacterID: 90_000_000 + n, CorporationID: 98_000_000 + n, ShipTypeID: 587}
}

// mail makes a document: pilot 1 loses a Rifter to pilot 2 in Tama.
func mail(id int64) killmail.Document {
	return killmail.Document{Killmail: &killmail.Killmail{
		ID: id, Time: noon.Add(-time.Minute), SystemID: 30002813, Victim: killmail.Victim{Party: pilot(1)},
		Attackers: []killmail.Attacker{{Party: pilot(2), FinalBlow: true}},
	}}
}
