// Package config finds out what a setting is and who said so.
//
// A setting has one name, that of its flag. Its value comes from, later wins: the
// default, the settings file, the environment, the command line. The package knows
// files and environment; defaults and flags belong to the parser of the command
// line, which asks here for the rest.
//
// Instead of a variable its twin with the suffix _FILE may name a file that holds
// the value, which keeps secrets out of the environment.
package config
