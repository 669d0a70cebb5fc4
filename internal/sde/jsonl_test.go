package sde_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
)

// smallZip is an export in the shape of CCP's, newer than any that is built in.
func smallZip() map[string]string {
	return map[string]string{
		"_sde.jsonl": `{"_key": "sde", "buildNumber": 9000001, "releaseDate": "2099-08-28T11:07:12Z"}`,
		"categories.jsonl": `{"_key": 6, "name": {"de": "Schiff", "en": "Ship"}, "published": true}
{"_key": 65, "name": {"en": "Structure"}}`,
		"groups.jsonl": `{"_key": 25, "categoryID": 6, "name": {"en": "Frigate"}}`,
		"types.jsonl": `{"_key": 0, "groupID": 0, "name": {"en": "#System"}}
{"_key": 587, "basePrice": 400000.0, "description": {"en": "<b>old</b>"}, "groupID": 25, "name": {"de": "x", "en": "Rifter  the\nGreat"}}
`,
		"factions.jsonl": `{"_key": 500001, "corporationID": 1000035, "militiaCorporationID": 1000180, "name": {"en": "Caldari State"}, "solarSystemID": 30000145}
{"_key": 500021, "name": {"en": "Unknown"}}`,
		"npcCorporations.jsonl":   `{"_key": 1000035, "factionID": 500001, "name": {"en": "Caldari Navy"}, "tickerName": "CN"}`,
		"mapRegions.jsonl":        `{"_key": 10000001, "constellationIDs": [20000001, 20000002], "name": {"en": "Reg"}, "wormholeClassID": 7}`,
		"mapConstellations.jsonl": "{\"_key\": 20000001, \"name\": {\"en\": \"Con\"}, \"regionID\": 10000001}\n{\"_key\": 20000002, \"name\": {\"en\": \"Stella\"}, \"regionID\": 10000001, \"wormholeClassID\": 8}",
		"mapSolarSystems.jsonl": `{"_key": 30000001, "constellationID": 20000001, "name": {"en": "Alpha"}, "position": {"x": 1e16, "y": -2e16, "z": 0.0}, "regionID": 10000001, "securityStatus": 0.5}
{"_key": 30000002, "constellationID": 20000002, "name": {"en": "Beta"}, "position": {"x": 0, "y": 0, "z": 0}, "regionID": 10000001, "securityStatus": -0.3}
{"_key": 30000003, "constellationID": 20000002, "name": {"en": "Gamma"}, "position": {"x": 0, "y": 0, "z": 0}, "regionID": 10000001, "securityStatus": -1.0, "wormholeClassID": 25}`,
		"mapStargates.jsonl": `{"_key": 50000001, "destination": {"solarSystemID": 30000002, "stargateID": 50000002}, "solarSystemID": 30000001, "typeID": 29624}
{"_key": 50000002, "destination": {"solarSystemID": 30000001, "stargateID": 50000001}, "solarSystemID": 30000002, "typeID": 29624}`,
		"mapMoons.jsonl": `not read, whatever it holds`,
	}
}

