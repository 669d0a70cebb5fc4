// Package fake stands in for the services BattleScope talks to, for tests and for
// the demo. R2Z2 serves a feed of killmails in the shape of zKillboard's, RedisQ the
// same as a relay of the older kind, ESI names and killmails. Each can be given every
// fault the real one is known for.
package fake
