package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// clearBattle deletes the lists of a battle; its own row, revisions and
// redirects stay.
func clearBattle(ctx context.Context, q *query.Queries, id int64) error {
	for _, del := range []func(context.Context, int64) error{
		q.DeleteBattleSystems, q.DeleteBattleKillmails, q.DeleteBattleSides, q.DeleteBattleMembers,
		q.DeleteBattleParticipants, q.DeleteBattleParticipantHulls, q.DeleteBattleHulls,
	} {
		if err := del(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// putBattle writes a battle whose lists are empty.
func (s *Store) putBattle(ctx context.Context, tx *sql.Tx, q *query.Queries, p *store.PutBattle, revision int64, now time.Time) error {
	b := p.Battle
	if len(b.SystemIDs) == 0 {
		return errors.New("has no system")
	}
	err := q.PutBattle(ctx, query.PutBattleParams{
		ID: p.ID, Kind: string(b.Kind), KindRule: b.KindRule, Profile: b.Profile, ParamsVersion: int64(b.Version),
		SystemID: b.SystemIDs[0], ConstellationID: p.ConstellationID, RegionID: p.RegionID, Space: string(p.Space),
		StartedAt: millis(b.Start), EndedAt: millis(b.End), Duration: b.End.Sub(b.Start).Milliseconds(),
		Kills: int64(len(b.Kills)), ShipsLost: int64(b.ShipsLost), CapsulesLost: int64(b.CapsulesLost),
		StructuresLost: int64(b.StructuresLost), Pilots: int64(b.PilotCount),
		IskDestroyed: int64(b.ISKDestroyed), IskEstimated: int64(b.ISKEstimated), UnknownValues: int64(b.UnknownValues),
		Digest: p.Digest, Revision: revision, CreatedAt: millis(now),
	})
	if err != nil {
		return err
	}
	err = q.PutRevision(ctx, query.PutRevisionParams{
		BattleID: p.ID, Revision: revision, At: millis(now), Reason: p.Reason,
		Added: int64(p.Added), Removed: int64(p.Removed), Kills: int64(len(b.Kills)),
	})
	if err != nil {
		return err
	}
	for _, t := range battleTables {
		if err := s.dialect.Insert(ctx, tx, t.name, t.columns, t.rows(p.ID, b)); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
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
