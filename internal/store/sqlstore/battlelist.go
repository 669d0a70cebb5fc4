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
	w := s.battleWhere(f)
	if p.Cursor != "" {
		c, err := parseKeyset(p.Cursor, name)
		if err != nil {
			return nil, "", err
		}
		w.add(fmt.Sprintf("(%s, id) %s (?, ?)", column, compare), c.key, c.id)
	}
	text := fmt.Sprintf("SELECT %s FROM battles%s ORDER BY %s %s, id %s LIMIT %d",
		strings.Join(battleColumns, ", "), w.String(), column, direction, direction, p.Limit+1)
	var rows []store.BattleRow
	next := ""
	err := s.snapshot(ctx, func(v view) error {
		all, keys, err := v.battleRows(ctx, text, w.args, column)
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

func (s *Store) battleWhere(f store.BattleFilter) where {
	w := s.where()
	in(&w, "kind", f.Kinds)
	in(&w, "space", f.Spaces)
	in(&w, "constellation_id", f.ConstellationIDs)
	in(&w, "region_id", f.RegionIDs)
	inSub(&w, "battle_systems", "system_id", f.SystemIDs)
	inSub(&w, "battle_participants", "alliance_id", f.AllianceIDs)
	inSub(&w, "battle_participants", "corporation_id", f.CorporationIDs)
	inSub(&w, "battle_participants", "character_id", f.CharacterIDs)
	inSub(&w, "battle_hulls", "ship_type_id", f.ShipTypeIDs)
	w.between("kills", f.Kills)
	w.between("pilots", f.Pilots)
	w.between("isk_destroyed", f.ISK)
	w.between("duration", f.Duration)
	if !f.Since.IsZero() {
		w.add("started_at >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		w.add("started_at < ?", millis(f.Until))
	}
	return w
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
