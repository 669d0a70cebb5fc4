package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// BattleOf implements store.Battles.
func (s *Store) BattleOf(ctx context.Context, killmailID int64) (int64, error) {
	id, err := s.q().BattleOfKillmail(ctx, killmailID)
	return id, found(fmt.Sprintf("battle of killmail %d", killmailID), err)
}

// BattleRevision implements store.Battles.
func (s *Store) BattleRevision(ctx context.Context, id int64) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, "SELECT revision FROM battles WHERE id = $1", id).Scan(&n)
	return n, found(fmt.Sprintf("revision of battle %d", id), err)
}

// PlaceIn implements store.Battles.
func (s *Store) PlaceIn(ctx context.Context, battleID, killmailID int64) (store.Place, error) {
	var p store.Place
	err := s.each(ctx, "SELECT killmail_id, side FROM battle_killmails WHERE battle_id = $1 ORDER BY occurred_at, killmail_id", []any{battleID},
		func(rows *sql.Rows) error {
			var id int64
			var side string
			if err := rows.Scan(&id, &side); err != nil {
				return err
			}
			p.Of++
			switch {
			case id == killmailID:
				p.Side, p.Number = side, p.Of
			case p.Number == 0:
				p.Previous = id
			case p.Next == 0:
				p.Next = id
			}
			return nil
		})
	if err == nil && p.Number == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Place{}, fmt.Errorf("place of killmail %d in battle %d: %w", killmailID, battleID, err)
	}
	return p, nil
}

// BattleSummary implements store.Battles.
func (s *Store) BattleSummary(ctx context.Context, id int64) (*store.BattleRow, error) {
	var row *store.BattleRow
	err := s.snapshot(ctx, func(v view) (err error) {
		row, err = v.battle(ctx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("battle %d: %w", id, err)
	}
	return row, nil
}

// Battle implements store.Battles.
func (s *Store) Battle(ctx context.Context, id int64) (*store.BattleDetail, error) {
	d := &store.BattleDetail{}
	err := s.snapshot(ctx, func(v view) error {
		row, err := v.battle(ctx, id)
		if err != nil {
			return err
		}
		d.BattleRow = *row
		return errors.Join(v.fillKillmails(ctx, d), v.fillPilots(ctx, d), v.fillRevisions(ctx, d))
	})
	if err != nil {
		return nil, fmt.Errorf("battle %d: %w", id, err)
	}
	return d, nil
}

func (v view) battle(ctx context.Context, id int64) (*store.BattleRow, error) {
	row, err := v.findBattle(ctx, id)
	if err != nil {
		return nil, err
	}
	rows := []store.BattleRow{row}
	if err := errors.Join(v.fillRows(ctx, rows), v.countCorrections(ctx, &rows[0])); err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// findBattle reads the battle's own row, following a redirect.
func (v view) findBattle(ctx context.Context, id int64) (store.BattleRow, error) {
	b, err := v.q().Battle(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		to, err := v.q().Redirect(ctx, id)
		if err != nil {
			return store.BattleRow{}, found("redirect", err)
		}
		b, err = v.q().Battle(ctx, to)
		return battleRow(b), found("redirect", err)
	}
	return battleRow(b), err
}

func battleRow(b query.Battle) store.BattleRow {
	return store.BattleRow{
		ID: b.ID, Kind: battle.Kind(b.Kind), KindRule: b.KindRule, Profile: b.Profile, Version: int(b.ParamsVersion),
		Space: eve.Space(b.Space), ConstellationID: b.ConstellationID, RegionID: b.RegionID,
		Start: fromMillis(b.StartedAt), End: fromMillis(b.EndedAt), Kills: int(b.Kills), ShipsLost: int(b.ShipsLost),
		CapsulesLost: int(b.CapsulesLost), StructuresLost: int(b.StructuresLost), Pilots: int(b.Pilots),
		ISKDestroyed: eve.ISK(b.IskDestroyed), ISKEstimated: eve.ISK(b.IskEstimated), UnknownValues: int(b.UnknownValues),
		Revision: int(b.Revision), UpdatedAt: fromMillis(b.UpdatedAt),
		PrunedAt: fromMillis(b.PrunedAt), PilotsPrunedAt: fromMillis(b.PilotsPrunedAt),
	}
}

// fillRows adds systems, sides with members, and hulls to rows, with one query a
// table whatever the number of rows.
func (v view) fillRows(ctx context.Context, rows []store.BattleRow) error {
	if len(rows) == 0 {
		return nil
	}
	at := make(map[int64]*store.BattleRow, len(rows))
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
		at[ids[i]] = &rows[i]
	}
	var w where
	in(&w, "battle_id", ids)
	return errors.Join(v.fillSystems(ctx, w, at), v.fillSides(ctx, w, at), v.fillHulls(ctx, w, at))
}

func (v view) fillSystems(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	return v.each(ctx, "SELECT battle_id, system_id FROM battle_systems"+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id, system int64
			if err := rows.Scan(&id, &system); err != nil {
				return err
			}
			at[id].SystemIDs = append(at[id].SystemIDs, system)
			return nil
		})
}

func (v view) fillSides(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	err := v.each(ctx, `SELECT battle_id, side, pilots, kills, final_blows, ships_lost, capsules_lost, structures_lost, isk_lost,
		isk_destroyed, damage_done, structure_damage, damage_taken, confidence, third_party FROM battle_sides`+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id int64
			var d battle.Side
			if err := rows.Scan(&id, &d.ID, &d.Pilots, &d.Kills, &d.FinalBlows, &d.ShipsLost, &d.CapsulesLost, &d.StructuresLost,
				&d.ISKLost, &d.ISKDestroyed, &d.DamageDone, &d.StructureDamage, &d.DamageTaken, &d.Confidence, &d.ThirdParty); err != nil {
				return err
			}
			at[id].Sides = append(at[id].Sides, d)
			return nil
		})
	if err != nil {
		return err
	}
	return v.each(ctx, `SELECT battle_id, side, entity_type, entity_id, pilots, ships_lost, isk_lost, kills, damage_done, confidence,
		together_with, together_kills, against_whom, against_kills, friendly_fire FROM battle_members`+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id int64
			var side string
			var m battle.Member
			if err := rows.Scan(&id, &side, &m.Entity.Type, &m.Entity.ID, &m.Pilots, &m.ShipsLost, &m.ISKLost, &m.Kills, &m.DamageDone,
				&m.Confidence, &m.TogetherWith.With, &m.TogetherWith.Together, &m.Against.With, &m.Against.Against, &m.FriendlyFire); err != nil {
				return err
			}
			sides := at[id].Sides
			i := slices.IndexFunc(sides, func(v battle.Side) bool { return v.ID == side })
			if i < 0 {
				return fmt.Errorf("battle %d: member %d on missing side %q", id, m.Entity.ID, side)
			}
			sides[i].Members = append(sides[i].Members, m)
			return nil
		})
}

