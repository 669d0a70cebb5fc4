package eval

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

func TestEngineIsAheadOnSimulations(t *testing.T) {
	t.Parallel()
	var r Report
	r.groups, r.groupMeans = groupingRows()
	r.sides, r.sideMeans = sideRows()
	if got := r.MeanF1(); got < 0.985 {
		t.Errorf("mean B-cubed F1 is %.4f, want at least 0.985", got)
	}
	if got := r.MeanARI(); got < 0.975 {
		t.Errorf("mean adjusted Rand index is %.4f, want at least 0.975", got)
	}
	for _, b := range r.Behind() {
		if strings.HasSuffix(b, "no reason known") {
			t.Error(b)
		}
	}
}

func TestNamesSurviveLateKills(t *testing.T) {
	t.Parallel()
	for _, evening := range evenings {
		s := newSimulation(1)
		evening.make(s)
		if c := brokenNames(&rules[0], s); c.broken > 0 {
			t.Errorf("%s: %d of %d late kills break a link, want none", evening.name, c.broken, c.late)
		}
	}
}

func TestCompareGroups(t *testing.T) {
	t.Parallel()
	truth := map[int64]string{1: "a", 2: "a", 3: "b", 4: "b"}
	tests := []struct {
		name  string
		guess map[int64]int
		want  grouping
	}{
		{"the same", map[int64]int{1: 7, 2: 7, 3: 8, 4: 8}, grouping{1, 1, 1, 1}},
		{"all in one", map[int64]int{1: 7, 2: 7, 3: 7, 4: 7}, grouping{0.5, 1, 2.0 / 3, 0.5}},
		{"all alone", map[int64]int{1: 1, 2: 2, 3: 3, 4: 4}, grouping{1, 0.5, 2.0 / 3, 0}},
	}
	for _, tt := range tests {
		if got := compareGroups(truth, tt.guess); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestAdjustedRand(t *testing.T) {
	t.Parallel()
	truth := map[int64]string{1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "b"}
	tests := []struct {
		guess map[int64]string
		want  float64
	}{
		{map[int64]string{1: "x", 2: "x", 3: "x", 4: "y", 5: "y", 6: "y"}, 1},
		{map[int64]string{1: "x", 2: "x", 3: "x", 4: "x", 5: "x", 6: "x"}, 0},
		{map[int64]string{1: "x", 2: "x", 3: "y", 4: "y", 5: "y", 6: "y"}, 0.3243},
	}
	for _, tt := range tests {
		if got := adjustedRand(truth, tt.guess); math.Abs(got-tt.want) > 0.0001 {
			t.Errorf("%v: got %.4f, want %.4f", tt.guess, got, tt.want)
		}
	}
}

// TestPeersOnAPlainFight holds the re-told rules to what nobody gets wrong.
func TestPeersOnAPlainFight(t *testing.T) {
	t.Parallel()
	s := newSimulation(5)
	one, two := s.gang(1, 10), s.gang(2, 10)
	s.fight("fight", 0, 20*time.Minute, system, one, two, 40, 5)
	for i := range rules {
		if f := rules[i].group; f != nil {
			if got := compareGroups(s.truth, f(space{}, s.kills)); rules[i].name != "classic" && got.f1 < 0.95 {
				t.Errorf("%s groups a plain fight with F1 %.3f", rules[i].name, got.f1)
			}
		}
		if f := rules[i].sides; f != nil {
			side := f(space{}, s.kills)
			if a, b := side[one[0].AllianceID], side[two[0].AllianceID]; a == "" || b == "" || a == b {
				t.Errorf("%s places the two alliances of a plain fight on %q and %q", rules[i].name, a, b)
			}
		}
	}
}

func TestWriteReplacesTheTable(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "doc.md")
	before := "head\n" + begin + "\nold\n" + realPrefix + "kept | 1 |\n" + end + "\ntail\n"
	if err := os.WriteFile(name, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	r := Report{groupMeans: []row{newRow("mean")}}
	r.groupMeans[0].set(0, 0.5, "%.3f")
	if err := r.Write(name); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"head\n" + begin, end + "\ntail\n", "| mean | **0.500** |", realPrefix + "kept | 1 |"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "\nold\n") {
		t.Error("the old table is still there")
	}
}

func TestEntityOf(t *testing.T) {
	t.Parallel()
	for want, p := range map[int64]killmail.Party{
		99_000_001: {CharacterID: 90_000_001, CorporationID: 98_000_001, AllianceID: 99_000_001},
		98_000_001: {CharacterID: 90_000_001, CorporationID: 98_000_001},
		90_000_001: {CharacterID: 90_000_001, CorporationID: 1_000_169},
		0:          {CharacterID: 3_000_000, CorporationID: 1_000_125},
	} {
		if got := entityOf(&p); got != want {
			t.Errorf("%+v: got %d, want %d", p, got, want)
		}
	}
}
