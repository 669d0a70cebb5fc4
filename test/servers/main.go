// Package servers starts the real servers that tests need, once per test binary, and
// never leaves one behind: a server dies with the process that started it, whatever
// killed that. A server that is not installed fails the test with the command that
// installs it; nothing is skipped.
package servers

import (
	"os"
	"sync"
	"testing"
)

// ending collects what stops the servers of this process.
var ending struct {
	sync.Mutex
	stops []func()
	locks []*os.File // of their folders, open until the process ends
}

// atEnd has f run when Main ends.
func atEnd(f func()) {
	ending.Lock()
	defer ending.Unlock()
	ending.stops = append(ending.stops, f)
}

// Main runs the tests of a package and stops the servers they started. Use it as the
// whole of TestMain. Without it the servers end all the same, with the process, but
// their folders stay until the next start of one.
func Main(m *testing.M) {
	code := m.Run()
	ending.Lock()
	stops := ending.stops
	ending.Unlock()
	for _, stop := range stops {
		stop()
	}
	os.Exit(code)
}
