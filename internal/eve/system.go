package eve

// System is one solar system of the static data.
type System struct {
	ID                int64
	Name              string
	ConstellationID   int64
	ConstellationName string
	RegionID          int64
	RegionName        string
	Security          float64 // true security status, -1.0 to 1.0, not rounded
	WormholeClass     int     // CCP's wormholeClassID, inherited system → constellation → region; 0 unknown
	X, Y, Z           float64 // metres, centre of New Eden as origin
}

// Space is the band a system belongs to, by CCP's rules and players' words.
type Space string

// The bands. Highsec, lowsec and nullsec are told apart by displayed security,
// the others by region or id range, because their security is always -1.0.
const (
	Highsec  Space = "highsec"
	Lowsec   Space = "lowsec"
	Nullsec  Space = "nullsec"
	Wormhole Space = "wormhole" // J-space, Thera and the drifter systems
	Pochven  Space = "pochven"
	Abyssal  Space = "abyssal" // instanced: one system id, many pockets
	Void     Space = "void"    // instanced as Abyssal
	Other    Space = "other"   // hidden and test systems, and ids the static data does not know
)

// Instanced reports whether kills in this space share a system id without
// sharing a place, so that nothing may be concluded from the system alone.
func (s Space) Instanced() bool { return s == Abyssal || s == Void }
