package eval

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
)

// Systems whose largest group tells how much a rule chains: a faction-warfare gate
// camp and the main trade hub.
const (
	tama = 30002813
	jita = 30000142
)

// bigFight is from how many kills a battle counts for the figures on sides.
const bigFight = 40

// reading is one killmail as one reader saw it.
type reading struct {
	Reader   int    `json:"reader"`
	Window   string `json:"window"`
	Killmail int64  `json:"killmail_id"`
	Label    string `json:"label"` // "" stands alone
	Kind     string `json:"kind"`
	Unsure   bool   `json:"unsure"`
}

// placing is where one reader saw one entity.
type placing struct {
	Reader int    `json:"reader"`
	Window string `json:"window"`
	Label  string `json:"label"`
	Entity string `json:"entity"` // A or C and the id
	Side   string `json:"side"`   // ? is unsure
}

// realDays is the real data.
type realDays struct {
	world    *sde.Data
	kills    []*killmail.Killmail
	byID     map[int64]*killmail.Killmail
	readings []reading
	placings []placing
	readers  []int
}

// loadDays reads daily archives and labels from the folder.
func loadDays(ctx context.Context, dir string) (*realDays, error) {
	world, err := sde.Load()
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "killmails", "killmails-*.tar.bz2"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no daily archives in %s/killmails: %w", dir, err)
	}
	d := &realDays{world: world, byID: map[int64]*killmail.Killmail{}}
	err = archive.Read(ctx, files, archive.Options{}, func(i archive.Item) error {
		if k := i.Document.Killmail; k != nil {
			killmail.Estimate(k, func(id int64) (float64, bool) { p := world.BasePrice(id); return p, p > 0 }, killmail.ValueBase, world.PricedAt())
			k.Victim.Items = nil
			d.byID[k.ID] = k
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.kills = slices.SortedFunc(maps.Values(d.byID), func(a, b *killmail.Killmail) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	})
	if d.readings, err = lines[reading](filepath.Join(dir, "truth", "labels-dev.jsonl")); err != nil {
		return nil, err
	}
	if d.placings, err = lines[placing](filepath.Join(dir, "truth", "sides-dev.jsonl")); err != nil {
		return nil, err
	}
	for _, r := range d.readings {
		d.readers = append(d.readers, r.Reader)
	}
	slices.Sort(d.readers)
	d.readers = slices.Compact(d.readers)
	return d, nil
}

// lines reads a file of one JSON document a line.
func lines[T any](name string) ([]T, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []T
	s := bufio.NewScanner(f)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, len(out)+1, err)
		}
		out = append(out, v)
	}
	return out, s.Err()
}

// rows measures all rules on the real days.
func (d *realDays) rows() []row {
	out := d.groupingRows()
	out = append(out, d.sideRows()...)
	for i := range out {
		out[i].real = true
	}
	return out
}

func (d *realDays) groupingRows() []row {
	var out []row
	groups := make([]map[int64]int, len(rules))
	for i := range rules {
		if rules[i].group != nil {
			groups[i] = rules[i].group(d.world, d.kills)
		}
	}
	each := func(name, format string, f func(of map[int64]int) float64) {
		r := newRow(name)
		for i := range rules {
			if groups[i] != nil {
				r.set(i, f(groups[i]), format)
			}
		}
		out = append(out, r)
	}
	for _, reader := range d.readers {
		each(fmt.Sprintf("B³-F1, reader %d", reader), "%.3f", func(of map[int64]int) float64 { return d.agreement(reader, of).f1 })
		each(fmt.Sprintf("lone kills drawn into a fight, reader %d", reader), "%.3f", func(of map[int64]int) float64 { return d.intruders(reader, of) })
	}
	each("longest battle, hours", "%.1f", func(of map[int64]int) float64 { return d.longest(of).Hours() })
	each("largest group in Tama, kills", "%.0f", func(of map[int64]int) float64 { return d.largestIn(of, tama) })
	each("largest group in Jita, kills", "%.0f", func(of map[int64]int) float64 { return d.largestIn(of, jita) })
	each("battles without a common pilot throughout", "%.1f %%", func(of map[int64]int) float64 { return 100 * d.loose(of) })
	each("capsules apart from their ship", "%.0f", d.capsulesApart)
	return out
}

