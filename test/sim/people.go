package sim

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/battlescope/battlescope/internal/eve"
)

// First ids of what is invented: the upper ends of the ranges that CCP uses.
const (
	firstCharacter   = 2_129_000_001
	firstCorporation = 98_990_001
	firstAlliance    = 99_990_001
	firstKillmail    = 200_000_001
)

// Name is what an invented entity is called.
type Name struct {
	Entity eve.Entity
	Name   string
	Ticker string // "" for characters
}

// pilot is one character with its allegiance.
type pilot struct {
	id       int64
	corp     *corporation
	security float64
}

type corporation struct {
	id       int64
	alliance int64 // 0 for none
	pilots   []*pilot
}

type alliance struct {
	id    int64
	corps []*corporation
}

// people invents everybody and remembers their names. Only the names may be asked
// for by other goroutines.
type people struct {
	alliances []*alliance
	gankers   *corporation
	rng       *rand.Rand
	pilots    int64
	corps     int64

	mu    sync.Mutex
	names []Name
}

// newPeople invents ten alliances of three corporations each, and a crew of gankers.
func newPeople(rng *rand.Rand) *people {
	p := &people{rng: rng}
	for i := range int64(10) {
		a := &alliance{id: firstAlliance + i}
		p.remember(eve.Alliance, a.id, word(int(i)*7+3)+" "+allianceNouns[int(i)%len(allianceNouns)])
		for range 3 {
			a.corps = append(a.corps, p.newCorporation(a.id))
		}
		p.alliances = append(p.alliances, a)
	}
	p.gankers = p.newCorporation(0)
	return p
}

func (p *people) newCorporation(allianceID int64) *corporation {
	c := &corporation{id: firstCorporation + p.corps, alliance: allianceID}
	p.remember(eve.Corporation, c.id, word(int(p.corps)*17+5)+" "+corporationNouns[int(p.corps)%len(corporationNouns)])
	p.corps++
	return c
}

func (p *people) newPilot(c *corporation) *pilot {
	id := firstCharacter + p.pilots
	p.remember(eve.Character, id, word(int(p.pilots)*5+1)+" "+word(int(p.pilots)/len(starts)*13+int(p.pilots)))
	p.pilots++
	one := &pilot{id: id, corp: c, security: float64(p.rng.IntN(100)-50) / 10}
	c.pilots = append(c.pilots, one)
	return one
}

// muster picks n different pilots of the corporations, inventing as many as are missing.
func (p *people) muster(n int, corps ...*corporation) []*pilot {
	have := 0
	for _, c := range corps {
		have += len(c.pilots)
	}
	for i := 0; have < n; i, have = i+1, have+1 {
		p.newPilot(corps[i%len(corps)])
	}
	var all []*pilot
	for _, c := range corps {
		all = append(all, c.pilots...)
	}
	p.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:n]
}

// stranger invents a pilot who has nothing to do with anybody, in a corporation of their own.
func (p *people) stranger() *pilot { return p.newPilot(p.newCorporation(0)) }

// foes picks n different alliances.
func (p *people) foes(n int) []*alliance {
	all := slices.Clone(p.alliances)
	p.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

func (p *people) remember(kind eve.EntityType, id int64, name string) {
	n := Name{Entity: eve.Entity{Type: kind, ID: id}, Name: name}
	if kind != eve.Character {
		n.Ticker = strings.ToUpper(strings.ReplaceAll(name, " ", ""))[:4]
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names = append(p.names, n)
}

func (p *people) known() []Name {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.names)
}

var (
	starts           = []string{"Ash", "Bel", "Cor", "Dra", "Eri", "Fen", "Gor", "Hal", "Isk", "Jor", "Kel", "Lun", "Mor", "Nyx", "Oru", "Pra", "Quo", "Ras", "Syl", "Tor", "Ulv", "Vas", "Wyr"}
	middles          = []string{"a", "e", "i", "o", "u", "ae", "ia", "on", "ur", "il", "an"}
	ends             = []string{"dan", "vek", "ris", "thor", "mir", "kar", "lin", "sha", "tov", "nara", "bel", "zon", "wyn"}
	allianceNouns    = []string{"Compact", "Dominion", "Concordat", "Horizon", "Syndics", "Ascendancy", "Accord", "Pact", "Union", "Bloc"}
	corporationNouns = []string{"Salvage", "Navy", "Heavy Industries", "Logistics", "Reconnaissance", "Mining Guild", "Marauders"}
)

// word invents a word; numbers below 3,289 give different ones.
func word(n int) string {
	n = max(n, 0)
	return starts[n%len(starts)] + middles[n/len(starts)%len(middles)] + ends[n/len(starts)/len(middles)%len(ends)]
}
