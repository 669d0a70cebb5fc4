package main

import (
	"path/filepath"
	"strings"

	"github.com/battlescope/battlescope/internal/sde"
)

// name is a text in all languages, of which English is kept: killmail tools and
// players' talk use it everywhere.
type name struct{ En string }

// text returns the name in one line.
func (n name) text() string { return strings.Join(strings.Fields(n.En), " ") }

// readTables reads categories, groups, types, factions and NPC corporations.
func readTables(fsd string, export *sde.Export) error {
	type category struct{ Name name }
	err := readRecords(filepath.Join(fsd, "categories.yaml"), []string{"name"}, func(id int64, c category) {
		export.Categories = append(export.Categories, sde.Category{ID: id, Name: c.Name.text()})
	})
	if err != nil {
		return err
	}

	type group struct {
		Name       name
		CategoryID int64 `yaml:"categoryID"`
	}
	err = readRecords(filepath.Join(fsd, "groups.yaml"), []string{"name", "categoryID"}, func(id int64, g group) {
		export.Groups = append(export.Groups, sde.Group{ID: id, Name: g.Name.text(), CategoryID: g.CategoryID})
	})
	if err != nil {
		return err
	}

	type item struct {
		Name      name
		GroupID   int64   `yaml:"groupID"`
		BasePrice float64 `yaml:"basePrice"`
	}
	fields := []string{"name", "groupID", "basePrice"}
	err = readRecords(filepath.Join(fsd, "types.yaml"), fields, func(id int64, t item) {
		export.Types = append(export.Types,
			sde.Type{ID: id, Name: t.Name.text(), GroupID: t.GroupID, BasePrice: t.BasePrice})
	})
	if err != nil {
		return err
	}

	type faction struct {
		NameID               name  `yaml:"nameID"`
		CorporationID        int64 `yaml:"corporationID"`
		MilitiaCorporationID int64 `yaml:"militiaCorporationID"`
	}
	fields = []string{"nameID", "corporationID", "militiaCorporationID"}
	err = readRecords(filepath.Join(fsd, "factions.yaml"), fields, func(id int64, f faction) {
		export.Factions = append(export.Factions, sde.Faction{
			ID: id, Name: f.NameID.text(),
			CorporationID: f.CorporationID, MilitiaCorporationID: f.MilitiaCorporationID,
		})
	})
	if err != nil {
		return err
	}

	type corporation struct {
		NameID     name   `yaml:"nameID"`
		TickerName string `yaml:"tickerName"`
		FactionID  int64  `yaml:"factionID"`
	}
	fields = []string{"nameID", "tickerName", "factionID"}
	return readRecords(filepath.Join(fsd, "npcCorporations.yaml"), fields, func(id int64, c corporation) {
		export.Corporations = append(export.Corporations,
			sde.Corporation{ID: id, Name: c.NameID.text(), Ticker: c.TickerName, FactionID: c.FactionID})
	})
}
