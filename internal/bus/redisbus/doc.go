// Package redisbus is the bus among processes, on the Pub/Sub of a Redis server.
//
// Why Pub/Sub, which forgets, and not Redis Streams, which keep: a signal carries
// nothing. Whatever it announces was committed to the store before, and the store's
// outbox gives every event a number in commit order; who wakes reads on from the last
// number it has seen, and a browser that comes back resumes by the same number in any
// process. So a lost signal costs time and loses nothing, and a second log in Redis
// would only be one more thing to keep in step with the first: an event written to
// it, but rolled back in the database, or the other way round.
//
// What must stay true:
//   - Listeners of the same process are signalled directly, Redis or not.
//   - After every subscription all listeners are signalled once: what came while there
//     was none was missed.
//   - Publish only notes the topic. One goroutine sends what is noted, several signals
//     of a topic as one, and keeps it when the server is gone.
//   - A message is the id of the bus that sent it, so that no bus wakes to its own.
//
// One goroutine goes round: connecting → subscribed → lost → pause → connecting. Pauses
// grow from a tenth of a second to three. A server that is silent is pinged each
// second and given up after two more.
package redisbus