// agreement scores the kills a reader labelled and was sure of.
func (d *realDays) agreement(reader int, of map[int64]int) grouping {
	truth := map[int64]string{}
	for _, r := range d.readings {
		if r.Reader == reader && !r.Unsure && r.Label != "" {
			truth[r.Killmail] = r.Label
		}
	}
	return compareGroups(truth, of)
}

// intruders is the share of the lone kills that share a group with labelled ones.
func (d *realDays) intruders(reader int, of map[int64]int) float64 {
	labelled := map[int]bool{}
	for _, r := range d.readings {
		if r.Reader == reader && !r.Unsure && r.Label != "" {
			labelled[of[r.Killmail]] = true
		}
	}
	alone, drawn := 0, 0
	for _, r := range d.readings {
		if r.Reader == reader && !r.Unsure && r.Label == "" && r.Kind == "solo" {
			alone++
			if labelled[of[r.Killmail]] {
				drawn++
			}
		}
	}
	return float64(drawn) / float64(max(alone, 1))
}

// fights calls f with the groups of at least 3 lost ships and 5 pilots.
func (d *realDays) fights(of map[int64]int, f func(kills []*killmail.Killmail)) {
	groups := map[int][]*killmail.Killmail{}
	for _, k := range d.kills {
		groups[of[k.ID]] = append(groups[of[k.ID]], k)
	}
	for _, g := range sortedKeys(groups) {
		ships, pilots := 0, map[int64]bool{}
		for _, k := range groups[g] {
			if t, ok := d.world.Type(k.Victim.ShipTypeID); ok && t.Class.IsShip() && t.Class != eve.ClassCapsule {
				ships++
			}
			eachPilot(k, func(id int64) { pilots[id] = true })
		}
		if ships >= 3 && len(pilots) >= 5 {
			f(groups[g])
		}
	}
}

func eachPilot(k *killmail.Killmail, f func(id int64)) {
	if k.Victim.IsPlayer() {
		f(k.Victim.CharacterID)
	}
	for i := range k.Attackers {
		if k.Attackers[i].IsPlayer() {
			f(k.Attackers[i].CharacterID)
		}
	}
}

func (d *realDays) longest(of map[int64]int) (longest time.Duration) {
	d.fights(of, func(kills []*killmail.Killmail) {
		longest = max(longest, kills[len(kills)-1].Time.Sub(kills[0].Time))
	})
	return longest
}

func (d *realDays) largestIn(of map[int64]int, system int64) float64 {
	size, here := map[int]int{}, map[int]bool{}
	for _, k := range d.kills {
		size[of[k.ID]]++
		here[of[k.ID]] = here[of[k.ID]] || k.SystemID == system
	}
	most := 0
	for g := range here {
		if here[g] {
			most = max(most, size[g])
		}
	}
	return float64(most)
}

// loose is the share of fights of at least 5 kills that fall apart into parts with no
// pilot in common.
func (d *realDays) loose(of map[int64]int) float64 {
	all, loose := 0, 0
	d.fights(of, func(kills []*killmail.Killmail) {
		if len(kills) < 5 {
			return
		}
		all++
		parent := make([]int, len(kills))
		for i := range parent {
			parent[i] = i
		}
		find := func(i int) int {
			for parent[i] != i {
				i = parent[i]
			}
			return i
		}
		owner, parts := map[int64]int{}, len(kills)
		for i, k := range kills {
			eachPilot(k, func(id int64) {
				if first, known := owner[id]; !known {
					owner[id] = i
				} else if a, b := find(first), find(i); a != b {
					parent[b] = a
					parts--
				}
			})
		}
		if parts > 1 {
			loose++
		}
	})
	return float64(loose) / float64(max(all, 1))
}

// capsulesApart counts capsules lost within 10 minutes after the ship that are in
// another group.
func (d *realDays) capsulesApart(of map[int64]int) float64 {
	type place struct{ pilot, system int64 }
	last, apart := map[place]*killmail.Killmail{}, 0
	for _, k := range d.kills {
		if !k.Victim.IsPlayer() {
			continue
		}
		at := place{k.Victim.CharacterID, k.SystemID}
		if t, ok := d.world.Type(k.Victim.ShipTypeID); !ok || t.Class != eve.ClassCapsule {
			last[at] = k
		} else if ship := last[at]; ship != nil && k.Time.Sub(ship.Time) <= 10*time.Minute && of[ship.ID] != of[k.ID] {
			apart++
		}
	}
	return float64(apart)
}

