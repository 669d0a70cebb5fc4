// Package zkb is the client of zKillboard: R2Z2, the live feed of killmails, and
// links to its pages.
//
// R2Z2 is a row of numbered documents. The Feed holds a cursor, the last number
// it has seen to, and walks from it:
//
//	          200: take, go on                404 at the tail: wait, ask again
//	            ┌──────┐                            ┌──────┐
//	starting ──►│catching up│ ── 404, pointer behind ──►│ live │── no documents ──► stalled
//	            └──────┘ ◄── a minute of 200s ──────└──────┘
//	   any ── 403, 429, 5xx, HTML, timeout ──► offline ── any good answer ──► back
//	   any ── handle fails ──► held ── handle succeeds ──► back
//
// What must stay true: the cursor moves only with what the handler has stored, so
// that nothing is lost; a number is passed over only when it is certainly not
// coming, and that is told; one request is in flight at most; every limit is
// configuration. The feed is run by volunteers: when in doubt the client waits.
package zkb
