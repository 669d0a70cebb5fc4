package eve

// HullClass groups hulls the way players speak of them. See HullClasses for the order.
type HullClass string

// The hull classes. The strings are also those of the HTTP API and the page.
const (
	ClassTitan                   HullClass = "titan"
	ClassSupercarrier            HullClass = "supercarrier"
	ClassLancerDreadnought       HullClass = "lancer-dreadnought"
	ClassDreadnought             HullClass = "dreadnought"
	ClassCarrier                 HullClass = "carrier"
	ClassForceAuxiliary          HullClass = "force-auxiliary"
	ClassCapitalIndustrial       HullClass = "capital-industrial"
	ClassFreighter               HullClass = "freighter"
	ClassJumpFreighter           HullClass = "jump-freighter"
	ClassMarauder                HullClass = "marauder"
	ClassBlackOps                HullClass = "black-ops"
	ClassBattleship              HullClass = "battleship"
	ClassCommandShip             HullClass = "command-ship"
	ClassBattlecruiser           HullClass = "battlecruiser"
	ClassStrategicCruiser        HullClass = "strategic-cruiser"
	ClassHeavyAssaultCruiser     HullClass = "heavy-assault-cruiser"
	ClassLogistics               HullClass = "logistics"
	ClassRecon                   HullClass = "recon"
	ClassHeavyInterdictor        HullClass = "heavy-interdictor"
	ClassFlagCruiser             HullClass = "flag-cruiser"
	ClassCruiser                 HullClass = "cruiser"
	ClassTacticalDestroyer       HullClass = "tactical-destroyer"
	ClassCommandDestroyer        HullClass = "command-destroyer"
	ClassInterdictor             HullClass = "interdictor"
	ClassDestroyer               HullClass = "destroyer"
	ClassAssaultFrigate          HullClass = "assault-frigate"
	ClassLogisticsFrigate        HullClass = "logistics-frigate"
	ClassElectronicAttackFrigate HullClass = "electronic-attack-frigate"
	ClassInterceptor             HullClass = "interceptor"
	ClassCovertOps               HullClass = "covert-ops"
	ClassStealthBomber           HullClass = "stealth-bomber"
	ClassFrigate                 HullClass = "frigate"
	ClassIndustrial              HullClass = "industrial"
	ClassMining                  HullClass = "mining"
	ClassOtherShip               HullClass = "other-ship" // a ship of a group newer than this table
	ClassShuttle                 HullClass = "shuttle"
	ClassCorvette                HullClass = "corvette"
	ClassCapsule                 HullClass = "capsule"
	ClassStructure               HullClass = "structure"
	ClassDeployable              HullClass = "deployable"
)

// HullClassInfo is one row of the ordered list of classes.
type HullClassInfo struct {
	Class HullClass
	Label string // singular, as shown to people
	// Capital marks what fleets count as a capital: it fights or boosts and cannot use
	// highsec gates. Freighters are not among them.
	Capital bool
}

// hullClasses is in players' order: by role and class, never by mass.
var hullClasses = [...]HullClassInfo{
	{ClassTitan, "Titan", true},
	{ClassSupercarrier, "Supercarrier", true},
	{ClassLancerDreadnought, "Lancer dreadnought", true},
	{ClassDreadnought, "Dreadnought", true},
	{ClassCarrier, "Carrier", true},
	{ClassForceAuxiliary, "Force auxiliary", true},
	{ClassCapitalIndustrial, "Capital industrial", true},
	{ClassFreighter, "Freighter", false},
	{ClassJumpFreighter, "Jump freighter", false},
	{ClassMarauder, "Marauder", false},
	{ClassBlackOps, "Black ops", false},
	{ClassBattleship, "Battleship", false},
	{ClassCommandShip, "Command ship", false},
	{ClassBattlecruiser, "Battlecruiser", false},
	{ClassStrategicCruiser, "Strategic cruiser", false},
	{ClassHeavyAssaultCruiser, "Heavy assault cruiser", false},
	{ClassLogistics, "Logistics", false},
	{ClassRecon, "Recon", false},
	{ClassHeavyInterdictor, "Heavy interdictor", false},
	{ClassFlagCruiser, "Flag cruiser", false},
	{ClassCruiser, "Cruiser", false},
	{ClassTacticalDestroyer, "Tactical destroyer", false},
	{ClassCommandDestroyer, "Command destroyer", false},
	{ClassInterdictor, "Interdictor", false},
	{ClassDestroyer, "Destroyer", false},
	{ClassAssaultFrigate, "Assault frigate", false},
	{ClassLogisticsFrigate, "Logistics frigate", false},
	{ClassElectronicAttackFrigate, "Electronic attack frigate", false},
	{ClassInterceptor, "Interceptor", false},
	{ClassCovertOps, "Covert ops", false},
	{ClassStealthBomber, "Stealth bomber", false},
	{ClassFrigate, "Frigate", false},
	{ClassIndustrial, "Industrial", false},
	{ClassMining, "Mining", false},
	{ClassOtherShip, "Other ship", false},
	{ClassShuttle, "Shuttle", false},
	{ClassCorvette, "Corvette", false},
	{ClassCapsule, "Capsule", false},
	{ClassStructure, "Structure", false},
	{ClassDeployable, "Deployable", false},
}

