// Package web carries the built web page inside the binary.
//
// The page is built by "npm run build" into dist, which is not committed. A
// build of the binary without Node therefore still compiles; it then holds no
// page and says so with the placeholder.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed placeholder.html
var placeholder []byte

// Assets returns the built page, rooted so that "index.html" is its start and
// "assets/" its hash-named files, each with a .br and .gz twin where that is
// smaller. The second result says whether the page was built into this binary;
// without it the file system holds nothing worth serving.
func Assets() (fs.FS, bool) {
	assets, err := fs.Sub(dist, "dist")
	if err != nil { // only an invalid path makes Sub fail, and this one is constant
		return dist, false
	}
	_, err = fs.Stat(assets, "index.html")
	return assets, err == nil
}

// Placeholder returns a plain HTML page that says the web page was left out of
// this build and how to build it in. It needs no other file and no script.
func Placeholder() []byte { return append([]byte(nil), placeholder...) }
