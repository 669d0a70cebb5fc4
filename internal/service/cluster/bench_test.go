package cluster_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// written notes when killmails were taken off the list of work.
type written struct {
	store.Store
	mu sync.Mutex
	at map[int64]time.Time
}

func (w *written) Apply(ctx context.Context, c store.Change) error {
	err := w.Store.Apply(ctx, c)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, id := range c.Done {
			w.at[id] = time.Now()
		}
	}
	return err
}

// hotKill is kill n of a fight of two coalitions of twenty alliances with 2,000 pilots each.
func hotKill(r *rand.Rand, n, attackers int, at time.Time) *killmail.Killmail {
	pilot := func(side int64) killmail.Party {
		i := r.Int64N(2000)
		return killmail.Party{
			CharacterID: 95_000_000 + 10_000*side + i, CorporationID: 98_500_000 + 1000*side + i%60,
			AllianceID: 99_500_000 + 1000*side + i%20, ShipTypeID: []int64{621, 11987, 17738, 24702}[i%4],
		}
	}
	side := int64(n % 2)
	k := &killmail.Killmail{
		ID: int64(n + 1), Time: at, SystemID: 30004759,
		Victim: killmail.Victim{Party: pilot(side), DamageTaken: 10_000},
		Value:  killmail.Value{ISK: eve.ISK(1e9 + r.Int64N(1e10)), Source: killmail.ValueZkb},
		Zkb:    &killmail.Zkb{HasValue: true},
	}
	k.Zkb.TotalValue = k.Value.ISK
	for i := range attackers {
		k.Attackers = append(k.Attackers, killmail.Attacker{Party: pilot(1 - side), DamageDone: int64(r.IntN(100)), FinalBlow: i == 0})
	}
	return k
}

// BenchmarkHotFight lets kills arrive at a steady rate in a fight of 3,000 kills with 300
// attackers each, and quietly one by one in an empty New Eden; it reports the time from
// stored to battle written.
func BenchmarkHotFight(b *testing.B) {
	b.Run("3000x300, 5 kills a second", func(b *testing.B) { hotFight(b, 3000, 300, 100, 200*time.Millisecond) })
	b.Run("quiet", func(b *testing.B) { hotFight(b, 2, 3, 20, time.Second) })
}

func hotFight(b *testing.B, before, attackers, more int, every time.Duration) {
	s, err := sqlite.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	world, err := sde.Load()
	if err != nil {
		b.Fatal(err)
	}
	w := &written{Store: s, at: map[int64]time.Time{}}
	signals := membus.New()
	defer func() { _ = signals.Close() }()
	c, err := cluster.New(cluster.DefaultConfig(), w, signals, world, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	start := time.Now().UTC().Add(-time.Duration(before) * 3 * time.Second).Truncate(time.Second)
	put := func(kills ...*killmail.Killmail) {
		batch := store.Batch{Now: time.Now()}
		for _, k := range kills {
			batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: k}, Space: eve.Nullsec})
		}
		if _, err := s.Save(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	var kills []*killmail.Killmail
	for i := range before {
		kills = append(kills, hotKill(r, i, attackers, start.Add(time.Duration(i)*3*time.Second)))
	}
	for chunk := range slices.Chunk(kills, 500) {
		put(chunk...)
	}
	if _, err := c.Drain(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	next := before
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		stored := map[int64]time.Time{}
		tick := time.NewTicker(every)
		for range more {
			<-tick.C
			k := hotKill(r, next, attackers, start.Add(time.Duration(next)*3*time.Second))
			next++
			put(k)
			stored[k.ID] = time.Now()
			if err := signals.Publish(ctx, bus.KillmailsStored); err != nil {
				b.Fatal(err)
			}
		}
		tick.Stop()
		for left := 1; left > 0; {
			<-time.After(20 * time.Millisecond)
			left = len(stored)
			w.mu.Lock()
			for id := range stored {
				if _, done := w.at[id]; done {
					left--
				}
			}
			w.mu.Unlock()
		}
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
		var took []time.Duration
		for id, at := range stored {
			took = append(took, w.at[id].Sub(at))
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
		b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
	}
}
