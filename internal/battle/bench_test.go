package battle_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// synthetic makes n kills that resemble days of New Eden: fights of all sizes, most of
// them tiny, between alliances with many pilots, in many systems.
func synthetic(n int) []*killmail.Killmail {
	r := rand.New(rand.NewPCG(7, 7))
	kills := make([]*killmail.Killmail, 0, n)
	second := 0
	for id := int64(1); len(kills) < n; {
		second += r.IntN(20)
		one, two := 1+r.Int64N(400), 1+r.Int64N(400)
		system := nullsec + r.Int64N(3000)
		length := 1 + int(r.ExpFloat64()*3)
		gang := 1 + int(r.ExpFloat64()*6)
		base := r.Int64N(50) * 100
		for i := range length {
			if len(kills) == n {
				break
			}
			victim, shooter := one, two
			if i%3 == 2 {
				victim, shooter = two, one
			}
			attackers := make([]killmail.Party, 0, gang)
			for range gang {
				attackers = append(attackers, pilotOf(shooter, base+r.Int64N(int64(2*gang))))
			}
			kills = append(kills, kill(id, second+i*40, system, pilotOf(victim, base+r.Int64N(int64(2*gang))), attackers...))
			id++
		}
	}
	return byTime(kills)
}

// hotFight is one fight of n kills with so many attackers each.
func hotFight(n, attackers int) []*killmail.Killmail {
	r := rand.New(rand.NewPCG(9, 9))
	kills := make([]*killmail.Killmail, 0, n)
	for i := range n {
		alliance := int64(i % 2)
		parties := make([]killmail.Party, 0, attackers)
		for range attackers {
			parties = append(parties, pilotOf(1+alliance+2*r.Int64N(20), r.Int64N(100)))
		}
		kills = append(kills, kill(int64(i+1), i*3, nullsec, pilotOf(2-alliance+2*r.Int64N(20), r.Int64N(100)), parties...))
	}
	return kills
}

func reportRate(b *testing.B, kills int) {
	b.ReportMetric(float64(kills)*float64(b.N)/b.Elapsed().Seconds(), "kills/s")
}

func BenchmarkLink(b *testing.B) {
	kills := synthetic(100_000)
	b.ReportAllocs()
	for b.Loop() {
		battle.Link(kills, testWorld{}, battle.Linked())
	}
	reportRate(b, len(kills))
}

func BenchmarkForm(b *testing.B) {
	kills := synthetic(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := battle.Form(kills, testWorld{}, battle.Linked()); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, len(kills))
}

func BenchmarkFormHotFight(b *testing.B) {
	kills := hotFight(3000, 300)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := battle.Form(kills, testWorld{}, battle.Linked()); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, len(kills))
}

func BenchmarkComponent(b *testing.B) {
	kills := synthetic(10_000)
	p := battle.Linked()
	b.ReportAllocs()
	for b.Loop() {
		p.Component(kills[5000:5001], kills)
	}
	reportRate(b, len(kills))
}

// repeated is the two real days, repeated with shifted times and ids to n killmails.
func repeated(b *testing.B, n int) []*killmail.Killmail {
	two := append(append([]*killmail.Killmail(nil), day(b, saturday)...), day(b, sunday)...)
	kills := make([]*killmail.Killmail, 0, n)
	for shift := 0; len(kills) < n; shift++ {
		for _, k := range two {
			if len(kills) == n {
				break
			}
			c := *k
			c.ID += int64(shift) * 1_000_000_000
			c.Time = c.Time.AddDate(0, 0, 2*shift)
			kills = append(kills, &c)
		}
	}
	return byTime(kills)
}

// perKill reports rate, allocations and bytes per killmail of f.
func perKill(b *testing.B, kills int, f func()) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		f()
	}
	runtime.ReadMemStats(&after)
	all := float64(kills) * float64(b.N)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/all, "allocs/kill")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/all, "B/kill")
	reportRate(b, kills)
}

// BenchmarkRealDays runs the engine over up to a million killmails; bytes per killmail that
// do not grow with their number say that memory is linear.
func BenchmarkRealDays(b *testing.B) {
	world := loadWorld(b)
	for _, n := range []int{250_000, 1_000_000} {
		kills := repeated(b, n)
		b.Run(fmt.Sprintf("link/%d", n), func(b *testing.B) {
			perKill(b, n, func() { battle.Link(kills, world, battle.Linked()) })
		})
		b.Run(fmt.Sprintf("form/%d", n), func(b *testing.B) {
			perKill(b, n, func() {
				if _, err := battle.Form(kills, world, battle.Linked()); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkLateKill takes single killmails out of battles of the real days and lets them
// come late: neighbourhood, battles and names anew.
func BenchmarkLateKill(b *testing.B) {
	world, p := loadWorld(b), battle.Linked()
	kills := slices.Concat(day(b, saturday), day(b, sunday))
	m := newMemory()
	m.store(kills)
	battles, err := battle.Form(kills, world, p)
	if err != nil {
		b.Fatal(err)
	}
	late := func(b *testing.B, from []battle.Battle) {
		r := rand.New(rand.NewPCG(1, 1))
		var took []time.Duration
		for b.Loop() {
			of := from[r.IntN(len(from))]
			seed := of.Kills[r.IntN(len(of.Kills))].Mail
			start := time.Now()
			component, err := p.Neighbourhood([]*killmail.Killmail{seed}, m.load)
			if err != nil {
				b.Fatal(err)
			}
			again, err := battle.Form(component, world, p)
			if err != nil {
				b.Fatal(err)
			}
			battle.Reconcile([]battle.Known{{ID: 1, KillmailIDs: killIDs(of)}}, again, func() int64 { return 2 })
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
	}
	small := slices.DeleteFunc(slices.Clone(battles), func(f battle.Battle) bool { return len(f.Kills) > 200 })
	b.Run("up to 200 kills", func(b *testing.B) { late(b, small) })
	b.Run("Jorund", func(b *testing.B) { late(b, []battle.Battle{*largest(battles)}) })
}
