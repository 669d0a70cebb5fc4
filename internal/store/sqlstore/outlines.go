package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// Outlines implements store.Battles.
func (s *Store) Outlines(ctx context.Context, from, to time.Time) ([]battle.Outline, error) {
	w := s.where()
	w.add("b.started_at >= ?", millis(from.Add(-store.LongestOutlined)))
	w.add("b.started_at <= ?", millis(to))
	w.add("b.ended_at >= ?", millis(from))
	var out []battle.Outline
	err := s.snapshot(ctx, func(v view) error {
		out = nil
		at := make(map[int64]int)
		if err := v.each(ctx, "SELECT b.id, b.started_at, b.ended_at FROM battles b"+w.String()+" ORDER BY b.started_at, b.id", w.args,
			func(rows *sql.Rows) error {
				var id, start, end int64
				if err := rows.Scan(&id, &start, &end); err != nil {
					return err
				}
				at[id] = len(out)
				out = append(out, battle.Outline{ID: id, Start: fromMillis(start), End: fromMillis(end)})
				return nil
			}); err != nil {
			return err
		}
		if err := v.each(ctx, "SELECT b.id, y.system_id FROM battles b JOIN battle_systems y ON y.battle_id = b.id"+w.String()+" ORDER BY b.id, y.position", w.args,
			func(rows *sql.Rows) error {
				var id, system int64
				if err := rows.Scan(&id, &system); err != nil {
					return err
				}
				o := &out[at[id]]
				o.SystemIDs = append(o.SystemIDs, system)
				return nil
			}); err != nil {
			return err
		}
		return v.each(ctx, "SELECT b.id, p.side, p.character_id FROM battles b JOIN battle_participants p ON p.battle_id = b.id"+w.String()+" ORDER BY b.id, p.position", w.args,
			func(rows *sql.Rows) error {
				var (
					id, pilot int64
					side      string
				)
				if err := rows.Scan(&id, &side, &pilot); err != nil {
					return err
				}
				out[at[id]].Add(side, pilot)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("outlines of battles: %w", err)
	}
	return out, nil
}
