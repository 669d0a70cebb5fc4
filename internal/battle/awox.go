package battle

// splitEntities points f.rows at the entities that stand on sides: those of the
// table, but alliances that shoot themselves taken apart into corporations, and
// corporations that do into pilots. A side search that keeps such an entity whole
// would have to call half of the fight friendly fire.
func (f *former) splitEntities(kills []int32, rulings *entityRulings) {
	for _, row := range f.changed {
		f.rows[row] = f.t.entity[row]
	}
	f.changed = f.changed[:0]
	f.splitNamed(kills, rulings)
	for range 2 { // alliance to corporation, corporation to pilot
		if !f.splitOnce(kills) {
			return
		}
	}
}

func (f *former) splitOnce(kills []int32) bool {
	t := f.t
	for len(f.own) < t.entities.len() {
		f.own, f.output = append(f.own, 0), append(f.output, 0)
	}
	suspect := false
	for _, k := range kills {
		first := t.first[k]
		victim := f.rows[first]
		for row := first + 1; row < t.first[k+1]; row++ {
			if e := f.rows[row]; e != none {
				f.output[e]++
				if e == victim && t.pilot[row] != t.pilot[first] {
					f.own[e]++
					suspect = true
				}
			}
		}
	}
	split := false
	if suspect {
		split = f.splitSuspects(kills)
	}
	for _, k := range kills { // leave the counters clean for the next group
		for row := t.first[k]; row < t.first[k+1]; row++ {
			if e := t.entity[row]; e != none {
				f.own[e], f.output[e] = 0, 0
			}
			if e := f.rows[row]; e != none && int(e) < len(f.own) {
				f.own[e], f.output[e] = 0, 0
			}
		}
	}
	return split
}

// splitSuspects replaces in f.rows the entities whose fire on themselves is too
// large a share of their fire.
func (f *former) splitSuspects(kills []int32) bool {
	t := f.t
	split := false
	for _, k := range kills {
		for row := t.first[k]; row < t.first[k+1]; row++ {
			e := f.rows[row]
			if e == none || int(e) >= len(f.own) || f.own[e] == 0 ||
				float64(f.own[e]) <= f.p.Sides.InternalFire*float64(f.output[e]) {
				continue
			}
			p := f.party(k, row)
			id := t.entities.keys[e]
			switch {
			case id == p.AllianceID && p.CorporationID != 0:
				id = p.CorporationID
			case id == p.CorporationID && p.IsPlayer():
				id = p.CharacterID
			default:
				continue
			}
			split = true
			f.replace(row, id)
		}
	}
	return split
}
