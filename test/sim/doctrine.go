package sim

// Doctrine is what a fleet flies.
type Doctrine struct {
	Name      string
	Line      Hull   // most of the fleet
	Command   Hull   // one in twenty
	Support   []Hull // a fifth
	Logistics Hull   // a tenth; never shows on a mail unless lost
}

// Doctrines lists what fleets fly.
func Doctrines() []Doctrine {
	return []Doctrine{
		{"Muninns", muninn, claymore, []Hull{sabre, stiletto, huginn, bifrost}, scimitar},
		{"Eagles", eagle, vulture, []Hull{sabre, flycatcher, stiletto, lachesis}, basilisk},
		{"Cerberuses", cerberus, vulture, []Hull{flycatcher, stiletto, huginn}, basilisk},
		{"Zealots", zealot, damnation, []Hull{sabre, malediction, lachesis}, guardian},
		{"Ishtars", ishtar, claymore, []Hull{sabre, stiletto, huginn}, scimitar},
		{"Ferox fleet", ferox, vulture, []Hull{flycatcher, malediction, bifrost}, basilisk},
		{"Hurricanes", hurricane, claymore, []Hull{sabre, stiletto, rifter}, scimitar},
		{"Brutixes", brutix, damnation, []Hull{sabre, malediction, devoter}, oneiros},
		{"Megathrons", megathron, damnation, []Hull{sabre, devoter, malediction}, guardian},
		{"Apocalypses", apocalypse, damnation, []Hull{sabre, confessor, lachesis}, guardian},
		{"Machariels", machariel, claymore, []Hull{sabre, loki, huginn}, scimitar},
		{"Jackdaws", jackdaw, bifrost, []Hull{flycatcher, malediction, stiletto}, scimitar},
		{"Bombers", hound, sabre, []Hull{stiletto, malediction}, scimitar},
	}
}

// hull is what the i-th member of the fleet flies; pick chooses among support hulls.
func (d Doctrine) hull(i int, pick func([]Hull) Hull) Hull {
	switch {
	case i%20 == 10:
		return d.Command
	case i%10 == 9:
		return d.Logistics
	case i%5 == 3:
		return pick(d.Support)
	}
	return d.Line
}
