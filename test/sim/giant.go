package sim

import (
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// GiantOptions shape a battle of the size New Eden sees once in years. Zero fields get
// the values named.
type GiantOptions struct {
	Start     time.Time     // 2026-01-01 12:00
	Length    time.Duration // six hours
	Kills     int           // killmails, capsules included: 3,000
	Pilots    int           // of both sides together, every one on a killmail: 6,000
	Attackers int           // on each killmail: 300
}

func (o GiantOptions) withDefaults() GiantOptions {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	}
	if o.Length <= 0 {
		o.Length = 6 * time.Hour
	}
	if o.Kills <= 0 {
		o.Kills = 3000
	}
	if o.Pilots <= 0 {
		o.Pilots = 6000
	}
	if o.Attackers <= 0 {
		o.Attackers = 300
	}
	return o
}

// giantPlace is where the largest battles of New Eden so far were fought.
var giantPlace = Place{30004773, "M2-XFE", eve.Nullsec}

// giantAlliances stand on each side.
const giantAlliances = 8

// Giant invents one battle with exactly so many killmails, pilots and attackers on
// every killmail, with nothing late or repeated. Each side has to have more pilots than
// attackers, and there have to be enough killmails for everybody to come to one: two
// for every three pilots do.
func Giant(seed uint64, o GiantOptions) Set {
	o = o.withDefaults()
	return scene(seed, func(g *generator) []Kill { return g.giant(o) })
}

func (g *generator) giant(o GiantOptions) []Kill {
	ground := g.newGround(KindFleet, giantPlace, o.Start)
	var sides [2]*giantSide
	for i, alliances := range g.people.coalitions(2, giantAlliances) {
		sides[i] = ground.giantSide(sideName(i), alliances, (o.Pilots+i)/2)
		sides[i].order(ground, o.Kills)
	}
	var (
		victim    ship
		attackers []ship
	)
	for n := range o.Kills {
		ground.now = o.Start.Add(time.Duration(n) * o.Length / time.Duration(o.Kills)).Truncate(time.Second)
		if pod := n%5 == 2 || n%5 == 4; pod && !victim.hull.capital() {
			victim.hull = capsule
		} else {
			loser := g.rng.IntN(2)
			victim, attackers = sides[loser].next(), sides[1-loser].volley(o.Attackers)
		}
		ground.kill(victim, attackers)
	}
	return ground.end()
}

// giantSide is one side of a giant battle.
type giantSide struct {
	armed  []ship // who shoots
	others []ship // who only shows on a killmail when lost: logistics
	doomed []ship // who is lost, in this order, from the beginning again when it is over
	lost   int
	shot   int
}

// giantSide musters the pilots of a side. Every alliance flies a doctrine of its own;
// one ship in forty is a capital.
func (g *ground) giantSide(name string, alliances []*alliance, pilots int) *giantSide {
	side, doctrines := &giantSide{}, shuffled(g.rng, Doctrines())
	capitals := []Hull{naglfar, moros, revelation, archon, nidhoggur, nyx}
	for i, a := range alliances {
		part := pilots*(i+1)/len(alliances) - pilots*i/len(alliances)
		for j, p := range g.muster(part, a.corps...) {
			hull := doctrines[i].hull(j, func(h []Hull) Hull { return pickOne(g.rng, h) })
			if j%40 == 7 {
				hull = pickOne(g.rng, capitals)
			}
			s := ship{pilot: p, side: name, hull: hull}
			if hull.Weapon == 0 {
				side.others = append(side.others, s)
			} else {
				side.armed = append(side.armed, s)
			}
		}
	}
	g.rng.Shuffle(len(side.armed), func(i, j int) { side.armed[i], side.armed[j] = side.armed[j], side.armed[i] })
	return side
}

// order decides who is lost: everybody who does not shoot, and as many who do as there
// are killmails for.
func (s *giantSide) order(g *ground, kills int) {
	losses := kills / 4 // of three ships and two capsules in five killmails, and a little less than half of them
	s.doomed = append(s.doomed, s.others...)
	s.doomed = append(s.doomed, shuffled(g.rng, s.armed)[:max(0, min(losses-len(s.others), len(s.armed)))]...)
	s.doomed = shuffled(g.rng, s.doomed)
}

// next is the next ship that is lost. Whoever was lost before has come back.
func (s *giantSide) next() ship {
	s.lost++
	return s.doomed[(s.lost-1)%len(s.doomed)]
}

// volley is who is on the next killmail: a third of those on the one before make room
// for others, so that everybody comes to several.
func (s *giantSide) volley(n int) []ship {
	out := make([]ship, n)
	for i := range out {
		out[i] = s.armed[(s.shot+i)%len(s.armed)]
	}
	s.shot += max(1, n/3)
	return out
}
