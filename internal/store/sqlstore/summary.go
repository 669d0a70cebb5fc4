package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// Summary implements store.Stats. The large counts are kept (see tally); of the
// killmails only those of one hour that is asked for in part are counted.
func (s *Store) Summary(ctx context.Context, since, live time.Time) (store.Summary, error) {
	out := store.Summary{Battles: make(map[battle.Kind]int64)}
	err := s.snapshot(ctx, func(v view) error {
		for _, part := range []func() error{
			func() error { return v.countKillmails(ctx, millis(since), &out) },
			func() error { return v.latestKillmail(ctx, &out) },
			func() error { return v.countBattles(ctx, since, live, &out) },
			func() (err error) { out.Unclustered, err = v.q().CountUnclustered(ctx); return err },
			func() (err error) { out.DeadLetters, err = v.q().CountDeadLetters(ctx); return err },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return store.Summary{}, fmt.Errorf("summary: %w", err)
	}
	return out, nil
}

func (v view) countKillmails(ctx context.Context, since int64, out *store.Summary) error {
	all, err := v.q().CountHours(ctx, 0)
	if err != nil {
		return err
	}
	whole := (since + hour - 1) / hour * hour // the first hour that is asked for as a whole
	hours, err := v.q().CountHours(ctx, whole)
	if err != nil {
		return err
	}
	part, err := v.q().TallyKillmails(ctx, query.TallyKillmailsParams{OccurredAt: since, OccurredAt_2: whole})
	if err != nil {
		return err
	}
	out.Killmails = all.Killmails
	out.KillmailsSince, out.ISKSince = hours.Killmails+part.Killmails, eve.ISK(hours.Isk+part.Isk)
	return nil
}

func (v view) latestKillmail(ctx context.Context, out *store.Summary) error {
	h, err := v.q().LatestHour(ctx)
	if err != nil || h < 0 {
		return err
	}
	at, err := v.q().LatestKillmail(ctx, query.LatestKillmailParams{OccurredAt: h, OccurredAt_2: h + hour})
	out.LatestKillmail = fromMillis(at)
	return err
}

func (v view) countBattles(ctx context.Context, since, live time.Time, out *store.Summary) error {
	kinds, err := v.q().CountBattles(ctx)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		out.Battles[battle.Kind(k.Kind)] = k.Battles
	}
	if out.BattlesSince, err = v.q().CountBattlesSince(ctx, millis(since)); err != nil {
		return err
	}
	out.BattlesLive, err = v.q().CountBattlesLive(ctx, millis(live))
	return err
}

// RefreshStats implements store.Stats.
func (s *Store) RefreshStats(ctx context.Context) error {
	return s.inTx(ctx, "count anew", func(tx *sql.Tx, q *query.Queries) error {
		// Whoever has stored something and not yet added it to the counts is waited for:
		// it would be counted twice.
		if err := s.dialect.Lock(ctx, tx, "killmail_hours", "battle_kinds"); err != nil {
			return err
		}
		for _, step := range []func(context.Context) error{q.DropHours, q.CountIntoHours, q.DropKinds, q.CountIntoKinds} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
