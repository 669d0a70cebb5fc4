package sim

import (
	"container/heap"
	"iter"
	"math/rand/v2"
	"time"
)

// Options shape a simulation. Zero fields get the values named.
type Options struct {
	Seed      uint64
	Start     time.Time     // 2026-01-01 00:00
	Duration  time.Duration // 0 never ends; the last fights may run on a little longer
	PerHour   float64       // fights and lone losses begun in an hour: 60, about 700 killmails
	Late      float64       // share of killmails published hours late: 0.01, negative for none
	Duplicate float64       // share of killmails published twice: 0.003, negative for none
}

func (o Options) withDefaults() Options {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if o.PerHour <= 0 {
		o.PerHour = 60
	}
	if o.Late == 0 {
		o.Late = 0.01
	}
	if o.Duplicate == 0 {
		o.Duplicate = 0.003
	}
	return o
}

// Simulation is one invented New Eden.
type Simulation struct {
	opts Options
	gen  *generator
}

// New returns a simulation that has not begun.
func New(o Options) *Simulation {
	return &Simulation{opts: o.withDefaults(), gen: newGenerator(o.Seed)}
}

// Names lists everybody invented so far. It may be called while Kills goes on.
func (s *Simulation) Names() []Name { return s.gen.people.known() }

// Kills lets the simulation run and yields its kills in the order in which they are
// published. Killmail ids ascend with the time of the kill. It can be used once.
func (s *Simulation) Kills() iter.Seq[Kill] {
	return func(yield func(Kill) bool) {
		var (
			fought    = queue{by: func(k Kill) time.Time { return k.Mail.Time }}
			published = queue{by: func(k Kill) time.Time { return k.PublishedAt }}
			end       = s.opts.Start.Add(s.opts.Duration)
		)
		for now := s.opts.Start; ; {
			gap := s.gen.rng.ExpFloat64() / s.opts.PerHour * float64(time.Hour)
			now = now.Add(time.Duration(gap)).Truncate(time.Second)
			over := s.opts.Duration > 0 && !now.Before(end)
			// Nothing that begins from now on happens or is published before now.
			for len(fought.kills) > 0 && (over || fought.next().Before(now)) {
				for _, k := range s.gen.publish(fought.pop(), s.opts) {
					published.push(k)
				}
			}
			for len(published.kills) > 0 && (over || published.next().Before(now)) {
				if !yield(published.pop()) {
					return
				}
			}
			if over {
				return
			}
			for _, k := range s.gen.anything(now) {
				fought.push(k)
			}
		}
	}
}

// generator invents fights.
type generator struct {
	rng    *rand.Rand
	people *people
	fights int
	mails  int64
}

func newGenerator(seed uint64) *generator {
	rng := rand.New(rand.NewPCG(seed, 0xba771e5c09e))
	return &generator{rng: rng, people: newPeople(rng)}
}

// anything begins something, with about the mix of New Eden.
func (g *generator) anything(start time.Time) []Kill {
	switch n := g.rng.IntN(100); {
	case n < 7:
		return g.randomFleet(start)
	case n < 22:
		return g.gang(KindGang, start)
	case n < 30:
		return g.gang(KindRunning, start)
	case n < 40:
		return g.camp(start)
	case n < 48:
		return g.gank(start)
	case n < 52:
		return g.structure(start)
	case n < 75:
		return g.solo(start)
	default:
		return g.npc(start)
	}
}

// publish numbers a killmail and says when the feed has it, once or twice.
func (g *generator) publish(k Kill, o Options) []Kill {
	k.Mail.ID = firstKillmail + g.mails
	g.mails++
	k.PublishedAt = k.Mail.Time.Add(35*time.Second + time.Duration(min(g.rng.ExpFloat64(), 8)*40*float64(time.Second)))
	if g.rng.Float64() < o.Late {
		k.PublishedAt = k.Mail.Time.Add(30*time.Minute + time.Duration(g.rng.Float64()*17*float64(time.Hour)))
	}
	if g.rng.Float64() >= o.Duplicate {
		return []Kill{k}
	}
	again := k
	again.Repeated = true
	again.PublishedAt = k.PublishedAt.Add(time.Minute + time.Duration(g.rng.Float64()*2*float64(time.Hour)))
	return []Kill{k, again}
}

func pickOne[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// queue orders kills by a time; kills of the same time keep the order in which they came.
type queue struct {
	by    func(Kill) time.Time
	kills []queued
	count int
}

type queued struct {
	Kill
	at    time.Time
	order int
}

func (q *queue) next() time.Time { return q.kills[0].at }

func (q *queue) push(k Kill) {
	q.count++
	heap.Push((*kills)(&q.kills), queued{k, q.by(k), q.count})
}

func (q *queue) pop() Kill {
	k, _ := heap.Pop((*kills)(&q.kills)).(queued)
	return k.Kill
}

// kills is the heap below a queue.
type kills []queued

func (h kills) Len() int      { return len(h) }
func (h kills) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h kills) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].order < h[j].order
}
func (h *kills) Push(x any) { k, _ := x.(queued); *h = append(*h, k) }
func (h *kills) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
