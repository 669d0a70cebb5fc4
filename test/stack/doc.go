// Package stack tests BattleScope as it runs: real processes on real databases, in
// both modes: everything in one process on embedded parts, and every service in
// processes of its own on PostgreSQL and Redis. What is asked of them is the same.
package stack
