//go:build linux || darwin || freebsd

package app

import (
	"errors"
	"syscall"
)

// writable reports whether this process may put files into a folder.
func writable(dir string) error {
	const write, enter = 2, 1
	return syscall.Access(dir, write|enter)
}

// freeSpace returns how many bytes this process may still write to the disk of a folder.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	if s.Bavail < 0 || s.Bsize <= 0 { //nolint:staticcheck // types differ between systems
		return 0, errors.New("the disk does not say how much is free")
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
