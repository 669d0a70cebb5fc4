package sde_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/sde"
)

func smallExport() sde.Export {
	return sde.Export{
		Version:  "1.2.3",
		PricedAt: time.Date(2024, 6, 18, 0, 0, 0, 0, time.UTC),
		Systems: []eve.System{
			{
				ID: 30000002, Name: "Beta", ConstellationID: 20000001, ConstellationName: "Con", RegionID: 10000001,
				RegionName: "Reg", Security: 0.45, WormholeClass: 7, X: -3e16, Y: 2e9, Z: 0,
			},
			{
				ID: 30000001, Name: "Alpha", ConstellationID: 20000001, ConstellationName: "Con", RegionID: 10000001,
				RegionName: "Reg", Security: 0.44999999999999996, WormholeClass: 8, X: 1e9,
			},
		},
		Gates:        [][2]int64{{30000002, 30000001}, {30000001, 30000002}},
		Categories:   []sde.Category{{ID: 6, Name: "Ship"}},
		Groups:       []sde.Group{{ID: 25, Name: "Frigate", CategoryID: 6}},
		Types:        []sde.Type{{ID: 587, Name: "Rifter", GroupID: 25, BasePrice: 28000.25}},
		Factions:     []sde.Faction{{ID: 500001, Name: "Caldari State", CorporationID: 1000035}},
		Corporations: []sde.Corporation{{ID: 1000035, Name: "Caldari Navy", Ticker: "CN", FactionID: 500001}},
	}
}

func TestEncodeDecode(t *testing.T) {
	t.Parallel()
	export := smallExport()
	file, err := sde.Encode(export)
	if err != nil {
		t.Fatal(err)
	}
	data, err := sde.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []eve.System{export.Systems[1], export.Systems[0]}
	if diff := cmp.Diff(want, slices.Collect(data.Systems())); diff != "" {
		t.Errorf("systems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{30000002}, data.Neighbors(30000001)); diff != "" {
		t.Errorf("neighbors (-want +got):\n%s", diff)
	}
	wantType := eve.Type{
		ID: 587, Name: "Rifter", GroupID: 25, GroupName: "Frigate", CategoryID: 6,
		Class: eve.ClassFrigate, BasePrice: 28000.25,
	}
	if diff := cmp.Diff([]eve.Type{wantType}, slices.Collect(data.Types())); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if got, _ := data.Faction(500001); got != export.Factions[0] {
		t.Errorf("faction: got %+v", got)
	}
	if got, _ := data.NPCCorporation(1000035); got != export.Corporations[0] {
		t.Errorf("corporation: got %+v", got)
	}
	if data.Version() != export.Version || !data.PricedAt().Equal(export.PricedAt) {
		t.Errorf("got version %s of %s", data.Version(), data.PricedAt())
	}

	slices.Reverse(export.Systems)
	again, err := sde.Encode(export)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, again) {
		t.Error("the order of the rows changes the file")
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*sde.Export){
		"occurs twice": func(e *sde.Export) { e.Types = append(e.Types, e.Types[0]) },
		"line break":   func(e *sde.Export) { e.Types[0].Name = "Rif\nter" },
	}
	for want, spoil := range tests {
		export := smallExport()
		spoil(&export)
		if _, err := sde.Encode(export); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// Wherever a file is cut, Decode must say so and neither panic nor answer.
func TestDecodeTruncated(t *testing.T) {
	t.Parallel()
	file, err := sde.Encode(smallExport())
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(zip); err != nil {
		t.Fatal(err)
	}
	for n := range plain.Len() {
		if _, err := sde.Decode(compress(t, plain.Bytes()[:n])); err == nil {
			t.Errorf("the first %d of %d bytes are read without error", n, plain.Len())
		}
	}
	if _, err := sde.Decode(file[:len(file)/2]); err == nil {
		t.Error("half a gzip file is read without error")
	}
}

func compress(t testing.TB, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func FuzzDecode(f *testing.F) {
	file, err := sde.Encode(smallExport())
	if err != nil {
		f.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		f.Fatal(err)
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(zip); err != nil {
		f.Fatal(err)
	}
	f.Add(plain.Bytes())
	f.Fuzz(func(t *testing.T, plain []byte) {
		data, err := sde.Decode(compress(t, plain))
		if err == nil && data == nil {
			t.Error("neither data nor error")
		}
	})
}
