package eve

import (
	"math"
	"strconv"
)

// DisplaySecurity returns the security status the client shows for a true one:
// rounded half up to one decimal, except that what is above 0 but would round to
// 0.0 shows as 0.1, because such systems are lowsec.
func DisplaySecurity(true float64) float64 {
	if 0 < true && true < 0.05 {
		return 0.1
	}
	rounded := math.Floor(true*10+0.5) / 10
	if rounded == 0 {
		return 0 // never -0
	}
	return rounded
}

// SecurityText writes a true security status the way the client does: "0.9", "0.0", "-1.0".
func SecurityText(true float64) string {
	return strconv.FormatFloat(DisplaySecurity(true), 'f', 1, 64)
}

// SpaceOf returns the band of a system.
//
// Ids decide first, since J-space, the abyss and the void all carry a security of
// -1.0; then Pochven by its region, because its systems kept their k-space ids;
// then displayed security: 0.5 and above is highsec, 0.1 to 0.4 lowsec, the rest
// nullsec. A k-space system without a region is one the static data does not
// know, and is Other.
func SpaceOf(s System) Space {
	switch {
	case IsWormholeSystem(s.ID):
		return Wormhole
	case IsAbyssalSystem(s.ID):
		return Abyssal
	case IsVoidSystem(s.ID):
		return Void
	case !IsKSpaceSystem(s.ID), s.RegionID == 0:
		return Other
	case s.RegionID == RegionPochven:
		return Pochven
	}
	switch security := DisplaySecurity(s.Security); {
	case security >= 0.5:
		return Highsec
	case security > 0:
		return Lowsec
	default:
		return Nullsec
	}
}

// Spaces lists every band, safest first.
func Spaces() []Space {
	return []Space{Highsec, Lowsec, Nullsec, Wormhole, Pochven, Abyssal, Void, Other}
}

// WormholeClassName returns what players call a wormholeClassID: "C1" to "C6",
// "Thera", "C13" for the shattered frigate holes, "Drifter"; "" for k-space and unknown.
func WormholeClassName(class int) string {
	switch {
	case 1 <= class && class <= 6, class == 13:
		return "C" + strconv.Itoa(class)
	case class == 12:
		return "Thera"
	case 14 <= class && class <= 18:
		return "Drifter"
	default:
		return ""
	}
}