func zipOf(t *testing.T, members map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(members[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readZip(file []byte, limits sde.Limits) (sde.Export, error) {
	return sde.ReadZip(bytes.NewReader(file), int64(len(file)), limits)
}

func TestReadZip(t *testing.T) {
	t.Parallel()
	got, err := readZip(zipOf(t, smallZip()), sde.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	system := func(id int64, name string, constellation int64, security float64, class int) eve.System {
		names := map[int64]string{20000001: "Con", 20000002: "Stella"}
		return eve.System{
			ID: id, Name: name, ConstellationID: constellation, ConstellationName: names[constellation],
			RegionID: 10000001, RegionName: "Reg", Security: security, WormholeClass: class,
		}
	}
	alpha := system(30000001, "Alpha", 20000001, 0.5, 7) // of the region
	alpha.X, alpha.Y = 1e16, -2e16
	want := sde.Export{
		Version: "9000001", PricedAt: time.Date(2099, 8, 28, 0, 0, 0, 0, time.UTC),
		Systems: []eve.System{
			alpha,
			system(30000002, "Beta", 20000002, -0.3, 8), // of the constellation
			system(30000003, "Gamma", 20000002, -1, 25), // its own
		},
		Gates:        [][2]int64{{30000001, 30000002}, {30000002, 30000001}},
		Categories:   []sde.Category{{ID: 6, Name: "Ship"}, {ID: 65, Name: "Structure"}},
		Groups:       []sde.Group{{ID: 25, Name: "Frigate", CategoryID: 6}},
		Types:        []sde.Type{{Name: "#System"}, {ID: 587, Name: "Rifter the Great", GroupID: 25, BasePrice: 400000}},
		Factions:     []sde.Faction{{ID: 500001, Name: "Caldari State", CorporationID: 1000035, MilitiaCorporationID: 1000180}, {ID: 500021, Name: "Unknown"}},
		Corporations: []sde.Corporation{{ID: 1000035, Name: "Caldari Navy", Ticker: "CN", FactionID: 500001}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	nested := make(map[string]string)
	for name, content := range smallZip() {
		nested["export/"+name] = content
	}
	got, err = readZip(zipOf(t, nested), sde.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in a folder: %s", diff)
	}
}

func TestReadZipRefuses(t *testing.T) {
	t.Parallel()
	small := sde.DefaultLimits()
	small.Unpacked, small.Line, small.Records = 6000, 1000, 5
	tests := map[string]struct {
		member, content string
		want            string
	}{
		"member is missing":      {"types.jsonl", "", "no types.jsonl"},
		"build is missing":       {"_sde.jsonl", "", "no _sde.jsonl"},
		"no build number":        {"_sde.jsonl", `{"_key": "sde"}`, "_sde.jsonl line 1: neither build nor date"},
		"no JSON":                {"groups.jsonl", "{\"_key\": 1, \"name\": {\"en\": \"a\"}}\n<html>", "groups.jsonl line 2"},
		"no key":                 {"groups.jsonl", `{"name": {"en": "a"}}`, "groups.jsonl line 1: a record without _key"},
		"wrong type":             {"types.jsonl", `{"_key": 1, "groupID": "many"}`, "types.jsonl line 1"},
		"empty":                  {"types.jsonl", "\n", "types.jsonl is empty"},
		"unknown constellation":  {"mapConstellations.jsonl", `{"_key": 1, "name": {"en": "a"}, "regionID": 10000001}`, "system 30000001 is in no known constellation"},
		"unknown region":         {"mapRegions.jsonl", `{"_key": 1, "name": {"en": "a"}}`, "system 30000001 is in no known constellation and region"},
		"constellation no name":  {"mapConstellations.jsonl", `{"_key": 20000001, "name": {"de": "a"}}`, "20000001 has no English name"},
		"gate to nowhere":        {"mapStargates.jsonl", `{"_key": 5, "solarSystemID": 30000001, "destination": {"solarSystemID": 3}}`, "stargate 5"},
		"unpacks to too much":    {"types.jsonl", strings.Repeat(" \n", 3000), "types.jsonl unpacks to more than"},
		"a line that never ends": {"types.jsonl", strings.Repeat(" ", 1500), "types.jsonl after line 0"},
		"too many records":       {"types.jsonl", strings.Repeat("{\"_key\":1}\n", 6), "more than 5 records"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			members := smallZip()
			members[tt.member] = tt.content
			if tt.content == "" {
				delete(members, tt.member)
			}
			_, err := readZip(zipOf(t, members), small)
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.HintOf(err) == "" {
				t.Errorf("got error %v with hint %q, want one with %q and a hint", err, fault.HintOf(err), tt.want)
			}
		})
	}

	whole := zipOf(t, smallZip())
	for name, file := range map[string][]byte{"nothing": nil, "no zip": []byte("<html>blocked</html>"), "half a zip": whole[:len(whole)/2]} {
		if _, err := readZip(file, small); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%s: got error %v, want one with a hint", name, err)
		}
	}
	tiny := small
	tiny.Archive = 100
	if _, err := readZip(whole, tiny); err == nil || !strings.Contains(err.Error(), "more than an export has") {
		t.Errorf("a large archive: got error %v", err)
	}
}

// A byte that was changed on the way must not become static data.
func TestReadZipDamaged(t *testing.T) {
	t.Parallel()
	whole := zipOf(t, smallZip())
	at := bytes.Index(whole, []byte("types.jsonl")) + len("types.jsonl") + 20
	damaged := bytes.Clone(whole)
	damaged[at] ^= 0xff
	if _, err := readZip(damaged, sde.DefaultLimits()); err == nil {
		t.Error("a damaged archive is read without error")
	}
}

// An archive that lies about its sizes is refused as well.
func TestReadZipLies(t *testing.T) {
	t.Parallel()
	members := smallZip()
	members["types.jsonl"] = strings.Repeat(" \n", 30_000) + members["types.jsonl"]
	whole := zipOf(t, members)
	size := make([]byte, 4)
	binary.LittleEndian.PutUint32(size, uint32(len(members["types.jsonl"])))
	at := bytes.LastIndex(whole, size) // in the directory at the end
	if at < 0 {
		t.Fatal("the size is not in the archive")
	}
	copy(whole[at:], []byte{100, 0, 0, 0})
	limits := sde.DefaultLimits()
	limits.Unpacked = 50_000
	if _, err := readZip(whole, limits); err == nil || !strings.Contains(err.Error(), "types.jsonl") {
		t.Errorf("got error %v, want one that names types.jsonl", err)
	}
}
