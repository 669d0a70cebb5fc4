package sim

import "github.com/battlescope/battlescope/internal/eve"

// Place is a real solar system.
type Place struct {
	ID    int64
	Name  string
	Space eve.Space
}

// Route is a row of systems, each one gate from the next.
type Route []Place

// Routes lists the places where things happen: fights stay in the first system of a
// route, running fights go along it. Lowsec and nullsec routes have four systems.
func Routes() []Route {
	return []Route{
		{{30004759, "1DQ1-A", eve.Nullsec}, {30004735, "T5ZI-S", eve.Nullsec}, {30004730, "D-W7F0", eve.Nullsec}, {30004716, "4K-TRB", eve.Nullsec}},
		{{30001161, "HED-GP", eve.Nullsec}, {30001158, "SV5-8N", eve.Nullsec}, {30001153, "F9E-KX", eve.Nullsec}, {30003709, "D-GTMI", eve.Nullsec}},
		{{30001198, "GE-8JV", eve.Nullsec}, {30001162, "V-3YG7", eve.Nullsec}, {30001156, "B-3QPD", eve.Nullsec}, {30001155, "U-QVWD", eve.Nullsec}},
		{{30000848, "M-OEE8", eve.Nullsec}, {30000846, "E-OGL4", eve.Nullsec}, {30000861, "15W-GC", eve.Nullsec}, {30000863, "C2X-M5", eve.Nullsec}},
		{{30002355, "LXQ2-T", eve.Nullsec}, {30002354, "8KE-YS", eve.Nullsec}, {30002352, "ZS-PNI", eve.Nullsec}, {30002351, "O-LJOO", eve.Nullsec}},
		{{30000483, "77S8-E", eve.Nullsec}, {30000479, "SLVP-D", eve.Nullsec}, {30000471, "M-XUZZ", eve.Nullsec}, {30000469, "9-02G0", eve.Nullsec}},
		{{30003726, "Y-MPWL", eve.Nullsec}, {30003724, "D61A-G", eve.Nullsec}, {30003723, "H6-CX8", eve.Nullsec}, {30003707, "9UY4-H", eve.Nullsec}},
		{{30002813, "Tama", eve.Lowsec}, {30002809, "Sujarento", eve.Lowsec}, {30002807, "Nagamanen", eve.Lowsec}, {30002806, "Hasmijaala", eve.Lowsec}},
		{{30002537, "Amamake", eve.Lowsec}, {30002517, "Gulmorogod", eve.Lowsec}, {30002099, "Egmar", eve.Lowsec}, {30002066, "Arnher", eve.Lowsec}},
		{{30002768, "Uedama", eve.Highsec}, {30002765, "Sivala", eve.Highsec}},
		{{30000142, "Jita", eve.Highsec}, {30000138, "Ikuchi", eve.Highsec}},
		{{30002187, "Amarr", eve.Highsec}, {30002189, "Hedion", eve.Highsec}},
		{{31000368, "J105951", eve.Wormhole}},
		{{31001593, "J121116", eve.Wormhole}},
	}
}

// routesIn lists the routes in some bands.
func routesIn(bands ...eve.Space) []Route {
	var found []Route
	for _, route := range Routes() {
		for _, band := range bands {
			if route[0].Space == band {
				found = append(found, route)
			}
		}
	}
	return found
}
