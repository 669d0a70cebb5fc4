package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// EventsAfter implements store.Events.
func (s *Store) EventsAfter(ctx context.Context, seq int64, limit int) ([]store.Event, error) {
	rows, err := s.q().EventsAfter(ctx, query.EventsAfterParams{Seq: seq, Limit: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("events after %d: %w", seq, err)
	}
	out := make([]store.Event, len(rows))
	for i, r := range rows {
		out[i] = store.Event{Seq: r.Seq, At: fromMillis(r.CreatedAt), Topic: store.Topic(r.Topic), Subject: r.SubjectID, Revision: int(r.Revision)}
	}
	return out, nil
}

// EventRange implements store.Events.
func (s *Store) EventRange(ctx context.Context) (oldest, newest int64, err error) {
	oldest, err1 := s.q().FirstEvent(ctx)
	newest, err2 := s.q().LastEvent(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, fmt.Errorf("range of events: %w", err)
	}
	return oldest, newest, nil
}

// PruneEvents implements store.Events.
func (s *Store) PruneEvents(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := s.inTx(ctx, "prune events", func(_ *sql.Tx, q *query.Queries) (err error) {
		n, err = q.PruneEvents(ctx, millis(before))
		return err
	})
	return int(n), err
}

// putEvents appends to the outbox. Taking the numbers locks their counter until
// commit: that is what makes the numbers come in commit order.
func (s *Store) putEvents(ctx context.Context, tx *sql.Tx, q *query.Queries, topic store.Topic, subjects []int64, revisions []int64, now time.Time) error {
	if len(subjects) == 0 {
		return nil
	}
	n := int64(len(subjects))
	last, err := q.TakeNumbers(ctx, query.TakeNumbersParams{Name: "outbox", Value: n})
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	columns := []string{"seq", "created_at", "topic", "subject_id", "revision"}
	return s.dialect.Insert(ctx, tx, "outbox", columns, rowsOf(subjects, func(i int, id *int64) []any {
		var revision int64
		if revisions != nil {
			revision = revisions[i]
		}
		return []any{last - n + int64(i) + 1, millis(now), string(topic), *id, revision}
	}))
}
