package sim

import (
	"iter"
	"math/rand/v2"
	"time"
)

// Options shape a simulation. Zero fields get the values named.
type Options struct {
	Seed       uint64
	Start      time.Time     // 2026-01-01 00:00
	Duration   time.Duration // 0 never ends; fights and timers that have begun run on for up to three hours
	PerHour    float64       // fights and lone losses begun in an hour, fleets apart: 60
	FleetEvery time.Duration // a fleet fight begins about this often: as often as fourteen others, with PerHour 60 every 14 minutes
	Delay      time.Duration // from a kill to its publication, in the mean: 75 seconds
	Late       float64       // share of killmails published hours late: 0.01, negative for none
	Duplicate  float64       // share of killmails published twice: 0.003, negative for none
}

// killsPerEvent is how many killmails begin with one of PerHour in the mean, the
// fleets that come with it included.
const killsPerEvent = 17

func (o Options) withDefaults() Options {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if o.PerHour <= 0 {
		o.PerHour = 60
	}
	if o.FleetEvery <= 0 {
		o.FleetEvery = time.Duration(14 / o.PerHour * float64(time.Hour))
	}
	if o.Delay <= 0 {
		o.Delay = 75 * time.Second
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
func (s *Simulation) Names() []Name { return s.gen.people.known(0) }

// NamesFrom lists them without the first n, which the caller has already.
func (s *Simulation) NamesFrom(n int) []Name { return s.gen.people.known(n) }

// Kills lets the simulation run and yields its kills in the order in which they are
// published. Killmail ids ascend with the time of the kill. It can be used once.
func (s *Simulation) Kills() iter.Seq[Kill] {
	return func(yield func(Kill) bool) {
		var (
			fought    = queue{by: func(k Kill) time.Time { return k.Mail.Time }}
			published = queue{by: func(k Kill) time.Time { return k.PublishedAt }}
			end       = s.opts.Start.Add(s.opts.Duration)
			other     = s.opts.Start.Add(s.gen.gap(s.opts))
			fleet     = s.opts.Start.Add(s.gen.fleetGap(s.opts) / 2)
		)
		for {
			now := other
			if fleet.Before(now) {
				now = fleet
			}
			now = now.Truncate(time.Second)
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
			var begun []Kill
			if fleet.Before(other) {
				begun, fleet = s.gen.randomFleet(now), fleet.Add(s.gen.fleetGap(s.opts))
			} else {
				begun, other = s.gen.anything(now), other.Add(s.gen.gap(s.opts))
			}
			for _, k := range begun {
				fought.push(k)
			}
		}
	}
}

// generator invents fights.
type generator struct {
	rng    *rand.Rand
	people *people
	busy   map[int64]time.Time // system → until when something goes on there
	fights int
	mails  int64
}

func newGenerator(seed uint64) *generator {
	rng := rand.New(rand.NewPCG(seed, 0xba771e5c09e))
	return &generator{rng: rng, people: newPeople(rng), busy: map[int64]time.Time{}}
}

// gap is the time until something begins that is no fleet fight: at random.
func (g *generator) gap(o Options) time.Duration {
	return time.Duration(g.rng.ExpFloat64() / o.PerHour * float64(time.Hour))
}

// fleetGap is the time until the next fleet fight: fairly even, as fleets form up
// when they hear that others have gone home.
func (g *generator) fleetGap(o Options) time.Duration {
	return time.Duration((0.6 + 0.8*g.rng.Float64()) * float64(o.FleetEvery))
}

// anything begins something that is no fleet fight, with about the mix of New Eden.
func (g *generator) anything(start time.Time) []Kill {
	switch n := g.rng.IntN(100); {
	case n < 16:
		return g.play(KindGang, start)
	case n < 23:
		return g.play(KindRunning, start)
	case n < 28:
		return g.play(KindRoam, start)
	case n < 36:
		return g.play(KindCamp, start)
	case n < 44:
		return g.play(KindGank, start)
	case n < 49:
		return g.play(KindBrawl, start)
	case n < 53:
		return g.play(KindStructure, start)
	case n < 76:
		return g.play(KindSolo, start)
	default:
		return g.play(KindNPC, start)
	}
}

// play invents a fight of a kind.
func (g *generator) play(kind Kind, start time.Time) []Kill {
	switch kind {
	case KindFleet:
		return g.randomFleet(start)
	case KindGang, KindRunning:
		return g.gang(kind, start)
	case KindRoam:
		return g.roam(start)
	case KindBrawl:
		return g.brawl(start)
	case KindCamp:
		return g.camp(start)
	case KindGank:
		return g.gank(start)
	case KindStructure:
		return g.structure(start)
	case KindNPC:
		return g.npc(start)
	case KindSolo:
	}
	return g.solo(start)
}

// publish numbers a killmail and says when the feed has it, once or twice.
func (g *generator) publish(k Kill, o Options) []Kill {
	k.Mail.ID = firstKillmail + g.mails
	g.mails++
	k.PublishedAt = k.Mail.Time.Add(o.Delay/2 + time.Duration(min(g.rng.ExpFloat64(), 8)*float64(o.Delay)/2))
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
