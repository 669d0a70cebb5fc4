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

// BattleSummary implements store.Battles.
func (s *Store) BattleSummary(ctx context.Context, id int64) (*store.BattleRow, error) {
	row, err := s.findBattle(ctx, id)
	if err != nil {
		return nil, err
	}
	rows := []store.BattleRow{row}
	if err := s.fillRows(ctx, rows); err != nil {
		return nil, fmt.Errorf("battle %d: %w", id, err)
	}
	return &rows[0], nil
}

// Battle implements store.Battles.
func (s *Store) Battle(ctx context.Context, id int64) (*store.BattleDetail, error) {
	row, err := s.BattleSummary(ctx, id)
	if err != nil {
		return nil, err
	}
	d := &store.BattleDetail{BattleRow: *row}
	err = errors.Join(s.fillKillmails(ctx, d), s.fillPilots(ctx, d), s.fillRevisions(ctx, d))
	if err != nil {
		return nil, fmt.Errorf("battle %d: %w", id, err)
	}
	return d, nil
}

// findBattle reads the battle's own row, following a redirect.
func (s *Store) findBattle(ctx context.Context, id int64) (store.BattleRow, error) {
	op := fmt.Sprintf("battle %d", id)
	b, err := s.q().Battle(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		to, rerr := s.q().Redirect(ctx, id)
		if rerr != nil {
			return store.BattleRow{}, found(op, rerr)
		}
		b, err = s.q().Battle(ctx, to)
	}
	if err != nil {
		return store.BattleRow{}, found(op, err)
	}
	return battleRow(b), nil
}

func battleRow(b query.Battle) store.BattleRow {
	return store.BattleRow{
		ID: b.ID, Kind: battle.Kind(b.Kind), KindRule: b.KindRule, Profile: b.Profile, Version: int(b.ParamsVersion),
		Space: eve.Space(b.Space), ConstellationID: b.ConstellationID, RegionID: b.RegionID,
		Start: fromMillis(b.StartedAt), End: fromMillis(b.EndedAt), Kills: int(b.Kills), ShipsLost: int(b.ShipsLost),
		CapsulesLost: int(b.CapsulesLost), StructuresLost: int(b.StructuresLost), Pilots: int(b.Pilots),
		ISKDestroyed: eve.ISK(b.IskDestroyed), ISKEstimated: eve.ISK(b.IskEstimated), UnknownValues: int(b.UnknownValues),
		Revision: int(b.Revision), UpdatedAt: fromMillis(b.UpdatedAt),
	}
}

// fillRows adds systems, sides with members, and hulls to rows, with one query a
// table whatever the number of rows.
func (s *Store) fillRows(ctx context.Context, rows []store.BattleRow) error {
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
	return errors.Join(s.fillSystems(ctx, w, at), s.fillSides(ctx, w, at), s.fillHulls(ctx, w, at))
}

func (s *Store) fillSystems(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	return s.each(ctx, "SELECT battle_id, system_id FROM battle_systems"+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id, system int64
			if err := rows.Scan(&id, &system); err != nil {
				return err
			}
			at[id].SystemIDs = append(at[id].SystemIDs, system)
			return nil
		})
}

func (s *Store) fillSides(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	err := s.each(ctx, `SELECT battle_id, side, pilots, kills, final_blows, ships_lost, capsules_lost, structures_lost, isk_lost,
		isk_destroyed, damage_done, damage_taken, confidence, third_party FROM battle_sides`+w.String()+" ORDER BY battle_id, position", w.args,
		func(rows *sql.Rows) error {
			var id int64
			var v battle.Side
			if err := rows.Scan(&id, &v.ID, &v.Pilots, &v.Kills, &v.FinalBlows, &v.ShipsLost, &v.CapsulesLost, &v.StructuresLost,
				&v.ISKLost, &v.ISKDestroyed, &v.DamageDone, &v.DamageTaken, &v.Confidence, &v.ThirdParty); err != nil {
				return err
			}
			at[id].Sides = append(at[id].Sides, v)
			return nil
		})
	if err != nil {
		return err
	}
	return s.each(ctx, `SELECT battle_id, side, entity_type, entity_id, pilots, ships_lost, isk_lost, kills, damage_done, confidence,
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

func (s *Store) fillHulls(ctx context.Context, w where, at map[int64]*store.BattleRow) error {
	return s.each(ctx, "SELECT battle_id, side, ship_type_id, fielded, lost, isk_lost FROM battle_hulls"+w.String()+" ORDER BY battle_id, position", w.args,
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

func (s *Store) fillKillmails(ctx context.Context, d *store.BattleDetail) error {
	rows, err := s.q().BattleKills(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("killmails: %w", err)
	}
	d.Killmails = make([]store.BattleKill, len(rows))
	for i, r := range rows {
		d.Killmails[i] = store.BattleKill{
			KillmailRow: store.KillmailRow{
				ID: r.KillmailID, Time: fromMillis(r.OccurredAt), SystemID: r.SystemID, BattleID: d.ID,
				Victim: killmail.Party{
					CharacterID: r.VictimCharacterID, CorporationID: r.VictimCorporationID, AllianceID: r.VictimAllianceID,
					FactionID: r.VictimFactionID, ShipTypeID: r.VictimShipTypeID,
				},
				DamageTaken: r.DamageTaken, AttackerCount: int(r.AttackerCount), Value: iskOf(r.Isk, r.IskSource, 0),
				FinalBlow: killmail.Party{
					CharacterID: r.FinalCharacterID.Int64, CorporationID: r.FinalCorporationID.Int64,
					AllianceID: r.FinalAllianceID.Int64, ShipTypeID: r.FinalShipTypeID.Int64,
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

func (s *Store) fillPilots(ctx context.Context, d *store.BattleDetail) error {
	rows, err := s.q().BattleParticipants(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("pilots: %w", err)
	}
	hulls, err := s.q().BattleParticipantHulls(ctx, d.ID)
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
			Podded: r.Podded, DamageDone: r.DamageDone, DamageTaken: r.DamageTaken, ISKLost: eve.ISK(r.IskLost),
			FirstSeen: fromMillis(r.FirstSeen), LastSeen: fromMillis(r.LastSeen),
		}
	}
	return nil
}

func (s *Store) fillRevisions(ctx context.Context, d *store.BattleDetail) error {
	rows, err := s.q().Revisions(ctx, d.ID)
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
