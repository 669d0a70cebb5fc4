package battle

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
)

// Corrections is what people decided where the engine was wrong: a layer over its
// rules that every recomputation respects. The zero value decides nothing. The order
// of the entries does not matter, nor whether their killmails are known yet: an entry
// that names one that is not among the kills waits for it. What must be together counts
// as one: where one killmail of it must be apart from another, all must be.
type Corrections struct {
	Version  int64 // number of this state of the layer; history, no input of the engine
	Kills    []KillCorrection
	Entities []EntityCorrection
}

// Verb is what a correction does.
type Verb string

// The verbs. Where they contradict each other Exclude wins, then Apart, then the others.
const (
	Together Verb = "together" // must be in one battle, or on one side
	Apart    Verb = "apart"    // must not be
	Move     Verb = "move"     // as Together, and the first brings nothing of its own along: it links nothing, and its fire counts for nobody's side
	Exclude  Verb = "exclude"  // stands alone, or on no side
)

// KillCorrection decides about killmails.
type KillCorrection struct {
	Verb Verb
	Kill int64 // killmail id
	With int64 // killmail id; 0 for Exclude
}

// EntityCorrection decides about alliances, corporations or pilots in one battle. A
// corporation or pilot that is named stands by itself there, apart from its alliance.
type EntityCorrection struct {
	Verb   Verb
	In     int64 // id of a killmail of the battle
	Entity eve.Entity
	With   eve.Entity // zero for Exclude
}

// Validate reports the first entry that makes no sense.
func (c Corrections) Validate() error {
	check := func(what string, i int, verb Verb, id, with int64) error {
		switch verb {
		case Together, Apart, Move:
			if id == with {
				return fmt.Errorf("correction of %s %d: %d is put %s with itself", what, i+1, id, verb)
			}
			if with <= 0 {
				return fmt.Errorf("correction of %s %d: %s needs a second id", what, i+1, verb)
			}
		case Exclude:
			if with != 0 {
				return fmt.Errorf("correction of %s %d: exclude takes one id, not %d as well", what, i+1, with)
			}
		default:
			return fmt.Errorf("correction of %s %d: unknown verb %q", what, i+1, verb)
		}
		if id <= 0 {
			return fmt.Errorf("correction of %s %d: names no id", what, i+1)
		}
		return nil
	}
	for i, k := range c.Kills {
		if err := check("killmails", i, k.Verb, k.Kill, k.With); err != nil {
			return err
		}
	}
	for i, e := range c.Entities {
		if err := check("entities", i, e.Verb, e.Entity.ID, e.With.ID); err != nil {
			return err
		}
		if e.In <= 0 {
			return fmt.Errorf("correction of entities %d: names no killmail of the battle", i+1)
		}
	}
	return nil
}

