package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// clock reads the database's own clock, in UTC milliseconds: leases are compared
// across machines, whose clocks differ.
func (s *Store) clock(ctx context.Context, db query.DBTX) (int64, error) {
	var ms int64
	err := db.QueryRowContext(ctx, s.dialect.Clock()).Scan(&ms)
	return ms, err
}

// Acquire implements store.Leases.
func (s *Store) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	var n int64
	err := s.inTx(ctx, "acquire lease "+name, func(tx *sql.Tx, q *query.Queries) error {
		now, err := s.clock(ctx, tx)
		if err != nil {
			return err
		}
		n, err = q.AcquireLease(ctx, query.AcquireLeaseParams{Name: name, Holder: holder, Now: now, Ttl: ttl.Milliseconds()})
		return err
	})
	return n > 0, err
}

// Release implements store.Leases.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	return s.inTx(ctx, "release lease "+name, func(_ *sql.Tx, q *query.Queries) error {
		return q.ReleaseLease(ctx, query.ReleaseLeaseParams{Name: name, Holder: holder})
	})
}

// LeaseHolder implements store.Leases.
func (s *Store) LeaseHolder(ctx context.Context, name string) (string, error) {
	now, err := s.clock(ctx, s.read)
	if err != nil {
		return "", fmt.Errorf("holder of lease %s: %w", name, err)
	}
	holder, err := s.q().LeaseHolder(ctx, query.LeaseHolderParams{Name: name, ExpiresAt: now})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("holder of lease %s: %w", name, err)
	}
	return holder, nil
}

// Mark implements store.Marks.
func (s *Store) Mark(ctx context.Context, name string) (int64, time.Time, error) {
	row, err := s.q().Mark(ctx, name)
	return row.Value, fromMillis(row.UpdatedAt), found("mark "+name, err)
}

// SetMark implements store.Marks.
func (s *Store) SetMark(ctx context.Context, name string, value int64, now time.Time) error {
	return s.inTx(ctx, "set mark "+name, func(_ *sql.Tx, q *query.Queries) error {
		return q.SetMark(ctx, query.SetMarkParams{Name: name, Value: value, UpdatedAt: millis(now)})
	})
}
