package battle

import (
	"cmp"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Two kills are related when they share a pilot in the same system within the
// horizon, share a pilot anywhere within the chase, or show the same two opponents in
// the same system within the opposition window, or when a correction puts them together.
// Every link rule joins a kill only to a group with a kill it is related to. Groups
// therefore never reach beyond a
// connected component of related kills, and the component is all that must be
// known to group its kills: Form over it gives what Form over all of history gives.

// horizon is the longest time between two kills that a rule of the profile joins by
// a pilot in one system.
func (p *Params) horizon() time.Duration {
	if p.Profile == ProfileClassic {
		return p.Classic.Window
	}
	l := &p.Link
	return max(l.Pod, l.Crew, l.Camp, l.Turn, l.Resume, l.Siege, l.Environment)
}

// Reach is where the kills stand that can be related to a kill: all those of the
// system from From to To, and all those with any of the pilots, in any system, from
// PilotsFrom to PilotsTo. Both ends are inclusive.
type Reach struct {
	SystemID             int64
	From, To             time.Time
	Pilots               []int64 // ascending; empty when no rule looks into other systems
	PilotsFrom, PilotsTo time.Time
	Kills                []int64 // wherever they are: corrections hold them together
}

// Reach returns the reach of one kill.
func (p Params) Reach(k *killmail.Killmail) Reach {
	r := p.span(k)
	r.Kills = p.Corrections.partners()[k.ID]
	if p.Profile != ProfileClassic {
		r.Pilots = pilotsOf([]*killmail.Killmail{k})
	}
	return r
}

// span is the reach of one kill but for its pilots and partners.
func (p *Params) span(k *killmail.Killmail) Reach {
	at := k.Time.Truncate(time.Second)
	span := max(p.horizon(), p.Link.Opposition)
	return Reach{
		SystemID: k.SystemID,
		From:     at.Add(-span), To: at.Add(span + time.Second - 1),
		PilotsFrom: at.Add(-p.Link.Chase), PilotsTo: at.Add(p.Link.Chase + time.Second - 1),
	}
}

// pilotsOf lists the pilots on killmails once each, ascending.
func pilotsOf(kills []*killmail.Killmail) []int64 {
	pilots := newInterner(0)
	for _, k := range kills {
		if k.Victim.IsPlayer() {
			pilots.intern(k.Victim.CharacterID)
		}
		for i := range k.Attackers {
			if k.Attackers[i].IsPlayer() {
				pilots.intern(k.Attackers[i].CharacterID)
			}
		}
	}
	slices.Sort(pilots.keys)
	return pilots.keys
}

// Reaches returns the reach of several kills, with overlapping spans of one system
// joined, so that a store is asked few questions. It may cover more than the kills
// reach, never less.
func (p Params) Reaches(kills []*killmail.Killmail) []Reach {
	kills = slices.Clone(kills)
	slices.SortFunc(kills, func(a, b *killmail.Killmail) int {
		return cmp.Or(cmp.Compare(a.SystemID, b.SystemID), a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
	partners := p.Corrections.partners()
	var out []Reach
	from := 0 // the first kill of the last reach
	pilots := func(to int) {
		if n := len(out); n > 0 && p.Profile != ProfileClassic {
			out[n-1].Pilots = pilotsOf(kills[from:to])
		}
	}
	for i, k := range kills {
		r := p.span(k)
		r.Kills = slices.Clip(partners[k.ID])
		if n := len(out); n > 0 && out[n-1].SystemID == r.SystemID && !r.From.After(out[n-1].To) {
			last := &out[n-1]
			last.To, last.PilotsTo = r.To, r.PilotsTo
			last.Kills = append(last.Kills, r.Kills...)
			continue
		}
		pilots(i)
		from = i
		out = append(out, r)
	}
	pilots(len(kills))
	return out
}

// Component returns those kills of all that are connected with a seed through related
// kills, the seeds included, by time and id. If all holds everything in the reach of
// every kill returned, Form over the component gives exactly the battles that Form
// over the whole history gives for these kills.
func (p Params) Component(seeds, all []*killmail.Killmail) []*killmail.Killmail {
	t := newTable(slices.Concat(seeds, all))
	c := newComponents(t, &p)
	wanted := make(map[int64]bool, len(seeds))
	for _, k := range seeds {
		wanted[k.ID] = true
	}
	roots := make(map[int32]bool, len(seeds))
	for i, k := range t.kills {
		if wanted[k.ID] {
			roots[c.find(int32(i))] = true
		}
	}
	var out []*killmail.Killmail
	for i, k := range t.kills {
		if roots[c.find(int32(i))] {
			out = append(out, k)
		}
	}
	return out
}

// Neighbourhood returns the component of the seeds, asking load for what it needs:
// load returns all stored kills in the given reaches (it may return more, and the
// seeds themselves). It is called until nothing new is connected.
func (p Params) Neighbourhood(seeds []*killmail.Killmail, load func([]Reach) ([]*killmail.Killmail, error)) ([]*killmail.Killmail, error) {
	component, frontier := seeds, seeds
	reached := make(map[int64]bool, len(seeds)) // their reach has been loaded
	have := make(map[int64]bool, len(seeds))
	known := slices.Clone(seeds)
	for _, k := range seeds {
		have[k.ID] = true
	}
	for len(frontier) > 0 {
		for _, k := range frontier {
			reached[k.ID] = true
		}
		more, err := load(p.Reaches(frontier))
		if err != nil {
			return nil, err
		}
		before := len(known)
		for _, k := range more {
			if !have[k.ID] {
				have[k.ID] = true
				known = append(known, k)
			}
		}
		if len(known) == before && len(component) > len(seeds) {
			break // nothing new to connect
		}
		component = p.Component(seeds, known)
		frontier = nil
		for _, k := range component {
			if !reached[k.ID] {
				frontier = append(frontier, k)
			}
		}
	}
	return component, nil
}

// components is a union-find forest over the kills of a table. Within the list of
// kills that share a token, related neighbours connect all that are related.
type components struct {
	t      *table
	parent []int32
}

func newComponents(t *table, p *Params) *components {
	c := &components{t: t, parent: sequence(len(t.kills))}
	horizon, chase, opposition := seconds(p.horizon()), seconds(p.Link.Chase), seconds(p.Link.Opposition)
	classic := p.Profile == ProfileClassic
	anywhere := filled(t.pilots.len(), none) // last kill by pilot
	places := newInterner(len(t.kills))      // pilot and system
	var inPlace []int32
	pairs := newInterner(len(t.kills)) // the two opponents
	pairPlaces := newInterner(len(t.kills))
	var opposed []int32

	join := func(last *int32, k, within int32) {
		if *last != none && t.at[k]-t.at[*last] <= within {
			c.union(*last, k)
		}
		*last = k
	}
	for i := range t.kills {
		k := int32(i)
		first := t.first[k]
		system := int64(t.system[k])
		id := t.kills[k].SystemID
		instanced := eve.IsAbyssalSystem(id) || eve.IsVoidSystem(id)
		victim := t.entity[first]
		for row := first; row < t.first[k+1]; row++ {
			if pilot := t.pilot[row]; pilot != none {
				if !classic {
					join(&anywhere[pilot], k, chase)
				}
				at := places.intern(int64(pilot)<<32 | system)
				if int(at) == len(inPlace) {
					inPlace = append(inPlace, none)
				}
				join(&inPlace[at], k, horizon)
			}
			entity := t.entity[row]
			if classic || instanced || t.npc[k] || row == first || entity == none || victim == none || entity == victim {
				continue
			}
			pair := pairs.intern(int64(min(entity, victim))<<32 | int64(max(entity, victim)))
			at := pairPlaces.intern(int64(pair)<<32 | system)
			if int(at) == len(opposed) {
				opposed = append(opposed, none)
			}
			join(&opposed[at], k, opposition)
		}
	}
	if ruled := p.Corrections.rule(t); ruled != nil {
		for _, pair := range ruled.together {
			c.union(pair[0], pair[1])
		}
	}
	return c
}

func (c *components) find(k int32) int32 {
	for c.parent[k] != k {
		c.parent[k] = c.parent[c.parent[k]]
		k = c.parent[k]
	}
	return k
}

func (c *components) union(a, b int32) {
	if a, b = c.find(a), c.find(b); a != b {
		c.parent[max(a, b)] = min(a, b)
	}
}
