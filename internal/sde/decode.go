package sde

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// errTruncated is what every read beyond the end comes to.
var errTruncated = errors.New("file ends too early or is damaged")

// Decode reads what Encode wrote.
func Decode(file []byte) (*Data, error) {
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("read static data: %w", err)
	}
	plain := bytes.NewBuffer(make([]byte, 0, uncompressedSize(file)))
	if _, err := io.Copy(plain, zip); err != nil { //nolint:gosec // our own file; downloads are bounded before they get here
		return nil, fmt.Errorf("read static data: %w", err)
	}
	rest, found := strings.CutPrefix(plain.String(), magic)
	if !found {
		return nil, errors.New("read static data: not a static data file of this version")
	}
	r := &reader{rest: rest}
	d := &Data{version: r.text(), pricedAt: time.Unix(r.int(), 0).UTC()}
	r.systems(d)
	r.gates(d)
	r.tables(d)
	if r.err != nil {
		return nil, fmt.Errorf("read static data: %w", r.err)
	}
	return d, nil
}

// uncompressedSize returns the size that gzip notes in its last four bytes, as a hint
// for the buffer; a damaged file may claim anything, so not more than 64 MiB.
func uncompressedSize(file []byte) int {
	if len(file) < 4 {
		return 0
	}
	return int(min(binary.LittleEndian.Uint32(file[len(file)-4:]), 64<<20))
}

// reader takes values from the front of a string and keeps the first error; after it
// every value is zero. Names are substrings of the file: they cost no copy.
type reader struct {
	rest string
	err  error
}

func (r *reader) fail() {
	r.rest = ""
	if r.err == nil {
		r.err = errTruncated
	}
}

// int reads a zig-zag varint.
func (r *reader) int() int64 {
	var v uint64
	for i := range min(len(r.rest), binary.MaxVarintLen64) {
		b := r.rest[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.rest = r.rest[i+1:]
			return int64(v>>1) ^ -int64(v&1)
		}
	}
	r.fail()
	return 0
}

func (r *reader) float() float64 {
	if len(r.rest) < 8 {
		r.fail()
		return 0
	}
	bits := binary.LittleEndian.Uint64([]byte(r.rest[:8]))
	r.rest = r.rest[8:]
	return math.Float64frombits(bits)
}

func (r *reader) text() string {
	n := r.int()
	if n < 0 || n > int64(len(r.rest)) {
		r.fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// count reads a number of rows. Every row takes at least a byte, so that a damaged
// count cannot make the reader allocate more than the file is long.
func (r *reader) count() int {
	n := r.int()
	if n < 0 || n > int64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

// deltas reads n values written as differences.
func (r *reader) deltas(n int) []int64 {
	values := make([]int64, n)
	previous := int64(0)
	for i := range values {
		previous += r.int()
		values[i] = previous
	}
	return values
}

// texts hands n strings to set.
func (r *reader) texts(n int, set func(i int, s string)) {
	all := r.text()
	if n > 0 && strings.Count(all, "\n") != n-1 {
		r.fail()
		return
	}
	for i := range n {
		var s string
		s, all, _ = strings.Cut(all, "\n")
		set(i, s)
	}
}

// rows starts a table: it reads the ids and returns it with empty rows.
func rows[Row any](r *reader) table[Row] {
	n := r.count()
	return table[Row]{ids: r.deltas(n), rows: make([]Row, n)}
}

// place is a region or constellation; parent is the region of a constellation.
type place struct {
	name   string
	parent int64
}

func (r *reader) places() table[place] {
	t := rows[place](r)
	r.texts(len(t.rows), func(i int, s string) { t.rows[i].name = s })
	return t
}

func (r *reader) systems(d *Data) {
	regions := r.places()
	constellations := r.places()
	for i, id := range r.deltas(len(constellations.rows)) {
		constellations.rows[i].parent = id
	}

	d.systems = rows[eve.System](r)
	n := len(d.systems.rows)
	d.systemsByName = make(map[string]int64, n)
	r.texts(n, func(i int, s string) {
		d.systems.rows[i].ID = d.systems.ids[i]
		d.systems.rows[i].Name = s
		d.systemsByName[strings.ToLower(s)] = d.systems.ids[i]
	})
	for i, id := range r.deltas(n) {
		constellation, _ := constellations.get(id)
		region, _ := regions.get(constellation.parent)
		s := &d.systems.rows[i]
		s.ConstellationID, s.ConstellationName = id, constellation.name
		s.RegionID, s.RegionName = constellation.parent, region.name
	}
	for i, class := range r.deltas(n) {
		d.systems.rows[i].WormholeClass = int(class)
	}
	for i := range n {
		d.systems.rows[i].Security = r.float()
	}
	for _, axis := range []func(*eve.System) *float64{
		func(s *eve.System) *float64 { return &s.X },
		func(s *eve.System) *float64 { return &s.Y },
		func(s *eve.System) *float64 { return &s.Z },
	} {
		for i, v := range r.deltas(n) {
			*axis(&d.systems.rows[i]) = float64(v) * coordinateUnit
		}
	}
}

func (r *reader) gates(d *Data) {
	d.neighbors = make([][]int64, len(d.systems.ids))
	for _, from := range r.deltas(r.count()) {
		to := from + r.int()
		i, found := slices.BinarySearch(d.systems.ids, from)
		j, foundTo := slices.BinarySearch(d.systems.ids, to)
		if !found || !foundTo {
			r.fail()
			return
		}
		d.neighbors[i] = append(d.neighbors[i], to)
		d.neighbors[j] = append(d.neighbors[j], from)
	}
	for _, ids := range d.neighbors {
		slices.Sort(ids)
	}
}

func (r *reader) tables(d *Data) {
	d.categories = rows[Category](r)
	categories := d.categories.rows
	r.texts(len(categories), func(i int, s string) {
		categories[i] = Category{ID: d.categories.ids[i], Name: s}
	})

	d.groups = rows[Group](r)
	groups := d.groups.rows
	r.texts(len(groups), func(i int, s string) {
		groups[i] = Group{ID: d.groups.ids[i], Name: s}
	})
	for i, id := range r.deltas(len(groups)) {
		groups[i].CategoryID = id
	}

	d.types = rows[Type](r)
	types := d.types.rows
	r.texts(len(types), func(i int, s string) {
		types[i] = Type{ID: d.types.ids[i], Name: s}
	})
	for i, id := range r.deltas(len(types)) {
		types[i].GroupID = id
	}
	for i := range types {
		types[i].BasePrice = float64(r.int()) / 100
	}

	d.factions = rows[Faction](r)
	factions := d.factions.rows
	r.texts(len(factions), func(i int, s string) {
		factions[i] = Faction{ID: d.factions.ids[i], Name: s}
	})
	for i, id := range r.deltas(len(factions)) {
		factions[i].CorporationID = id
	}
	for i, id := range r.deltas(len(factions)) {
		factions[i].MilitiaCorporationID = id
	}

	d.corporations = rows[Corporation](r)
	corporations := d.corporations.rows
	r.texts(len(corporations), func(i int, s string) {
		corporations[i] = Corporation{ID: d.corporations.ids[i], Name: s}
	})
	r.texts(len(corporations), func(i int, s string) { corporations[i].Ticker = s })
	for i, id := range r.deltas(len(corporations)) {
		corporations[i].FactionID = id
	}
}
