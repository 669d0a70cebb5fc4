package cluster_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

func world(t *testing.T) *sde.Data {
	t.Helper()
	w, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func newStore(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// service returns a clustering service over a store.
func service(t *testing.T, s cluster.Store, b bus.Bus, change ...func(*cluster.Config)) *cluster.Service {
	t.Helper()
	cfg := cluster.DefaultConfig()
	cfg.Coalesce, cfg.Sweep = time.Millisecond, time.Hour
	for _, c := range change {
		c(&cfg)
	}
	if b == nil {
		b = membus.New()
	}
	out, err := cluster.New(cfg, s, b, world(t), slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// save stores killmails as ingest does.
func save(t *testing.T, s store.Store, mails ...*killmail.Killmail) {
	t.Helper()
	b := store.Batch{Now: now}
	for _, k := range mails {
		system, _ := world(t).System(k.SystemID)
		b.Documents = append(b.Documents, store.Document{Document: killmail.Document{Killmail: k}, Space: eve.SpaceOf(system)})
	}
	if _, err := s.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// drain empties the list of work.
func drain(t *testing.T, c *cluster.Service) int {
	t.Helper()
	n, err := c.Drain(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// work lists what is still to be done.
func work(t *testing.T, s store.Store) []int64 {
	t.Helper()
	ids, err := s.Unclustered(t.Context(), 100_000)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// stored returns every battle of a store, by time and smallest killmail.
func stored(t *testing.T, s store.Store) []*store.BattleDetail {
	t.Helper()
	var out []*store.BattleDetail
	p := store.Page{Limit: 100}
	for {
		rows, next, err := s.Battles(t.Context(), store.BattleFilter{Order: store.OrderStarted}, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			d, err := s.Battle(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, d)
		}
		if next == "" {
			return out
		}
		p.Cursor = next
	}
}

// figures is a battle as both engine and store tell it, without its history.
type figures struct {
	Kind, Rule  string
	Systems     []int64
	Start, End  time.Time
	Kills       []string
	Counts      [4]int
	ISK         [2]eve.ISK
	Sides       []string
	PilotsSides []string
}

func ofEngine(b *battle.Battle) figures {
	f := figures{
		Kind: string(b.Kind), Rule: b.KindRule, Systems: b.SystemIDs, Start: b.Start, End: b.End,
		Counts: [4]int{b.ShipsLost, b.CapsulesLost, b.StructuresLost, b.PilotCount}, ISK: [2]eve.ISK{b.ISKDestroyed, b.ISKEstimated},
	}
	for _, k := range b.Kills {
		f.Kills = append(f.Kills, fmt.Sprint(k.Mail.ID, k.Side, k.Link))
	}
	f.describe(b.Sides, b.Pilots)
	return f
}

func ofStore(d *store.BattleDetail) figures {
	f := figures{
		Kind: string(d.Kind), Rule: d.KindRule, Systems: d.SystemIDs, Start: d.Start, End: d.End,
		Counts: [4]int{d.ShipsLost, d.CapsulesLost, d.StructuresLost, d.Pilots}, ISK: [2]eve.ISK{d.ISKDestroyed, d.ISKEstimated},
	}
	for _, k := range d.Killmails {
		f.Kills = append(f.Kills, fmt.Sprint(k.ID, k.Side, k.Link))
	}
	f.describe(d.Sides, d.Members)
	return f
}

func (f *figures) describe(sides []battle.Side, pilots []battle.Pilot) {
	for _, s := range sides {
		text := fmt.Sprint(s.ID, s.Pilots, s.Kills, s.FinalBlows, s.ShipsLost, s.CapsulesLost, s.ISKLost, s.ISKDestroyed, s.DamageDone,
			s.DamageTaken, s.Confidence, s.ThirdParty)
		for _, m := range s.Members {
			text += fmt.Sprint(" ", m.Entity, m.Pilots, m.ShipsLost, m.ISKLost, m.Kills, m.DamageDone, m.Confidence, m.FriendlyFire)
		}
		f.Sides = append(f.Sides, text)
	}
	for _, p := range pilots {
		f.PilotsSides = append(f.PilotsSides, fmt.Sprint(p.CharacterID, p.Side, p.Hulls, p.Kills, p.Losses, p.Podded, p.DamageDone, p.ISKLost))
	}
}

func byFirstKill(list []figures) []figures {
	slices.SortFunc(list, func(a, b figures) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Kills[0], b.Kills[0])) })
	return list
}

// batch is what the engine makes of all killmails at once.
func batch(t *testing.T, mails []*killmail.Killmail) []figures {
	t.Helper()
	battles, err := battle.Form(mails, world(t), battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	out := make([]figures, len(battles))
	for i := range battles {
		out[i] = ofEngine(&battles[i])
	}
	return byFirstKill(out)
}

func figuresOf(t *testing.T, s store.Store) []figures {
	t.Helper()
	var out []figures
	for _, d := range stored(t, s) {
		out = append(out, ofStore(d))
	}
	return byFirstKill(out)
}

// hooked is a store that lets a test step in.
type hooked struct {
	store.Store
	before func(call string) error
}

func (h *hooked) Unclustered(ctx context.Context, limit int) ([]int64, error) {
	if err := h.before("Unclustered"); err != nil {
		return nil, err
	}
	return h.Store.Unclustered(ctx, limit)
}

func (h *hooked) Known(ctx context.Context, ids []int64) ([]store.KnownBattle, error) {
	if err := h.before("Known"); err != nil {
		return nil, err
	}
	return h.Store.Known(ctx, ids)
}

func (h *hooked) CorrectedWork(ctx context.Context) (map[int64]int64, error) {
	if err := h.before("CorrectedWork"); err != nil {
		return nil, err
	}
	return h.Store.CorrectedWork(ctx)
}

func (h *hooked) NewBattleIDs(ctx context.Context, n int) ([]int64, error) {
	if err := h.before("NewBattleIDs"); err != nil {
		return nil, err
	}
	return h.Store.NewBattleIDs(ctx, n)
}

func (h *hooked) Apply(ctx context.Context, c store.Change) error {
	if err := h.before("Apply"); err != nil {
		return err
	}
	return h.Store.Apply(ctx, c)
}

func (h *hooked) Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error) {
	if err := h.before("Load"); err != nil {
		return nil, err
	}
	return h.Store.Load(ctx, ids)
}

func (h *hooked) InSystem(ctx context.Context, system int64, from, to time.Time) ([]int64, error) {
	if err := h.before("InSystem"); err != nil {
		return nil, err
	}
	return h.Store.InSystem(ctx, system, from, to)
}
