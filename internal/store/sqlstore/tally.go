package sqlstore

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
)

// tally is what transactions add to the counts of killmails by the hour they happened
// in. The counts are written with the killmails, so they are always exact; counting a
// large table for every question would take seconds.
type tally map[int64]tallied

type tallied struct{ killmails, isk int64 }

const hour = int64(time.Hour / time.Millisecond)

// add counts n killmails at a time and adds an amount; an unknown one adds nothing.
func (t tally) add(at, n int64, v killmail.Value) {
	if n == 0 && v.ISK == 0 {
		return
	}
	h := at - at%hour
	c := t[h]
	c.killmails += n
	if v.Known() {
		c.isk += int64(v.ISK)
	}
	t[h] = c
}

// putTally adds to the counts.
func (s *Store) putTally(ctx context.Context, tx *sql.Tx, t tally) error {
	return s.dialect.Upsert(ctx, tx, "killmail_hours", []string{"hour", "killmails", "isk"}, func(yield func([]any) bool) {
		for _, h := range slices.Sorted(maps.Keys(t)) {
			if !yield([]any{h, t[h].killmails, t[h].isk}) {
				return
			}
		}
	}, "ON CONFLICT (hour) DO UPDATE SET killmails = killmail_hours.killmails + excluded.killmails, isk = killmail_hours.isk + excluded.isk")
}

// putKinds adds to the counts of battles by kind.
func (s *Store) putKinds(ctx context.Context, tx *sql.Tx, kinds map[string]int64) error {
	return s.dialect.Upsert(ctx, tx, "battle_kinds", []string{"kind", "battles"}, func(yield func([]any) bool) {
		for _, k := range slices.Sorted(maps.Keys(kinds)) {
			if kinds[k] != 0 && !yield([]any{k, kinds[k]}) {
				return
			}
		}
	}, "ON CONFLICT (kind) DO UPDATE SET battles = battle_kinds.battles + excluded.battles")
}
