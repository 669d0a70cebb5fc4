package sde

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

//go:embed data/sde.bin
var embedded []byte

// Load returns the embedded data. It is decoded on the first call and shared by all
// later ones. An error means that the binary was built from a broken data file.
func Load() (*Data, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*Data, error) {
	data, err := Decode(embedded)
	if err != nil {
		return nil, fmt.Errorf("embedded static data: %w; generate it anew with go run ./tools/sde", err)
	}
	return data, nil
})

// Data answers questions about New Eden. It never changes and is safe for concurrent
// use. Ids the export does not have answer false or nothing, never an error: CCP adds
// hulls and systems faster than the export is renewed.
type Data struct {
	version  string
	pricedAt time.Time

	systems       table[eve.System]
	systemsByName map[string]int64 // lower-case name
	neighbors     [][]int64        // by row of systems

	categories   table[Category]
	groups       table[Group]
	types        table[Type]
	factions     table[Faction]
	corporations table[Corporation]
}

// table holds rows in order of id, so that a look-up is a binary search and reading
// the file needs no index to be built.
type table[Row any] struct {
	ids  []int64
	rows []Row
}

func (t *table[Row]) get(id int64) (row Row, ok bool) {
	if i, found := slices.BinarySearch(t.ids, id); found {
		return t.rows[i], true
	}
	return row, false
}

// Version returns the version of the export, for people: "126.6.18".
func (d *Data) Version() string { return d.version }

// PricedAt returns the day of the export at 00:00 UTC, which dates the base prices.
func (d *Data) PricedAt() time.Time { return d.pricedAt }

// System returns the solar system with this id.
func (d *Data) System(id int64) (eve.System, bool) { return d.systems.get(id) }

// SystemByName returns the solar system with this name; upper and lower case are
// the same.
func (d *Data) SystemByName(name string) (eve.System, bool) {
	id, ok := d.systemsByName[strings.ToLower(name)]
	if !ok {
		return eve.System{}, false
	}
	return d.systems.get(id)
}

// Systems yields every solar system in order of id.
func (d *Data) Systems() iter.Seq[eve.System] { return slices.Values(d.systems.rows) }

// Neighbors returns the systems one stargate jump away, in order of id; none for
// J-space and unknown systems. The caller must not change the slice.
func (d *Data) Neighbors(id int64) []int64 {
	i, found := slices.BinarySearch(d.systems.ids, id)
	if !found {
		return nil
	}
	return d.neighbors[i]
}

// Type returns the inventory type with this id, joined with its group and hull class.
func (d *Data) Type(id int64) (eve.Type, bool) {
	t, ok := d.types.get(id)
	if !ok {
		return eve.Type{}, false
	}
	group, _ := d.groups.get(t.GroupID)
	return eve.Type{
		ID:         t.ID,
		Name:       t.Name,
		GroupID:    t.GroupID,
		GroupName:  group.Name,
		CategoryID: group.CategoryID,
		Class:      eve.ClassOf(t.GroupID, group.CategoryID),
		BasePrice:  t.BasePrice,
	}, true
}

// Types yields every inventory type in order of id, as Type returns it.
func (d *Data) Types() iter.Seq[eve.Type] {
	return func(yield func(eve.Type) bool) {
		for _, id := range d.types.ids {
			if t, ok := d.Type(id); ok && !yield(t) {
				return
			}
		}
	}
}

// BasePrice returns CCP's base price of a type in ISK, 0 where there is none. It is
// no market price: it serves where nothing better is known.
func (d *Data) BasePrice(typeID int64) float64 {
	t, _ := d.types.get(typeID)
	return t.BasePrice
}

// Category returns the category of types with this id.
func (d *Data) Category(id int64) (Category, bool) { return d.categories.get(id) }

// Group returns the group of types with this id.
func (d *Data) Group(id int64) (Group, bool) { return d.groups.get(id) }

// Faction returns the faction with this id.
func (d *Data) Faction(id int64) (Faction, bool) { return d.factions.get(id) }

// NPCCorporation returns the corporation run by CCP with this id.
func (d *Data) NPCCorporation(id int64) (Corporation, bool) { return d.corporations.get(id) }
