// Package demo is a New Eden that runs beside the server it feeds: fights are
// invented, published on a feed of the shape of zKillboard's, and the names of those
// who fight are known to a small ESI. Both listen on loopback; nothing else is needed,
// and nobody else is asked.
//
// It begins in the middle: some hours have been fought already when a World is made.
// The same seed fights the same fights, whenever it starts.
package demo
