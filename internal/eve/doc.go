// Package eve holds the words of New Eden: entities, systems and their space, EVE
// time, ISK, types and hull classes, and the ranges ids are taken from.
//
// It is pure: facts and arithmetic, no input or output, no clock. The facts that
// need data (which system is where, which type is which hull) come from package
// sde, in the types defined here.
package eve
