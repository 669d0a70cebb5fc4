package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// clearBattles deletes the rows of battles from some tables.
func clearBattles(ctx context.Context, tx *sql.Tx, ids []int64, tables ...string) error {
	for chunk := range slices.Chunk(ids, maxIn) {
		for _, table := range tables {
			column := "battle_id"
			if table == "battles" {
				column = "id"
			}
			var w where
			in(&w, column, chunk)
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+w.String(), w.args...); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
	}
	return nil
}

// battleLists names the tables of a battle's lists. Its own row, revisions and
// redirects are not in them.
func battleLists() []string {
	out := make([]string, len(battleTables))
	for i, t := range battleTables {
		out[i] = t.name
	}
	return out
}

var battleOwnColumns = []string{
	"id", "kind", "kind_rule", "profile", "params_version", "system_id", "constellation_id", "region_id", "space",
	"started_at", "ended_at", "duration", "kills", "ships_lost", "capsules_lost", "structures_lost", "pilots",
	"isk_destroyed", "isk_estimated", "unknown_values", "digest", "revision", "created_at", "updated_at",
}

// putBattles writes battles whole, table by table: few large writes instead of many
// small ones. What was stored of them goes first, because a killmail may move between two.
func (s *Store) putBattles(ctx context.Context, tx *sql.Tx, c store.Change, states map[int64]battleState) error {
	var old []int64
	for i := range c.Put {
		p := &c.Put[i]
		if len(p.Battle.SystemIDs) == 0 {
			return fmt.Errorf("battle %d: has no system", p.ID)
		}
		if _, stored := states[p.ID]; stored {
			old = append(old, p.ID)
		}
	}
	if err := clearBattles(ctx, tx, old, battleLists()...); err != nil {
		return err
	}
	set := make([]string, 0, len(battleOwnColumns))
	for _, column := range battleOwnColumns {
		if column != "id" && column != "created_at" {
			set = append(set, column+" = excluded."+column)
		}
	}
	err := s.dialect.Upsert(ctx, tx, "battles", battleOwnColumns, rowsOf(c.Put, func(_ int, p *store.PutBattle) []any {
		b := p.Battle
		return []any{
			p.ID, string(b.Kind), b.KindRule, b.Profile, b.Version, b.SystemIDs[0], p.ConstellationID, p.RegionID, string(p.Space),
			millis(b.Start), millis(b.End), b.End.Sub(b.Start).Milliseconds(), len(b.Kills), b.ShipsLost, b.CapsulesLost,
			b.StructuresLost, b.PilotCount, int64(b.ISKDestroyed), int64(b.ISKEstimated), b.UnknownValues, p.Digest,
			states[p.ID].revision + 1, millis(c.Now), millis(c.Now),
		}
	}), "ON CONFLICT (id) DO UPDATE SET "+strings.Join(set, ", "))
	if err != nil {
		return err
	}
	revision := []string{"battle_id", "revision", "at", "reason", "added", "removed", "kills"}
	err = s.dialect.Insert(ctx, tx, "battle_revisions", revision, rowsOf(c.Put, func(_ int, p *store.PutBattle) []any {
		return []any{p.ID, states[p.ID].revision + 1, millis(c.Now), p.Reason, p.Added, p.Removed, len(p.Battle.Kills)}
	}))
	if err != nil {
		return err
	}
	for _, t := range battleTables {
		if err := s.dialect.Insert(ctx, tx, t.name, t.columns, rowsOfAll(c.Put, t.rows)); err != nil {
			return err
		}
	}
	return nil
}