func (v view) fillHulls(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	return v.each(ctx, "SELECT battle_id, side, ship_type_id, fielded, lost, isk_lost FROM battle_hulls"+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id int64
			var h battle.Hull
			if err := rows.Scan(&id, &h.Side, &h.ShipTypeID, &h.Fielded, &h.Lost, &h.ISKLost); err != nil {
				return err
			}
			at[id].Hulls = append(at[id].Hulls, h)
			return nil
		})
}

func (v view) fillKillmails(ctx context.Context, d *store.BattleDetail) error {
	rows, err := v.q().BattleKills(ctx, query.BattleKillsParams{BattleID: d.ID, First: millis(d.Start), Last: millis(d.End)})
	if err != nil {
		return fmt.Errorf("killmails: %w", err)
	}
	d.Killmails = make([]store.BattleKill, len(rows))
	for i, r := range rows {
		d.Killmails[i] = store.BattleKill{
			KillmailRow: store.KillmailRow{
				ID: r.KillmailID, Hash: r.Hash, Time: fromMillis(r.OccurredAt), SystemID: r.SystemID, BattleID: d.ID,
				NPC: r.Npc, StoredAt: fromMillis(r.StoredAt),
				Victim: killmail.Party{
					CharacterID: r.VictimCharacterID, CorporationID: r.VictimCorporationID, AllianceID: r.VictimAllianceID,
					FactionID: r.VictimFactionID, ShipTypeID: r.VictimShipTypeID,
				},
				DamageTaken: r.DamageTaken, AttackerCount: int(r.AttackerCount), Value: iskOf(r.Isk, r.IskSource, r.IskPricedAt),
				FinalBlow: killmail.Party{
					CharacterID: r.FinalCharacterID.Int64, CorporationID: r.FinalCorporationID.Int64,
					AllianceID: r.FinalAllianceID.Int64, FactionID: r.FinalFactionID.Int64, ShipTypeID: r.FinalShipTypeID.Int64,
				},
			},
			Side: r.Side,
			Link: battle.Evidence{
				Rule: r.LinkRule, With: r.LinkWith, Pilots: int(r.LinkPilots), Together: int(r.LinkTogether), Against: int(r.LinkAgainst),
			},
		}
	}
	return nil
}

func (v view) fillPilots(ctx context.Context, d *store.BattleDetail) error {
	rows, err := v.q().BattleParticipants(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("pilots: %w", err)
	}
	hulls, err := v.q().BattleParticipantHulls(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("hulls of pilots: %w", err)
	}
	flown := make(map[int64][]battle.PilotHull, len(rows))
	for _, h := range hulls {
		flown[h.CharacterID] = append(flown[h.CharacterID], battle.PilotHull{ShipTypeID: h.ShipTypeID, Lost: int(h.Lost), ISKLost: eve.ISK(h.IskLost)})
	}
	d.Members = make([]battle.Pilot, len(rows))
	for i, r := range rows {
		d.Members[i] = battle.Pilot{
			CharacterID: r.CharacterID, CorporationID: r.CorporationID, AllianceID: r.AllianceID, FactionID: r.FactionID,
			Side: r.Side, Hulls: flown[r.CharacterID], Kills: int(r.Kills), FinalBlows: int(r.FinalBlows), Losses: int(r.Losses),
			Podded: r.Podded, DamageDone: r.DamageDone, StructureDamage: r.StructureDamage, DamageTaken: r.DamageTaken, ISKLost: eve.ISK(r.IskLost),
			FirstSeen: fromMillis(r.FirstSeen), LastSeen: fromMillis(r.LastSeen),
		}
	}
	return nil
}

func (v view) fillRevisions(ctx context.Context, d *store.BattleDetail) error {
	rows, err := v.q().Revisions(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("revisions: %w", err)
	}
	d.Revisions = make([]store.Revision, len(rows))
	for i, r := range rows {
		d.Revisions[i] = store.Revision{
			Number: int(r.Revision), At: fromMillis(r.At), Reason: r.Reason, Added: int(r.Added), Removed: int(r.Removed), Kills: int(r.Kills),
		}
	}
	return nil
}
