package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"reflect"
	"strings"
)

// chunk is how many rows one statement writes.
const chunk = 10_000

// Insert implements sqlstore.Dialect: one statement with an array for each column.
// COPY is faster by half or so (BenchmarkInsert), which is little of an import, and
// cannot say what to do about rows that are there already.
func (d *dialect) Insert(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	return d.Upsert(ctx, tx, table, columns, rows, "")
}

// InsertNew implements sqlstore.Dialect.
func (d *dialect) InsertNew(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	return d.Upsert(ctx, tx, table, columns, rows, "ON CONFLICT DO NOTHING")
}

// Upsert implements sqlstore.Dialect.
func (*dialect) Upsert(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq[[]any], onConflict string) error {
	arrays := make([]array, len(columns))
	n := 0
	flush := func() error {
		if n == 0 {
			return nil
		}
		n = 0
		casts, args := make([]string, len(arrays)), make([]any, len(arrays))
		for i := range arrays {
			casts[i], args[i] = fmt.Sprintf("$%d::%s[]", i+1, arrays[i].sqlType()), arrays[i].values()
		}
		text := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s) %s", table, strings.Join(columns, ", "), strings.Join(casts, ", "), onConflict) //nolint:gosec // our own names
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		clear(arrays)
		return nil
	}
	for row := range rows {
		for i, v := range row {
			if err := arrays[i].add(v); err != nil {
				return fmt.Errorf("insert into %s: column %s: %w", table, columns[i], err)
			}
		}
		if n++; n == chunk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// array is the values of one column. Exactly one of the slices is used.
type array struct {
	ints     []int64
	texts    []string
	bools    []bool
	floats   []float64
	blobs    [][]byte
	nullInts []*int64
}

func (a *array) add(v any) error {
	switch v := v.(type) {
	case int64:
		a.ints = append(a.ints, v)
	case int:
		a.ints = append(a.ints, int64(v))
	case string:
		a.texts = append(a.texts, v)
	case bool:
		a.bools = append(a.bools, v)
	case float64:
		if math.IsNaN(v) {
			return errors.New("NaN is no value") // the server would take it, SQLite does not
		}
		a.floats = append(a.floats, v)
	case []byte:
		a.blobs = append(a.blobs, v)
	case sql.NullInt64:
		var p *int64
		if v.Valid {
			p = &v.Int64
		}
		a.nullInts = append(a.nullInts, p)
	default:
		return a.addKind(v)
	}
	return nil
}

// addKind adds a value of a type of our own by what it is made of.
func (a *array) addKind(v any) error {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return errors.New("nil says no type: use sql.NullInt64")
	case r.CanInt():
		a.ints = append(a.ints, r.Int())
	case r.Kind() == reflect.String:
		a.texts = append(a.texts, r.String())
	case r.Kind() == reflect.Bool:
		a.bools = append(a.bools, r.Bool())
	default:
		return fmt.Errorf("%T is not provided for", v)
	}
	return nil
}

func (a *array) sqlType() string {
	switch {
	case a.ints != nil, a.nullInts != nil:
		return "bigint"
	case a.texts != nil:
		return "text"
	case a.bools != nil:
		return "boolean"
	case a.floats != nil:
		return "double precision"
	}
	return "bytea"
}

func (a *array) values() any {
	switch {
	case a.ints != nil:
		return a.ints
	case a.nullInts != nil:
		return a.nullInts
	case a.texts != nil:
		return a.texts
	case a.bools != nil:
		return a.bools
	case a.floats != nil:
		return a.floats
	}
	return a.blobs
}
