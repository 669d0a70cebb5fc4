// Package storetest is the conformance suite of package store: what every adapter
// promises, whatever its database.
package storetest

import (
	"testing"

	"github.com/battlescope/battlescope/internal/store"
)

// Run holds a store to the contract. newStore returns an empty store that is closed
// when its test ends; it is called once for each test, and the tests run in parallel.
func Run(t *testing.T, newStore func(t *testing.T) store.Store) {
	for _, topic := range []struct {
		name  string
		tests []test
	}{
		{"intake", intakeTests},
		{"dead letters", deadLetterTests},
		{"cursors", cursorTests},
		{"feeds", feedTests},
		{"killmails", killmailTests},
		{"recent", recentTests},
		{"clustering", clusteringTests},
		{"apply", applyTests},
		{"conflict", conflictTests},
		{"battle list", listTests},
		{"battle detail", detailTests},
		{"battle outlines", outlineTests},
		{"events", eventTests},
		{"summary", summaryTests},
		{"entities", entityTests},
		{"rulesets", rulesetTests},
		{"intake counts", intakeStatTests},
		{"sessions", sessionTests},
		{"engine", engineTests},
		{"corrections", correctionTests},
		{"leases", leaseTests},
		{"retention", retentionTests},
		{"enrichments", enrichmentTests},
		{"prices", priceTests},
		{"foul text", textTests},
		{"concurrency", concurrencyTests},
	} {
		t.Run(topic.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range topic.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(t, newStore(t))
				})
			}
		})
	}
}

// test is one promise.
type test struct {
	name string
	run  func(t *testing.T, s store.Store)
}
