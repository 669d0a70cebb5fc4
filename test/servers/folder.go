package servers

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
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

// FreePort is a TCP port for a listener of the test's own on 127.0.0.1, which stays the
// test's own when it stops listening for a while; see freePort.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// freePort is a port that nobody uses at the moment. It lies below those that Linux
// gives to outgoing connections and to whoever asks for any port (32768 and up), and no
// other process of the tests gets it as long as this one lives: else a server that a
// test has stopped could not come back.
func freePort() (int, error) {
	const first, end = 20000, 32000
	dir := fmt.Sprintf("/tmp/battlescope-ports-%d", os.Getuid())
	problem := os.MkdirAll(dir, 0o700)
	for range 100 {
		port := first + rand.IntN(end-first)
		if !claim(filepath.Join(dir, strconv.Itoa(port))) {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, l.Close()
		}
		problem = err
	}
	return 0, fmt.Errorf("find a free port: %w", cmp.Or(problem, errors.New("all are taken")))
}
