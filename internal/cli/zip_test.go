package cli_test

import (
	"archive/zip"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// zipFiles packs files: zip ARCHIVE FILE….
func zipFiles(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: zip ARCHIVE FILE…")
	}
	out, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := zip.NewWriter(out)
	for _, name := range args[1:] {
		content, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		member, err := w.Create(filepath.Base(name))
		ts.Check(err)
		_, err = member.Write(content)
		ts.Check(err)
	}
	ts.Check(w.Close())
	ts.Check(out.Close())
}
