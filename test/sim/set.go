package sim

import (
	"cmp"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// Set is a finished piece of a simulation.
type Set struct {
	Kills []Kill // in the order of publication, with late ones and repetitions
	Names []Name
}

// Fleet invents one fleet fight, with nothing late or repeated.
func Fleet(seed uint64, o FleetOptions) Set {
	return scene(seed, func(g *generator) []Kill { return g.fleet(o) })
}

// Scene invents one fight of a kind, with nothing late or repeated. A brawl is
// several fights at once; so are the stops of a roam and the timers of a structure.
func Scene(seed uint64, kind Kind, start time.Time) Set {
	return scene(seed, func(g *generator) []Kill { return g.play(kind, start) })
}

func scene(seed uint64, play func(*generator) []Kill) Set {
	g := newGenerator(seed)
	kills := play(g)
	slices.SortStableFunc(kills, func(a, b Kill) int { return a.Mail.Time.Compare(b.Mail.Time) })
	var published []Kill
	for _, k := range kills {
		published = append(published, g.publish(k, Options{Late: -1, Duplicate: -1}.withDefaults())...)
	}
	slices.SortStableFunc(published, func(a, b Kill) int { return a.PublishedAt.Compare(b.PublishedAt) })
	return Set{Kills: published, Names: g.people.known(0)}
}

// Day invents so many publications of mixed fights, from 2026-01-01 on, as dense as to
// take about a day. Repetitions count, so there are a few killmails fewer.
func Day(seed uint64, n int) Set {
	s := New(Options{Seed: seed, PerHour: max(1, float64(n)/24/killsPerEvent)})
	var set Set
	for k := range s.Kills() {
		if len(set.Kills) == n {
			break
		}
		set.Kills = append(set.Kills, k)
	}
	set.Names = s.Names()
	return set
}

// Mails lists every killmail once, by time and id.
func (s Set) Mails() []*killmail.Killmail {
	var mails []*killmail.Killmail
	for _, k := range s.Kills {
		if !k.Repeated {
			mails = append(mails, k.Mail)
		}
	}
	slices.SortFunc(mails, func(a, b *killmail.Killmail) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
	return mails
}

// Labels is the true grouping: killmail id → fight, "" for what stands alone.
func (s Set) Labels() map[int64]string {
	labels := make(map[int64]string, len(s.Kills))
	for _, k := range s.Kills {
		labels[k.Mail.ID] = k.Label()
	}
	return labels
}

// R2Z2 lists the feed's documents in the order of publication, numbered from first on.
func (s Set) R2Z2(first int64) [][]byte {
	bodies := make([][]byte, len(s.Kills))
	for i, k := range s.Kills {
		bodies[i] = k.R2Z2(first + int64(i))
	}
	return bodies
}
