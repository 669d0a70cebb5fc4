package sde

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
)

// localized is a name in all languages, of which English is kept: killmail tools and
// players' talk use it everywhere.
type localized struct {
	En string `json:"en"`
}

// text returns the name in one line.
func (n localized) text() string { return strings.Join(strings.Fields(n.En), " ") }

// placeRecord is a region, a constellation or a system. Fields it does not have are zero.
type placeRecord struct {
	keyed
	Name            localized `json:"name"`
	ConstellationID int64     `json:"constellationID"`
	RegionID        int64     `json:"regionID"`
	SecurityStatus  float64   `json:"securityStatus"`
	Position        struct{ X, Y, Z float64 }
	WormholeClassID *int `json:"wormholeClassID"` // absent where it is inherited
}

func (r *zipReader) export() (Export, error) {
	var e Export
	for _, read := range []func(*Export) error{r.build, r.types, r.organisations, r.universe} {
		if err := read(&e); err != nil {
			return Export{}, err
		}
	}
	return e, nil
}

// build reads which export this is.
func (r *zipReader) build(e *Export) error {
	return r.lines("_sde.jsonl", func(line []byte) error {
		var about struct {
			BuildNumber int64     `json:"buildNumber"`
			ReleaseDate time.Time `json:"releaseDate"`
		}
		if err := json.Unmarshal(line, &about); err != nil {
			return err
		}
		if about.BuildNumber <= 0 || about.ReleaseDate.IsZero() {
			return errors.New("neither build nor date of the export")
		}
		e.Version = strconv.FormatInt(about.BuildNumber, 10)
		e.PricedAt = about.ReleaseDate.UTC().Truncate(24 * time.Hour)
		return nil
	})
}

func (r *zipReader) types(e *Export) error {
	type category struct {
		keyed
		Name localized
	}
	err := each(r, "categories.jsonl", func(id int64, c category) error {
		e.Categories = append(e.Categories, Category{ID: id, Name: c.Name.text()})
		return nil
	})
	if err != nil {
		return err
	}
	type group struct {
		keyed
		Name       localized
		CategoryID int64 `json:"categoryID"`
	}
	err = each(r, "groups.jsonl", func(id int64, g group) error {
		e.Groups = append(e.Groups, Group{ID: id, Name: g.Name.text(), CategoryID: g.CategoryID})
		return nil
	})
	if err != nil {
		return err
	}
	type item struct {
		keyed
		Name      localized
		GroupID   int64   `json:"groupID"`
		BasePrice float64 `json:"basePrice"`
	}
	return each(r, "types.jsonl", func(id int64, t item) error {
		e.Types = append(e.Types, Type{ID: id, Name: t.Name.text(), GroupID: t.GroupID, BasePrice: t.BasePrice})
		return nil
	})
}

func (r *zipReader) organisations(e *Export) error {
	type faction struct {
		keyed
		Name                 localized
		CorporationID        int64 `json:"corporationID"`
		MilitiaCorporationID int64 `json:"militiaCorporationID"`
	}
	err := each(r, "factions.jsonl", func(id int64, f faction) error {
		e.Factions = append(e.Factions, Faction{
			ID: id, Name: f.Name.text(), CorporationID: f.CorporationID, MilitiaCorporationID: f.MilitiaCorporationID,
		})
		return nil
	})
	if err != nil {
		return err
	}
	type corporation struct {
		keyed
		Name       localized
		TickerName string `json:"tickerName"`
		FactionID  int64  `json:"factionID"`
	}
	return each(r, "npcCorporations.jsonl", func(id int64, c corporation) error {
		e.Corporations = append(e.Corporations, Corporation{ID: id, Name: c.Name.text(), Ticker: c.TickerName, FactionID: c.FactionID})
		return nil
	})
}

// universe reads systems, with what they inherit, and the gates between them.
func (r *zipReader) universe(e *Export) error {
	regions, err := r.places("mapRegions.jsonl")
	if err != nil {
		return err
	}
	constellations, err := r.places("mapConstellations.jsonl")
	if err != nil {
		return err
	}
	known := make(map[int64]bool)
	err = each(r, "mapSolarSystems.jsonl", func(id int64, p placeRecord) error {
		constellation, found := constellations[p.ConstellationID]
		region, regionFound := regions[constellation.RegionID]
		if !found || !regionFound {
			return fmt.Errorf("system %d is in no known constellation and region", id)
		}
		if p.Name.text() == "" {
			return fmt.Errorf("system %d has no English name", id)
		}
		s := eve.System{
			ID: id, Name: p.Name.text(),
			ConstellationID: p.ConstellationID, ConstellationName: constellation.Name.text(),
			RegionID: constellation.RegionID, RegionName: region.Name.text(),
			Security: p.SecurityStatus, X: p.Position.X, Y: p.Position.Y, Z: p.Position.Z,
		}
		for _, level := range []placeRecord{p, constellation, region} {
			if level.WormholeClassID != nil {
				s.WormholeClass = *level.WormholeClassID
				break
			}
		}
		known[id] = true
		e.Systems = append(e.Systems, s)
		return nil
	})
	if err != nil {
		return err
	}
	return r.gates(e, known)
}

func (r *zipReader) places(member string) (map[int64]placeRecord, error) {
	places := make(map[int64]placeRecord)
	err := each(r, member, func(id int64, p placeRecord) error {
		if p.Name.text() == "" {
			return fmt.Errorf("%d has no English name", id)
		}
		places[id] = p
		return nil
	})
	return places, err
}

func (r *zipReader) gates(e *Export, known map[int64]bool) error {
	type gate struct {
		keyed
		SolarSystemID int64 `json:"solarSystemID"`
		Destination   struct {
			SolarSystemID int64 `json:"solarSystemID"`
		}
	}
	return each(r, "mapStargates.jsonl", func(id int64, g gate) error {
		if !known[g.SolarSystemID] || !known[g.Destination.SolarSystemID] {
			return fmt.Errorf("stargate %d leads from system %d to %d, which are not both known", id, g.SolarSystemID, g.Destination.SolarSystemID)
		}
		e.Gates = append(e.Gates, [2]int64{g.SolarSystemID, g.Destination.SolarSystemID})
		return nil
	})
}
