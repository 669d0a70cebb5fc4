package eve

// Well-known ids that rules speak of.
const (
	RegionPochven      = 10000070 // ordinary k-space system ids, own rules
	CorporationCONCORD = 1000125  // the highsec police that ends every gank
	GroupCapsule       = 29
	GroupShuttle       = 31
	GroupCorvette      = 237
)

// LightYear is EVE's light year in metres, the unit of jump ranges.
const LightYear = 9.46e15

// CCP hands out ids from ranges that say what an id is. The ranges below are the
// ones published in the developer documentation; character, corporation and
// alliance ids from before 2010 share one range and cannot be told apart.

// IsFaction reports whether id is a faction (500000 to 599999).
func IsFaction(id int64) bool { return 500_000 <= id && id < 600_000 }

// IsNPCCorporation reports whether id is a corporation run by CCP (1.0 to 1.99 million).
func IsNPCCorporation(id int64) bool { return 1_000_000 <= id && id < 2_000_000 }

// IsPlayerCorporation reports whether a corporation id belongs to players.
func IsPlayerCorporation(id int64) bool { return id >= 2_000_000 }

// IsNPCCharacter reports whether a character id belongs to an agent (3.0 to 3.99 million).
func IsNPCCharacter(id int64) bool { return 3_000_000 <= id && id < 4_000_000 }

// IsPlayerCharacter reports whether a character id belongs to a pilot. An absent id, 0, does not.
func IsPlayerCharacter(id int64) bool { return id >= 4_000_000 }

// IsKSpaceSystem reports whether id is a system of known space, Pochven and Zarzakh included.
func IsKSpaceSystem(id int64) bool { return inMillion(id, 30) }

// IsWormholeSystem reports whether id is in J-space, Thera and the drifter systems included.
func IsWormholeSystem(id int64) bool { return inMillion(id, 31) }

// IsAbyssalSystem reports whether id is an abyssal system: one id, many pockets.
func IsAbyssalSystem(id int64) bool { return inMillion(id, 32) }

// IsVoidSystem reports whether id is a void system, instanced as the abyssal ones.
func IsVoidSystem(id int64) bool { return inMillion(id, 34) }

func inMillion(id, million int64) bool { return id/1_000_000 == million }
