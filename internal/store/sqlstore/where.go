package sqlstore

import (
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
)

// where collects the conditions of a list query. Only what filters is written:
// a guard like "$1 IS NULL OR …" would cost the index.
type where struct {
	conditions []string
	args       []any
	arrays     bool // lists of ids go as one argument
}

// where begins the conditions of a query for this store's engine. The zero value does
// for every engine, but is slower with long lists where arrays are understood.
func (s *Store) where() where { return where{arrays: s.dialect.Arrays()} }

// atOnce is how many values a list in a query should have at most.
func (s *Store) atOnce() int {
	if s.dialect.Arrays() {
		return maxArray
	}
	return maxIn
}

// add appends a condition; each ? becomes the next numbered placeholder.
func (w *where) add(condition string, args ...any) {
	var b strings.Builder
	for _, part := range strings.SplitAfter(condition, "?") {
		if !strings.HasSuffix(part, "?") {
			b.WriteString(part)
			continue
		}
		w.args = append(w.args, args[0])
		args = args[1:]
		b.WriteString(part[:len(part)-1])
		b.WriteString("$" + strconv.Itoa(len(w.args)))
	}
	w.conditions = append(w.conditions, b.String())
}

// in adds "column IN (values)"; no values, no condition.
func in[T any](w *where, column string, values []T) {
	if len(values) > 0 {
		list, args := listOf(w, values)
		w.add(column+list, args...)
	}
}

// listOf is the comparison with any of some values, and its arguments.
func listOf[T any](w *where, values []T) (string, []any) {
	if ids, ok := any(values).([]int64); ok && w.arrays {
		return " = ANY(?)", []any{ids}
	}
	args := padded(values)
	return " IN (" + marks(len(args)) + ")", args
}

func (w *where) between(column string, r store.Range) {
	if r.Min != nil {
		w.add(column+" >= ?", *r.Min)
	}
	if r.Max != nil {
		w.add(column+" <= ?", *r.Max)
	}
}

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// marks returns n question marks, separated by commas.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// padded fills a list up to the next power of two with its last value, which changes
// nothing in an IN list: engines that keep prepared statements see few different ones.
func padded[T any](values []T) []any {
	n := 1
	for n < len(values) {
		n *= 2
	}
	out := make([]any, n)
	for i := range out {
		out[i] = values[min(i, len(values)-1)]
	}
	return out
}

// maxIn bounds the values of one IN list, so that statements stay small. It is a power
// of two: see padded.
const maxIn = 256

// maxArray is the same where a list is one argument.
const maxArray = 4096
