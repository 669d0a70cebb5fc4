package sim

// Hull is a real ship or structure type with the weapon it is usually seen with.
type Hull struct {
	ID     int64
	Name   string
	Weapon int64   // type id; 0 for what does not shoot
	Value  float64 // ISK, about what zKillboard would put on a fitted one
	Health int64   // hit points of a fitted one, about
}

// capital reports whether it takes a fleet to kill it.
func (h Hull) capital() bool { return h.Health > 1_000_000 }

// Type ids of weapons, drones and fighters.
const (
	autocannon200     = 2889
	autocannon425     = 2913
	howitzer280       = 2977
	howitzer720       = 2969
	howitzer1400      = 2961
	blasterLight      = 3178
	blasterHeavy      = 3146
	blasterNeutron    = 3186
	railgun250        = 3082
	pulseLight        = 3001
	pulseHeavy        = 3520
	pulseMega         = 3057
	rockets           = 10631
	missilesRapid     = 1877
	missilesHeavy     = 2410
	missilesAssault   = 25715
	missilesCruise    = 19739
	torpedoes         = 2420
	hobgoblin         = 2456
	hammerhead        = 2185
	ogre              = 2446
	disruptor         = 3244
	scrambler         = 448
	neutralizer       = 12271
	capitalAutocannon = 37304
	capitalBlaster    = 37302
	capitalPulse      = 37298
	fighterTemplar    = 40556
	fighterEinherji   = 40559
)

