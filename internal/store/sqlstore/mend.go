package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// mendAtOnce is how many subjects one transaction of a repair changes.
const mendAtOnce = 100

// mender is one transaction of a repair. Its methods look again whether there is
// something to mend, and return how many rows they changed.
type mender struct {
	*Store
	tx  *sql.Tx
	q   *query.Queries
	now time.Time
}

type repair func(ctx context.Context, id int64) (changed int64, err error)

// repairs are how each kind of damage is mended, subject by subject. What stands not
// here cannot be.
var repairs = map[store.Check]func(m mender) repair{
	store.CheckParticipantOrphans: func(m mender) repair { return m.q.DropParticipantOrphans },
	store.CheckWorkOrphans:        func(m mender) repair { return m.q.DropWorkOrphans },
	store.CheckRedirects:          func(m mender) repair { return m.q.EndRedirect },
	store.CheckClustering:         func(m mender) repair { return m.q.QueueKillmail },
	store.CheckEntityUnresolved:   func(m mender) repair { return m.askNow },
	store.CheckTwoBattles:         func(m mender) repair { return m.untangle },
	store.CheckBattleEmpty:        func(m mender) repair { return m.dropEmpty },
	store.CheckBattleOrphans:      func(m mender) repair { return m.dropRows },
	store.CheckBattleSides:        requeued,
	store.CheckBattlePilots:       requeued,
	store.CheckBattleGone:         requeued,
	store.CheckBattleTimes:        requeued,
	store.CheckBattleTotals:       requeued,
	store.CheckBattleReferences:   requeued,
	store.CheckBattleRevision:     requeued,
	store.CheckBattleFigures:      requeued,
}

func requeued(m mender) repair { return m.requeue }

// Mend implements store.Verification.
func (s *Store) Mend(ctx context.Context, c store.Check, ids []int64, now time.Time) (int64, error) {
	if c == store.CheckEntityMissing {
		return s.addEntities(ctx, ids, now)
	}
	if c == store.CheckCounts {
		return int64(len(ids)), s.RefreshStats(ctx)
	}
	with, ok := repairs[c]
	if !ok {
		return 0, nil
	}
	var total int64
	for chunk := range slices.Chunk(ids, mendAtOnce) {
		var changed int64
		err := s.inTx(ctx, "repair "+string(c), func(tx *sql.Tx, q *query.Queries) error {
			changed = 0
			if err := waitForChanges(ctx, q); err != nil {
				return err
			}
			for _, id := range chunk {
				n, err := with(mender{s, tx, q, now})(ctx, id)
				if err != nil {
					return fmt.Errorf("%d: %w", id, err)
				}
				changed += n
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += changed
	}
	return total, nil
}

// requeue has a battle written anew. The engine would otherwise find the same digest
// and leave the rows as they are.
func (m mender) requeue(ctx context.Context, battle int64) (int64, error) {
	if err := m.q.ForgetDigest(ctx, battle); err != nil {
		return 0, err
	}
	return m.q.QueueBattle(ctx, battle)
}

// untangle takes a killmail out of all its battles and has them made anew.
func (m mender) untangle(ctx context.Context, killmail int64) (int64, error) {
	battles, err := m.q.BattlesHolding(ctx, killmail)
	if err != nil || len(battles) < 2 {
		return 0, err
	}
	changed, err := m.q.LeaveBattles(ctx, killmail)
	if err != nil {
		return 0, err
	}
	for _, id := range battles {
		for _, f := range []repair{m.requeue, m.dropEmpty} {
			n, err := f(ctx, id)
			if err != nil {
				return 0, fmt.Errorf("battle %d: %w", id, err)
			}
			changed += n
		}
	}
	n, err := m.q.QueueKillmail(ctx, killmail)
	return changed + n, err
}

// dropEmpty removes a battle that holds no killmail, and has whatever happened at its
// place and time clustered again. What retention has pruned is never removed.
func (m mender) dropEmpty(ctx context.Context, id int64) (int64, error) {
	holds, err := m.q.CountBattleKillmails(ctx, id)
	if err != nil || holds > 0 {
		return 0, err
	}
	b, err := m.q.Battle(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && b.PrunedAt > 0 {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	systems, err := m.q.SystemsOfBattle(ctx, id)
	if err != nil {
		return 0, err
	}
	for _, system := range append(systems, b.SystemID) {
		if _, err := m.q.QueuePlace(ctx, query.QueuePlaceParams{SystemID: system, Since: b.StartedAt, Until: b.EndedAt}); err != nil {
			return 0, err
		}
	}
	err = removeBattles(ctx, m.tx, m.q, store.Change{Remove: []store.RemoveBattle{{ID: id}}, Now: m.now})
	if err != nil {
		return 0, err
	}
	return 1, m.putKinds(ctx, m.tx, map[string]int64{b.Kind: -1})
}

// dropRows deletes what is left of a battle that is gone. Its killmails are clustered again.
func (m mender) dropRows(ctx context.Context, id int64) (int64, error) {
	there, err := m.q.BattleExists(ctx, id)
	if err != nil || there > 0 {
		return 0, err
	}
	if _, err := m.q.QueueBattle(ctx, id); err != nil {
		return 0, err
	}
	return 1, errors.Join(clearBattles(ctx, m.tx, []int64{id}, battleLists()...), m.q.DropRevisionOrphans(ctx, id))
}

func (m mender) askNow(ctx context.Context, id int64) (int64, error) {
	return m.q.AskEntityNow(ctx, query.AskEntityNowParams{ID: id, Now: millis(m.now)})
}

// addEntities puts entities on the list of those that need a name. What they are, only
// the killmails say: an id alone does not tell a pilot from a corporation.
func (s *Store) addEntities(ctx context.Context, ids []int64, now time.Time) (int64, error) {
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var added int64
	all, last, err := s.wayOf(ctx, throughIDs, store.Scope{})
	if err != nil {
		return 0, fmt.Errorf("add entities: %w", err)
	}
	for low := all.low; !last && len(wanted) > 0; {
		var met map[int64]string
		err := s.snapshot(ctx, func(v view) error {
			high, end, err := v.stepEnd(ctx, throughIDs, step{low, all.high})
			if err != nil {
				return err
			}
			rows, err := v.q().MissingEntities(ctx, query.MissingEntitiesParams{Low: low, High: high})
			met = make(map[int64]string, len(rows))
			for _, r := range rows {
				if wanted[r.ID] {
					met[r.ID] = r.Type
					delete(wanted, r.ID)
				}
			}
			low, last = high, end
			return err
		})
		if err == nil && len(met) > 0 {
			err = s.inTx(ctx, "add entities", func(tx *sql.Tx, _ *query.Queries) error { return s.insertMissing(ctx, tx, met, now) })
		}
		if err != nil {
			return added, err
		}
		added += int64(len(met))
	}
	return added, nil
}

func (s *Store) insertMissing(ctx context.Context, tx *sql.Tx, met map[int64]string, now time.Time) error {
	at := millis(now)
	return s.dialect.InsertNew(ctx, tx, "entities", entityColumns, func(yield func([]any) bool) {
		for _, id := range slices.Sorted(maps.Keys(met)) {
			if !yield([]any{id, met[id], "", "", string(store.EntityUnnamed), 0, at, at, at}) {
				return
			}
		}
	})
}
