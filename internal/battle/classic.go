package battle

// addClassic links kill k by the rule of the first BattleScope: the latest group of
// the same system that shares a participant, ended at most a gap ago and began at
// most a window ago. Groups never merge, and no other rule runs.
func (l *linker) addClassic(k int32) {
	t := l.t
	l.crew = l.crew[:0]
	best := none
	shared := int32(0)
	window, gap := seconds(l.p.Classic.Window), seconds(l.p.Classic.Gap)
	for row := t.first[k]; row < t.first[k+1]; row++ {
		pilot := t.pilot[row]
		if pilot == none || l.marked[pilot] == k {
			continue
		}
		l.marked[pilot] = k
		l.crew = append(l.crew, pilot)
		for s := l.ofPilot[pilot]; s != none; s = l.sightings[s].next {
			e := &l.sightings[s]
			root := l.find(e.group)
			if e.system != t.system[k] || t.at[k]-t.at[l.end[root]] > gap || t.at[k]-t.at[l.begin[root]] > window {
				continue
			}
			switch end := l.end[root]; {
			case best == none || end > l.end[best]:
				best, shared = root, 1
			case root == best:
				shared++
			}
		}
	}
	if best != none {
		l.links[k] = link{rule: ruleShared, with: l.end[best], pilots: shared}
		l.union(best, k)
	}
	l.opponents = l.opponents[:0]
	l.remember(k)
}
