package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// orderColumns maps the orders to the columns that hold their key.
var orderColumns = map[store.BattleOrder]string{
	store.OrderStarted:  "started_at",
	store.OrderISK:      "isk_destroyed",
	store.OrderKills:    "kills",
	store.OrderPilots:   "pilots",
	store.OrderDuration: "duration",
}

// Battles implements store.Battles.
func (s *Store) Battles(ctx context.Context, f store.BattleFilter, p store.Page) ([]store.BattleRow, string, error) {
	column, ok := orderColumns[f.Order]
	if !ok {
		return nil, "", fmt.Errorf("list battles: unknown order %q", f.Order)
	}
	name, compare, direction := "+"+string(f.Order), ">", "ASC"
	if f.Descending {
		name, compare, direction = "-"+string(f.Order), "<", "DESC"
	}
	var rows []store.BattleRow
	next := ""
	err := s.snapshot(ctx, func(v view) error {
		l := battleList{view: v, where: s.where(), choose: !s.dialect.Estimates()}
		if err := l.filter(ctx, f); err != nil {
			return err
		}
		if p.Cursor != "" {
			c, err := parseKeyset(p.Cursor, name)
			if err != nil {
				return err
			}
			l.add(fmt.Sprintf("(%[1]s%[2]s, %[1]sid) %[3]s (?, ?)", l.mask, column, compare), c.key, c.id)
		}
		text := fmt.Sprintf("SELECT %[1]s FROM battles%[2]s ORDER BY %[3]s%[4]s %[5]s, %[3]sid %[5]s LIMIT %[6]d",
			strings.Join(battleColumns, ", "), l.String(), l.mask, column, direction, p.Limit+1)
		all, keys, err := v.battleRows(ctx, text, l.args, column)
		if err != nil {
			return err
		}
		if rows = all; len(all) > p.Limit {
			rows = all[:p.Limit]
			next = keyset{name, keys[p.Limit-1], rows[p.Limit-1].ID}.String()
		}
		return v.fillRows(ctx, rows)
	})
	if err != nil {
		return nil, "", fmt.Errorf("list battles: %w", err)
	}
	return rows, next, nil
}

// fewBattles is how many battles of an alliance, pilot or the like are read and sorted,
// rather than looking through all battles in their order for those they are in.
const fewBattles = 3000

// battleList makes the conditions of a list of battles. There are two ways to find the
// battles of somebody in an order: to take all of his and sort them, which is slow when
// he is in many, or to go through all battles in that order until the page is full,
// which is slow when he is in few. SQLite knows too little to choose and always takes
// the second way.
type battleList struct {
	view
	where
	choose bool // in place of the engine
	// mask stands before the columns of the order when the first way is taken: an engine
	// does not use an index on what is not the bare column.
	mask string
}

func (l *battleList) filter(ctx context.Context, f store.BattleFilter) error {
	for _, of := range []struct {
		table, column string
		ids           []int64
	}{
		{"battle_systems", "system_id", f.SystemIDs},
		{"battle_participants", "alliance_id", f.AllianceIDs},
		{"battle_participants", "corporation_id", f.CorporationIDs},
		{"battle_participants", "character_id", f.CharacterIDs},
		{"battle_hulls", "ship_type_id", f.ShipTypeIDs},
	} {
		if err := l.of(ctx, of.table, of.column, of.ids); err != nil {
			return err
		}
	}
	in(&l.where, "kind", f.Kinds)
	in(&l.where, "space", f.Spaces)
	in(&l.where, l.mask+"constellation_id", f.ConstellationIDs)
	in(&l.where, l.mask+"region_id", f.RegionIDs)
	l.between(l.mask+"kills", f.Kills)
	l.between(l.mask+"pilots", f.Pilots)
	l.between(l.mask+"isk_destroyed", f.ISK)
	l.between(l.mask+"duration", f.Duration)
	if !f.Since.IsZero() {
		l.add(l.mask+"started_at >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		l.add(l.mask+"started_at < ?", millis(f.Until))
	}
	return nil
}

// of narrows the list to battles that a table says one of these ids is in.
func (l *battleList) of(ctx context.Context, table, column string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	guard := ""
	if column == "alliance_id" {
		guard = "alliance_id > 0 AND " // word for word as in the index
	}
	list, args := listOf(&l.where, ids)
	within := "id IN (SELECT battle_id FROM " + table + " WHERE " + guard + column + list + ")"
	if !l.choose {
		l.add(within, args...)
		return nil
	}
	var w where
	w.add(guard+column+list, args...)
	var n int
	text := fmt.Sprintf("SELECT COUNT(*) FROM (SELECT DISTINCT battle_id FROM %s%s LIMIT %d) b", table, w.String(), fewBattles)
	if err := l.db.QueryRowContext(ctx, text, w.args...).Scan(&n); err != nil {
		return err
	}
	if n < fewBattles {
		l.mask = "+"
		l.add(within, args...)
		return nil
	}
	l.add("EXISTS (SELECT 1 FROM "+table+" o WHERE o.battle_id = battles.id AND "+guard+column+list+")", args...)
	return nil
}

var battleColumns = []string{
	"id", "kind", "kind_rule", "profile", "params_version", "space", "constellation_id", "region_id", "started_at", "ended_at", "duration",
	"kills", "ships_lost", "capsules_lost", "structures_lost", "pilots", "isk_destroyed", "isk_estimated", "unknown_values",
	"revision", "updated_at", "pruned_at", "pilots_pruned_at",
}

// battleRows runs a list query and returns the rows with their sort keys.
func (v view) battleRows(ctx context.Context, text string, args []any, column string) ([]store.BattleRow, []int64, error) {
	out, keys := []store.BattleRow{}, []int64{}
	err := v.each(ctx, text, args, func(rows *sql.Rows) error {
		var b query.Battle
		if err := rows.Scan(&b.ID, &b.Kind, &b.KindRule, &b.Profile, &b.ParamsVersion, &b.Space, &b.ConstellationID, &b.RegionID,
			&b.StartedAt, &b.EndedAt, &b.Duration, &b.Kills, &b.ShipsLost, &b.CapsulesLost, &b.StructuresLost, &b.Pilots,
			&b.IskDestroyed, &b.IskEstimated, &b.UnknownValues, &b.Revision, &b.UpdatedAt, &b.PrunedAt, &b.PilotsPrunedAt); err != nil {
			return err
		}
		out = append(out, battleRow(b))
		keys = append(keys, map[string]int64{
			"started_at": b.StartedAt, "isk_destroyed": b.IskDestroyed, "kills": b.Kills, "pilots": b.Pilots, "duration": b.Duration,
		}[column])
		return nil
	})
	return out, keys, err
}
