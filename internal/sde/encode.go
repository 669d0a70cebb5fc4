package sde

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/battlescope/battlescope/internal/eve"
)

// magic opens the uncompressed form; its digit is the version of the format.
const magic = "battlescope-sde 1\n"

// coordinateUnit is the precision of stored coordinates in metres: a ten-millionth of
// a light year, for maps and jump ranges, at half the size of exact ones.
const coordinateUnit = 1e9

// Encode writes the export in the form that Decode reads: gzip around columns. Ids
// and references are varints of the difference to the row before, names are joined
// by line breaks, so that like stands beside like and compresses well. The same
// export always gives the same bytes.
func Encode(e Export) ([]byte, error) {
	w := &writer{}
	w.buf.WriteString(magic)
	w.text(e.Version)
	w.int(e.PricedAt.Unix())
	w.systems(e.Systems)
	w.gates(e.Gates)
	w.tables(e)
	if w.err != nil {
		return nil, fmt.Errorf("encode static data: %w", w.err)
	}

	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("encode static data: %w", err)
	}
	if _, err := zip.Write(w.buf.Bytes()); err != nil {
		return nil, fmt.Errorf("encode static data: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("encode static data: %w", err)
	}
	return out.Bytes(), nil
}

// writer appends values to a buffer and keeps the first error.
type writer struct {
	buf bytes.Buffer
	err error
}

func (w *writer) int(v int64) { w.buf.Write(binary.AppendVarint(nil, v)) }

func (w *writer) float(v float64) {
	w.buf.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
}

func (w *writer) text(s string) {
	w.int(int64(len(s)))
	w.buf.WriteString(s)
}

func (w *writer) systems(systems []eve.System) {
	type place struct{ id, parent int64 }
	regions, constellations := map[int64]string{}, map[int64]string{}
	parents := map[int64]int64{}
	for _, s := range systems {
		regions[s.RegionID] = s.RegionName
		constellations[s.ConstellationID] = s.ConstellationName
		parents[s.ConstellationID] = s.RegionID
	}
	places := func(names map[int64]string) []place {
		list := make([]place, 0, len(names))
		for id := range names {
			list = append(list, place{id, parents[id]})
		}
		return list
	}
	byID := func(p place) int64 { return p.id }

	list := column(w, places(regions), byID)
	texts(w, list, func(p place) string { return regions[p.id] })

	list = column(w, places(constellations), byID)
	texts(w, list, func(p place) string { return constellations[p.id] })
	deltas(w, list, func(p place) int64 { return p.parent })

	rows := column(w, systems, func(s eve.System) int64 { return s.ID })
	texts(w, rows, func(s eve.System) string { return s.Name })
	deltas(w, rows, func(s eve.System) int64 { return s.ConstellationID })
	deltas(w, rows, func(s eve.System) int64 { return int64(s.WormholeClass) })
	for _, s := range rows {
		w.float(s.Security) // exact: the bands hang on it
	}
	for _, axis := range []func(eve.System) float64{
		func(s eve.System) float64 { return s.X },
		func(s eve.System) float64 { return s.Y },
		func(s eve.System) float64 { return s.Z },
	} {
		deltas(w, rows, func(s eve.System) int64 { return int64(math.Round(axis(s) / coordinateUnit)) })
	}
}

// gates writes every connection once, smaller id first.
func (w *writer) gates(gates [][2]int64) {
	edges := make([][2]int64, 0, len(gates))
	for _, g := range gates {
		if g[0] != g[1] {
			edges = append(edges, [2]int64{min(g[0], g[1]), max(g[0], g[1])})
		}
	}
	slices.SortFunc(edges, func(a, b [2]int64) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	edges = slices.Compact(edges)
	w.int(int64(len(edges)))
	deltas(w, edges, func(e [2]int64) int64 { return e[0] })
	for _, e := range edges {
		w.int(e[1] - e[0])
	}
}

func (w *writer) tables(e Export) {
	categories := column(w, e.Categories, func(c Category) int64 { return c.ID })
	texts(w, categories, func(c Category) string { return c.Name })

	groups := column(w, e.Groups, func(g Group) int64 { return g.ID })
	texts(w, groups, func(g Group) string { return g.Name })
	deltas(w, groups, func(g Group) int64 { return g.CategoryID })

	types := column(w, e.Types, func(t Type) int64 { return t.ID })
	texts(w, types, func(t Type) string { return t.Name })
	deltas(w, types, func(t Type) int64 { return t.GroupID })
	for _, t := range types {
		w.int(int64(math.Round(t.BasePrice * 100)))
	}

	factions := column(w, e.Factions, func(f Faction) int64 { return f.ID })
	texts(w, factions, func(f Faction) string { return f.Name })
	deltas(w, factions, func(f Faction) int64 { return f.CorporationID })
	deltas(w, factions, func(f Faction) int64 { return f.MilitiaCorporationID })

	corporations := column(w, e.Corporations, func(c Corporation) int64 { return c.ID })
	texts(w, corporations, func(c Corporation) string { return c.Name })
	texts(w, corporations, func(c Corporation) string { return c.Ticker })
	deltas(w, corporations, func(c Corporation) int64 { return c.FactionID })
}

// column starts a table: it returns the rows in order of id, after writing their
// number and ids. Twice the same id is an error.
func column[Row any](w *writer, rows []Row, id func(Row) int64) []Row {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(id(a), id(b)) })
	w.int(int64(len(rows)))
	deltas(w, rows, id)
	for i := 1; i < len(rows); i++ {
		if id(rows[i]) == id(rows[i-1]) && w.err == nil {
			w.err = fmt.Errorf("%T %d occurs twice", rows[i], id(rows[i]))
		}
	}
	return rows
}

// deltas writes one value a row as the difference to the row before.
func deltas[Row any](w *writer, rows []Row, value func(Row) int64) {
	previous := int64(0)
	for _, row := range rows {
		v := value(row)
		w.int(v - previous)
		previous = v
	}
}

// texts writes one string a row, joined by line breaks.
func texts[Row any](w *writer, rows []Row, value func(Row) string) {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = value(row)
		if strings.Contains(all[i], "\n") && w.err == nil {
			w.err = fmt.Errorf("name %q contains a line break", all[i])
		}
	}
	w.text(strings.Join(all, "\n"))
}
