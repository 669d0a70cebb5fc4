package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// process opens what a process stands on, and its clustering.
func process(t *testing.T, d Data) (*backends, *cluster.Service) {
	t.Helper()
	b, err := openBackends(t.Context(), d, Redis{}, quietLog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	c, err := b.cluster()
	if err != nil {
		t.Fatal(err)
	}
	return b, c
}

func (b *backends) saveMails(ctx context.Context, mails ...*killmail.Killmail) error {
	batch := store.Batch{Now: b.now()}
	for _, k := range mails {
		system, _ := b.world.System(k.SystemID)
		batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: k}, Space: eve.SpaceOf(system)})
	}
	_, err := b.store.Save(ctx, batch)
	return err
}

// decide saves a decision about the battle of a killmail, as often as others are faster.
func (b *backends) decide(ctx context.Context, kill int64, decide func(kills []int64) battle.Decision) (int64, error) {
	for {
		layer, err := b.store.Layer(ctx, battle.Corrections{})
		if err != nil {
			return 0, err
		}
		id, err := b.store.BattleOf(ctx, kill)
		if err != nil {
			return 0, err
		}
		detail, err := b.store.Battle(ctx, id)
		if err != nil {
			return 0, err
		}
		var kills []int64
		for i := range detail.Killmails {
			kills = append(kills, detail.Killmails[i].ID)
		}
		d, g := decide(kills), battle.Ground{Kills: kills}
		c, err := b.store.SaveCorrection(ctx, store.Correction{BattleID: id, Author: "somebody", CreatedAt: b.now(), Decision: d, Rules: d.Rules(g)}, layer.Version)
		if !errors.Is(err, store.ErrConflict) {
			return c, err
		}
	}
}

// TestTwoProcessesCorrect lets two processes cluster on one database at once while
// killmails come in and battles are corrected. In the end both, and one that is started
// afterwards, find every battle as the engine makes it with the corrections.
func TestTwoProcessesCorrect(t *testing.T) {
	t.Parallel()
	d := Data{DatabaseURL: migratedServer(t)}
	one, c1 := process(t, d)
	two, c2 := process(t, d)
	ctx := t.Context()
	fight := sim.Fleet(9, sim.FleetOptions{Start: time.Now().Add(-5 * time.Hour), Pilots: 16}).Mails()
	for _, k := range fight {
		k.ID += 50_000_000
	}
	rest := sim.Day(7, 60).Mails()
	mails := slices.Concat(fight, rest)
	if err := errors.Join(one.saveMails(ctx, fight[:len(fight)-4]...), drained(ctx, c1)); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var g errgroup.Group
	for _, c := range []*cluster.Service{c1, c2} {
		g.Go(func() error {
			for {
				if err := drained(ctx, c); err != nil {
					return err
				}
				select {
				case <-done:
					return drained(ctx, c)
				default:
				}
			}
		})
	}
	g.Go(func() error {
		defer close(done)
		late := slices.Concat(fight[len(fight)-4:], rest)
		var made []int64
		for i := 0; len(late) > 0; i++ {
			n := min(len(late), 7)
			if err := two.saveMails(ctx, late[:n]...); err != nil {
				return err
			}
			late = late[n:]
			b := []*backends{one, two}[i%2]
			id, err := b.decide(ctx, fight[0].ID, func(kills []int64) battle.Decision {
				return battle.Decision{Kills: []battle.KillCorrection{{Verb: []battle.Verb{battle.Exclude, battle.Apart}[i%2], Kill: kills[len(kills)-1]}}}
			})
			if err != nil {
				return err
			}
			if made = append(made, id); i%3 == 2 {
				if err := b.store.TakeBackCorrection(ctx, made[0], "somebody", b.now()); err != nil {
					return err
				}
				made = made[1:]
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(mails))
	for i, k := range mails {
		ids[i] = k.ID
	}
	_, c3 := process(t, d)
	for i, c := range []*cluster.Service{c1, c2, c3} {
		if err := drained(ctx, c); err != nil {
			t.Fatal(err)
		}
		got, err := c.Check(ctx, ids)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Considered) < len(mails) || len(got.Misplaced)+len(got.Differing) > 0 {
			t.Errorf("process %d considers %d of %d killmails, %v are misplaced and %v differ", i+1, len(got.Considered), len(mails), got.Misplaced, got.Differing)
		}
	}
	layer, err := one.store.Layer(ctx, battle.Corrections{})
	if err != nil || layer.Version < 10 || len(layer.Kills) == 0 {
		t.Fatalf("the layer is %+v (%v)", layer, err)
	}
	// The comparison can fail: without the corrections the battles would be others.
	plain, err := cluster.New(cluster.DefaultConfig(), one.store, one.bus, one.world, quietLog, one.now)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := plain.Check(ctx, ids); err != nil || len(got.Misplaced) == 0 {
		t.Errorf("without the corrections %v are misplaced (%v)", got.Misplaced, err)
	}
}

func drained(ctx context.Context, c *cluster.Service) error {
	_, err := c.Drain(ctx, nil)
	if errors.Is(err, store.ErrConflict) {
		return nil // others were faster five times; the work is still on the list
	}
	return err
}

// TestPlanRespectsCorrections asks what a re-cluster would change: not what was corrected.
func TestPlanRespectsCorrections(t *testing.T) {
	t.Parallel()
	d := Data{Data: t.TempDir()}
	b, c := process(t, d)
	ctx := t.Context()
	fight := sim.Fleet(9, sim.FleetOptions{Pilots: 12}).Mails()
	if err := errors.Join(b.saveMails(ctx, fight...), drained(ctx, c)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.decide(ctx, fight[0].ID, func(kills []int64) battle.Decision {
		return battle.Decision{Kills: []battle.KillCorrection{{Verb: battle.Exclude, Kill: kills[2]}}}
	}); err != nil {
		t.Fatal(err)
	}
	if err := drained(ctx, c); err != nil {
		t.Fatal(err)
	}
	r := &Recluster{b}
	got, err := r.Plan(ctx, battle.ProfileLinked, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Changed+got.Created+got.Removed > 0 || got.Same == 0 {
		t.Errorf("the profile in use would change %+v", got)
	}
}
