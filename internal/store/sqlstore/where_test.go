package sqlstore

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/store"
)

func TestWhere(t *testing.T) {
	t.Parallel()
	n := func(v int64) *int64 { return &v }
	for _, c := range []struct {
		name  string
		build func(*where)
		text  string
		args  []any
	}{
		{"nothing", func(*where) {}, "", nil},
		{"without a value", func(w *where) { w.add("name <> ''") }, " WHERE name <> ''", nil},
		{"one value", func(w *where) { w.add("a = ?", 1) }, " WHERE a = $1", []any{1}},
		{"numbers go on", func(w *where) { w.add("a = ?", 1); w.add("(b, c) < (?, ?)", 2, 3); w.add("d > ?", 4) },
			" WHERE a = $1 AND (b, c) < ($2, $3) AND d > $4", []any{1, 2, 3, 4}},
		{"list", func(w *where) { in(w, "a", []string{"x", "y"}) }, " WHERE a IN ($1,$2)", []any{"x", "y"}},
		{"empty list", func(w *where) { in(w, "a", []int64{}) }, "", nil},
		{"list filled up", func(w *where) { in(w, "a", []int64{1, 2, 3}) }, " WHERE a IN ($1,$2,$3,$4)", []any{int64(1), int64(2), int64(3), int64(3)}},
		{"array", func(w *where) { w.arrays = true; in(w, "a", []int64{1, 2, 3}) }, " WHERE a = ANY($1)", []any{[]int64{1, 2, 3}}},
		{"no array of words", func(w *where) { w.arrays = true; in(w, "a", []string{"x"}) }, " WHERE a IN ($1)", []any{"x"}},
		{"open range", func(w *where) { w.between("a", store.Range{}) }, "", nil},
		{"half range", func(w *where) { w.between("a", store.Range{Max: n(5)}) }, " WHERE a <= $1", []any{int64(5)}},
		{"range", func(w *where) { w.between("a", store.Range{Min: n(-1), Max: n(0)}) }, " WHERE a >= $1 AND a <= $2", []any{int64(-1), int64(0)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var w where
			c.build(&w)
			if got := w.String(); got != c.text {
				t.Errorf("got %q, want %q", got, c.text)
			}
			if diff := cmp.Diff(c.args, w.args); diff != "" {
				t.Errorf("arguments: %s", diff)
			}
		})
	}
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

// TestWhereNumbers adds conditions at random: the placeholders are always 1, 2, 3 …
// in the order of the arguments, and no value is ever part of the text.
func TestWhereNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var w where
		want := []any{}
		for range rapid.IntRange(0, 6).Draw(t, "conditions") {
			values := rapid.SliceOfN(rapid.StringMatching(`[a-z?$']{0,3}`), 0, 4).Draw(t, "values")
			in(&w, "column", values)
			for _, v := range values {
				want = append(want, v)
			}
			if len(values) == 3 {
				want = append(want, values[2]) // filled up to a power of two
			}
		}
		found := placeholder.FindAllStringSubmatch(w.String(), -1)
		if len(found) != len(want) || len(w.args) != len(want) {
			t.Fatalf("got %d placeholders and %d arguments, want %d", len(found), len(w.args), len(want))
		}
		for i, f := range found {
			if f[1] != strconv.Itoa(i+1) || w.args[i] != want[i] {
				t.Fatalf("placeholder %d is %s with %v, want %v", i+1, f[0], w.args[i], want[i])
			}
		}
	})
}
