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
		w.add(column+" IN ("+marks(len(values))+")", anys(values)...)
	}
}

// inSub adds "id IN (SELECT … WHERE column IN (values))".
func inSub[T any](w *where, table, column string, values []T) {
	if len(values) > 0 {
		w.add("id IN (SELECT battle_id FROM "+table+" WHERE "+column+" IN ("+marks(len(values))+"))", anys(values)...)
	}
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

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// maxIn bounds the values of one IN list, so that statements stay small.
const maxIn = 400