// The hulls, by size.
var (
	capsule = Hull{670, "Capsule", 0, 30e6, 400}
	ibis    = Hull{601, "Ibis", 0, 10e3, 1_200}

	rifter      = Hull{587, "Rifter", autocannon200, 12e6, 3_600}
	merlin      = Hull{603, "Merlin", blasterLight, 11e6, 4_200}
	kestrel     = Hull{602, "Kestrel", rockets, 12e6, 4_000}
	tristan     = Hull{593, "Tristan", hobgoblin, 13e6, 4_300}
	incursus    = Hull{594, "Incursus", blasterLight, 12e6, 4_500}
	slicer      = Hull{17703, "Imperial Navy Slicer", pulseLight, 28e6, 4_800}
	firetail    = Hull{17812, "Republic Fleet Firetail", autocannon200, 30e6, 5_100}
	comet       = Hull{17841, "Federation Navy Comet", blasterLight, 32e6, 5_400}
	hookbill    = Hull{17619, "Caldari Navy Hookbill", rockets, 31e6, 5_600}
	jaguar      = Hull{11400, "Jaguar", autocannon200, 58e6, 11_500}
	enyo        = Hull{12044, "Enyo", blasterLight, 55e6, 10_800}
	stiletto    = Hull{11198, "Stiletto", disruptor, 46e6, 3_900}
	malediction = Hull{11186, "Malediction", disruptor, 45e6, 4_400}
	hound       = Hull{12034, "Hound", torpedoes, 52e6, 2_900}

	catalyst   = Hull{16240, "Catalyst", blasterLight, 14e6, 7_200}
	thrasher   = Hull{16242, "Thrasher", howitzer280, 15e6, 7_400}
	algos      = Hull{32872, "Algos", hobgoblin, 16e6, 9_200}
	svipul     = Hull{34562, "Svipul", autocannon200, 80e6, 19_000}
	confessor  = Hull{34317, "Confessor", pulseLight, 85e6, 20_500}
	jackdaw    = Hull{34828, "Jackdaw", rockets, 92e6, 24_000}
	sabre      = Hull{22456, "Sabre", autocannon200, 90e6, 14_000}
	flycatcher = Hull{22464, "Flycatcher", rockets, 86e6, 15_500}
	bifrost    = Hull{37480, "Bifrost", rockets, 74e6, 21_000}

	caracal   = Hull{621, "Caracal", missilesRapid, 35e6, 26_000}
	vexor     = Hull{626, "Vexor", hammerhead, 33e6, 28_000}
	thorax    = Hull{627, "Thorax", blasterHeavy, 36e6, 29_000}
	vexorNavy = Hull{17843, "Vexor Navy Issue", hammerhead, 130e6, 41_000}
	osprey    = Hull{29340, "Osprey Navy Issue", missilesAssault, 98e6, 43_000}
	gila      = Hull{17715, "Gila", hammerhead, 420e6, 58_000}
	orthrus   = Hull{33818, "Orthrus", missilesRapid, 460e6, 44_000}
	stratios  = Hull{33470, "Stratios", hammerhead, 480e6, 62_000}
	muninn    = Hull{12015, "Muninn", howitzer720, 330e6, 62_000}
	eagle     = Hull{12011, "Eagle", railgun250, 340e6, 78_000}
	cerberus  = Hull{11993, "Cerberus", missilesHeavy, 345e6, 69_000}
	zealot    = Hull{12003, "Zealot", pulseHeavy, 335e6, 82_000}
	ishtar    = Hull{12005, "Ishtar", ogre, 350e6, 66_000}
	loki      = Hull{29990, "Loki", autocannon425, 620e6, 105_000}
	tengu     = Hull{29984, "Tengu", missilesHeavy, 640e6, 98_000}
	proteus   = Hull{29988, "Proteus", blasterHeavy, 660e6, 135_000}
	huginn    = Hull{11961, "Huginn", missilesAssault, 310e6, 47_000}
	lachesis  = Hull{11971, "Lachesis", disruptor, 300e6, 49_000}
	devoter   = Hull{12017, "Devoter", pulseHeavy, 370e6, 140_000}
	guardian  = Hull{11987, "Guardian", 0, 290e6, 84_000}
	oneiros   = Hull{11989, "Oneiros", 0, 288e6, 76_000}
	scimitar  = Hull{11978, "Scimitar", 0, 280e6, 51_000}
	basilisk  = Hull{11985, "Basilisk", 0, 285e6, 64_000}

	ferox     = Hull{16227, "Ferox", railgun250, 110e6, 82_000}
	hurricane = Hull{24702, "Hurricane", autocannon425, 115e6, 71_000}
	drake     = Hull{24698, "Drake", missilesHeavy, 108e6, 88_000}
	brutix    = Hull{16229, "Brutix", blasterHeavy, 112e6, 84_000}
	claymore  = Hull{22468, "Claymore", missilesAssault, 520e6, 128_000}
	damnation = Hull{22474, "Damnation", missilesAssault, 540e6, 190_000}
	vulture   = Hull{22446, "Vulture", railgun250, 515e6, 165_000}

	megathron  = Hull{641, "Megathron", blasterNeutron, 330e6, 138_000}
	apocalypse = Hull{642, "Apocalypse", pulseMega, 335e6, 142_000}
	raven      = Hull{638, "Raven", missilesCruise, 320e6, 118_000}
	dominix    = Hull{645, "Dominix", ogre, 310e6, 131_000}
	bhaalgorn  = Hull{17920, "Bhaalgorn", neutralizer, 1.1e9, 210_000}
	machariel  = Hull{17738, "Machariel", howitzer1400, 780e6, 129_000}
	leshak     = Hull{47271, "Leshak", 0, 1.3e9, 185_000}

	naglfar    = Hull{19722, "Naglfar", capitalAutocannon, 4.2e9, 2_600_000}
	moros      = Hull{19724, "Moros", capitalBlaster, 4.3e9, 2_800_000}
	revelation = Hull{19720, "Revelation", capitalPulse, 4.4e9, 3_100_000}
	archon     = Hull{23757, "Archon", fighterTemplar, 3.4e9, 2_900_000}
	nidhoggur  = Hull{24483, "Nidhoggur", fighterEinherji, 3.3e9, 2_500_000}
	apostle    = Hull{37604, "Apostle", 0, 3.1e9, 3_800_000}
	nyx        = Hull{23913, "Nyx", fighterEinherji, 34e9, 24_000_000}

	venture   = Hull{32880, "Venture", 0, 4e6, 2_800}
	retriever = Hull{17478, "Retriever", hobgoblin, 60e6, 15_000}
	hulk      = Hull{22544, "Hulk", hobgoblin, 420e6, 22_000}
	orca      = Hull{28606, "Orca", ogre, 1.9e9, 260_000}
	badger    = Hull{648, "Badger", 0, 45e6, 9_000}
	nereus    = Hull{650, "Nereus", 0, 25e6, 8_000}
	bustard   = Hull{12731, "Bustard", 0, 1.1e9, 44_000}
	astero    = Hull{33468, "Astero", hobgoblin, 120e6, 9_500}
	charon    = Hull{20185, "Charon", 0, 3.9e9, 320_000}
	obelisk   = Hull{20187, "Obelisk", 0, 3.7e9, 340_000}

	astrahus = Hull{35832, "Astrahus", 0, 1.6e9, 18_000_000}
	raitaru  = Hull{35825, "Raitaru", 0, 1.1e9, 14_000_000}
	athanor  = Hull{35835, "Athanor", 0, 1.4e9, 16_000_000}
	fortizar = Hull{35833, "Fortizar", 0, 19e9, 62_000_000}
	ansiblex = Hull{35841, "Ansiblex Jump Gate", 0, 2.1e9, 9_000_000}

	// NPCs: they have a corporation and a hull, and no character.
	policeCaptain     = Hull{3885, "CONCORD Police Captain", 3885, 0, 0}
	guristasNullifier = Hull{16998, "Pithum Nullifier", 16998, 0, 0}
)

