package battle

import (
	"cmp"
	"fmt"
	"slices"
)

// Decision is a correction as a person states it about one battle.
type Decision struct {
	// Kills are about killmails. Apart without With is apart from the rest of the battle:
	// all killmails of which that is said are a battle of their own.
	Kills []KillCorrection
	// Entities are about who stands on which side of the battle; In is not looked at.
	Entities []EntityCorrection
	// Merge says that the battle and the other one of the Ground are one.
	Merge bool
}

// Ground is what a decision is about: killmail ids by time.
type Ground struct {
	Kills []int64 // of the battle
	Other []int64 // of the one it is merged with
}

// holds is how many killmails of a battle a correction of the whole battle holds on to,
// so that it stays when one of them is taken out.
const holds = 5

// Rules are what the engine has to respect so that the decision holds, now and when
// killmails come late.
func (d Decision) Rules(g Ground) Corrections {
	var c Corrections
	c.Kills = append(d.split(g), d.merge(g)...)
	for _, k := range d.Kills {
		if k.Verb != Apart || k.With != 0 {
			c.Kills = append(c.Kills, k)
		}
	}
	for _, e := range d.Entities {
		for _, in := range spread(d.staying(slices.Concat(g.Kills, g.Other)), holds) {
			e.In = in
			c.Entities = append(c.Entities, e)
		}
	}
	return c
}

// staying leaves out the killmails that the decision takes away from where they are.
func (d Decision) staying(kills []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(kills), func(id int64) bool {
		return slices.ContainsFunc(d.Kills, func(k KillCorrection) bool { return k.Kill == id && (k.Verb == Exclude || k.Verb == Move) })
	})
}

// parts returns the killmails that are to be a battle of their own, and the rest.
func (d Decision) parts(g Ground) (own, rest []int64) {
	leaves := make(map[int64]bool)
	for _, k := range d.Kills {
		if k.Verb == Apart && k.With == 0 {
			leaves[k.Kill] = true
		}
	}
	for _, id := range d.staying(g.Kills) {
		if leaves[id] {
			own = append(own, id)
		} else {
			rest = append(rest, id)
		}
	}
	return own, rest
}

// split ties the part that leaves together and puts it apart from all the rest. What
// ties the rest together is left to the rules.
func (d Decision) split(g Ground) []KillCorrection {
	own, rest := d.parts(g)
	if len(own) == 0 {
		return nil
	}
	out := make([]KillCorrection, 0, len(own)+len(rest))
	for _, id := range own[1:] {
		out = append(out, KillCorrection{Verb: Together, Kill: id, With: own[0]})
	}
	for _, id := range rest {
		out = append(out, KillCorrection{Verb: Apart, Kill: own[0], With: id})
	}
	return out
}

// merge ties pairs of killmails of both battles together.
func (d Decision) merge(g Ground) []KillCorrection {
	if !d.Merge {
		return nil
	}
	one, two := spread(d.staying(g.Kills), holds), spread(d.staying(g.Other), holds)
	if len(one) == 0 || len(two) == 0 {
		return nil
	}
	var out []KillCorrection
	for i := range max(len(one), len(two)) {
		out = append(out, KillCorrection{Verb: Together, Kill: one[i%len(one)], With: two[i%len(two)]})
	}
	return out
}

