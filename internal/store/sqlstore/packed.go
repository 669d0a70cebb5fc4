package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/battlescope/battlescope/internal/killmail"
)

// A large battle has a million participants. Handing them over number by number costs
// far more than finding them, so that an engine that can joins those of a killmail into
// one value: see Dialect.Pack.

// AppendPacked adds one row to a packed value: integers as varints, floating-point
// numbers as their eight bytes. Whoever reads it knows the columns.
func AppendPacked(to []byte, row []driver.Value) ([]byte, error) {
	for _, value := range row {
		switch v := value.(type) {
		case int64:
			to = binary.AppendVarint(to, v)
		case float64:
			to = binary.LittleEndian.AppendUint64(to, math.Float64bits(v))
		default:
			return nil, fmt.Errorf("a %T cannot be packed", value)
		}
	}
	return to, nil
}

// packed is what is left of a packed value.
type packed struct {
	rest   []byte
	broken bool
}

func (p *packed) int() int64 {
	v, n := binary.Varint(p.rest)
	if n <= 0 {
		p.rest, p.broken = nil, true
		return 0
	}
	p.rest = p.rest[n:]
	return v
}

func (p *packed) float() float64 {
	if len(p.rest) < 8 {
		p.rest, p.broken = nil, true
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(p.rest))
	p.rest = p.rest[8:]
	return v
}

var errPacked = errors.New("a packed value is cut off")

// crewColumns are what is read of each participant, in this order.
const crewColumns = `position, character_id, corporation_id, alliance_id, faction_id, ship_type_id, weapon_type_id, damage, final_blow, security_status`

// loadPacked is loadParticipants for engines that pack.
func (s *Store) loadPacked(ctx context.Context, w where, into map[int64]*killmail.Killmail) error {
	var all sql.RawBytes
	return s.each(ctx, "SELECT killmail_id, "+s.dialect.Pack()+"("+crewColumns+") FROM participants"+w.String()+" GROUP BY killmail_id", w.args,
		func(rows *sql.Rows) error {
			var id int64
			if err := rows.Scan(&id, &all); err != nil {
				return err
			}
			k := into[id]
			if k == nil {
				return nil // stored between the two reads
			}
			return unpack(k, &packed{rest: all})
		})
}

// unpack fills in who was on a killmail. Engines promise no order within a group.
func unpack(k *killmail.Killmail, p *packed) error {
	places := make([]int64, 0, cap(k.Attackers))
	for len(p.rest) > 0 {
		position := p.int()
		a := killmail.Attacker{Party: killmail.Party{
			CharacterID: p.int(), CorporationID: p.int(), AllianceID: p.int(), FactionID: p.int(), ShipTypeID: p.int(),
		}}
		a.WeaponTypeID, a.DamageDone, a.FinalBlow, a.SecurityStatus = p.int(), p.int(), p.int() != 0, p.float()
		if p.broken {
			return fmt.Errorf("participants of killmail %d: %w", k.ID, errPacked)
		}
		if position == 0 {
			k.Victim.Party = a.Party
			continue
		}
		at := len(places)
		if at > 0 && position < places[at-1] {
			at, _ = slices.BinarySearch(places, position)
		}
		places, k.Attackers = slices.Insert(places, at, position), slices.Insert(k.Attackers, at, a)
	}
	return nil
}
