package sim

import (
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// Place is a real solar system.
type Place struct {
	ID    int64
	Name  string
	Space eve.Space
}

// Route is a row of systems, each one gate from the next. No system is on two routes.
type Route []Place

// Routes lists the places where things happen. Lowsec and nullsec routes have four systems.
func Routes() []Route { return slices.Clone(routes) }

var routes = []Route{
	{{30004759, "1DQ1-A", eve.Nullsec}, {30004735, "T5ZI-S", eve.Nullsec}, {30004730, "D-W7F0", eve.Nullsec}, {30004716, "4K-TRB", eve.Nullsec}},
	{{30001161, "HED-GP", eve.Nullsec}, {30001158, "SV5-8N", eve.Nullsec}, {30001153, "F9E-KX", eve.Nullsec}, {30003709, "D-GTMI", eve.Nullsec}},
	{{30001198, "GE-8JV", eve.Nullsec}, {30001162, "V-3YG7", eve.Nullsec}, {30001156, "B-3QPD", eve.Nullsec}, {30001155, "U-QVWD", eve.Nullsec}},
	{{30000848, "M-OEE8", eve.Nullsec}, {30000846, "E-OGL4", eve.Nullsec}, {30000861, "15W-GC", eve.Nullsec}, {30000863, "C2X-M5", eve.Nullsec}},
	{{30002355, "LXQ2-T", eve.Nullsec}, {30002354, "8KE-YS", eve.Nullsec}, {30002352, "ZS-PNI", eve.Nullsec}, {30002351, "O-LJOO", eve.Nullsec}},
	{{30000483, "77S8-E", eve.Nullsec}, {30000479, "SLVP-D", eve.Nullsec}, {30000471, "M-XUZZ", eve.Nullsec}, {30000469, "9-02G0", eve.Nullsec}},
	{{30003726, "Y-MPWL", eve.Nullsec}, {30003724, "D61A-G", eve.Nullsec}, {30003723, "H6-CX8", eve.Nullsec}, {30003707, "9UY4-H", eve.Nullsec}},
	{{30002157, "B-R5RB", eve.Nullsec}, {30002153, "O3Z5-G", eve.Nullsec}, {30002129, "RF6T-8", eve.Nullsec}, {30002131, "94FR-S", eve.Nullsec}},
	{{30004608, "6VDT-H", eve.Nullsec}, {30004590, "B17O-R", eve.Nullsec}, {30004583, "IGE-RI", eve.Nullsec}, {30004581, "OW-TPO", eve.Nullsec}},
	{{30001967, "X47L-Q", eve.Nullsec}, {30001963, "KQK1-2", eve.Nullsec}, {30000857, "0-YMBJ", eve.Nullsec}, {30000858, "UMI-KK", eve.Nullsec}},
	{{30004773, "M2-XFE", eve.Nullsec}, {30004772, "KEE-N6", eve.Nullsec}, {30004736, "4X0-8B", eve.Nullsec}, {30004731, "JP4-AA", eve.Nullsec}},
	{{30004718, "FWST-8", eve.Nullsec}, {30004711, "PR-8CA", eve.Nullsec}, {30004710, "1DH-SX", eve.Nullsec}, {30004013, "F2OY-X", eve.Nullsec}},
	{{30002874, "R1O-GN", eve.Nullsec}, {30002844, "Q-GICU", eve.Nullsec}, {30002841, "TA9T-P", eve.Nullsec}, {30002839, "RAI-0E", eve.Nullsec}},
	{{30004665, "Y-2ANO", eve.Nullsec}, {30004663, "LBGI-2", eve.Nullsec}, {30004662, "WMH-SO", eve.Nullsec}, {30004661, "4HS-CR", eve.Nullsec}},
	{{30004059, "9-4RP2", eve.Nullsec}, {30004058, "FQ9W-C", eve.Nullsec}, {30004057, "6Z9-0M", eve.Nullsec}, {30004074, "U65-CN", eve.Nullsec}},
	{{30004751, "K-6K16", eve.Nullsec}, {30004750, "D-3GIQ", eve.Nullsec}, {30004722, "319-3D", eve.Nullsec}, {30004719, "YZ9-F6", eve.Nullsec}},
	{{30001984, "EC-P8R", eve.Nullsec}, {30001985, "EWOK-K", eve.Nullsec}, {30001986, "O-N8XZ", eve.Nullsec}, {30001988, "MI6O-6", eve.Nullsec}},
	{{30003681, "DO6H-Q", eve.Nullsec}, {30001997, "U-INPD", eve.Nullsec}, {30001993, "A8I-C5", eve.Nullsec}, {30001992, "C-H9X7", eve.Nullsec}},
	{{30004046, "F7C-H0", eve.Nullsec}, {30004044, "O-ZXUV", eve.Nullsec}, {30004043, "FD53-H", eve.Nullsec}, {30004042, "DY-F70", eve.Nullsec}},
	{{30000772, "C-J6MT", eve.Nullsec}, {30000770, "88A-RA", eve.Nullsec}, {30000773, "78-0R6", eve.Nullsec}, {30000540, "L-FM3P", eve.Nullsec}},
	{{30004807, "UALX-3", eve.Nullsec}, {30004806, "DT-PXH", eve.Nullsec}, {30004805, "S4-9DN", eve.Nullsec}, {30004803, "WB-AYY", eve.Nullsec}},
	{{30000847, "J-GAMP", eve.Nullsec}, {30000850, "FY0W-N", eve.Nullsec}, {30000849, "V0DF-2", eve.Nullsec}, {30000851, "MJI3-8", eve.Nullsec}},
	{{30000240, "4-HWWF", eve.Nullsec}, {30000239, "4GYV-Q", eve.Nullsec}, {30000238, "WBR5-R", eve.Nullsec}, {30000242, "8TPX-N", eve.Nullsec}},
	{{30004567, "E-BWUU", eve.Nullsec}, {30004556, "IR-WT1", eve.Nullsec}, {30004555, "3WE-KY", eve.Nullsec}, {30004553, "4-EP12", eve.Nullsec}},
	{{30003682, "DW-T2I", eve.Nullsec}, {30003680, "P-33KR", eve.Nullsec}, {30003678, "CR-IFM", eve.Nullsec}, {30003677, "E-9ORY", eve.Nullsec}},
	{{30005133, "MJ-5F9", eve.Nullsec}, {30005089, "TDP-T3", eve.Nullsec}, {30005088, "B-B0ME", eve.Nullsec}, {30001080, "QCGG-Q", eve.Nullsec}},
	{{30002005, "5ZXX-K", eve.Nullsec}, {30002004, "8S-0E1", eve.Nullsec}, {30001968, "D7T-C0", eve.Nullsec}, {30001965, "2D-0SO", eve.Nullsec}},
	{{30002440, "BWF-ZZ", eve.Nullsec}, {30002439, "IOO-7O", eve.Nullsec}, {30002438, "BND-16", eve.Nullsec}, {30002425, "O1-FTD", eve.Nullsec}},
	{{30001183, "G-7WUF", eve.Nullsec}, {30001182, "MB-NKE", eve.Nullsec}, {30001173, "WLAR-J", eve.Nullsec}, {30001171, "F4R2-Q", eve.Nullsec}},
	{{30002813, "Tama", eve.Lowsec}, {30002809, "Sujarento", eve.Lowsec}, {30002807, "Nagamanen", eve.Lowsec}, {30002806, "Hasmijaala", eve.Lowsec}},
	{{30002537, "Amamake", eve.Lowsec}, {30002517, "Gulmorogod", eve.Lowsec}, {30002099, "Egmar", eve.Lowsec}, {30002066, "Arnher", eve.Lowsec}},
	{{30003067, "Huola", eve.Lowsec}, {30002975, "Roushzar", eve.Lowsec}, {30002976, "Labapi", eve.Lowsec}, {30002977, "Arayar", eve.Lowsec}},
	{{30003068, "Kourmonen", eve.Lowsec}, {30002542, "Auga", eve.Lowsec}, {30002539, "Siseide", eve.Lowsec}, {30002095, "Eszur", eve.Lowsec}},
	{{30045344, "Nennamaila", eve.Lowsec}, {30003837, "Aldranette", eve.Lowsec}, {30003836, "Vlillirier", eve.Lowsec}, {30003829, "Renarelle", eve.Lowsec}},
	{{30045349, "Rakapas", eve.Lowsec}, {30045353, "Pynekastoh", eve.Lowsec}, {30045338, "Hikkoken", eve.Lowsec}, {30045341, "Hallanen", eve.Lowsec}},
	{{30045332, "Asakai", eve.Lowsec}, {30045330, "Okkamon", eve.Lowsec}, {30045334, "Mushikegi", eve.Lowsec}, {30002760, "Manjonakko", eve.Lowsec}},
	{{30002050, "Hagilur", eve.Lowsec}, {30002076, "Dudreda", eve.Lowsec}, {30002077, "Hakisalki", eve.Lowsec}, {30002078, "Arwa", eve.Lowsec}},
	{{30005000, "Old Man Star", eve.Lowsec}, {30004979, "Heydieles", eve.Lowsec}, {30004980, "Fliet", eve.Lowsec}, {30004985, "Deven", eve.Lowsec}},
	{{30002718, "Rancer", eve.Lowsec}, {30002719, "Miroitem", eve.Lowsec}, {30002720, "Thelan", eve.Lowsec}, {30002721, "Rorsins", eve.Lowsec}},
	{{30045346, "Kedama", eve.Lowsec}, {30045345, "Hirri", eve.Lowsec}, {30045352, "Nisuwa", eve.Lowsec}, {30045347, "Oinasiken", eve.Lowsec}},
	{{30045319, "Eha", eve.Lowsec}, {30045316, "Innia", eve.Lowsec}, {30045314, "Kinakka", eve.Lowsec}, {30045315, "Raihbaka", eve.Lowsec}},
	{{30001388, "Mara", eve.Lowsec}, {30002758, "Hasama", eve.Lowsec}, {30002757, "Nikkishina", eve.Lowsec}, {30002756, "Ishomilken", eve.Lowsec}},
	{{30005008, "Aeschee", eve.Lowsec}, {30004990, "Onne", eve.Lowsec}, {30004991, "Vitrauze", eve.Lowsec}, {30004992, "Palmon", eve.Lowsec}},
	{{30002768, "Uedama", eve.Highsec}, {30002765, "Sivala", eve.Highsec}},
	{{30000142, "Jita", eve.Highsec}, {30000138, "Ikuchi", eve.Highsec}},
	{{30002187, "Amarr", eve.Highsec}, {30002189, "Hedion", eve.Highsec}},
	{{30000144, "Perimeter", eve.Highsec}, {30000139, "Urlen", eve.Highsec}},
	{{30001389, "Isanamo", eve.Highsec}, {30001368, "Uemisaisen", eve.Highsec}},
	{{30002659, "Dodixie", eve.Highsec}, {30002655, "Vylade", eve.Highsec}},
	{{30002053, "Hek", eve.Highsec}, {30002049, "Uttindar", eve.Highsec}},
	{{30002641, "Aufay", eve.Highsec}, {30002634, "Balle", eve.Highsec}},
	{{30045328, "Ahtila", eve.Pochven}, {30000021, "Kuharah", eve.Pochven}},
	{{30003495, "Raravoss", eve.Pochven}, {30002225, "Harva", eve.Pochven}},
	{{31000368, "J105951", eve.Wormhole}},
	{{31001593, "J121116", eve.Wormhole}},
	{{31000005, "Thera", eve.Wormhole}},
	{{31002238, "J115405", eve.Wormhole}},
	{{31002439, "J163225", eve.Wormhole}},
	{{31001947, "J170122", eve.Wormhole}},
	{{31000382, "J211936", eve.Wormhole}},
}

// hubs are where the militias fight.
var hubs = routesThrough("Tama", "Nennamaila", "Rakapas", "Asakai", "Old Man Star", "Kedama", "Eha", "Mara", "Aeschee")

func routesThrough(names ...string) []Route {
	var found []Route
	for _, name := range names {
		for _, route := range routes {
			if route[0].Name == name {
				found = append(found, route)
			}
		}
	}
	return found
}

// routesIn lists the routes in some bands.
func routesIn(bands ...eve.Space) []Route {
	var found []Route
	for _, route := range routes {
		for _, band := range bands {
			if route[0].Space == band {
				found = append(found, route)
			}
		}
	}
	return found
}

// aftermath is how long nothing else begins in a system where a fight was, if that
// can be helped.
const aftermath = 20 * time.Minute

// place picks a system where nothing goes on, or any when a few tries find none.
func (g *generator) place(start time.Time, routes []Route) Place {
	var p Place
	for range 12 {
		p = pickOne(g.rng, pickOne(g.rng, routes))
		if !g.busy[p.ID].After(start) {
			break
		}
	}
	return p
}

// route picks a whole route like place a system.
func (g *generator) route(start time.Time, routes []Route) Route {
	var r Route
	for range 12 {
		r = pickOne(g.rng, routes)
		if !g.busyAnywhere(r, start) {
			break
		}
	}
	return r
}

func (g *generator) busyAnywhere(r Route, at time.Time) bool {
	for _, p := range r {
		if g.busy[p.ID].After(at) {
			return true
		}
	}
	return false
}
