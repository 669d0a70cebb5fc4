package store

import (
	"context"
	"time"
)

// Sessions keeps logins. Tokens never reach the store, only their hashes.
type Sessions interface {
	// PutSession keeps a new login.
	PutSession(ctx context.Context, s Session) error
	// Session returns the session, or ErrNotFound when there is none or it has expired at now.
	Session(ctx context.Context, tokenHash string, now time.Time) (Session, error)
	// DeleteSession ends a login; one that is not there is no error.
	DeleteSession(ctx context.Context, tokenHash string) error
	// PruneSessions deletes those that expired before a time.
	PruneSessions(ctx context.Context, before time.Time) error
}

// Session is a login.
type Session struct {
	TokenHash string
	Subject   string // who: "administrator" until accounts exist
	CreatedAt time.Time
	ExpiresAt time.Time
}
