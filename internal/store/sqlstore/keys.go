package sqlstore

import (
	"context"
	"database/sql"
	"slices"
)

// key is where a killmail lies: where the large tables are cut by time, its id alone
// does not say in which part to look.
type key struct{ id, at int64 }

// byID narrows a query on the columns of a large table to killmails by id. Where these
// tables are cut by time, the times come first, so that only the parts that hold the
// killmails are touched.
func (s *Store) byID(ctx context.Context, db queryer, w *where, alias string, ids []int64) error {
	if s.dialect.Keys() == "killmails" {
		in(w, alias+"killmail_id", ids)
		return nil
	}
	keys, err := s.keysOf(ctx, db, ids)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		w.add("1 = 0")
		return nil
	}
	w.inKeys(alias, keys)
	return nil
}

// inKeys narrows a query on the columns of a large table to these killmails.
func (w *where) inKeys(alias string, keys []key) {
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	in(w, alias+"killmail_id", ids)
	from, to := bounds(keys)
	w.add(alias+"occurred_at >= ? AND "+alias+"occurred_at <= ?", from, to)
}

// keysOf returns the keys of those killmails that are stored.
func (s *Store) keysOf(ctx context.Context, db queryer, ids []int64) ([]key, error) {
	out := make([]key, 0, len(ids))
	for chunk := range slices.Chunk(ids, s.atOnce()) {
		w := s.where()
		in(&w, "killmail_id", chunk)
		part, err := keysIn(ctx, db, "SELECT killmail_id, occurred_at FROM "+s.dialect.Keys()+w.String(), w.args)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// keysIn returns the keys that a query lists.
func keysIn(ctx context.Context, db queryer, text string, args []any) ([]key, error) {
	out := []key{}
	err := eachRow(ctx, db, text, args, func(rows *sql.Rows) error {
		var k key
		err := rows.Scan(&k.id, &k.at)
		out = append(out, k)
		return err
	})
	return out, err
}

// bounds returns the time of the first and of the last of these killmails.
func bounds(keys []key) (from, to int64) {
	from, to = keys[0].at, keys[0].at
	for _, k := range keys {
		from, to = min(from, k.at), max(to, k.at)
	}
	return from, to
}