// Killmails lists the ids of all killmails that are named, ascending.
func (c Corrections) Killmails() []int64 {
	out := make([]int64, 0, 2*len(c.Kills)+len(c.Entities))
	for _, k := range c.Kills {
		out = append(out, k.Kill)
		if k.With != 0 {
			out = append(out, k.With)
		}
	}
	for _, e := range c.Entities {
		out = append(out, e.In)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// none reports whether nothing is decided.
func (c *Corrections) none() bool { return len(c.Kills) == 0 && len(c.Entities) == 0 }

// partners lists, by killmail, those that must be known wherever it is.
func (c *Corrections) partners() map[int64][]int64 {
	var out map[int64][]int64
	for _, k := range c.Kills {
		if k.Verb == Together || k.Verb == Move {
			if out == nil {
				out = make(map[int64][]int64)
			}
			out[k.Kill] = append(out[k.Kill], k.With)
			out[k.With] = append(out[k.With], k.Kill)
		}
	}
	return out
}

// rulings are the corrections of killmails in terms of a table.
type rulings struct {
	detached map[int32]bool // kills that take no part in linking
	apart    [][2]int32
	together [][2]int32 // Move as well
	count    map[int32]int
	bars     *bars // nil when nothing must be apart
}

// rule finds the kills of the corrections in the table; nil when none is there.
func (c *Corrections) rule(t *table) *rulings {
	if len(c.Kills) == 0 {
		return nil
	}
	at := make(map[int64]int32, 2*len(c.Kills))
	for _, k := range c.Kills {
		at[k.Kill], at[k.With] = none, none
	}
	for i, k := range t.kills {
		if _, named := at[k.ID]; named {
			at[k.ID] = int32(i)
		}
	}
	r := &rulings{detached: map[int32]bool{}, count: map[int32]int{}}
	excluded := map[int32]bool{}
	for _, k := range c.Kills {
		if kill := at[k.Kill]; k.Verb == Exclude && kill != none {
			r.detached[kill], excluded[kill] = true, true
		}
	}
	for _, k := range c.Kills {
		kill, with := at[k.Kill], at[k.With]
		if kill == none {
			continue
		}
		r.count[kill]++
		if with == none && k.Verb != Exclude {
			continue
		}
		pair := [2]int32{min(kill, with), max(kill, with)}
		switch {
		case k.Verb == Exclude || excluded[kill] || excluded[with]:
		case k.Verb == Apart:
			r.apart = append(r.apart, pair)
		case k.Verb == Move:
			r.detached[kill] = true
			r.together = append(r.together, pair)
		default:
			r.together = append(r.together, pair)
		}
	}
	slices.SortFunc(r.together, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	r.bars = newBars(r.apart, r.together)
	return r
}

// forbids reports whether two different groups, given by their roots, must stay apart.
func (r *rulings) forbids(a, b int32, find func(int32) int32) bool {
	return r.bars != nil && r.bars.between(a, b, find)
}

// join merges the groups that must be one, in the order of their kills, unless a pair
// that must stay apart forbids it.
func (r *rulings) join(g *groups) *groups {
	if len(r.together) == 0 {
		return g
	}
	groupOf := make([]int32, len(g.order))
	for i := range g.len() {
		for _, k := range g.kills(i) {
			groupOf[k] = int32(i)
		}
	}
	parent := sequence(g.len())
	root := func(i int32) int32 {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	find := func(k int32) int32 { return root(groupOf[k]) }
	for _, pair := range r.together {
		a, b := find(pair[0]), find(pair[1])
		if a != b && !r.forbids(a, b, find) {
			parent[max(a, b)] = min(a, b)
		}
	}
	merged := make([][]int32, g.len())
	for i := range g.len() {
		to := root(int32(i))
		merged[to] = append(merged[to], g.kills(i)...)
	}
	out := &groups{order: make([]int32, 0, len(g.order)), start: make([]int32, 1, len(g.start)), links: g.links}
	for _, kills := range merged {
		if len(kills) > 0 {
			slices.Sort(kills)
			out.order = append(out.order, kills...)
			out.start = append(out.start, int32(len(out.order)))
		}
	}
	return out
}

// entityRulings are the corrections of entities that concern the current group.
type entityRulings struct {
	named    map[int64]bool // entities that stand by themselves
	apart    [][2]int64
	together [][2]int64
	moved    map[int64]bool
	excluded map[int64]bool
}

// byKill lists corrections of entities by the killmail they hold on to; nil without any.
func byKill(list []EntityCorrection) map[int64][]EntityCorrection {
	if len(list) == 0 {
		return nil
	}
	out := make(map[int64][]EntityCorrection)
	for _, c := range list {
		out[c.In] = append(out[c.In], c)
	}
	return out
}

// concerning returns the corrections of entities for a group, nil without any, and
// how many corrections of both sorts concern it.
func (f *former) concerning(kills []int32) (e *entityRulings, count int) {
	if f.p.Corrections.none() {
		return nil, 0
	}
	for _, k := range kills {
		if f.ruled != nil {
			count += f.ruled.count[k]
		}
		for _, c := range f.entityRules[f.t.kills[k].ID] {
			if e == nil {
				e = &entityRulings{named: map[int64]bool{}, moved: map[int64]bool{}, excluded: map[int64]bool{}}
			}
			count++
			e.add(c)
		}
	}
	if e != nil {
		byIDs := func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }
		slices.SortFunc(e.together, byIDs)
		slices.SortFunc(e.apart, byIDs)
	}
	return e, count
}

func (e *entityRulings) add(c EntityCorrection) {
	pair := [2]int64{min(c.Entity.ID, c.With.ID), max(c.Entity.ID, c.With.ID)}
	e.named[pair[0]], e.named[pair[1]] = true, true
	switch c.Verb {
	case Exclude:
		e.excluded[c.Entity.ID] = true
	case Apart:
		e.apart = append(e.apart, pair)
	case Move:
		e.moved[c.Entity.ID] = true
		e.together = append(e.together, pair)
	default:
		e.together = append(e.together, pair)
	}
}

// splitNamed lets corporations and pilots that a correction names stand by themselves.
func (f *former) splitNamed(kills []int32, e *entityRulings) {
	if e == nil {
		return
	}
	for _, k := range kills {
		for row := f.t.first[k]; row < f.t.first[k+1]; row++ {
			p := f.party(k, row)
			var id int64
			switch {
			case f.rows[row] == none:
				continue
			case p.IsPlayer() && e.named[p.CharacterID]:
				id = p.CharacterID
			case e.named[p.CorporationID] && eve.IsPlayerCorporation(p.CorporationID):
				id = p.CorporationID
			default:
				continue
			}
			if f.t.entities.keys[f.rows[row]] != id {
				f.replace(row, id)
			}
		}
	}
}

// replace lets a row stand for another entity in the current group.
func (f *former) replace(row int32, id int64) {
	if !f.private { // the table stays as it is
		f.rows, f.private = slices.Clone(f.t.entity), true
	}
	f.rows[row] = f.t.entities.intern(id)
	f.changed = append(f.changed, row)
}

// constraints are the rulings about entities in terms of the nodes of a side search.
type constraints struct {
	block []int32 // by node: smallest node that must be on its side
	apart [][2]int32
	free  []bool // by node: its own evidence counts for nothing
	held  []bool // by node: a correction placed it
}

// constrain prepares the constraints for the nodes of the current group.
func (s *sider) constrain(e *entityRulings) {
	s.bound = nil
	if e == nil {
		return
	}
	at := make(map[int64]int32, s.n)
	for v := range int32(s.n) {
		at[s.t.entities.keys[s.nodes[v]]] = v
	}
	b := &constraints{block: sequence(s.n), free: make([]bool, s.n), held: make([]bool, s.n)}
	for id, v := range at {
		b.free[v] = e.moved[id] || e.excluded[id]
		b.held[v] = b.free[v]
	}
	usable := func(p [2]int64) (x, y int32, ok bool) {
		x, one := at[p[0]]
		y, two := at[p[1]]
		return x, y, one && two && !e.excluded[p[0]] && !e.excluded[p[1]]
	}
	for _, p := range e.apart {
		if x, y, ok := usable(p); ok {
			b.apart = append(b.apart, [2]int32{x, y})
			b.held[x], b.held[y] = true, true
		}
	}
	for _, p := range e.together {
		x, y, ok := usable(p)
		if !ok {
			continue
		}
		one, two := min(b.block[x], b.block[y]), max(b.block[x], b.block[y])
		if one == two || b.barred(one, two, b.block) {
			continue
		}
		b.held[x], b.held[y] = true, true
		for v, block := range b.block {
			if block == two {
				b.block[v] = one
			}
		}
	}
	s.bound = b
}

// barred reports whether a pair that must be apart has its two ends in the numbers a
// and b of an assignment.
func (b *constraints) barred(x, y int32, of []int32) bool {
	for _, p := range b.apart {
		if u, v := of[p[0]], of[p[1]]; u == x && v == y || u == y && v == x {
			return true
		}
	}
	return false
}

// weighDown writes the constraints into the weights of the search, heavier than all
// evidence together, and takes out the evidence that shall not count.
func (s *sider) weighDown() {
	b := s.bound
	if b == nil {
		return
	}
	n, all := s.n, 1.0
	for i, w := range s.weight {
		if b.free[i/n] || b.free[i%n] {
			s.weight[i], s.hostile[i] = 0, 0
		}
		all += max(w, -w)
	}
	for x := range n {
		for y := range n {
			switch {
			case x == y:
			case b.block[x] == b.block[y]:
				s.weight[x*n+y] = all
			case b.barred(b.block[x], b.block[y], b.block):
				s.weight[x*n+y] = -all
			}
		}
	}
}

// enforce makes the result obey the constraints where later steps went against them:
// blocks come together with their first node, then of two blocks that must be apart
// the later one leaves.
func (s *sider) enforce() {
	b := s.bound
	if b == nil {
		return
	}
	for v := range s.n {
		s.best[v] = s.best[b.block[v]]
	}
	for _, p := range b.apart {
		x, y := b.block[p[0]], b.block[p[1]]
		if s.best[x] != s.best[y] || x == y {
			continue
		}
		s.leave(max(x, y))
	}
}

// leave moves a block to an unused cluster.
func (s *sider) leave(block int32) {
	used := make([]bool, s.n)
	for _, c := range s.best[:s.n] {
		used[c] = true
	}
	// Two blocks share a cluster, so fewer than n are in use.
	free := int32(slices.Index(used, false))
	for v := range s.n {
		if s.bound.block[v] == block {
			s.best[v] = free
		}
	}
}
