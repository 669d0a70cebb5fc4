package sde_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/eve"
)

// realData returns the folder of newer static data to compare with, or skips the test.
func realData(t *testing.T) string {
	t.Helper()
	root := os.Getenv("BATTLESCOPE_REALDATA")
	if root == "" {
		t.Skip("BATTLESCOPE_REALDATA is not set: no newer static data to compare with")
	}
	return filepath.Join(root, "sde")
}

// readLines decodes a file of JSON lines, compressed when its name ends in .gz.
func readLines[Row any](t *testing.T, path string) []Row {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var in io.Reader = bufio.NewReader(file)
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	var rows []Row
	for dec := json.NewDecoder(in); ; {
		var row Row
		if err := dec.Decode(&row); err == io.EOF {
			return rows
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows = append(rows, row)
	}
}

// regionExordium was added to New Eden after the export, beside a test system.
const regionExordium = 10001004

func TestSystemsAgreeWithNewerData(t *testing.T) {
	t.Parallel()
	type row struct {
		ID              int64
		Name            string
		Security        float64
		ConstellationID int64 `json:"constellation_id"`
		Constellation   string
		RegionID        int64 `json:"region_id"`
		Region          string
		Space           string
		X, Y, Z         float64
		WormholeClass   int `json:"wh_class"`
	}
	spaces := map[string]eve.Space{
		"highsec": eve.Highsec, "lowsec": eve.Lowsec, "nullsec": eve.Nullsec, "jspace": eve.Wormhole,
		"pochven": eve.Pochven, "abyssal": eve.Abyssal, "void": eve.Void, "hidden": eve.Other,
	}
	data := load(t)
	rows := readLines[row](t, filepath.Join(realData(t), "systems.jsonl.gz"))
	missing := map[string]int{}
	for _, want := range rows {
		got, ok := data.System(want.ID)
		if !ok {
			missing[want.Space]++
			if want.RegionID != regionExordium && want.Space != "hidden" {
				t.Errorf("%s (%d) in %s is missing", want.Name, want.ID, want.Region)
			}
			continue
		}
		if got.Name != want.Name || got.ConstellationID != want.ConstellationID || got.RegionID != want.RegionID ||
			got.ConstellationName != want.Constellation || got.RegionName != want.Region {
			t.Errorf("system %d: got %+v, want %+v", want.ID, got, want)
		}
		// The newer data gives nothing between 0.949 and 1.
		if math.Abs(got.Security-want.Security) > 1e-6 && !(got.Security > 0.949 && want.Security == 0.949) {
			t.Errorf("%s: security %v, want %v", got.Name, got.Security, want.Security)
		}
		if space := eve.SpaceOf(got); space != spaces[want.Space] {
			t.Errorf("%s: space %s, want %s", got.Name, space, want.Space)
		}
		if want.WormholeClass != 0 && got.WormholeClass != want.WormholeClass {
			t.Errorf("%s: wormhole class %d, want %d", got.Name, got.WormholeClass, want.WormholeClass)
		}
		off := math.Hypot(math.Hypot(got.X-want.X, got.Y-want.Y), got.Z-want.Z) / eve.LightYear
		if off > 1e-6 {
			t.Errorf("%s: %v light years away from where it should be", got.Name, off)
		}
	}
	t.Logf("%d systems compared, missing by space: %v", len(rows), missing)
}

func TestGatesAgreeWithNewerData(t *testing.T) {
	t.Parallel()
	data := load(t)
	file, err := os.Open(filepath.Join(realData(t), "stargate_edges.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	newer := map[[2]int64]bool{}
	missing := 0
	for _, row := range rows[1:] {
		from, errFrom := strconv.ParseInt(row[0], 10, 64)
		to, errTo := strconv.ParseInt(row[1], 10, 64)
		if err := errors.Join(errFrom, errTo); err != nil {
			t.Fatal(err)
		}
		newer[[2]int64{min(from, to), max(from, to)}] = true
		_, known := data.System(from)
		_, knownTo := data.System(to)
		switch {
		case !known || !knownTo:
			missing++
		case !slices.Contains(data.Neighbors(from), to):
			t.Errorf("gate %d to %d is missing", from, to)
		}
	}
	for s := range data.Systems() {
		for _, to := range data.Neighbors(s.ID) {
			if s.ID < to && !newer[[2]int64{s.ID, to}] {
				t.Errorf("gate %s to %d does not exist in the newer data", s.Name, to)
			}
		}
	}
	t.Logf("%d gates compared, %d lead to systems newer than the export", len(rows)-1, missing)
}

// shown are the categories whose types killmails name as victims and ships.
var shown = []int64{
	eve.CategoryShip, eve.CategoryDeployable, eve.CategoryStarbase, eve.CategorySovereignty,
	eve.CategoryOrbital, eve.CategoryStructure, eve.CategoryFighter,
}

// renamedSince are the structures that CCP renamed after the export.
var renamedSince = map[int64]string{
	32226: "Defunct Territorial Claim Unit",
	35841: "Ansiblex Jump Bridge",
}

func TestTypesAgreeWithNewerData(t *testing.T) {
	t.Parallel()
	type row struct {
		ID         int64
		Name       string
		GroupID    int64   `json:"group_id"`
		CategoryID int64   `json:"category_id"`
		Category   string  `json:"category"`
		BasePrice  float64 `json:"base_price"`
	}
	data := load(t)
	missing := map[string][]string{}
	compared := 0
	for _, want := range readLines[row](t, filepath.Join(realData(t), "types.jsonl.gz")) {
		got, ok := data.Type(want.ID)
		if ok && math.Abs(got.BasePrice-want.BasePrice) > 0.005 {
			t.Errorf("%s: base price %v, want %v", got.Name, got.BasePrice, want.BasePrice)
		}
		switch {
		case !slices.Contains(shown, want.CategoryID):
		case !ok:
			missing[want.Category] = append(missing[want.Category], want.Name)
		default:
			compared++
			if renamedSince[want.ID] == want.Name {
				got.Name = want.Name
			}
			if got.Name != want.Name || got.GroupID != want.GroupID || got.CategoryID != want.CategoryID {
				t.Errorf("type %d: got %+v, want %+v", want.ID, got, want)
			}
		}
	}
	if n := len(missing["Ship"]); n > 20 {
		t.Errorf("%d ships are newer than the export: look for a newer one", n)
	}
	t.Logf("%d types compared, missing: %v", compared, missing)
}

func TestOrganisationsAgreeWithNewerData(t *testing.T) {
	t.Parallel()
	type row struct {
		ID            int64
		Name          string
		Ticker        string
		FactionID     int64 `json:"faction_id"`
		CorporationID int64 `json:"corporation_id"`
	}
	data := load(t)
	root := realData(t)
	missing := 0
	for _, want := range readLines[row](t, filepath.Join(root, "npc_corporations.jsonl")) {
		got, ok := data.NPCCorporation(want.ID)
		if !ok {
			missing++
			continue
		}
		if got.Name != want.Name || got.Ticker != want.Ticker || got.FactionID != want.FactionID {
			t.Errorf("corporation %d: got %+v, want %+v", want.ID, got, want)
		}
	}
	for _, want := range readLines[row](t, filepath.Join(root, "factions.jsonl")) {
		got, ok := data.Faction(want.ID)
		if !ok {
			missing++
			continue
		}
		if got.Name != want.Name || got.CorporationID != want.CorporationID {
			t.Errorf("faction %d: got %+v, want %+v", want.ID, got, want)
		}
	}
	t.Logf("%d organisations are missing", missing)
}
