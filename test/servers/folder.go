package servers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"time"
)

// lockFile is what the process of a server's folder holds as long as it lives.
const lockFile = "lock"

// sweepFolders deletes the folders of servers whose process was killed.
func sweepFolders(prefix string) {
	dirs, _ := filepath.Glob("/tmp/" + prefix + "*")
	for _, dir := range dirs {
		info, err := os.Stat(filepath.Join(dir, lockFile))
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // just being made
		}
		if claim(filepath.Join(dir, lockFile)) {
			_ = os.RemoveAll(dir)
		}
	}
}

// freePort is a port that nobody uses at the moment. It lies below those that Linux
// gives to outgoing connections (32768 and up): one of them would take the port of a
// server that a test has stopped, which then could not come back.
func freePort() (int, error) {
	const first, end = 20000, 32000
	var problem error
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+rand.IntN(end-first))) //nolint:gosec // no secret
		if err == nil {
			return l.Addr().(*net.TCPAddr).Port, l.Close()
		}
		problem = err
	}
	return 0, problem
}
