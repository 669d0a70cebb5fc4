// Package esi is a client for the few endpoints of CCP's API that BattleScope
// needs: names, tickers, affiliations, market prices, and killmails by id and hash.
//
// ESI limits what one address may ask: errors in a minute on some routes, tokens in a
// quarter of an hour on others. The client pays before it asks and reads the headers
// that say how much is left, so that it waits instead of being refused; what it knows
// of limits and answers it shares with other processes where it is given the means
// (Share, Keep). When ESI fails repeatedly it is left alone for a while. The package
// knows nothing of the store.
package esi
