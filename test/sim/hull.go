package sim

// Hull is a real ship or structure type with the weapon it is usually seen with.
type Hull struct {
	ID     int64
	Name   string
	Weapon int64   // type id; 0 for what does not shoot
	Value  float64 // ISK, about what zKillboard would put on a fitted one
}

// The hulls, by what they are for. Weapons are real type ids too.
var (
	rifter     = Hull{587, "Rifter", 2889, 12e6}
	merlin     = Hull{603, "Merlin", 3178, 11e6}
	kestrel    = Hull{602, "Kestrel", 1877, 12e6}
	catalyst   = Hull{16240, "Catalyst", 3178, 14e6}
	thrasher   = Hull{16242, "Thrasher", 2889, 15e6}
	confessor  = Hull{34317, "Confessor", 3285, 85e6}
	svipul     = Hull{34562, "Svipul", 2889, 80e6}
	stiletto   = Hull{11198, "Stiletto", 2889, 45e6}
	sabre      = Hull{22456, "Sabre", 2889, 90e6}
	caracal    = Hull{621, "Caracal", 1877, 35e6}
	vexor      = Hull{626, "Vexor", 2185, 33e6}
	thorax     = Hull{627, "Thorax", 3186, 36e6}
	gila       = Hull{17715, "Gila", 2185, 420e6}
	muninn     = Hull{12015, "Muninn", 2969, 330e6}
	eagle      = Hull{12011, "Eagle", 3082, 340e6}
	cerberus   = Hull{11993, "Cerberus", 2410, 345e6}
	loki       = Hull{29990, "Loki", 2913, 620e6}
	ferox      = Hull{16227, "Ferox", 3082, 110e6}
	hurricane  = Hull{24702, "Hurricane", 2913, 115e6}
	drake      = Hull{24698, "Drake", 2410, 108e6}
	megathron  = Hull{641, "Megathron", 3186, 330e6}
	apocalypse = Hull{642, "Apocalypse", 3057, 335e6}
	raven      = Hull{638, "Raven", 19739, 320e6}
	machariel  = Hull{17738, "Machariel", 2961, 780e6}
	naglfar    = Hull{19722, "Naglfar", 20452, 4.2e9}
	guardian   = Hull{11987, "Guardian", 0, 290e6}
	scimitar   = Hull{11978, "Scimitar", 0, 280e6}
	basilisk   = Hull{11985, "Basilisk", 0, 285e6}
	venture    = Hull{32880, "Venture", 0, 4e6}
	retriever  = Hull{17478, "Retriever", 2456, 60e6}
	hulk       = Hull{22544, "Hulk", 2456, 420e6}
	badger     = Hull{648, "Badger", 0, 45e6}
	nereus     = Hull{650, "Nereus", 0, 25e6}
	charon     = Hull{20185, "Charon", 0, 3.9e9}
	obelisk    = Hull{20187, "Obelisk", 0, 3.7e9}
	capsule    = Hull{670, "Capsule", 0, 35e6}
	astrahus   = Hull{35832, "Astrahus", 0, 1.6e9}
	raitaru    = Hull{35825, "Raitaru", 0, 1.1e9}
	athanor    = Hull{35835, "Athanor", 0, 1.4e9}

	// NPCs: they have a corporation and a hull, and no character.
	policeCaptain     = Hull{3885, "CONCORD Police Captain", 3885, 0}
	guristasNullifier = Hull{16998, "Pithum Nullifier", 16998, 0}
)

const (
	concord         = 1000125 // corporation
	guristas        = 1000127 // corporation
	guristasFaction = 500010
)

// Doctrine is what a fleet flies.
type Doctrine struct {
	Name      string
	Line      Hull // most of the fleet
	Support   []Hull
	Logistics Hull // never shows on a mail unless lost
}

// Doctrines lists what fleets fly.
func Doctrines() []Doctrine {
	return []Doctrine{
		{"Muninns", muninn, []Hull{sabre, stiletto, loki}, scimitar},
		{"Eagles", eagle, []Hull{sabre, stiletto}, basilisk},
		{"Cerberuses", cerberus, []Hull{sabre, stiletto}, basilisk},
		{"Ferox fleet", ferox, []Hull{sabre, stiletto}, basilisk},
		{"Hurricanes", hurricane, []Hull{sabre, stiletto, rifter}, scimitar},
		{"Megathrons", megathron, []Hull{sabre, naglfar}, guardian},
		{"Apocalypses", apocalypse, []Hull{sabre, confessor}, guardian},
		{"Machariels", machariel, []Hull{sabre, loki}, scimitar},
	}
}

var (
	gangHulls   = []Hull{caracal, vexor, thorax, hurricane, drake, svipul, confessor, gila, stiletto, loki}
	soloHulls   = []Hull{rifter, merlin, kestrel, thrasher, vexor, thorax, svipul}
	lonelyHulls = []Hull{venture, retriever, nereus, badger, rifter, caracal, drake, raven}
	gankTargets = []Hull{hulk, retriever, badger, charon, obelisk}
	ratTargets  = []Hull{gila, raven, drake, caracal, venture}
	structures  = []Hull{astrahus, raitaru, athanor}
)

// Hulls lists everything that is flown, lost or shooting here.
func Hulls() []Hull {
	return []Hull{
		rifter, merlin, kestrel, catalyst, thrasher, confessor, svipul, stiletto, sabre, caracal, vexor, thorax, gila,
		muninn, eagle, cerberus, loki, ferox, hurricane, drake, megathron, apocalypse, raven, machariel, naglfar,
		guardian, scimitar, basilisk, venture, retriever, hulk, badger, nereus, charon, obelisk, capsule,
		astrahus, raitaru, athanor, policeCaptain, guristasNullifier,
	}
}