// HullClasses returns every class in players' order. The caller may change the slice.
func HullClasses() []HullClassInfo { return append([]HullClassInfo(nil), hullClasses[:]...) }

// info returns the row of c; for what is no class, a row with c as its label.
func (c HullClass) info() HullClassInfo {
	if i := c.Order(); i < len(hullClasses) {
		return hullClasses[i]
	}
	return HullClassInfo{Class: c, Label: string(c)}
}

// Order returns the place of c in players' order, 0 for titans. What is no class
// sorts behind all of them.
func (c HullClass) Order() int {
	for i := range hullClasses {
		if hullClasses[i].Class == c {
			return i
		}
	}
	return len(hullClasses)
}

// Label returns the class as shown to people: "Heavy assault cruiser".
func (c HullClass) Label() string { return c.info().Label }

// IsCapital reports whether fleets count c as a capital. Freighters are none.
func (c HullClass) IsCapital() bool { return c.info().Capital }

// IsShip reports whether c is flown: neither structure nor deployable, nor "".
func (c HullClass) IsShip() bool { return c.Order() < ClassStructure.Order() }

// classOfGroup maps the SDE's ship groups. Special editions, pirate, Triglavian,
// EDENCOM and drifter hulls are in the ordinary groups of their size.
var classOfGroup = map[int64]HullClass{
	25:   ClassFrigate,
	26:   ClassCruiser,
	27:   ClassBattleship,
	28:   ClassIndustrial, // Hauler
	29:   ClassCapsule,
	30:   ClassTitan,
	31:   ClassShuttle,
	237:  ClassCorvette,
	324:  ClassAssaultFrigate,
	358:  ClassHeavyAssaultCruiser,
	380:  ClassIndustrial,    // Deep Space Transport
	381:  ClassBattleship,    // Elite Battleship: only old killmails
	419:  ClassBattlecruiser, // Combat Battlecruiser
	420:  ClassDestroyer,
	463:  ClassMining, // Mining Barge
	485:  ClassDreadnought,
	513:  ClassFreighter,
	540:  ClassCommandShip,
	541:  ClassInterdictor,
	543:  ClassMining, // Exhumer
	547:  ClassCarrier,
	659:  ClassSupercarrier,
	830:  ClassCovertOps,
	831:  ClassInterceptor,
	832:  ClassLogistics,
	833:  ClassRecon, // Force Recon Ship
	834:  ClassStealthBomber,
	883:  ClassCapitalIndustrial,
	893:  ClassElectronicAttackFrigate,
	894:  ClassHeavyInterdictor,
	898:  ClassBlackOps,
	900:  ClassMarauder,
	902:  ClassJumpFreighter,
	906:  ClassRecon,  // Combat Recon Ship
	941:  ClassMining, // Industrial Command Ship
	963:  ClassStrategicCruiser,
	1022: ClassFrigate, // Prototype Exploration Ship: the Zephyr
	1201: ClassBattlecruiser,
	1202: ClassIndustrial, // Blockade Runner
	1283: ClassMining,     // Expedition Frigate
	1305: ClassTacticalDestroyer,
	1527: ClassLogisticsFrigate,
	1534: ClassCommandDestroyer,
	1538: ClassForceAuxiliary,
	1972: ClassFlagCruiser, // the Monitor
	2001: ClassMining,      // Citizen Ships: the Citizen Venture
	4594: ClassLancerDreadnought,
	4902: ClassCommandShip, // Expedition Command Ship: the Odysseus
}

// ClassOf returns the class of a type from its SDE group and category. A ship of an
// unknown group is ClassOtherShip; anything that is neither ship, structure nor
// deployable has the class "".
func ClassOf(groupID, categoryID int64) HullClass {
	switch categoryID {
	case CategoryShip:
		if class, known := classOfGroup[groupID]; known {
			return class
		}
		return ClassOtherShip
	case CategoryStructure, CategoryStarbase, CategorySovereignty, CategoryOrbital:
		return ClassStructure
	case CategoryDeployable:
		return ClassDeployable
	default:
		return ""
	}
}
