package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Killmail implements store.Killmails.
func (s *Store) Killmail(ctx context.Context, id int64) (*killmail.Killmail, error) {
	ks, err := s.Load(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if len(ks) == 0 {
		return nil, fmt.Errorf("killmail %d: %w", id, store.ErrNotFound)
	}
	return ks[0], nil
}

// Load implements store.Killmails.
func (s *Store) Load(ctx context.Context, ids []int64) ([]*killmail.Killmail, error) {
	out := make([]*killmail.Killmail, 0, len(ids))
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		if err := s.byID(ctx, s.read, &w, "", chunk); err != nil {
			return nil, fmt.Errorf("load killmails: %w", err)
		}
		byID := make(map[int64]*killmail.Killmail, len(chunk))
		if err := s.loadKillmails(ctx, w, byID); err != nil {
			return nil, fmt.Errorf("load killmails: %w", err)
		}
		if err := s.loadParticipants(ctx, w, byID); err != nil {
			return nil, fmt.Errorf("load participants: %w", err)
		}
		for _, id := range chunk {
			if k := byID[id]; k != nil {
				out = append(out, k)
				delete(byID, id)
			}
		}
	}
	return out, nil
}

func (s *Store) loadKillmails(ctx context.Context, w where, into map[int64]*killmail.Killmail) error {
	return s.each(ctx, `SELECT killmail_id, occurred_at, system_id, hash, moon_id, war_id, damage_taken, attacker_count,
		isk, isk_source, isk_priced_at, has_zkb, location_id, points, npc, solo, awox, labels FROM killmails`+w.String(), w.args,
		func(rows *sql.Rows) error {
			var (
				k                     killmail.Killmail
				z                     killmail.Zkb
				at, priced, attackers int64
				isk                   sql.NullInt64
				source, labels        string
				hasZkb                bool
			)
			if err := rows.Scan(&k.ID, &at, &k.SystemID, &k.Hash, &k.MoonID, &k.WarID, &k.Victim.DamageTaken, &attackers,
				&isk, &source, &priced, &hasZkb, &z.LocationID, &z.Points, &z.NPC, &z.Solo, &z.Awox, &labels); err != nil {
				return err
			}
			k.Time = fromMillis(at)
			k.Value = iskOf(isk, source, priced)
			k.Attackers = make([]killmail.Attacker, 0, attackers)
			if hasZkb {
				z.Labels = strings.Fields(labels)
				if k.Value.Source == killmail.ValueZkb {
					z.TotalValue, z.HasValue = k.Value.ISK, true
				}
				k.Zkb = &z
			}
			into[k.ID] = &k
			return nil
		})
}

func (s *Store) loadParticipants(ctx context.Context, w where, into map[int64]*killmail.Killmail) error {
	if s.dialect.Pack() != "" {
		return s.loadPacked(ctx, w, into)
	}
	return s.each(ctx, "SELECT killmail_id, "+crewColumns+" FROM participants"+w.String()+" ORDER BY killmail_id, occurred_at, position", w.args,
		func(rows *sql.Rows) error {
			var (
				id, position int64
				a            killmail.Attacker
			)
			if err := rows.Scan(&id, &position, &a.CharacterID, &a.CorporationID, &a.AllianceID, &a.FactionID, &a.ShipTypeID,
				&a.WeaponTypeID, &a.DamageDone, &a.FinalBlow, &a.SecurityStatus); err != nil {
				return err
			}
			k := into[id]
			switch {
			case k == nil: // stored between the two reads
			case position == 0:
				k.Victim.Party = a.Party
			default:
				k.Attackers = append(k.Attackers, a)
			}
			return nil
		})
}

// each runs a query and calls f for every row.
func (s *Store) each(ctx context.Context, text string, args []any, f func(*sql.Rows) error) error {
	return eachRow(ctx, s.read, text, args, f)
}

// queryer is a pool or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func eachRow(ctx context.Context, db queryer, text string, args []any, f func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// InSystem implements store.Killmails.
func (s *Store) InSystem(ctx context.Context, systemID int64, from, to time.Time) ([]int64, error) {
	ids, err := s.q().KillmailsInSystem(ctx, query.KillmailsInSystemParams{SystemID: systemID, OccurredAt: millis(from), OccurredAt_2: millis(to)})
	if err != nil {
		return nil, fmt.Errorf("killmails in system %d: %w", systemID, err)
	}
	return ids, nil
}

// Between implements store.Killmails.
func (s *Store) Between(ctx context.Context, from, to time.Time) ([]int64, error) {
	ids, err := s.q().KillmailsBetween(ctx, query.KillmailsBetweenParams{OccurredAt: millis(from), OccurredAt_2: millis(to)})
	if err != nil {
		return nil, fmt.Errorf("killmails between %v and %v: %w", from, to, err)
	}
	return ids, nil
}

// OfCharacter implements store.Killmails.
func (s *Store) OfCharacter(ctx context.Context, characterID int64, from, to time.Time) ([]int64, error) {
	ids, err := s.q().KillmailsOfCharacter(ctx, query.KillmailsOfCharacterParams{CharacterID: characterID, OccurredAt: millis(from), OccurredAt_2: millis(to)})
	if err != nil {
		return nil, fmt.Errorf("killmails of character %d: %w", characterID, err)
	}
	return ids, nil
}

