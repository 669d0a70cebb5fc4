package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Names implements store.Entities.
func (s *Store) Names(ctx context.Context, ids []int64) (map[int64]store.Name, error) {
	out := make(map[int64]store.Name, len(ids))
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		in(&w, "id", chunk)
		w.add("name <> ''")
		err := s.each(ctx, "SELECT id, name, ticker FROM entities"+w.String(), w.args, func(rows *sql.Rows) error {
			var id int64
			var n store.Name
			if err := rows.Scan(&id, &n.Name, &n.Ticker); err != nil {
				return err
			}
			out[id] = n
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("names: %w", err)
		}
	}
	return out, nil
}

// Unresolved implements store.Entities.
func (s *Store) Unresolved(ctx context.Context, missing store.EntityState, now time.Time, limit int) ([]store.Unresolved, error) {
	var out []store.Unresolved
	add := func(id int64, kind string, attempts int64) {
		out = append(out, store.Unresolved{Entity: eve.Entity{Type: eve.EntityType(kind), ID: id}, Attempts: int(attempts)})
	}
	switch missing {
	case store.EntityUnnamed:
		rows, err := s.q().UnnamedEntities(ctx, query.UnnamedEntitiesParams{DueAt: millis(now), Limit: int32(limit)})
		if err != nil {
			return nil, fmt.Errorf("entities without a name: %w", err)
		}
		for _, r := range rows {
			add(r.ID, r.Type, r.Attempts)
		}
	case store.EntityNamed:
		rows, err := s.q().NamedEntities(ctx, query.NamedEntitiesParams{DueAt: millis(now), Limit: int32(limit)})
		if err != nil {
			return nil, fmt.Errorf("entities without a ticker: %w", err)
		}
		for _, r := range rows {
			add(r.ID, r.Type, r.Attempts)
		}
	default:
		return nil, fmt.Errorf("unresolved entities: nothing is missing in state %q", missing)
	}
	return out, nil
}

// ClaimUnresolved implements store.Entities. The condition stands in the statement
// twice: one who waited for another's claim looks at the rows again as they are then.
func (s *Store) ClaimUnresolved(ctx context.Context, missing store.EntityState, now, until time.Time, limit int) ([]store.Unresolved, error) {
	some, err := s.Unresolved(ctx, missing, now, 1) // spares the writer when there is nothing, as is usual
	if err != nil || len(some) == 0 {
		return nil, err
	}
	var out []store.Unresolved
	err = s.inTx(ctx, "claim entities", func(_ *sql.Tx, q *query.Queries) error {
		out = nil
		add := func(id int64, kind string, attempts int64) {
			out = append(out, store.Unresolved{Entity: eve.Entity{Type: eve.EntityType(kind), ID: id}, Attempts: int(attempts)})
		}
		if missing == store.EntityNamed {
			rows, err := q.ClaimNamed(ctx, query.ClaimNamedParams{Now: millis(now), Until: millis(until), Most: int32(limit)})
			for _, r := range rows {
				add(r.ID, r.Type, r.Attempts)
			}
			return err
		}
		rows, err := q.ClaimUnnamed(ctx, query.ClaimUnnamedParams{Now: millis(now), Until: millis(until), Most: int32(limit)})
		for _, r := range rows {
			add(r.ID, r.Type, r.Attempts)
		}
		return err
	})
	return out, err
}

// GiveUp implements store.Entities.
func (s *Store) GiveUp(ctx context.Context, ids []int64, due time.Time) error {
	return s.inTx(ctx, "give up entities", func(_ *sql.Tx, q *query.Queries) error {
		for _, id := range ids {
			if err := q.GiveUpEntity(ctx, query.GiveUpEntityParams{ID: id, DueAt: millis(due)}); err != nil {
				return fmt.Errorf("entity %d: %w", id, err)
			}
		}
		return nil
	})
}

// SaveNames implements store.Entities.
func (s *Store) SaveNames(ctx context.Context, names []store.NamedEntity, now time.Time) error {
	return s.inTx(ctx, "save names", func(_ *sql.Tx, q *query.Queries) error {
		for _, n := range names {
			if err := q.NameEntity(ctx, query.NameEntityParams{
				ID: n.ID, Name: clean(n.Name.Name), Ticker: clean(n.Ticker), State: string(n.State), DueAt: millis(now),
			}); err != nil {
				return fmt.Errorf("entity %d: %w", n.ID, err)
			}
		}
		return nil
	})
}

// Postpone implements store.Entities.
func (s *Store) Postpone(ctx context.Context, p []store.Postponed, now time.Time) error {
	return s.inTx(ctx, "postpone names", func(_ *sql.Tx, q *query.Queries) error {
		for _, e := range p {
			if err := q.PostponeEntity(ctx, query.PostponeEntityParams{
				ID: e.ID, State: string(e.State), DueAt: millis(e.Due), UpdatedAt: millis(now),
			}); err != nil {
				return fmt.Errorf("entity %d: %w", e.ID, err)
			}
		}
		return nil
	})
}

var entityColumns = []string{"id", "type", "name", "ticker", "state", "attempts", "due_at", "seen_at", "updated_at"}

// insertEntities adds the players and organisations of new killmails. Those run by
// CCP have their names in the static data.
func (s *Store) insertEntities(ctx context.Context, tx *sql.Tx, docs []*store.Document, now time.Time) error {
	met := make(map[int64]eve.EntityType)
	meet := func(p killmail.Party) {
		if eve.IsPlayerCharacter(p.CharacterID) {
			met[p.CharacterID] = eve.Character
		}
		if eve.IsPlayerCorporation(p.CorporationID) {
			met[p.CorporationID] = eve.Corporation
		}
		if p.AllianceID != 0 {
			met[p.AllianceID] = eve.Alliance
		}
	}
	for _, d := range docs {
		meet(d.Killmail.Victim.Party)
		for i := range d.Killmail.Attackers {
			meet(d.Killmail.Attackers[i].Party)
		}
	}
	at := millis(now)
	return s.dialect.InsertNew(ctx, tx, "entities", entityColumns, func(yield func([]any) bool) {
		row := make([]any, len(entityColumns))
		for _, id := range slices.Sorted(maps.Keys(met)) { // in one order everywhere: nobody waits in a circle
			copy(row, []any{id, string(met[id]), "", "", string(store.EntityUnnamed), 0, at, at, at})
			if !yield(row) {
				return
			}
		}
	})
}
