package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/sde"
)

// Groups of the entries of invUniqueNames that are places.
var placeGroups = []int64{3, 4, 5} // region, constellation, solar system

// renamed are the drifter systems. The client and ESI show these names; the export
// still has the J-codes from before CCP gave them away.
var renamed = map[int64]string{
	31000001: "Sentinel MZ",
	31000002: "Liberated Barbican",
	31000003: "Sanctified Vidette",
	31000004: "Conflux Eyrie",
	31000006: "Azdaja Redoubt",
}

// readPlaceNames returns the names of regions, constellations and solar systems by id.
// The universe files name them by message ids and by folders without spaces only.
func readPlaceNames(path string) (map[int64]string, error) {
	names := map[int64]string{}
	err := readChunks(path, isItem, func(lines []string) error {
		var group int64
		if _, err := fmt.Sscanf(lines[0], "- groupID: %d", &group); err != nil {
			return fmt.Errorf("%q: want an item that starts with its group", lines[0])
		}
		if !slices.Contains(placeGroups, group) {
			return nil
		}
		var items []struct {
			ItemID   int64  `yaml:"itemID"`
			ItemName string `yaml:"itemName"`
		}
		if err := parse(lines, &items); err != nil {
			return err
		}
		for _, item := range items {
			names[item.ItemID] = item.ItemName
		}
		return nil
	})
	maps.Copy(names, renamed)
	return names, err
}

// place is what the files of a region, a constellation and a system have in common:
// exactly one of the ids is set.
type place struct {
	RegionID        int64      `yaml:"regionID"`
	ConstellationID int64      `yaml:"constellationID"`
	SolarSystemID   int64      `yaml:"solarSystemID"`
	Center          [3]float64 `yaml:"center"`
	Security        float64    `yaml:"security"`
	WormholeClassID *int       `yaml:"wormholeClassID"` // absent where it is inherited
	Stargates       map[int64]struct {
		Destination int64 `yaml:"destination"`
	} `yaml:"stargates"`
}

// placeFields are the fields of place.
var placeFields = []string{
	"regionID", "constellationID", "solarSystemID", "center", "security", "wormholeClassID", "stargates",
}

// readUniverse reads every system below the folder, whose levels are kind of space,
// region, constellation and system.
func readUniverse(root string, names map[int64]string, export *sde.Export) error {
	places := map[string]place{} // by folder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch entry.Name() {
		case "region.yaml", "constellation.yaml", "solarsystem.yaml":
			p, err := readPlace(path)
			if err != nil {
				return err
			}
			places[filepath.Dir(path)] = p
		}
		return nil
	})
	if err != nil {
		return err
	}

	systemOfGate := map[int64]int64{}
	for _, p := range places {
		for gate := range p.Stargates {
			systemOfGate[gate] = p.SolarSystemID
		}
	}
	for folder, p := range places {
		if p.SolarSystemID == 0 {
			continue
		}
		constellation, ok := places[filepath.Dir(folder)]
		region, okRegion := places[filepath.Dir(filepath.Dir(folder))]
		if !ok || !okRegion {
			return fmt.Errorf("%s: no constellation or region above it", folder)
		}
		s := eve.System{
			ID:              p.SolarSystemID,
			ConstellationID: constellation.ConstellationID,
			RegionID:        region.RegionID,
			Security:        p.Security,
			X:               p.Center[0], Y: p.Center[1], Z: p.Center[2],
		}
		for _, level := range []place{p, constellation, region} {
			if level.WormholeClassID != nil {
				s.WormholeClass = *level.WormholeClassID
				break
			}
		}
		for id, field := range map[int64]*string{
			s.ID: &s.Name, s.ConstellationID: &s.ConstellationName, s.RegionID: &s.RegionName,
		} {
			if *field = names[id]; *field == "" {
				return fmt.Errorf("%s: id %d has no name", folder, id)
			}
		}
		export.Systems = append(export.Systems, s)
		for gate, to := range p.Stargates {
			other, ok := systemOfGate[to.Destination]
			if !ok {
				return fmt.Errorf("%s: gate %d leads to unknown gate %d", folder, gate, to.Destination)
			}
			export.Gates = append(export.Gates, [2]int64{s.ID, other})
		}
	}
	return nil
}

// readPlace reads one file of the universe.
func readPlace(path string) (place, error) {
	var fields []string
	err := readChunks(path, isField, func(lines []string) error {
		fields = append(fields, keep(lines, "", placeFields)...)
		return nil
	})
	if err != nil {
		return place{}, err
	}
	var p place
	if err := parse(fields, &p); err != nil {
		return place{}, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
