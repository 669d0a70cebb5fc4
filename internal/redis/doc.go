// Package redis is what the adapters on a Redis server share: the address as it is
// configured, a connection that may be gone without holding anybody up, and errors
// that say what the operator can do.
//
// Any server that speaks the commands of Redis 7.0 will do, Valkey among them. No
// error and no log line ever holds the user or the password of an address.
package redis
