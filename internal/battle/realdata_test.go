package battle_test

import (
	"archive/tar"
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// realData returns the folder of real killmails, or skips the test.
func realData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("BATTLESCOPE_REALDATA")
	if dir == "" {
		t.Skip("BATTLESCOPE_REALDATA is not set: it names the folder of real killmails and static data")
	}
	return dir
}

// day reads one daily archive; each is read once however many tests want it.
func day(t testing.TB, name string) []*killmail.Killmail {
	t.Helper()
	path := filepath.Join(realData(t), "killmails", name)
	read, _ := days.LoadOrStore(name, sync.OnceValues(func() ([]*killmail.Killmail, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		var kills []*killmail.Killmail
		for archive := tar.NewReader(bzip2.NewReader(f)); ; {
			header, err := archive.Next()
			if errors.Is(err, io.EOF) {
				return kills, nil
			}
			if err != nil {
				return nil, err
			}
			if header.Typeflag != tar.TypeReg {
				continue
			}
			b, err := io.ReadAll(archive)
			if err != nil {
				return nil, err
			}
			d, err := killmail.DecodeDocument(b)
			if err != nil {
				return nil, err
			}
			kills = append(kills, d.Killmail)
		}
	}))
	kills, err := read.(func() ([]*killmail.Killmail, error))()
	if err != nil {
		t.Fatalf("read archive %s: %v", name, err)
	}
	return kills
}

var days sync.Map

// eachLine calls f with every line of a file, compressed or not.
func eachLine(t testing.TB, path string, f func([]byte) error) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if err := f(lines.Bytes()); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// realWorld is New Eden from the data folder.
type realWorld struct {
	systems map[int64]eve.System
	types   map[int64]eve.Type
	gates   map[int64][]int64
}

func (w *realWorld) System(id int64) (eve.System, bool) { s, ok := w.systems[id]; return s, ok }
func (w *realWorld) Type(id int64) (eve.Type, bool)     { t, ok := w.types[id]; return t, ok }
func (w *realWorld) Neighbors(id int64) []int64         { return w.gates[id] }

func loadWorld(t testing.TB) *realWorld {
	t.Helper()
	dir := filepath.Join(realData(t), "sde")
	w := &realWorld{map[int64]eve.System{}, map[int64]eve.Type{}, map[int64][]int64{}}
	eachLine(t, filepath.Join(dir, "systems.jsonl.gz"), func(b []byte) error {
		var s struct {
			ID       int64   `json:"id"`
			Security float64 `json:"security"`
			Region   int64   `json:"region_id"`
		}
		err := json.Unmarshal(b, &s)
		w.systems[s.ID] = eve.System{ID: s.ID, Security: s.Security, RegionID: s.Region}
		return err
	})
	eachLine(t, filepath.Join(dir, "types.jsonl.gz"), func(b []byte) error {
		var s struct {
			ID       int64 `json:"id"`
			Group    int64 `json:"group_id"`
			Category int64 `json:"category_id"`
		}
		err := json.Unmarshal(b, &s)
		w.types[s.ID] = eve.Type{ID: s.ID, Class: eve.ClassOf(s.Group, s.Category)}
		return err
	})
	header := true
	eachLine(t, filepath.Join(dir, "stargate_edges.csv"), func(b []byte) error {
		if header {
			header = false
			return nil
		}
		from, to, _ := strings.Cut(string(b), ",")
		x, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return err
		}
		y, err := strconv.ParseInt(to, 10, 64)
		w.gates[x], w.gates[y] = append(w.gates[x], y), append(w.gates[y], x)
		return err
	})
	return w
}

const (
	saturday = "killmails-2021-11-27.tar.bz2"
	sunday   = "killmails-2021-11-28.tar.bz2"
)

func largest(battles []battle.Battle) *battle.Battle {
	best := &battles[0]
	for i := range battles {
		if len(battles[i].Kills) > len(best.Kills) {
			best = &battles[i]
		}
	}
	return best
}

// sideOf returns the side of an alliance, "" when it is on none.
func sideOf(b *battle.Battle, alliance int64) string {
	for _, s := range b.Sides {
		for _, m := range s.Members {
			if m.Entity == (eve.Entity{Type: eve.Alliance, ID: alliance}) {
				return s.ID
			}
		}
	}
	return ""
}

