// Package sim invents killmails: a small New Eden in which fleets, gangs, camps,
// gankers and rats fight, with the truth about every fight beside it. It feeds the
// tests and the demo.
//
// Systems, hulls and weapons are real. Pilots, corporations and alliances are
// invented, with ids at the upper ends of the real ranges. The same options give
// the same killmails, byte for byte.
//
//	fight := sim.Fleet(1, sim.FleetOptions{Sides: 3})
//	day := sim.Day(1, 5000)
//	for kill := range sim.New(sim.Options{Seed: 1}).Kills() { … } // endless, in the order of publication
package sim