// sideRows measures sides on the battles the engine finds, for all rules alike.
func (d *realDays) sideRows() []row {
	battles, err := battle.Form(d.kills, d.world, battle.Linked())
	if err != nil {
		panic(err) // the profile is valid
	}
	group := map[int64]int{}
	big := 0
	for i := range battles {
		for _, id := range mailIDs(&battles[i]) {
			group[id] = i + 1
		}
		if isBig(&battles[i]) {
			big++
		}
	}
	inside, kept := newRow(fmt.Sprintf("in-side fire, %d largest battles", big)), newRow("co-attacks kept, the same battles")
	pairs := make([]row, len(d.readers))
	for i, reader := range d.readers {
		pairs[i] = newRow(fmt.Sprintf("pairs of entities as reader %d placed them", reader))
	}
	for i := range rules {
		if rules[i].sides == nil {
			continue
		}
		sides := make(map[int]map[int64]string)
		of := func(b int) map[int64]string {
			if sides[b] == nil {
				sides[b] = rules[i].sides(d.world, mails(&battles[b]))
			}
			return sides[b]
		}
		var f fire
		for b := range battles {
			if isBig(&battles[b]) {
				f.add(mails(&battles[b]), sideOf(of(b)))
			}
		}
		inside.set(i, 100*f.insideShare(), "%.2f %%")
		kept.set(i, 100*f.keptShare(), "%.1f %%")
		for j, reader := range d.readers {
			pairs[j].set(i, d.sidePairs(reader, group, of), "%.3f")
		}
	}
	return append([]row{inside, kept}, pairs...)
}

func isBig(b *battle.Battle) bool { return b.Kind == battle.KindBattle && len(b.Kills) >= bigFight }

// sideOf tells where a party stands when alliances may be taken apart: by pilot, else
// corporation, else alliance.
func sideOf(sides map[int64]string) func(*killmail.Party) string {
	return func(p *killmail.Party) string {
		return cmp.Or(sides[p.CharacterID], sides[p.CorporationID], sides[p.AllianceID])
	}
}

func mails(b *battle.Battle) []*killmail.Killmail {
	out := make([]*killmail.Killmail, len(b.Kills))
	for i := range b.Kills {
		out[i] = b.Kills[i].Mail
	}
	return out
}

// sidePairs is the share of pairs of entities, of those both place, that stand
// together or opposite as the reader says.
func (d *realDays) sidePairs(reader int, group map[int64]int, sides func(b int) map[int64]string) float64 {
	type fight struct{ window, label string }
	kills, truth := map[fight]map[int]int{}, map[fight]map[int64]string{}
	for _, r := range d.readings {
		if r.Reader == reader && r.Label != "" && group[r.Killmail] > 0 {
			at := fight{r.Window, r.Label}
			if kills[at] == nil {
				kills[at] = map[int]int{}
			}
			kills[at][group[r.Killmail]-1]++
		}
	}
	for _, p := range d.placings {
		if id, err := strconv.ParseInt(p.Entity[1:], 10, 64); err == nil && p.Reader == reader && p.Side != "?" {
			at := fight{p.Window, p.Label}
			if truth[at] == nil {
				truth[at] = map[int64]string{}
			}
			truth[at][id] = p.Side
		}
	}
	same, all := 0, 0
	for at, placed := range truth {
		best := -1
		for _, b := range sortedKeys(kills[at]) {
			if best < 0 || kills[at][b] > kills[at][best] {
				best = b
			}
		}
		if best < 0 {
			continue
		}
		guess := sides(best)
		var both []int64
		for _, id := range sortedKeys(placed) {
			if guess[id] != "" {
				both = append(both, id)
			}
		}
		for i, a := range both {
			for _, b := range both[i+1:] {
				all++
				if (placed[a] == placed[b]) == (guess[a] == guess[b]) {
					same++
				}
			}
		}
	}
	return float64(same) / float64(max(all, 1))
}
