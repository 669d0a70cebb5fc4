package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

const (
	// stepRows is about how many killmails or battles one step of an examination reads.
	stepRows = 2000
	// stepParticipants is the same for participants, of which a killmail has some ten.
	stepParticipants = 20_000
	// stepHours is the same for killmails that are only counted.
	stepHours = 20_000
	// stepBattleIDs is how many battle ids one step spans.
	stepBattleIDs = 2000
	// clockTolerance is how far in the future a killmail may lie: clocks differ.
	clockTolerance = 10 * time.Minute
	// resolveWithin is how long names may take.
	resolveWithin = 24 * time.Hour
)

// walk says what an examination walks through.
type walk int

const (
	atOnce           walk = iota
	throughKillmails      // by time
	throughHours          // of killmails, whole ones
	throughBattles        // by start
	throughIDs            // of killmails
	throughRows           // of battles, by battle id
)

// step is a part of a walk: from low up to high, which is left out.
type step struct{ low, high int64 }

// examinations are the checks of the store, each one query. battles marks those whose
// subjects are battles, which are let off while they wait to be recomputed.
var examinations = map[store.Check]struct {
	walk    walk
	battles bool
	find    func(ctx context.Context, q *query.Queries, in step, now time.Time) ([]int64, error)
}{
	store.CheckKillmailTime: {atOnce, false, func(ctx context.Context, q *query.Queries, _ step, now time.Time) ([]int64, error) {
		return q.ExamineKillmailTimes(ctx, query.ExamineKillmailTimesParams{Launch: millis(store.EveLaunch), Future: millis(now.Add(clockTolerance))})
	}},
	store.CheckKillmailTwice: {throughIDs, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineKillmailTwice(ctx, query.ExamineKillmailTwiceParams{Low: in.low, High: in.high})
	}},
	store.CheckParticipantCount: {throughKillmails, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineParticipantCount(ctx, query.ExamineParticipantCountParams{Low: in.low, High: in.high})
	}},
	store.CheckParticipantPositions: {throughKillmails, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineParticipantPositions(ctx, query.ExamineParticipantPositionsParams{Low: in.low, High: in.high})
	}},
	store.CheckParticipantOrphans: {throughIDs, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineParticipantOrphans(ctx, query.ExamineParticipantOrphansParams{Low: in.low, High: in.high})
	}},
	store.CheckWorkOrphans: {atOnce, false, func(ctx context.Context, q *query.Queries, _ step, _ time.Time) ([]int64, error) {
		return q.ExamineWorkOrphans(ctx)
	}},
	store.CheckBattleEmpty: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleEmpty(ctx, query.ExamineBattleEmptyParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleSides: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleSides(ctx, query.ExamineBattleSidesParams{Low: in.low, High: in.high})
	}},
	store.CheckBattlePilots: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattlePilots(ctx, query.ExamineBattlePilotsParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleGone: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleGone(ctx, query.ExamineBattleGoneParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleTimes: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleTimes(ctx, query.ExamineBattleTimesParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleTotals: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleTotals(ctx, query.ExamineBattleTotalsParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleReferences: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleReferences(ctx, query.ExamineBattleReferencesParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleRevision: {throughBattles, true, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleRevision(ctx, query.ExamineBattleRevisionParams{Low: in.low, High: in.high})
	}},
	store.CheckBattleOrphans: {throughRows, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineBattleOrphans(ctx, query.ExamineBattleOrphansParams{Low: in.low, High: in.high})
	}},
	store.CheckTwoBattles: {throughBattles, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		return q.ExamineTwoBattles(ctx, query.ExamineTwoBattlesParams{Low: in.low, High: in.high})
	}},
	store.CheckRedirects: {atOnce, false, func(ctx context.Context, q *query.Queries, _ step, _ time.Time) ([]int64, error) {
		return q.ExamineRedirects(ctx)
	}},
	store.CheckEntityMissing: {throughIDs, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		rows, err := q.MissingEntities(ctx, query.MissingEntitiesParams{Low: in.low, High: in.high})
		ids := make([]int64, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		return ids, err
	}},
	store.CheckCounts: {throughHours, false, func(ctx context.Context, q *query.Queries, in step, _ time.Time) ([]int64, error) {
		hours, err1 := q.ExamineHours(ctx, query.ExamineHoursParams{Low: in.low, High: in.high})
		kinds, err2 := q.ExamineKinds(ctx)
		if kinds > 0 {
			hours = append(hours, 0)
		}
		return hours, errors.Join(err1, err2)
	}},
	store.CheckEntityUnresolved: {atOnce, false, func(ctx context.Context, q *query.Queries, _ step, now time.Time) ([]int64, error) {
		return q.ExamineEntityUnresolved(ctx, millis(now.Add(-resolveWithin)))
	}},
}

// Examine implements store.Verification.
func (s *Store) Examine(ctx context.Context, c store.Check, scope store.Scope) ([]int64, error) {
	e, ok := examinations[c]
	if !ok {
		return nil, fmt.Errorf("examine %s: no such check of the store", c)
	}
	all, last, err := s.wayOf(ctx, e.walk, scope)
	if err != nil {
		return nil, fmt.Errorf("examine %s: %w", c, err)
	}
	var out []int64
	for low := all.low; !last; {
		err := s.snapshot(ctx, func(v view) error {
			high, end, err := v.stepEnd(ctx, e.walk, step{low, all.high})
			if err != nil {
				return err
			}
			found, err := e.find(ctx, v.q(), step{low, high}, scope.Now)
			if err == nil && e.battles {
				found, err = s.settled(ctx, v, found)
			}
			out, low, last = append(out, found...), high, end
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("examine %s: %w", c, err)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// millisOr is a time in milliseconds, or another value for no time.
func millisOr(t time.Time, none int64) int64 {
	if t.IsZero() {
		return none
	}
	return millis(t)
}

// span is a scope in milliseconds.
func span(s store.Scope) step {
	return step{millisOr(s.Since, math.MinInt64), millisOr(s.Until, math.MaxInt64)}
}

// wholeHour is the hour a time is in; the ends of everything stay.
func wholeHour(at int64) int64 {
	if at == math.MinInt64 || at == math.MaxInt64 {
		return at
	}
	return at - at%hour
}

// wayOf returns what a walk through a scope passes; none is true when that is nothing.
func (s *Store) wayOf(ctx context.Context, w walk, scope store.Scope) (all step, none bool, err error) {
	in := span(scope)
	switch w {
	case atOnce, throughKillmails, throughBattles:
		return in, false, nil
	case throughHours:
		return step{wholeHour(in.low), wholeHour(in.high)}, false, nil
	case throughIDs:
		if scope.Whole() {
			return step{0, math.MaxInt64}, false, nil
		}
		r, err := s.q().KillmailIDRange(ctx, query.KillmailIDRangeParams{Since: in.low, Until: in.high})
		return step{r.Low, r.High + 1}, r.High == 0, err
	case throughRows:
		r, err := s.q().BattleRowRange(ctx)
		if err != nil || scope.Whole() {
			return step{r.Low, r.High + 1}, r.Low == 0 && r.High == 0, err
		}
		// Ids ascend with the time of their making: look from the oldest of the scope on.
		b, err := s.q().BattleIDRange(ctx, query.BattleIDRangeParams{Since: in.low, Until: in.high})
		return step{b.Low, r.High + 1}, b.Low == 0 || r.High < b.Low, err
	}
	panic("no such walk")
}

// stepEnd returns the end of the step that begins at rest.low, and whether it is the last.
func (v view) stepEnd(ctx context.Context, w walk, rest step) (high int64, last bool, err error) {
	switch w {
	case atOnce:
		return rest.high, true, nil
	case throughHours:
		high, err = v.q().StepKillmailTimes(ctx, query.StepKillmailTimesParams{Low: rest.low, High: rest.high, Further: stepHours})
		if high = wholeHour(high); high == rest.low {
			high += hour
		}
	case throughKillmails:
		high, err = v.q().StepKillmailTimes(ctx, query.StepKillmailTimesParams{Low: rest.low, High: rest.high, Further: stepRows})
	case throughBattles:
		high, err = v.q().StepBattleStarts(ctx, query.StepBattleStartsParams{Low: rest.low, High: rest.high, Further: stepRows})
	case throughIDs:
		high, err = v.q().StepParticipants(ctx, query.StepParticipantsParams{Low: rest.low, High: rest.high, Further: stepParticipants})
	case throughRows:
		high = min(rest.low+stepBattleIDs, rest.high)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return rest.high, true, nil
	}
	high = max(high, rest.low+1) // more rows than a step takes can share one value
	return high, high >= rest.high, err
}

// settled leaves out the battles of which a killmail waits for clustering.
func (s *Store) settled(ctx context.Context, v view, battles []int64) ([]int64, error) {
	waiting := make(map[int64]bool)
	for chunk := range slices.Chunk(battles, maxIn) {
		var w where
		in(&w, "bk.battle_id", chunk)
		err := v.each(ctx, "SELECT bk.battle_id FROM battle_killmails bk JOIN "+s.dialect.Keys()+` k ON k.killmail_id = bk.killmail_id
			JOIN unclustered u ON u.occurred_at = k.occurred_at AND u.killmail_id = k.killmail_id`+w.String(), w.args, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			waiting[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(battles, func(id int64) bool { return waiting[id] }), nil
}

// Coverage implements store.Verification.
func (s *Store) Coverage(ctx context.Context, scope store.Scope) (store.Coverage, error) {
	in := span(scope)
	kills, err1 := s.q().CountKillmailsBetween(ctx, query.CountKillmailsBetweenParams{Since: in.low, Until: in.high})
	battles, err2 := s.q().CountBattlesBetween(ctx, query.CountBattlesBetweenParams{Since: in.low, Until: in.high})
	first, err3 := s.q().FirstStored(ctx)
	if err := errors.Join(err1, err2, err3); err != nil {
		return store.Coverage{}, fmt.Errorf("coverage: %w", err)
	}
	return store.Coverage{Killmails: kills.N, Battles: battles, First: fromMillis(kills.First), FirstStored: fromMillis(first)}, nil
}

// SampleKillmails implements store.Verification. The counts by hour say where the n-th
// of all killmails lies.
func (s *Store) SampleKillmails(ctx context.Context, since, until time.Time, n int) ([]int64, error) {
	hours, err := s.q().HoursBetween(ctx, query.HoursBetweenParams{Since: wholeHour(millis(since)), Until: millis(until)})
	if err != nil {
		return nil, fmt.Errorf("sample killmails: %w", err)
	}
	total := int64(0)
	for _, h := range hours {
		total += h.Killmails
	}
	var out []int64
	passed, at := int64(0), 0
	for i := range min(int64(n), total) {
		place := total * i / min(int64(n), total)
		for place >= passed+hours[at].Killmails {
			passed += hours[at].Killmails
			at++
		}
		id, err := s.q().KillmailAt(ctx, query.KillmailAtParams{
			Since: max(hours[at].Hour, millis(since)), Until: min(hours[at].Hour+hour, millis(until)), Further: int32(place - passed),
		})
		if errors.Is(err, sql.ErrNoRows) {
			continue // the first or last hour is in the time only in part
		}
		if err != nil {
			return nil, fmt.Errorf("sample killmails: %w", err)
		}
		out = append(out, id)
	}
	return out, nil
}

// Waiting implements store.Verification.
func (s *Store) Waiting(ctx context.Context, killmailIDs []int64) (bool, error) {
	waiting := false
	for chunk := range slices.Chunk(killmailIDs, maxIn) {
		var w where
		in(&w, "k.killmail_id", chunk)
		err := s.each(ctx, "SELECT k.killmail_id FROM "+s.dialect.Keys()+` k
			JOIN unclustered u ON u.occurred_at = k.occurred_at AND u.killmail_id = k.killmail_id`+w.String(), w.args,
			func(*sql.Rows) error { waiting = true; return nil })
		if err != nil {
			return false, fmt.Errorf("killmails that wait for clustering: %w", err)
		}
		if waiting {
			return true, nil
		}
	}
	return false, nil
}

// GoneKillmails implements store.Verification.
func (s *Store) GoneKillmails(ctx context.Context, battleIDs []int64) ([]time.Time, error) {
	var out []time.Time
	for _, id := range battleIDs {
		times, err := s.q().GoneKillmails(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("killmails gone from battle %d: %w", id, err)
		}
		for _, at := range times {
			out = append(out, fromMillis(at))
		}
	}
	return out, nil
}

// DayCount implements store.Verification.
func (s *Store) DayCount(ctx context.Context, from, to time.Time) (stored, rejected int64, err error) {
	kills, err1 := s.q().CountKillmailsBetween(ctx, query.CountKillmailsBetweenParams{Since: millis(from), Until: millis(to)})
	rejected, err2 := s.q().CountRejectedBetween(ctx, query.CountRejectedBetweenParams{Since: millis(from), Until: millis(to)})
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, fmt.Errorf("killmails of a day: %w", err)
	}
	return kills.N, rejected, nil
}
