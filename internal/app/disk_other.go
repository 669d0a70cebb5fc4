//go:build !linux && !darwin && !freebsd

package app

import (
	"errors"
	"os"
)

// writable reports whether the folder is marked read-only; more than that only
// writing would show.
func writable(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return os.ErrPermission
	}
	return err
}

// freeSpace is not known on this system.
func freeSpace(string) (uint64, error) {
	return 0, errors.New("not known on this system")
}
