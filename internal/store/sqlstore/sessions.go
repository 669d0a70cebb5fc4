package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlstore/query"
)

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, v store.Session) error {
	return s.inTx(ctx, "put session", func(_ *sql.Tx, q *query.Queries) error {
		return q.PutSession(ctx, query.PutSessionParams{
			TokenHash: v.TokenHash, Subject: v.Subject, CreatedAt: millis(v.CreatedAt), ExpiresAt: millis(v.ExpiresAt),
		})
	})
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, tokenHash string, now time.Time) (store.Session, error) {
	r, err := s.q().Session(ctx, tokenHash)
	if err != nil {
		return store.Session{}, found("session", err)
	}
	if r.ExpiresAt <= millis(now) {
		return store.Session{}, fmt.Errorf("session: expired: %w", store.ErrNotFound)
	}
	return store.Session{TokenHash: tokenHash, Subject: r.Subject, CreatedAt: fromMillis(r.CreatedAt), ExpiresAt: fromMillis(r.ExpiresAt)}, nil
}

// DeleteSession implements store.Sessions.
func (s *Store) DeleteSession(ctx context.Context, tokenHash string) error {
	return s.inTx(ctx, "delete session", func(_ *sql.Tx, q *query.Queries) error { return q.DeleteSession(ctx, tokenHash) })
}

// PruneSessions implements store.Sessions.
func (s *Store) PruneSessions(ctx context.Context, before time.Time) error {
	return s.inTx(ctx, "prune sessions", func(_ *sql.Tx, q *query.Queries) error { return q.PruneSessions(ctx, millis(before)) })
}