const (
	concord         = 1000125 // corporation
	guristas        = 1000127 // corporation
	guristasFaction = 500010
)

// What is flown where.
var (
	gangHulls    = []Hull{caracal, vexor, thorax, hurricane, drake, brutix, svipul, confessor, jackdaw, gila, orthrus, vexorNavy, osprey, stiletto, loki}
	holeHulls    = []Hull{loki, proteus, tengu, stratios, guardian, leshak, devoter, sabre}
	militiaHulls = []Hull{rifter, merlin, kestrel, tristan, incursus, slicer, firetail, comet, hookbill, jaguar, enyo, thrasher, algos, catalyst, vexor, thorax}
	campHulls    = []Hull{sabre, stiletto, loki, hurricane, svipul, lachesis, thrasher, huginn}
	soloHulls    = []Hull{rifter, merlin, kestrel, tristan, incursus, slicer, comet, jaguar, thrasher, algos, vexor, thorax, svipul}
	lonelyHulls  = []Hull{venture, retriever, nereus, badger, rifter, caracal, drake, raven, astero, bustard, gila, vexor}
	gankTargets  = []Hull{hulk, hulk, retriever, retriever, badger, bustard, orca, charon, obelisk}
	ratTargets   = []Hull{gila, raven, drake, caracal, venture, ishtar, dominix}
	structures   = []Hull{astrahus, raitaru, athanor, ansiblex}
	dreadnoughts = []Hull{naglfar, moros, revelation}
)

// Hulls lists everything that is flown, lost or shooting here.
func Hulls() []Hull {
	return []Hull{
		capsule, ibis,
		rifter, merlin, kestrel, tristan, incursus, slicer, firetail, comet, hookbill, jaguar, enyo, stiletto, malediction, hound,
		catalyst, thrasher, algos, svipul, confessor, jackdaw, sabre, flycatcher, bifrost,
		caracal, vexor, thorax, vexorNavy, osprey, gila, orthrus, stratios, muninn, eagle, cerberus, zealot, ishtar, loki, tengu, proteus,
		huginn, lachesis, devoter, guardian, oneiros, scimitar, basilisk,
		ferox, hurricane, drake, brutix, claymore, damnation, vulture,
		megathron, apocalypse, raven, dominix, bhaalgorn, machariel, leshak,
		naglfar, moros, revelation, archon, nidhoggur, apostle, nyx,
		venture, retriever, hulk, orca, badger, nereus, bustard, astero, charon, obelisk,
		astrahus, raitaru, athanor, fortizar, ansiblex,
		policeCaptain, guristasNullifier,
	}
}
