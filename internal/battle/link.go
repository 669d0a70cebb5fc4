package battle

import (
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// rule names a reason for a link. Rules are tried in this order; the first that
// holds is the evidence.
type rule uint8

const (
	ruleNone rule = iota
	rulePod
	ruleCrew
	ruleOpposition
	ruleResume
	ruleChase
	ruleEnvironment
	ruleShared
)

var ruleNames = [...]string{
	ruleNone:        "",
	rulePod:         "pod",
	ruleCrew:        "crew",
	ruleOpposition:  "opposition",
	ruleResume:      "resume",
	ruleChase:       "chase",
	ruleEnvironment: "environment",
	ruleShared:      "shared",
}

// link is why a kill belongs to its group.
type link struct {
	rule   rule
	with   int32 // kill
	pilots int32 // shared
}

// Link returns the groups of kills that belong together, kills alone included, by
// time of their first kill. Within a group kills stand by time and id. The order of
// the input does not matter; of killmails with the same id one is kept.
func Link(kills []*killmail.Killmail, world World, params Params) [][]*killmail.Killmail {
	t := newTable(kills)
	groups := linkTable(t, world, &params, params.Corrections.rule(t))
	out := make([][]*killmail.Killmail, groups.len())
	flat := make([]*killmail.Killmail, len(t.kills))
	for i, k := range groups.order {
		flat[i] = t.kills[k]
	}
	for g := range out {
		out[g] = flat[groups.start[g]:groups.start[g+1]:groups.start[g+1]]
	}
	return out
}

// groups is a partition of the kills of a table. Group g holds
// order[start[g]:start[g+1]], by time; groups stand by their first kill.
type groups struct {
	order []int32
	start []int32
	links []link // by kill
}

func (g *groups) len() int { return len(g.start) - 1 }

func (g *groups) kills(i int) []int32 { return g.order[g.start[i]:g.start[i+1]] }

// linkTable groups the kills of t by the rules of the profile.
func linkTable(t *table, world World, params *Params, ruled *rulings) *groups {
	l := newLinker(t, world, params)
	l.ruled = ruled
	if params.Profile == ProfileClassic {
		l.run(l.addClassic)
		return l.corrected(l.groups())
	}
	l.run(l.add)
	g := l.groups()
	return l.corrected(newCutter(t, l, &params.Cut).cut(g))
}

// run adds the kills by time, without those that are taken out of linking.
func (l *linker) run(add func(k int32)) {
	for k := range int32(len(l.t.kills)) {
		if l.ruled == nil || !l.ruled.detached[k] {
			add(k)
		}
	}
}

// corrected joins what must be together.
func (l *linker) corrected(g *groups) *groups {
	if l.ruled == nil {
		return g
	}
	return l.ruled.join(g)
}

// sighting is what a group knows of one pilot, or of one pair of opponents, in one
// system. Sightings of the same pilot or pair form a list.
type sighting struct {
	group  int32
	system int32
	attack int32 // last kill as attacker, or none
	loss   int32 // last kill as victim, or none
	kills  int32 // number of kills as attacker
	next   int32 // next sighting of the same pilot or pair, or none
}

// candidate gathers what links the current kill to one group. The names are those of
// LinkParams.
type candidate struct {
	group  int32
	crew   int32 // attackers seen within turn, crew, or camp when they have the kills for it
	stay   int32 // attackers that attacked within camp
	victim bool  // the victim attacked within turn
	again  bool  // the victim lost something within turn
	resume int32 // pilots within resume, same system
	siege  int32 // pilots within siege, same system
	chase  int32 // pilots within chase, other systems
	moved  int32 // pilots within move, other systems
	from   int32 // system of the latest kill of the chase
	last   int32 // latest kill of the group that a shared pilot was on
	here   bool  // the opposition was seen within opposition, same system
	lately bool  // the opposition was seen within crew, same system
	known  bool  // the opposition was seen at all
}

// linker runs through the kills by time. A group is a set of kills in a union-find
// forest; what it knows of pilots hangs on the pilots, so that a kill only ever
// looks at groups its own pilots were in.
type linker struct {
	t      *table
	world  World
	p      *Params
	parent []int32 // by kill: group = root kill
	size   []int32 // by root
	begin  []int32 // by root: earliest kill (only classic asks)
	end    []int32 // by root: latest kill
	links  []link
	mate   []int32  // by kill: the ship a capsule belongs to, or none
	ruled  *rulings // nil without corrections

	sightings []sighting
	free      int32
	ofPilot   []int32 // first sighting
	ofPair    []int32
	pairs     *interner
	wrecks    *interner // pilots by the system in which they lost something
	lostShip  []int32   // by wreck: last loss that was no capsule
	lostPod   []int32

	candidates []candidate
	marked     []int32 // by pilot: last kill that counted it
	entMarked  []int32 // by entity
	crew       []int32 // distinct pilots of the current kill, the victim first
	opponents  []int32 // pairs of the current kill
	hits       []int32 // candidates that hold
}

func newLinker(t *table, world World, params *Params) *linker {
	n := len(t.kills)
	return &linker{
		t: t, world: world, p: params,
		parent: sequence(n), size: filled(n, 1), begin: sequence(n), end: sequence(n),
		links: make([]link, n), mate: filled(n, none),
		sightings: make([]sighting, 0, 2*n), free: none,
		ofPilot: filled(t.pilots.len(), none), pairs: newInterner(n),
		wrecks: newInterner(n),
		marked: filled(t.pilots.len(), none), entMarked: filled(t.entities.len(), none),
	}
}

func filled(n int, value int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = value
	}
	return s
}

