package battle_test

import (
	"math/rand/v2"
	"testing"

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

// BenchmarkRealDays runs the two real days, repeated with shifted times and ids, as a
// million killmails.
func BenchmarkRealDays(b *testing.B) {
	two := append(append([]*killmail.Killmail(nil), day(b, saturday)...), day(b, sunday)...)
	world := loadWorld(b)
	kills := make([]*killmail.Killmail, 0, 1_000_000)
	for shift := 0; len(kills) < cap(kills); shift++ {
		for _, k := range two {
			if len(kills) == cap(kills) {
				break
			}
			c := *k
			c.ID += int64(shift) * 1_000_000_000
			c.Time = c.Time.AddDate(0, 0, 2*shift)
			kills = append(kills, &c)
		}
	}
	kills = byTime(kills)
	b.Run("link", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			battle.Link(kills, world, battle.Linked())
		}
		reportRate(b, len(kills))
	})
	b.Run("form", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := battle.Form(kills, world, battle.Linked()); err != nil {
				b.Fatal(err)
			}
		}
		reportRate(b, len(kills))
	})
}
