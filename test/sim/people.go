package sim

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// First ids of what is invented: the upper ends of the ranges that CCP uses.
const (
	firstCharacter   = 2_129_000_001
	firstCorporation = 98_990_001
	firstAlliance    = 99_990_001
	firstKillmail    = 200_000_001
)

// mostStrangers is how many pilots without friends there are before they come again,
// so that a simulation may run for days.
const mostStrangers = 1500

// pilot is one character with its allegiance.
type pilot struct {
	id       int64
	corp     *corporation
	security float64
	free     time.Time // until then in a fight elsewhere
}

type corporation struct {
	id       int64
	alliance int64 // 0 for none
	faction  int64 // whose militia it is in; 0 for none
	pilots   []*pilot
}

type alliance struct {
	id    int64
	corps []*corporation
}

// militia is one side of the faction war: player corporations and newcomers in the
// militia's own corporation.
type militia struct {
	faction int64
	corps   []*corporation
}

// people invents everybody and remembers their names. Only the names may be asked
// for by other goroutines.
type people struct {
	alliances []*alliance
	militias  [2]*militia // at war with each other
	gankers   []*corporation
	strangers []*pilot
	rng       *rand.Rand
	pilots    int
	corps     int
	firstCorp int // shifts the names of corporations
	firstName int // where those of characters do
	tickers   tickers

	mu    sync.Mutex
	names []Name
}

// NPC corporations, with the names that EVE gives them.
var npcCorporations = []Name{
	{eve.Entity{Type: eve.Corporation, ID: concord}, "CONCORD", "CONCO"},
	{eve.Entity{Type: eve.Corporation, ID: guristas}, "Guristas", "G"},
	{eve.Entity{Type: eve.Corporation, ID: stateProtectorate}, "State Protectorate", "SPROT"},
	{eve.Entity{Type: eve.Corporation, ID: federalDefence}, "Federal Defense Union", "FEDEF"},
	{eve.Entity{Type: eve.Corporation, ID: firstSchool}, "School of Applied Knowledge", "SAK"},
	{eve.Entity{Type: eve.Corporation, ID: firstSchool + 1}, "Science and Trade Institute", "STI"},
}

const (
	stateProtectorate = 1000180 // militia corporation of the Caldari
	federalDefence    = 1000181 // of the Gallente
	firstSchool       = 1000044 // corporation of newcomers; so is the next
	caldari           = 500001  // faction
	gallente          = 500004
)

// newPeople invents the alliances with three to six corporations each, two militias
// at war, and crews of gankers. Who is called what depends on rng.
func newPeople(rng *rand.Rand) *people {
	p := &people{rng: rng, tickers: tickers{}, firstCorp: rng.IntN(1000), firstName: rng.IntN(100_000)}
	p.names = slices.Clone(npcCorporations)
	for _, n := range npcCorporations {
		p.tickers.take(n.Ticker)
	}
	for i, b := range shuffled(rng, banners) {
		a := &alliance{id: firstAlliance + int64(i)}
		p.tickers.take(b.ticker)
		p.remember(Name{eve.Entity{Type: eve.Alliance, ID: a.id}, b.name, b.ticker})
		for range 3 + rng.IntN(4) {
			a.corps = append(a.corps, p.newCorporation(a.id, 0))
		}
		p.alliances = append(p.alliances, a)
	}
	p.militias[0] = p.newMilitia(caldari, stateProtectorate)
	p.militias[1] = p.newMilitia(gallente, federalDefence)
	for range 3 {
		p.gankers = append(p.gankers, p.newCorporation(0, 0))
	}
	return p
}

func (p *people) newMilitia(faction, newcomers int64) *militia {
	m := &militia{faction: faction, corps: []*corporation{{id: newcomers, faction: faction}}}
	for range 6 {
		m.corps = append(m.corps, p.newCorporation(0, faction))
	}
	return m
}

func (p *people) newCorporation(allianceID, faction int64) *corporation {
	c := &corporation{id: firstCorporation + int64(p.corps), alliance: allianceID, faction: faction}
	name := corporationName(p.corps, p.firstCorp)
	p.remember(Name{eve.Entity{Type: eve.Corporation, ID: c.id}, name, p.tickers.of(name)})
	p.corps++
	return c
}

func (p *people) newPilot(c *corporation) *pilot {
	id := firstCharacter + int64(p.pilots)
	p.remember(Name{Entity: eve.Entity{Type: eve.Character, ID: id}, Name: characterName(p.firstName + p.pilots)})
	p.pilots++
	one := &pilot{id: id, corp: c, security: float64(p.rng.IntN(90)-39) / 10}
	c.pilots = append(c.pilots, one)
	return one
}

// muster picks n different pilots of the corporations who are in no fight at the
// time, inventing as many as are missing.
func (p *people) muster(at time.Time, n int, corps ...*corporation) []*pilot {
	var free []*pilot
	for _, c := range corps {
		for _, one := range c.pilots {
			if !one.free.After(at) {
				free = append(free, one)
			}
		}
	}
	for i := 0; len(free) < n; i++ {
		free = append(free, p.newPilot(corps[i%len(corps)]))
	}
	p.rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	return free[:n]
}

// stranger is a pilot who has nothing to do with anybody: in a corporation of their
// own, or still in that of the school.
func (p *people) stranger(at time.Time) *pilot {
	if len(p.strangers) >= mostStrangers {
		for range 20 { // hardly any are busy
			if one := pickOne(p.rng, p.strangers); !one.free.After(at) {
				return one
			}
		}
	}
	var corp *corporation
	if p.rng.IntN(3) == 0 {
		corp = &corporation{id: firstSchool + p.rng.Int64N(2)}
	} else {
		corp = p.newCorporation(0, 0)
	}
	one := p.newPilot(corp)
	p.strangers = append(p.strangers, one)
	return one
}

// foes picks n different alliances.
func (p *people) foes(n int) []*alliance {
	return shuffled(p.rng, p.alliances)[:min(n, len(p.alliances))]
}

// coalitions picks n sides of up to so many alliances each.
func (p *people) coalitions(n, alliances int) [][]*alliance {
	all := shuffled(p.rng, p.alliances)
	alliances = max(1, min(alliances, len(all)/n))
	sides := make([][]*alliance, n)
	for i := range sides {
		sides[i], all = all[:alliances], all[alliances:]
	}
	return sides
}

func (p *people) remember(n Name) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names = append(p.names, n)
}

// known returns the names from a number on.
func (p *people) known(from int) []Name {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.names[from:])
}

func shuffled[T any](rng *rand.Rand, from []T) []T {
	all := slices.Clone(from)
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
