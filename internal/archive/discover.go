package archive

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// file is one input to read.
type file struct {
	path string
	size int64 // bytes on disk; 0 for standard input
}

// discover turns the sources into files. Sources that lead nowhere are reported
// and do not keep the others from being read.
func discover(sources []string) (files []file, failed []*Error) {
	for _, source := range sources {
		if source == Stdin {
			files = append(files, file{path: Stdin})
			continue
		}
		info, err := os.Stat(source)
		if err != nil {
			failed = append(failed, newError(source, err))
			continue
		}
		if !info.IsDir() {
			files = append(files, file{path: source, size: info.Size()})
			continue
		}
		found, bad := walk(source)
		files, failed = append(files, found...), append(failed, bad...)
		if len(found)+len(bad) == 0 {
			failed = append(failed, newError(source, errNoFiles))
		}
	}
	return files, failed
}

// walk lists the killmail files below a folder by name. Other files are passed
// over, among them totals.json, which EVERef and R2Z2 keep beside their archives.
func walk(dir string) (files []file, failed []*Error) {
	// The function below returns nil for every problem, so WalkDir has none of its own.
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			failed = append(failed, newError(path, err))
			return nil
		}
		if entry.IsDir() || entry.Name() == "totals.json" || !looksRight(entry.Name()) {
			return nil
		}
		info, err := os.Stat(path) // follows links, which entry.Info does not
		if err != nil {
			failed = append(failed, newError(path, err))
			return nil
		}
		if info.Mode().IsRegular() {
			files = append(files, file{path: path, size: info.Size()})
		}
		return nil
	})
	return files, failed
}

// looksRight reports whether a file name promises killmails.
func looksRight(name string) bool {
	switch filepath.Ext(plainName(name)) {
	case ".tar", ".jsonl", ".ndjson", ".json":
		return true
	}
	return false
}

// plainName is the name in lower case without the suffix of a compression.
func plainName(path string) string {
	name := strings.ToLower(filepath.Base(path))
	for _, suffix := range []string{".gz", ".bz2"} {
		if plain, ok := strings.CutSuffix(name, suffix); ok {
			return plain
		}
	}
	for _, suffix := range []string{".tgz", ".tbz2", ".tbz"} {
		if plain, ok := strings.CutSuffix(name, suffix); ok {
			return plain + ".tar"
		}
	}
	return name
}
