package eval

import (
	"cmp"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
)

// latePart is one of how many kills of a simulated evening arrive after all others.
const latePart = 20

// churn is what late kills do to the names under which battles are known.
type churn struct {
	late   int // kills that came late
	broken int // of them: a name leads nowhere since
	moved  int // of them: a name leads to another since
}

// brokenNames lets every latePart-th kill arrive after the others, one by one.
func brokenNames(r *rule, s *simulation) churn {
	var known, late []*killmail.Killmail
	for _, i := range s.r.Perm(len(s.kills)) {
		if len(late) < len(s.kills)/latePart {
			late = append(late, s.kills[i])
		} else {
			known = append(known, s.kills[i])
		}
	}
	var c churn
	names, _, _ := r.publish(nil, known)
	for _, k := range late {
		known = append(known, k)
		next, gone, redirected := r.publish(names, known)
		c.late++
		if gone > 0 {
			c.broken++
		}
		if redirected > 0 {
			c.moved++
		}
		names = next
	}
	return c
}

// publish names the groups of at least two kills after the ones known before, and
// counts names that lead nowhere and names that lead to another since.
func (r *rule) publish(before []battle.Known, kills []*killmail.Killmail) (after []battle.Known, gone, redirected int) {
	groups := map[int][]*killmail.Killmail{}
	of := r.group(space{}, kills)
	for _, k := range kills {
		groups[of[k.ID]] = append(groups[of[k.ID]], k)
	}
	var battles []battle.Battle
	for _, g := range sortedKeys(groups) {
		if len(groups[g]) < 2 {
			continue
		}
		slices.SortFunc(groups[g], func(a, b *killmail.Killmail) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
		var b battle.Battle
		for _, k := range groups[g] {
			b.Kills = append(b.Kills, battle.Kill{Mail: k})
		}
		battles = append(battles, b)
	}
	if r.names == byReconcile {
		next := int64(len(kills)) << 20 // above every name given before
		plan := battle.Reconcile(before, battles, func() int64 { next++; return next })
		for i, n := range plan.Named {
			after = append(after, battle.Known{ID: n.ID, KillmailIDs: mailIDs(&battles[i])})
		}
		for _, removed := range plan.Removed {
			if removed.RedirectTo == 0 {
				gone++
			} else {
				redirected++
			}
		}
		return after, gone, redirected
	}
	names := map[int64]bool{}
	for i := range battles {
		id := battles[i].Kills[0].Mail.ID
		names[id] = true
		after = append(after, battle.Known{ID: id, KillmailIDs: mailIDs(&battles[i])})
	}
	for _, b := range before {
		if !names[b.ID] {
			gone++
		}
	}
	return after, gone, 0
}

func mailIDs(b *battle.Battle) []int64 {
	ids := make([]int64, len(b.Kills))
	for i := range b.Kills {
		ids[i] = b.Kills[i].Mail.ID
	}
	return ids
}

// delays returns, for every labelled fight, how long after its second kill the rule
// first shows a battle with two of its kills, killmails coming as they happen; never
// counts those it does not show at all.
func delays(r *rule, s *simulation) (shown []time.Duration, never int) {
	kills := slices.Clone(s.kills)
	slices.SortFunc(kills, func(a, b *killmail.Killmail) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
	second, count, seen := map[string]time.Time{}, map[string]int{}, map[string]time.Time{}
	for _, k := range kills {
		if label := s.truth[k.ID]; label != "" {
			if count[label]++; count[label] == 2 {
				second[label] = k.Time
			}
		}
	}
	look := func(n int, now time.Time) {
		of := r.group(space{}, kills[:n])
		type cell struct {
			label string
			group int
		}
		together := map[cell]int{}
		for _, k := range kills[:n] {
			label := s.truth[k.ID]
			if label == "" {
				continue
			}
			c := cell{label, of[k.ID]}
			together[c]++
			if _, known := seen[label]; !known && together[c] == 2 {
				seen[label] = now
			}
		}
	}
	if r.every == 0 {
		for i, k := range kills {
			if _, known := seen[s.truth[k.ID]]; !known && second[s.truth[k.ID]].Compare(k.Time) <= 0 {
				look(i+1, k.Time)
			}
		}
	} else {
		end := kills[len(kills)-1].Time.Add(r.every)
		for now := kills[0].Time.Truncate(r.every).Add(r.every); !now.After(end); now = now.Add(r.every) {
			n, _ := slices.BinarySearchFunc(kills, now, func(k *killmail.Killmail, t time.Time) int { return k.Time.Compare(t) })
			look(n, now)
		}
	}
	for label, at := range second {
		if t, ok := seen[label]; ok {
			shown = append(shown, t.Sub(at))
		} else {
			never++
		}
	}
	slices.Sort(shown)
	return shown, never
}