func TestRealJorund(t *testing.T) {
	t.Parallel()
	battles, err := battle.Form(day(t, sunday), loadWorld(t), battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	b := largest(battles)
	if b.SystemIDs[0] != 30001046 || len(b.Kills) < 1028 || b.Kind != battle.KindBattle {
		t.Errorf("the largest group is a %s in %d with %d kills, want the battle of Jorund (30001046), at least 1028",
			b.Kind, b.SystemIDs[0], len(b.Kills))
	}
	if one, other := sideOf(b, 1354830081), sideOf(b, 1900696668); one == "" || one != other {
		t.Errorf("alliances 1354830081 and 1900696668 stand on sides %q and %q, want one side", one, other)
	}
}

func TestReal77S8(t *testing.T) {
	t.Parallel()
	world := loadWorld(t)
	var kills []*killmail.Killmail
	eachLine(t, filepath.Join(realData(t), "killmails", "battle-77S8-E-2019-03-03.jsonl.gz"), func(b []byte) error {
		d, err := killmail.DecodeDocument(b)
		kills = append(kills, d.Killmail)
		return err
	})
	battles, err := battle.Form(kills, world, battle.Linked())
	if err != nil {
		t.Fatal(err)
	}
	b := largest(battles)
	if len(b.Kills) < 815 {
		t.Errorf("the largest battle has %d of %d kills, want at least 815", len(b.Kills), len(kills))
	}
	fraternity, test, xdeath := sideOf(b, 99003581), sideOf(b, 498125261), sideOf(b, 1411711376)
	if fraternity == "" || test == "" || fraternity == test || test != xdeath {
		t.Errorf("Fraternity., Test Alliance Please Ignore and Legion of xXDeathXx stand on %q, %q and %q, want the first opposite the others",
			fraternity, test, xdeath)
	}
}

func TestRealCapsulesStayWithTheirShips(t *testing.T) {
	t.Parallel()
	kills := slices.Concat(day(t, saturday), day(t, sunday))
	group := make(map[int64]int, len(kills))
	for i, g := range battle.Link(kills, loadWorld(t), battle.Linked()) {
		for _, k := range g {
			group[k.ID] = i
		}
	}
	type key struct{ pilot, system int64 }
	last := map[key]*killmail.Killmail{}
	pairs, split := 0, 0
	for _, k := range byTime(kills) {
		if !k.Victim.IsPlayer() {
			continue
		}
		at := key{k.Victim.CharacterID, k.SystemID}
		if k.Victim.ShipTypeID != 670 && k.Victim.ShipTypeID != 33328 {
			last[at] = k
		} else if ship := last[at]; ship != nil && k.Time.Sub(ship.Time) <= 10*time.Minute {
			pairs++
			if group[ship.ID] != group[k.ID] {
				split++
			}
		}
	}
	if pairs < 1000 || split > 0 {
		t.Errorf("%d of %d capsules are apart from their ships, want none of at least 1000", split, pairs)
	}
}

func TestRealLateKillIsLocal(t *testing.T) {
	t.Parallel()
	kills, world, p := day(t, sunday), loadWorld(t), battle.Linked()
	all, err := battle.Form(kills, world, p)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(kills); i += 1500 {
		component := p.Component(kills[i:i+1], kills)
		if len(component) > len(kills)/5 {
			t.Errorf("the component of killmail %d has %d of %d kills", kills[i].ID, len(component), len(kills))
		}
		got, err := battle.Form(component, world, p)
		if err != nil {
			t.Fatal(err)
		}
		want := within(all, component)
		if len(got) != len(want) {
			t.Fatalf("killmail %d: its component forms %d battles, the whole day has %d there", kills[i].ID, len(got), len(want))
		}
		for j := range got {
			if !slices.Equal(killIDs(got[j]), killIDs(want[j])) || got[j].Kind != want[j].Kind || len(got[j].Sides) != len(want[j].Sides) {
				t.Errorf("killmail %d: battle %d of its component differs from the whole day's", kills[i].ID, j)
			}
		}
	}
}