// rowsOfAll strings the rows of one table of several battles together.
func rowsOfAll(put []store.PutBattle, rows func(id int64, b *battle.Battle) iter.Seq[[]any]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range put {
			for row := range rows(put[i].ID, put[i].Battle) {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// battleTables are the lists of a battle and how its rows are written.
var battleTables = []struct {
	name    string
	columns []string
	rows    func(id int64, b *battle.Battle) iter.Seq[[]any]
}{
	{"battle_systems", []string{"battle_id", "system_id", "position"}, systemRows},
	{"battle_killmails", []string{
		"battle_id", "killmail_id", "occurred_at", "side", "link_rule", "link_with", "link_pilots", "link_together", "link_against",
	}, battleKillRows},
	{"battle_sides", []string{
		"battle_id", "side", "position", "pilots", "kills", "final_blows", "ships_lost", "capsules_lost", "structures_lost",
		"isk_lost", "isk_destroyed", "damage_done", "structure_damage", "damage_taken", "confidence", "third_party",
	}, sideRows},
	{"battle_members", []string{
		"battle_id", "entity_type", "entity_id", "side", "position", "pilots", "ships_lost", "isk_lost", "kills", "damage_done",
		"confidence", "together_with", "together_kills", "against_whom", "against_kills", "friendly_fire",
	}, memberRows},
	{"battle_participants", []string{
		"battle_id", "character_id", "corporation_id", "alliance_id", "faction_id", "side", "position", "kills", "final_blows",
		"losses", "podded", "damage_done", "structure_damage", "damage_taken", "isk_lost", "first_seen", "last_seen",
	}, pilotRows},
	{"battle_participant_hulls", []string{"battle_id", "character_id", "position", "ship_type_id", "lost", "isk_lost"}, pilotHullRows},
	{"battle_hulls", []string{"battle_id", "side", "ship_type_id", "position", "fielded", "lost", "isk_lost"}, hullRows},
}

// rowsOf turns a list into rows.
func rowsOf[T any](list []T, row func(i int, v *T) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range list {
			if !yield(row(i, &list[i])) {
				return
			}
		}
	}
}

func systemRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return rowsOf(b.SystemIDs, func(i int, s *int64) []any { return []any{id, *s, i} })
}

func battleKillRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return rowsOf(b.Kills, func(_ int, k *battle.Kill) []any {
		l := &k.Link
		return []any{id, k.Mail.ID, millis(k.Mail.Time), k.Side, l.Rule, l.With, l.Pilots, l.Together, l.Against}
	})
}

func sideRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return rowsOf(b.Sides, func(i int, s *battle.Side) []any {
		return []any{
			id, s.ID, i, s.Pilots, s.Kills, s.FinalBlows, s.ShipsLost, s.CapsulesLost, s.StructuresLost,
			int64(s.ISKLost), int64(s.ISKDestroyed), s.DamageDone, s.StructureDamage, s.DamageTaken, s.Confidence, s.ThirdParty,
		}
	})
}

func memberRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range b.Sides {
			for j := range b.Sides[i].Members {
				m := &b.Sides[i].Members[j]
				if !yield([]any{
					id, string(m.Entity.Type), m.Entity.ID, b.Sides[i].ID, j, m.Pilots, m.ShipsLost, int64(m.ISKLost), m.Kills,
					m.DamageDone, m.Confidence, m.TogetherWith.With, m.TogetherWith.Together, m.Against.With, m.Against.Against,
					m.FriendlyFire,
				}) {
					return
				}
			}
		}
	}
}

func pilotRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return rowsOf(b.Pilots, func(i int, p *battle.Pilot) []any {
		return []any{
			id, p.CharacterID, p.CorporationID, p.AllianceID, p.FactionID, p.Side, i, p.Kills, p.FinalBlows, p.Losses, p.Podded,
			p.DamageDone, p.StructureDamage, p.DamageTaken, int64(p.ISKLost), millis(p.FirstSeen), millis(p.LastSeen),
		}
	})
}

func pilotHullRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range b.Pilots {
			for j, h := range b.Pilots[i].Hulls {
				if !yield([]any{id, b.Pilots[i].CharacterID, j, h.ShipTypeID, h.Lost, int64(h.ISKLost)}) {
					return
				}
			}
		}
	}
}

func hullRows(id int64, b *battle.Battle) iter.Seq[[]any] {
	return rowsOf(b.Hulls, func(i int, h *battle.Hull) []any {
		return []any{id, h.Side, h.ShipTypeID, i, h.Fielded, h.Lost, int64(h.ISKLost)}
	})
}
