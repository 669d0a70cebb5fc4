package servers

import (
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

// freePort is a port that nobody uses at the moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
