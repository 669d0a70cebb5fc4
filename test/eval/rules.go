package eval

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// rule is one way to find battles and sides. A nil function says that the tool leaves
// that to its user.
type rule struct {
	name  string
	about string // how it was told again, in one sentence
	// group maps every kill to the number of its group; kills alone have one of their own.
	group func(world battle.World, kills []*killmail.Killmail) map[int64]int
	// sides maps the entities of one battle to sides; who is left out is on none.
	sides  func(world battle.World, kills []*killmail.Killmail) map[int64]string
	every  time.Duration // how often it looks for battles; 0: at every kill
	manual bool          // somebody has to ask for a place and time
	names  naming
}

// naming is how a rule finds the names of its battles again after a late kill.
type naming int

const (
	byNothing   naming = iota // names are made anew each time, or by hand
	byPlace                   // system and hour: never changes, whatever it shows
	byFirstKill               // our assumption for rules that are told without names
	byReconcile               // the engine's own
)

// rules are the engine, first, and what it is measured against.
var rules = []rule{
	{
		name: "BattleScope", about: "profile `linked`",
		group: grouped(battle.Linked()), sides: engineSides, names: byReconcile,
	},
	{
		name: "classic", about: "profile `classic`: window 30 minutes, gap 15 minutes, shared pilots; its sides are those of `linked`",
		group: grouped(battle.Classic()), names: byReconcile,
	},
	{
		name: "30-min gap", about: "kills of one system without a longer pause",
		group: gap(30 * time.Minute), names: byFirstKill,
	},
	{
		name: "zKillboard", about: "the related page of the hour of the first kill that is on none yet: one system, an hour before to two hours after. " +
			"Pilots one by one, those of the largest alliance first, to the team they hate less",
		group: window, sides: hateTeams, manual: true, names: byPlace,
	},
	{
		name: "EVE-KILL", about: "segments of 5 minutes with at least 5 kills, closed by 30 minutes without one, looked for every hour (its test for 10 kills an hour is left out). " +
			"Corporations in two colours along the edges of most value, from 5 % of the damage, alliances by majority; new ids at every search",
		group: segments, sides: twoColours, every: time.Hour,
	},
	{
		name: "br.evetools", about: "groups are made by hand. The entity on most mails against the one it meets most; others opposite whom they lose to, or else shoot most",
		sides: twoPoles, manual: true,
	},
	{
		name: "WarBeacon", about: "groups are made by hand. Teams that are not hostile (10 % of either's fire) merge by shared kills, enemies and targets; without its limit of 8",
		sides: agglomerate, manual: true,
	},
}

func grouped(p battle.Params) func(battle.World, []*killmail.Killmail) map[int64]int {
	return func(world battle.World, kills []*killmail.Killmail) map[int64]int {
		out := make(map[int64]int, len(kills))
		for i, g := range battle.Link(kills, world, p) {
			for _, k := range g {
				out[k.ID] = i
			}
		}
		return out
	}
}

// bySystem calls f with the kills of every system, by time.
func bySystem(kills []*killmail.Killmail, f func(kills []*killmail.Killmail)) {
	systems := map[int64][]*killmail.Killmail{}
	for _, k := range kills {
		systems[k.SystemID] = append(systems[k.SystemID], k)
	}
	for _, id := range sortedKeys(systems) {
		slices.SortFunc(systems[id], func(a, b *killmail.Killmail) int {
			return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
		})
		f(systems[id])
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// gap is the plainest rule: kills of one system without a longer pause are one fight.
func gap(pause time.Duration) func(battle.World, []*killmail.Killmail) map[int64]int {
	return func(_ battle.World, kills []*killmail.Killmail) map[int64]int {
		out, group := make(map[int64]int, len(kills)), 0
		bySystem(kills, func(kills []*killmail.Killmail) {
			for i, k := range kills {
				if i == 0 || k.Time.Sub(kills[i-1].Time) > pause {
					group++
				}
				out[k.ID] = group
			}
		})
		return out
	}
}

// window is zKillboard's related page.
func window(_ battle.World, kills []*killmail.Killmail) map[int64]int {
	out, group := make(map[int64]int, len(kills)), 0
	bySystem(kills, func(kills []*killmail.Killmail) {
		var until time.Time
		for i, k := range kills {
			if i == 0 || k.Time.After(until) {
				group++
				until = k.Time.Truncate(time.Hour).Add(2 * time.Hour)
			}
			out[k.ID] = group
		}
	})
	return out
}

// The parameters of EVE-KILL's search.
const (
	segment     = 5 * time.Minute
	activeKills = 5
	idleAllowed = 6
)

// segments is EVE-KILL's search.
func segments(_ battle.World, kills []*killmail.Killmail) map[int64]int {
	out, group := make(map[int64]int, len(kills)), 0
	bySystem(kills, func(kills []*killmail.Killmail) {
		count := map[int64]int{}
		at := func(k *killmail.Killmail) int64 { return k.Time.Unix() / int64(segment/time.Second) }
		for _, k := range kills {
			count[at(k)]++
		}
		var spans [][2]int64
		for _, s := range sortedKeys(count) {
			if count[s] < activeKills {
				continue
			}
			if n := len(spans); n > 0 && s-spans[n-1][1] <= idleAllowed {
				spans[n-1][1] = s
			} else {
				spans = append(spans, [2]int64{s, s})
			}
		}
		first := group + 1
		group += len(spans)
		for _, k := range kills {
			i := slices.IndexFunc(spans, func(s [2]int64) bool { return s[0] <= at(k) && at(k) <= s[1] })
			if i < 0 {
				group++
				out[k.ID] = group
			} else {
				out[k.ID] = first + i
			}
		}
	})
	return out
}

// engineSides asks the engine for the sides of kills that are known to be one battle.
func engineSides(world battle.World, kills []*killmail.Killmail) map[int64]string {
	p := battle.Linked()
	for _, k := range kills[1:] {
		p.Corrections.Kills = append(p.Corrections.Kills, battle.KillCorrection{Verb: battle.Together, Kill: kills[0].ID, With: k.ID})
	}
	battles, err := battle.Form(kills, world, p)
	if err != nil || len(battles) != 1 {
		panic(fmt.Sprintf("eval: %d battles of kills that belong together: %v", len(battles), err))
	}
	out := map[int64]string{}
	for _, s := range battles[0].Sides {
		for _, m := range s.Members {
			if s.ID != battle.Unassigned {
				out[m.Entity.ID] = s.ID
			}
		}
	}
	return out
}
