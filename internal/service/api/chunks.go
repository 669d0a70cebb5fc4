package api

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// chunks are the scripts of the page's screens, by source file, beside those that every
// view loads: a browser that is told of them need not read the first ones to find out.
type chunks map[string][]string

// manifestFile is where the build says which file was made of what.
const manifestFile = ".vite/manifest.json"

// newChunks reads what the build says of the page; nothing when it says nothing.
func newChunks(page fs.FS) chunks {
	body, err := fs.ReadFile(page, manifestFile)
	if err != nil {
		return nil
	}
	var built map[string]struct {
		File    string   `json:"file"`
		Imports []string `json:"imports"`
		Entry   bool     `json:"isEntry"`
	}
	if err := json.Unmarshal(body, &built); err != nil {
		panic(fmt.Errorf("page: %s: %w", manifestFile, err)) // it is part of the program
	}
	// with adds a script and all that it imports.
	var with func(files []string, name string) []string
	with = func(files []string, name string) []string {
		made := built[name]
		if made.File == "" || slices.Contains(files, made.File) {
			return files
		}
		files = append(files, made.File)
		for _, each := range made.Imports {
			files = with(files, each)
		}
		return files
	}
	var everywhere []string
	for name, made := range built {
		if made.Entry {
			everywhere = with(everywhere, name)
		}
	}
	out := chunks{}
	for name := range built {
		if strings.HasPrefix(name, "src/screens/") {
			out[name] = slices.DeleteFunc(with(nil, name), func(file string) bool { return slices.Contains(everywhere, file) })
		}
	}
	return out
}

// screenOf is the source file of the screen that shows a path; "" is none of its own.
// The router of the page says the same.
func screenOf(parts []string) string {
	switch {
	case parts[0] == "battles" && len(parts) > 1:
		return "src/screens/battle/Battle.tsx"
	case parts[0] == "" || parts[0] == "battles":
		return "src/screens/battles/Battles.tsx"
	case parts[0] == "killmails":
		return "src/screens/killmails/Killmails.tsx"
	case parts[0] == "kills":
		return "src/screens/kill/Kill.tsx"
	case parts[0] == "related":
		return "src/screens/related/Related.tsx"
	case parts[0] == "reports" && len(parts) > 1 && parts[1] == "new":
		return "src/screens/reports/NewReport.tsx"
	case parts[0] == "reports":
		return "src/screens/battle/Battle.tsx"
	}
	return ""
}