// spread returns at most n of a list, the first, the last and what lies evenly between.
func spread(list []int64, n int) []int64 {
	if len(list) <= n {
		return list
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}

// Standing is a decision that was made before and is still in force.
type Standing struct {
	ID int64
	Decision
	Rules Corrections
}

// RefusalError says why a decision cannot be. It implements error.
type RefusalError struct {
	Problem string
	// Standing is the earlier decision that is in the way, 0 when the decision is
	// nonsense in itself.
	Standing int64
}

// Error implements error.
func (r *RefusalError) Error() string { return r.Problem }

// Check reports what is wrong with a decision, or why it contradicts one of those that
// stand about the same battles; nil when it can be.
func (d Decision) Check(g Ground, standing []Standing) *RefusalError {
	if len(d.Kills)+len(d.Entities) == 0 && !d.Merge {
		return &RefusalError{Problem: "nothing is decided"}
	}
	own, rest := d.parts(g)
	if len(own) > 0 && len(rest) == 0 {
		return &RefusalError{Problem: "no killmail would be left for them to be apart from"}
	}
	if d.Merge && len(d.merge(g)) == 0 {
		return &RefusalError{Problem: "a battle of which no killmail stays cannot be merged"}
	}
	if err := d.validate(); err != nil {
		return &RefusalError{Problem: err.Error()}
	}
	if r := contradiction("killmail", killClaims(0, d, d.Rules(g)), func(s Standing) claims { return killClaims(s.ID, s.Decision, s.Rules) }, standing); r != nil {
		return r
	}
	here := make(map[int64]bool)
	for _, id := range slices.Concat(g.Kills, g.Other) {
		here[id] = true
	}
	return contradiction("entity", entityClaims(0, d.Entities), func(s Standing) claims {
		if !slices.ContainsFunc(s.Rules.Entities, func(e EntityCorrection) bool { return here[e.In] }) {
			return claims{} // it is about another battle by now
		}
		return entityClaims(s.ID, s.Entities)
	}, standing)
}

// validate reports the first statement that makes no sense.
func (d Decision) validate() error {
	said := Corrections{Kills: slices.Clone(d.Kills), Entities: slices.Clone(d.Entities)}
	for i := range said.Kills {
		if k := &said.Kills[i]; k.Verb == Apart && k.With == 0 {
			k.Verb = Exclude // which needs no second one either
		}
	}
	for i := range said.Entities {
		said.Entities[i].In = 1
	}
	return said.Validate()
}

// claim is a statement about two ids, by the number of its correction.
type claim struct {
	verb Verb
	a, b int64
	by   int64
}

// claims are what a decision says, and what follows from it.
type claims struct{ said, follows []claim }

func killClaims(by int64, d Decision, rules Corrections) claims {
	var c claims
	for _, k := range d.Kills {
		c.said = append(c.said, claim{k.Verb, k.Kill, k.With, by})
	}
	for _, k := range rules.Kills {
		c.follows = append(c.follows, claim{k.Verb, k.Kill, k.With, by})
	}
	return c
}

func entityClaims(by int64, list []EntityCorrection) claims {
	var c claims
	for _, e := range list {
		c.said = append(c.said, claim{e.Verb, e.Entity.ID, e.With.ID, by})
	}
	c.follows = c.said
	return c
}

// contradiction looks for one within fresh claims, and between them and those that stand.
func contradiction(what string, fresh claims, of func(Standing) claims, standing []Standing) *RefusalError {
	before := make([]claims, len(standing))
	for i, s := range standing {
		before[i] = of(s)
	}
	for i, n := range fresh.said {
		for _, o := range fresh.said[:i] {
			if r := clash(what, n, o); r != nil {
				return r
			}
		}
		for _, c := range before {
			for _, o := range c.said {
				if r := clash(what, n, o); r != nil {
					return r
				}
			}
		}
	}
	return tornApart(what, fresh.follows, before)
}

// clash says what is wrong between two statements.
func clash(what string, n, o claim) *RefusalError {
	refuse := func(format string, args ...any) *RefusalError {
		return &RefusalError{Problem: fmt.Sprintf("%s %d ", what, n.a) + fmt.Sprintf(format, args...), Standing: o.by}
	}
	joins := func(c claim) bool { return c.verb == Together || c.verb == Move }
	switch {
	case n.verb == o.verb && (n.a == o.a && n.b == o.b || n.verb != Move && n.a == o.b && n.b == o.a):
		return refuse("is said to be %s already", map[Verb]string{Together: "together", Apart: "apart", Move: "moved", Exclude: "excluded"}[n.verb])
	case n.verb == Exclude && joins(o) && (n.a == o.a || n.a == o.b):
		return refuse("is put together with another")
	case o.verb == Exclude && joins(n) && (o.a == n.a || o.a == n.b):
		return &RefusalError{Problem: fmt.Sprintf("%s %d is excluded", what, o.a), Standing: o.by}
	case n.verb == Move && o.verb == Move && n.a == o.a:
		return refuse("is moved elsewhere")
	}
	return nil
}

// tornApart looks for two that would have to be together and apart at once.
func tornApart(what string, fresh []claim, before []claims) *RefusalError {
	var all []claim
	for _, c := range before {
		all = append(all, c.follows...)
	}
	if torn(all) != nil {
		return nil // it is not this decision's fault
	}
	refuse := func(c *claim, by int64) *RefusalError {
		return &RefusalError{Problem: fmt.Sprintf("%s %d and %s %d would have to be together and apart at once", what, c.a, what, c.b), Standing: by}
	}
	if c := torn(fresh); c != nil {
		return refuse(c, 0)
	}
	var last int64
	for _, c := range before {
		if len(c.follows) == 0 {
			continue
		}
		last = max(last, c.follows[0].by)
		if t := torn(slices.Concat(c.follows, fresh)); t != nil {
			return refuse(t, c.follows[0].by)
		}
	}
	if c := torn(append(all, fresh...)); c != nil {
		return refuse(c, last) // several are in the way; the newest is one to begin with
	}
	return nil
}

// torn returns a claim that two are apart which others put together.
func torn(list []claim) *claim {
	out := make(map[int64]bool)
	for _, c := range list {
		if c.verb == Exclude {
			out[c.a] = true
		}
	}
	parent := make(map[int64]int64)
	root := func(id int64) int64 {
		for {
			p, ok := parent[id]
			if !ok {
				return id
			}
			id = p
		}
	}
	for _, c := range list {
		if (c.verb == Together || c.verb == Move) && !out[c.a] && !out[c.b] {
			if a, b := root(c.a), root(c.b); a != b {
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	apart := slices.DeleteFunc(slices.Clone(list), func(c claim) bool { return c.verb != Apart || c.b == 0 || root(c.a) != root(c.b) })
	if len(apart) == 0 {
		return nil
	}
	c := slices.MinFunc(apart, func(a, b claim) int { return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b)) })
	return &c
}
