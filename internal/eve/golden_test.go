package eve_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
)

var update = flag.Bool("update", false, "write the golden file instead of comparing with it")

// golden is what the page must agree on: its own code shows security, ISK, times and
// hull classes, and its tests read the same file.
type golden struct {
	Security    []goldenSecurity `json:"security"`
	ISK         []goldenISK      `json:"isk"`
	Times       []goldenTime     `json:"times"`
	Spaces      []eve.Space      `json:"spaces"`
	HullClasses []goldenHull     `json:"hull_classes"`
}

type goldenSecurity struct {
	True    float64   `json:"true"`
	Display float64   `json:"display"`
	Text    string    `json:"text"`
	Band    eve.Space `json:"band"`
}

type goldenISK struct {
	ISK   float64 `json:"isk"`
	Short string  `json:"short"`
	Full  string  `json:"full"`
}

type goldenTime struct {
	RFC3339 time.Time `json:"time"`
	EVE     string    `json:"eve"`
	Related string    `json:"related"`
}

type goldenHull struct {
	Class   eve.HullClass `json:"class"`
	Label   string        `json:"label"`
	Capital bool          `json:"capital"`
	Ship    bool          `json:"ship"`
}

func computeGolden() golden {
	g := golden{Spaces: eve.Spaces()}
	for _, s := range []float64{
		1, 0.95, 0.945913116665, 0.85, 0.75, 0.65, 0.55, 0.45, 0.4499, 0.35, 0.25, 0.15, 0.05, 0.0499,
		0.0001, 0, -0.0001, -0.05, -0.0501, -0.15, -0.5, -0.99, -1,
	} {
		system := eve.System{ID: 30000142, RegionID: 10000002, Security: s}
		g.Security = append(g.Security, goldenSecurity{s, eve.DisplaySecurity(s), eve.SecurityText(s), eve.SpaceOf(system)})
	}
	for _, isk := range []float64{
		0, 0.49, 0.5, 1, 12.34, 999, 999.49, 999.5, 1000, 1234, 1235, 9994.99, 9995, 99949, 99950, 999499, 999500,
		999950, 1e6, 16107170.25, 1.23e9, 12.3e9, 123e9, 999.4e9, 999.6e9, 1.5e12, 123.4e12, 1234e12, -0.49, -999.5, -1.23e9,
	} {
		amount := eve.FromFloat(isk)
		g.ISK = append(g.ISK, goldenISK{isk, amount.Short(), amount.Full()})
	}
	for _, t := range []time.Time{
		time.Date(2026, 11, 22, 23, 41, 59, 0, time.UTC),
		time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), // the hour that does not exist in Central Europe
	} {
		g.Times = append(g.Times, goldenTime{t, eve.FormatTime(t), eve.RelatedStamp(t)})
	}
	for _, row := range eve.HullClasses() {
		g.HullClasses = append(g.HullClasses, goldenHull{row.Class, row.Label, row.Capital, row.Class.IsShip()})
	}
	return g
}

func TestGolden(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetIndent("", "  ")
	if err := enc.Encode(computeGolden()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s is not what the package does; check the difference, then run go test ./internal/eve -update (-want +got):\n%s", path, diff)
	}
}
