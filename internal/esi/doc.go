// Package esi is a client for the few endpoints of CCP's API that BattleScope
// needs: names, tickers, and killmails by id and hash.
//
// ESI counts errors: after 100 in a minute it refuses everything for the rest of
// that minute, and some routes have a budget of their own. The client reads the
// headers that say so and waits before it would be refused. One client serves a
// whole process. It knows nothing of the store.
package esi