const recentOrder = "k"

// dearISK are the amounts from which killmails have an index of their own, dearest
// first. The conditions of those indexes have to stand in a query word for word.
var dearISK = []eve.ISK{eve.FromFloat(10e9), eve.FromFloat(1e9)}

// Recent implements store.Killmails.
func (s *Store) Recent(ctx context.Context, f store.KillmailFilter, p store.Page) ([]store.KillmailRow, string, error) {
	w := s.where()
	if p.Cursor != "" {
		c, err := parseKeyset(p.Cursor, recentOrder)
		if err != nil {
			return nil, "", err
		}
		w.add("(k.occurred_at, k.killmail_id) < (?, ?)", c.key, c.id)
	}
	in(&w, "k.space", f.Spaces)
	in(&w, "k.system_id", f.SystemIDs)
	if f.MinISK > 0 {
		w.add("k.isk >= ?", int64(f.MinISK))
	}
	for _, dear := range dearISK {
		if f.MinISK >= dear {
			w.add(fmt.Sprintf("k.isk >= %d", int64(dear)))
			break
		}
	}
	if !f.Since.IsZero() {
		w.add("k.occurred_at >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		w.add("k.occurred_at < ?", millis(f.Until))
	}
	// The page first, by the index alone, then its rows from where they lie.
	keys, err := keysIn(ctx, s.read, fmt.Sprintf("SELECT k.killmail_id, k.occurred_at FROM killmails k%s ORDER BY k.occurred_at DESC, k.killmail_id DESC LIMIT %d",
		w.String(), p.Limit+1), w.args)
	if err != nil {
		return nil, "", fmt.Errorf("recent killmails: %w", err)
	}
	next := ""
	if len(keys) > p.Limit {
		keys = keys[:p.Limit]
		last := keys[p.Limit-1]
		next = keyset{recentOrder, last.at, last.id}.String()
	}
	rows, err := s.killmailRows(ctx, keys)
	if err != nil {
		return nil, "", fmt.Errorf("recent killmails: %w", err)
	}
	slices.SortFunc(rows, func(a, b store.KillmailRow) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID))
	})
	return rows, next, nil
}

// Rows implements store.Killmails.
func (s *Store) Rows(ctx context.Context, ids []int64) ([]store.KillmailRow, error) {
	keys, err := s.keysOf(ctx, s.read, ids)
	if err != nil {
		return nil, fmt.Errorf("killmail rows: %w", err)
	}
	rows, err := s.killmailRows(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("killmail rows: %w", err)
	}
	return rows, nil
}

// killmailRows returns the rows of killmails, in no order.
func (s *Store) killmailRows(ctx context.Context, keys []key) ([]store.KillmailRow, error) {
	out := make([]store.KillmailRow, 0, len(keys))
	for chunk := range slices.Chunk(keys, s.atOnce()) {
		w := s.where()
		from, to := bounds(chunk)
		w.args = []any{from, to}
		w.inKeys("k.", chunk)
		err := s.each(ctx, `SELECT k.killmail_id, k.hash, k.occurred_at, k.system_id, k.victim_character_id, k.victim_corporation_id,
			k.victim_alliance_id, k.victim_faction_id, k.victim_ship_type_id, k.damage_taken, k.attacker_count, k.isk, k.isk_source,
			k.isk_priced_at, k.npc, k.stored_at, COALESCE(bk.battle_id, 0),
			COALESCE(f.character_id, 0), COALESCE(f.corporation_id, 0), COALESCE(f.alliance_id, 0), COALESCE(f.faction_id, 0),
			COALESCE(f.ship_type_id, 0)
			FROM killmails k
			LEFT JOIN battle_killmails bk ON bk.killmail_id = k.killmail_id
			LEFT JOIN participants f ON f.killmail_id = k.killmail_id AND f.occurred_at = k.occurred_at
				AND f.position = k.final_position AND f.position > 0 AND f.occurred_at >= $1 AND f.occurred_at <= $2`+w.String(), w.args,
			func(rows *sql.Rows) error {
				r, err := scanKillmailRow(rows)
				out = append(out, r)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanKillmailRow(rows *sql.Rows) (store.KillmailRow, error) {
	var (
		r              store.KillmailRow
		at, priced, st int64
		isk            sql.NullInt64
		source         string
	)
	err := rows.Scan(&r.ID, &r.Hash, &at, &r.SystemID, &r.Victim.CharacterID, &r.Victim.CorporationID,
		&r.Victim.AllianceID, &r.Victim.FactionID, &r.Victim.ShipTypeID, &r.DamageTaken, &r.AttackerCount, &isk, &source,
		&priced, &r.NPC, &st, &r.BattleID, &r.FinalBlow.CharacterID, &r.FinalBlow.CorporationID,
		&r.FinalBlow.AllianceID, &r.FinalBlow.FactionID, &r.FinalBlow.ShipTypeID)
	r.Time, r.StoredAt = fromMillis(at), fromMillis(st)
	r.Value = iskOf(isk, source, priced)
	return r, err
}
