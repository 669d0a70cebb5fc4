// Package fake stands in for the services BattleScope talks to, for tests and for
// the demo. R2Z2 serves a feed of killmails in the shape of zKillboard's, publishes
// when it is told to, and can be given every fault the real one is known for.
package fake