func sequence(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (l *linker) find(k int32) int32 {
	for l.parent[k] != k {
		l.parent[k] = l.parent[l.parent[k]]
		k = l.parent[k]
	}
	return k
}

// union merges two groups unless they must stay apart; the larger keeps its root, of
// equals the earlier.
func (l *linker) union(a, b int32) {
	a, b = l.find(a), l.find(b)
	if a == b || l.ruled != nil && l.ruled.forbids(a, b, l.find) {
		return
	}
	if l.size[b] > l.size[a] || l.size[b] == l.size[a] && b < a {
		a, b = b, a
	}
	l.parent[b] = a
	l.size[a] += l.size[b]
	l.begin[a] = min(l.begin[a], l.begin[b])
	l.end[a] = max(l.end[a], l.end[b])
}

// add links kill k to the groups of earlier kills, by all rules that hold.
func (l *linker) add(k int32) {
	victim := l.t.pilot[l.t.first[k]]
	pod := isCapsule(l.t.kills[k].Victim.ShipTypeID)
	if victim != none {
		l.joinShip(k, victim, pod)
	}
	if l.t.npc[k] {
		if victim != none && l.links[k].rule == ruleNone {
			l.environment(k, victim)
		}
	} else {
		l.gather(k)
		l.decide(k)
		l.remember(k)
	}
}

// joinShip holds a capsule and the ship its pilot lost together, whoever shot.
// Both can fall in the same second, and then in either order.
func (l *linker) joinShip(k, victim int32, pod bool) {
	wreck := l.wrecks.intern(int64(victim)<<32 | int64(l.t.system[k]))
	if int(wreck) == len(l.lostShip) {
		l.lostShip, l.lostPod = append(l.lostShip, none), append(l.lostPod, none)
	}
	other, within := l.lostPod[wreck], int32(0)
	if pod {
		other, within = l.lostShip[wreck], seconds(l.p.Link.Pod)
		l.lostPod[wreck] = k
	} else {
		l.lostShip[wreck] = k
	}
	if other == none || l.t.at[k]-l.t.at[other] > within {
		return
	}
	l.mate[k] = other
	l.union(other, k)
	l.links[k] = link{rule: rulePod, with: other, pilots: 1}
}

// environment joins a loss to NPCs to the group in which the victim was last seen.
func (l *linker) environment(k, victim int32) {
	best := none
	for s := l.ofPilot[victim]; s != none; s = l.sightings[s].next {
		e := &l.sightings[s]
		if e.system != l.t.system[k] {
			continue
		}
		if last := max(e.attack, e.loss); last > best && l.t.at[k]-l.t.at[last] <= seconds(l.p.Link.Environment) {
			best = last
		}
	}
	if best != none {
		l.union(best, k)
		l.links[k] = link{rule: ruleEnvironment, with: best, pilots: 1}
	}
}

// gather collects the pilots and opponents of kill k and the groups that know them.
func (l *linker) gather(k int32) {
	t, p := l.t, &l.p.Link
	l.crew, l.opponents, l.candidates = l.crew[:0], l.opponents[:0], l.candidates[:0]
	first, end := t.first[k], t.first[k+1]
	victim, against := t.pilot[first], t.entity[first]
	instanced := eve.IsAbyssalSystem(t.kills[k].SystemID) || eve.IsVoidSystem(t.kills[k].SystemID)

	for row := first; row < end; row++ {
		pilot := t.pilot[row]
		if pilot != none && l.marked[pilot] != k {
			l.marked[pilot] = k
			l.crew = append(l.crew, pilot)
			l.meet(k, pilot, pilot == victim)
		}
		entity := t.entity[row]
		if row > first && entity != none && against != none && entity != against && l.entMarked[entity] != k {
			l.entMarked[entity] = k
			pair := l.pairs.intern(int64(min(entity, against))<<32 | int64(max(entity, against)))
			if int(pair) == len(l.ofPair) {
				l.ofPair = append(l.ofPair, none)
			}
			l.opponents = append(l.opponents, pair)
		}
	}
	for _, pair := range l.opponents {
		l.walk(&l.ofPair[pair], k, func(e *sighting, age int32) {
			here := !instanced && e.system == t.system[k] && age <= seconds(p.Opposition)
			c := l.candidate(e.group, here)
			if c != nil {
				c.known = true
				c.lately = c.lately || e.system == t.system[k] && age <= seconds(p.Crew)
				if here {
					c.here = true
					c.last = max(c.last, e.attack)
				}
			}
		})
	}
}

// meet adds what the groups know of one pilot of kill k.
func (l *linker) meet(k, pilot int32, isVictim bool) {
	t, p := l.t, &l.p.Link
	l.walk(&l.ofPilot[pilot], k, func(e *sighting, age int32) {
		if e.system != t.system[k] {
			if age <= seconds(p.Chase) {
				c := l.candidate(e.group, true)
				c.chase++
				if age <= seconds(p.Move) {
					c.moved++
				}
				if last := max(e.attack, e.loss); last > c.last {
					c.last, c.from = last, e.system
				}
			}
			return
		}
		c := l.candidate(e.group, true)
		c.last = max(c.last, e.attack, e.loss)
		if age <= seconds(p.Resume) {
			c.resume++
		}
		if age <= seconds(p.Siege) {
			c.siege++
		}
		if isVictim {
			c.victim = c.victim || e.attack != none && t.at[k]-t.at[e.attack] <= seconds(p.Turn)
			c.again = c.again || e.loss != none && t.at[k]-t.at[e.loss] <= seconds(p.Turn)
			return
		}
		near := age <= seconds(p.Turn)
		if e.attack != none {
			attacked := t.at[k] - t.at[e.attack]
			near = near || attacked <= seconds(p.Crew) || attacked <= seconds(p.Camp) && e.kills >= int32(p.CampKills)
			if attacked <= seconds(p.Camp) {
				c.stay++
			}
		}
		if near {
			c.crew++
		}
	})
}

// walk visits the sightings of one pilot or pair that are young enough to matter,
// after dropping the others. Groups are roots; each group and system comes once.
func (l *linker) walk(head *int32, k int32, visit func(e *sighting, age int32)) {
	horizon := seconds(max(l.p.horizon(), l.p.Link.Opposition, l.p.Link.Chase))
	for at := head; *at != none; {
		s := *at
		e := &l.sightings[s]
		if l.t.at[k]-l.t.at[max(e.attack, e.loss)] > horizon || l.folded(*head, s) {
			*at = e.next
			e.next, l.free = l.free, s
			continue
		}
		at = &e.next
	}
	for s := *head; s != none; s = l.sightings[s].next {
		e := &l.sightings[s]
		visit(e, l.t.at[k]-l.t.at[max(e.attack, e.loss)])
	}
}

// folded brings sighting s to its group's root. If an earlier sighting of the list
// already stands for the same group and system, it takes s in and folded is true.
func (l *linker) folded(head, s int32) bool {
	e := &l.sightings[s]
	e.group = l.find(e.group)
	for o := head; o != s; o = l.sightings[o].next {
		f := &l.sightings[o]
		if f.group == e.group && f.system == e.system {
			f.attack, f.loss, f.kills = max(f.attack, e.attack), max(f.loss, e.loss), f.kills+e.kills
			return true
		}
	}
	return false
}

// candidate returns the entry of a group for the current kill, making one if asked to.
func (l *linker) candidate(group int32, make bool) *candidate {
	for i := range l.candidates {
		if l.candidates[i].group == group {
			return &l.candidates[i]
		}
	}
	if !make {
		return nil
	}
	l.candidates = append(l.candidates, candidate{group: group, last: none})
	return &l.candidates[len(l.candidates)-1]
}

// decide links kill k to every candidate for which a rule holds.
func (l *linker) decide(k int32) {
	best := l.links[k]
	l.hits = l.hits[:0]
	for i := range l.candidates {
		c := &l.candidates[i]
		if r := l.holds(c, int32(len(l.crew))); r != ruleNone {
			l.hits = append(l.hits, c.group)
			if best.rule == ruleNone || c.last > best.with && best.rule != rulePod {
				best = link{rule: r, with: c.last, pilots: c.resume}
			}
		}
	}
	if len(l.hits) == 0 && best.rule == ruleNone && len(l.crew) >= l.p.Link.ChaseCrew {
		for i := range l.candidates {
			if c := &l.candidates[i]; l.chased(c, k) {
				l.hits = append(l.hits, c.group)
				if best.rule == ruleNone || c.last > best.with {
					best = link{rule: ruleChase, with: c.last, pilots: c.chase}
				}
			}
		}
	}
	l.links[k] = best
	if l.ruled != nil && len(l.hits) > 0 {
		l.union(best.with, k) // of groups that must stay apart the best wins
	}
	for _, g := range l.hits {
		l.union(g, k)
	}
}

// holds returns the first rule by which a kill of so many pilots belongs to the
// candidate in the same system.
func (l *linker) holds(c *candidate, pilots int32) rule {
	p := &l.p.Link
	switch {
	case c.victim, c.again && (c.known || c.crew > 0), l.enough(c.crew, 1, pilots), l.enough(c.stay, int32(p.CampCrew), pilots):
		return ruleCrew
	case c.here && (l.size[c.group] >= int32(p.OppositionKills) || pilots >= int32(p.OppositionPilots) || c.crew > 0):
		return ruleOpposition
	case c.lately && c.resume > 0, c.known && (l.part(c.resume, p.ResumePilots, pilots) || l.part(c.siege, p.SiegePilots, pilots)):
		return ruleResume
	}
	return ruleNone
}

// enough reports whether n of a kill's pilots are at least so many and a fair share.
func (l *linker) enough(n, least, pilots int32) bool {
	return n >= least && float64(n) >= l.p.Link.NearShare*float64(pilots)
}

// part is enough with the larger share that a lull demands.
func (l *linker) part(n int32, least int, pilots int32) bool {
	return n >= int32(least) && float64(n) >= l.p.Link.ResumeShare*float64(pilots)
}

// chased reports whether kill k goes on with the candidate's fight in another system.
func (l *linker) chased(c *candidate, k int32) bool {
	p := &l.p.Link
	if c.chase < int32(p.ChasePilots) || float64(c.chase) < p.ChaseShare*float64(len(l.crew)) {
		return false
	}
	if c.known && c.chase >= int32(p.JumpPilots) {
		return true
	}
	moved := c.moved >= int32(p.ChaseCrew) && float64(c.moved) >= p.MoveShare*float64(len(l.crew))
	return (c.known || moved) && slices.Contains(l.world.Neighbors(l.t.systems.keys[c.from]), l.t.kills[k].SystemID)
}

// remember writes the pilots and opponents of kill k into its group.
func (l *linker) remember(k int32) {
	group := l.find(k)
	victim := l.t.pilot[l.t.first[k]]
	for _, pilot := range l.crew {
		e := l.sighting(&l.ofPilot[pilot], group, l.t.system[k])
		if pilot == victim {
			e.loss = k
		} else {
			e.attack = k
			e.kills++
		}
	}
	for _, pair := range l.opponents {
		l.sighting(&l.ofPair[pair], group, l.t.system[k]).attack = k
	}
}

// sighting returns the entry of a group and system in a list, a new one at the head
// if there is none.
func (l *linker) sighting(head *int32, group, system int32) *sighting {
	for s := *head; s != none; s = l.sightings[s].next {
		if e := &l.sightings[s]; e.system == system && l.find(e.group) == group {
			return e
		}
	}
	s := l.free
	if s != none {
		l.free = l.sightings[s].next
	} else {
		s = int32(len(l.sightings))
		l.sightings = append(l.sightings, sighting{})
	}
	l.sightings[s] = sighting{group: group, system: system, attack: none, loss: none, next: *head}
	*head = s
	return &l.sightings[s]
}

// groups sorts the kills by group.
func (l *linker) groups() *groups {
	n := len(l.parent)
	number := filled(n, none) // by root
	of := make([]int32, n)
	var start []int32
	for k := range n {
		root := l.find(int32(k))
		if number[root] == none {
			number[root] = int32(len(start))
			start = append(start, l.size[root])
		}
		of[k] = number[root]
	}
	g := &groups{order: make([]int32, n), start: make([]int32, len(start)+1), links: l.links}
	for i, size := range start {
		g.start[i+1] = g.start[i] + size
	}
	next := slices.Clone(g.start)
	for k := range n {
		g.order[next[of[k]]] = int32(k)
		next[of[k]]++
	}
	return g
}
