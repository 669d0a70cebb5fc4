package sde_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/sde"
)

func load(t testing.TB) *sde.Data {
	t.Helper()
	data, err := sde.Load()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSystem(t *testing.T) {
	t.Parallel()
	data := load(t)
	tests := []struct {
		id                          int64
		name, constellation, region string
		security                    string
		class                       int
		space                       eve.Space
	}{
		{30000142, "Jita", "Kimotoro", "The Forge", "0.9", 7, eve.Highsec},
		{30002813, "Tama", "Isoma", "The Citadel", "0.3", 8, eve.Lowsec},
		{30004759, "1DQ1-A", "O-EIMK", "Delve", "-0.4", 9, eve.Nullsec},
		{30000021, "Kuharah", "Krai Svarog", "Pochven", "-1.0", 25, eve.Pochven},
		{31000005, "Thera", "G-C00324", "G-R00031", "-1.0", 12, eve.Wormhole},
		{31000001, "Sentinel MZ", "K-C00334", "K-R00033", "-1.0", 14, eve.Wormhole},
		{30100000, "Zarzakh", "Duzna Kah", "Yasna Zakh", "-1.0", 0, eve.Nullsec},
	}
	for _, tt := range tests {
		s, ok := data.System(tt.id)
		if !ok {
			t.Errorf("system %d: unknown", tt.id)
			continue
		}
		if s.ID != tt.id || s.Name != tt.name || s.ConstellationName != tt.constellation || s.RegionName != tt.region {
			t.Errorf("system %d: got %+v, want %s in %s, %s", tt.id, s, tt.name, tt.constellation, tt.region)
		}
		if got := eve.SecurityText(s.Security); got != tt.security {
			t.Errorf("%s: security %s, want %s", s.Name, got, tt.security)
		}
		if s.WormholeClass != tt.class {
			t.Errorf("%s: wormhole class %d, want %d", s.Name, s.WormholeClass, tt.class)
		}
		if got := eve.SpaceOf(s); got != tt.space {
			t.Errorf("%s: space %s, want %s", s.Name, got, tt.space)
		}
	}
}

func TestSystemByName(t *testing.T) {
	t.Parallel()
	data := load(t)
	for _, name := range []string{"Jita", "jita", "JITA"} {
		if s, ok := data.SystemByName(name); !ok || s.ID != 30000142 {
			t.Errorf("SystemByName(%q) = %d, %v, want 30000142", name, s.ID, ok)
		}
	}
	if s, ok := data.SystemByName("Nowhere"); ok {
		t.Errorf("SystemByName(Nowhere) = %+v, want none", s)
	}
}

func TestNeighbors(t *testing.T) {
	t.Parallel()
	data := load(t)
	var got []string
	for _, id := range data.Neighbors(30000142) {
		s, _ := data.System(id)
		got = append(got, s.Name)
	}
	slices.Sort(got)
	want := []string{"Ikuchi", "Maurasi", "Muvolailen", "New Caldari", "Niyabainen", "Perimeter", "Sobaseki"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("neighbors of Jita (-want +got):\n%s", diff)
	}
	for s := range data.Systems() {
		for _, id := range data.Neighbors(s.ID) {
			if !slices.Contains(data.Neighbors(id), s.ID) {
				t.Errorf("gate %s to %d has no way back", s.Name, id)
			}
		}
	}
	if got := data.Neighbors(31000005); len(got) != 0 {
		t.Errorf("neighbors of Thera: %v, want none", got)
	}
}

func TestType(t *testing.T) {
	t.Parallel()
	data := load(t)
	tests := []struct {
		id       int64
		name     string
		group    string
		category int64
		class    eve.HullClass
		priced   bool
	}{
		{587, "Rifter", "Frigate", eve.CategoryShip, eve.ClassFrigate, true},
		{670, "Capsule", "Capsule", eve.CategoryShip, eve.ClassCapsule, false},
		{33328, "Capsule - Genolution 'Auroral' 197-variant", "Capsule", eve.CategoryShip, eve.ClassCapsule, false},
		{671, "Erebus", "Titan", eve.CategoryShip, eve.ClassTitan, true},
		{77283, "Bane", "Lancer Dreadnought", eve.CategoryShip, eve.ClassLancerDreadnought, true},
		{35832, "Astrahus", "Citadel", eve.CategoryStructure, eve.ClassStructure, false},
		{33475, "Mobile Tractor Unit", "Mobile Tractor Unit", eve.CategoryDeployable, eve.ClassDeployable, false},
		{2488, "Warrior II", "Combat Drone", eve.CategoryDrone, "", true},
	}
	for _, tt := range tests {
		got, ok := data.Type(tt.id)
		if !ok {
			t.Errorf("type %d: unknown", tt.id)
			continue
		}
		if got.ID != tt.id || got.Name != tt.name || got.GroupName != tt.group ||
			got.CategoryID != tt.category || got.Class != tt.class || (got.BasePrice > 0) != tt.priced {
			t.Errorf("type %d: got %+v, want %+v", tt.id, got, tt)
		}
		if price := data.BasePrice(tt.id); price != got.BasePrice {
			t.Errorf("base price of %s: %v and %v", got.Name, price, got.BasePrice)
		}
	}
}

// Every ship of the export must have a class of its own: ClassOtherShip is for hulls
// that are newer than the table.
func TestEveryShipHasAClass(t *testing.T) {
	t.Parallel()
	data := load(t)
	ships := 0
	for typ := range data.Types() {
		if typ.CategoryID != eve.CategoryShip {
			continue
		}
		ships++
		if typ.Class == eve.ClassOtherShip || typ.Class.Order() >= len(eve.HullClasses()) {
			t.Errorf("%s (group %d %s) has class %q", typ.Name, typ.GroupID, typ.GroupName, typ.Class)
		}
	}
	if ships < 500 {
		t.Errorf("%d ships, want at least 500", ships)
	}
}

func TestOrganisations(t *testing.T) {
	t.Parallel()
	data := load(t)
	if f, ok := data.Faction(500001); !ok || f.Name != "Caldari State" || f.CorporationID != 1000035 || f.MilitiaCorporationID != 1000180 {
		t.Errorf("faction 500001: got %+v, %v", f, ok)
	}
	if c, ok := data.NPCCorporation(eve.CorporationCONCORD); !ok || c.Name != "CONCORD" || c.Ticker == "" {
		t.Errorf("CONCORD: got %+v, %v", c, ok)
	}
	if g, ok := data.Group(eve.GroupCapsule); !ok || g.Name != "Capsule" || g.CategoryID != eve.CategoryShip {
		t.Errorf("capsule group: got %+v, %v", g, ok)
	}
	if c, ok := data.Category(eve.CategoryFighter); !ok || c.Name != "Fighter" {
		t.Errorf("fighter category: got %+v, %v", c, ok)
	}
}

func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	data := load(t)
	for _, id := range []int64{-1, 0, 1 << 62} {
		if s, ok := data.System(id); ok {
			t.Errorf("System(%d) = %+v, want none", id, s)
		}
		if f, ok := data.Faction(id); ok {
			t.Errorf("Faction(%d) = %+v, want none", id, f)
		}
		if c, ok := data.NPCCorporation(id); ok {
			t.Errorf("NPCCorporation(%d) = %+v, want none", id, c)
		}
		if n := data.Neighbors(id); n != nil {
			t.Errorf("Neighbors(%d) = %v, want none", id, n)
		}
		if p := data.BasePrice(id); p != 0 {
			t.Errorf("BasePrice(%d) = %v, want 0", id, p)
		}
	}
	if typ, ok := data.Type(1 << 62); ok {
		t.Errorf("Type(1<<62) = %+v, want none", typ)
	}
}

func TestExportDate(t *testing.T) {
	t.Parallel()
	data := load(t)
	if data.Version() == "" {
		t.Error("no version")
	}
	if oldest := time.Date(2024, 6, 18, 0, 0, 0, 0, time.UTC); data.PricedAt().Before(oldest) {
		t.Errorf("export of %s, want %s or newer", data.PricedAt(), oldest)
	}
}

// The race detector has something to look at.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			data, err := sde.Load()
			if err != nil {
				t.Error(err)
				return
			}
			for s := range data.Systems() {
				if _, ok := data.SystemByName(s.Name); !ok {
					t.Errorf("%s is not found by its name", s.Name)
				}
				data.Neighbors(s.ID)
			}
		})
	}
	wg.Wait()
}
