// Package archtest holds the table of allowed imports. A package may import only
// what stands beside it; what is not listed is forbidden. docs/ARCHITECTURE.md
// explains the table.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/battlescope/battlescope"

// allowed lists, for each package or tree (…), the packages of this module that its
// shipped code may import. Tests may import more: see testOnly.
var allowed = map[string][]string{
	"cmd/battlescope": {"internal/cli"},
	"internal/cli":    {"internal/app", "internal/queue", "internal/config", "internal/store", "internal/fault", "internal/eve", "internal/battle"},
	"internal/app":    {"*"},
	"internal/config": {"internal/fault"},

	// domain: pure
	"internal/fault":    {},
	"internal/eve":      {"internal/fault"},
	"internal/killmail": {"internal/eve", "internal/fault"},
	"internal/ruleset":  {"internal/killmail", "internal/eve"},
	"internal/battle":   {"internal/killmail", "internal/eve"},

	// ports and their adapters
	"internal/queue":                {},
	"internal/queue/riverqueue":     {"internal/queue", "internal/fault"},
	"internal/queue/queuetest":      {"internal/queue"},
	"internal/cache":                {},
	"internal/cache/memcache":       {"internal/cache"},
	"internal/cache/rediscache":     {"internal/cache", "internal/redis"},
	"internal/cache/cachetest":      {"internal/cache"},
	"internal/redis":                {"internal/fault"},
	"internal/store":                {"internal/queue", "internal/ruleset", "internal/battle", "internal/killmail", "internal/eve", "internal/fault"},
	"internal/store/sqlstore":       {"internal/store", "internal/queue", "internal/store/sqlstore/query", "internal/ruleset", "internal/battle", "internal/killmail", "internal/eve", "internal/fault"},
	"internal/store/sqlstore/query": {},
	"internal/store/postgres":       {"internal/store", "internal/store/sqlstore", "internal/fault"},
	"internal/store/sqlite":         {"internal/store", "internal/store/sqlstore", "internal/fault"},
	"internal/store/storetest":      {"internal/store", "internal/queue", "internal/battle", "internal/ruleset", "internal/killmail", "internal/eve"},
	"internal/bus":                  {},
	"internal/bus/membus":           {"internal/bus"},
	"internal/bus/redisbus":         {"internal/bus", "internal/redis", "internal/fault"},
	"internal/bus/bustest":          {"internal/bus"},

	"internal/lease": {"internal/store"},

	// what readers get beside the page
	"internal/link":    {"internal/eve", "internal/fault"},
	"internal/ogcard":  {"internal/eve"},
	"internal/writeup": {"internal/store", "internal/zkb", "internal/sde", "internal/battle", "internal/eve"},

	// the outside world
	"internal/sde":     {"internal/eve", "internal/fault"},
	"internal/zkb":     {"internal/killmail", "internal/eve", "internal/fault"},
	"internal/esi":     {"internal/cache", "internal/killmail", "internal/eve", "internal/fault"},
	"internal/archive": {"internal/killmail", "internal/fault"},

	// services: never an adapter, never another service
	"internal/service/ingest":      {"internal/bus", "internal/store", "internal/zkb", "internal/esi", "internal/sde", "internal/ruleset", "internal/killmail", "internal/eve", "internal/fault"},
	"internal/service/enrich":      {"internal/bus", "internal/queue", "internal/killmail", "internal/store", "internal/esi", "internal/eve"},
	"internal/service/cluster":     {"internal/bus", "internal/store", "internal/sde", "internal/ruleset", "internal/battle", "internal/killmail", "internal/eve", "internal/fault"},
	"internal/service/scheduler":   {"internal/queue", "internal/store", "internal/lease", "internal/fault"},
	"internal/service/verify":      {"internal/store", "internal/zkb"},
	"internal/service/retention":   {"internal/store"},
	"internal/service/maintenance": {"internal/store"},
	"internal/service/api":         {"internal/link", "internal/ogcard", "internal/writeup", "internal/queue", "internal/cache", "internal/bus", "internal/store", "internal/ruleset", "internal/zkb", "internal/sde", "internal/ruleset", "internal/battle", "internal/killmail", "internal/eve", "internal/fault"},

	// the simulated New Eden of `battlescope demo`
	"internal/demo": {"test/sim", "test/fake", "internal/killmail", "internal/fault"},

	"internal/archtest": {},

	"web":       {},
	"test/sim":  {"internal/killmail", "internal/eve"},
	"test/fake": {"internal/killmail", "internal/eve"},
}

// tools are programs for development, which may import anything and be imported by nothing.
var tools = []string{"tools/", "test/"}

// pure packages touch neither the network nor files, databases, processes or the clock.
var pure = []string{"internal/eve", "internal/killmail", "internal/ruleset", "internal/battle", "internal/link", "internal/ogcard"}

var impure = []string{"net/http", "net", "database/sql", "os", "os/exec", "io/fs", "syscall", "log/slog", "sync"}

// testOnly packages must not be in the shipped binary, but for what demo shows of them.
var testOnly = []string{"internal/store/storetest", "internal/bus/bustest", "internal/cache/cachetest", "internal/queue/queuetest", "test/sim", "test/fake"}

// demo is the one package that ships invented killmails, on purpose.
const demo = "internal/demo"

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module+"/")
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		may, listed := allowed[p.ImportPath]
		if !listed {
			if isTool(p.ImportPath) {
				continue
			}
			t.Errorf("%s is not in the table of allowed imports: add it with what it may import", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			name, ours := strings.CutPrefix(imported, module+"/")
			if ours && !slices.Contains(may, name) && !slices.Contains(may, "*") {
				t.Errorf("%s must not import %s", p.ImportPath, name)
			}
			if ours && slices.Contains(testOnly, name) && !isTool(p.ImportPath) && !slices.Contains(testOnly, p.ImportPath) &&
				(p.ImportPath != demo || strings.HasPrefix(name, "internal/")) {
				t.Errorf("%s ships %s, which is for tests", p.ImportPath, name)
			}
		}
	}
}

func isTool(path string) bool {
	return slices.ContainsFunc(tools, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

func TestPurePackages(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.ImportPath) {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(impure, imported) {
				t.Errorf("%s is pure and must not import %s", p.ImportPath, imported)
			}
		}
	}
}

// TestTableIsCurrent finds entries of packages that are gone.
func TestTableIsCurrent(t *testing.T) {
	t.Parallel()
	var have []string
	for _, p := range packages(t) {
		have = append(have, p.ImportPath)
	}
	for name := range allowed {
		if !slices.Contains(have, name) {
			t.Errorf("%s is in the table but does not exist", name)
		}
	}
}
