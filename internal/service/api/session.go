package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/store"
)

const (
	sessionCookie = "battlescope_session"
	sessionFor    = 8 * time.Hour
	// keepSession is how long a session that was looked up is believed without looking
	// again. One that ended is taken out of the cache; should that fail, or cross with
	// a request, it ends so much later.
	keepSession   = time.Minute
	administrator = "administrator"
)

// AdminLink is the way in while there are no accounts: whoever can read what the
// server prints at its start may open the link once and is administrator in that
// browser until the session ends.
type AdminLink struct {
	mu   sync.Mutex
	hash [sha256.Size]byte
	used bool
}

// NewAdminLink returns a link and its token, which is kept nowhere else.
func NewAdminLink() (link *AdminLink, token string) {
	token = rand.Text()
	return &AdminLink{hash: sha256.Sum256([]byte(token))}, token
}

// take reports whether this is the token and it was not used before.
func (l *AdminLink) take(token string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := sha256.Sum256([]byte(token))
	if l.used || subtle.ConstantTimeCompare(hash[:], l.hash[:]) != 1 {
		return false
	}
	l.used = true
	return true
}

// claimAdmin trades the token of the administrator link for a session.
func (s *Service) claimAdmin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if s.Admin == nil || !s.Admin.take(r.URL.Query().Get("token")) {
		writeProblem(w, r, http.StatusForbidden, "this administrator link is not valid or was used before", "restart the server: it prints a new link")
		return
	}
	token, now := rand.Text(), s.Now()
	session := store.Session{TokenHash: hashToken(token), Subject: administrator, CreatedAt: now, ExpiresAt: now.Add(sessionFor)}
	if err := s.Store.PutSession(r.Context(), session); err != nil {
		s.Log.ErrorContext(r.Context(), "administrator session", "error", err)
		writeProblem(w, r, http.StatusInternalServerError, "the session could not be stored", "restart the server and use the new link")
		return
	}
	http.SetCookie(w, cookie(r, token, int(sessionFor.Seconds())))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// logout ends the session of the browser.
func (s *Service) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		if err := s.Store.DeleteSession(r.Context(), hashToken(c.Value)); err != nil {
			writeProblem(w, r, http.StatusInternalServerError, "the session could not be ended", "try again")
			return
		}
		s.forget(r.Context(), sessionKey(hashToken(c.Value))) // after the store, from where it would come back
	}
	http.SetCookie(w, cookie(r, "", -1))
	w.WriteHeader(http.StatusNoContent)
}

func cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	secure := r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
	return &http.Cookie{ //nolint:gosec // Secure where the browser came by TLS; plain http is for the local machine
		Name: sessionCookie, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

func hashToken(token string) string {
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:])
}

// adminOnly is the middleware of operations for administrators. It fails closed.
func (s *Service) adminOnly(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c, err := huma.ReadCookie(ctx, sessionCookie)
		if err == nil {
			if subject, ok := s.adminOf(ctx.Context(), c.Value); ok {
				next(huma.WithValue(ctx, subjectKey{}, subject))
				return
			}
		}
		p := problem(http.StatusUnauthorized, "only the administrator may do this", "open the administrator link that the server prints at its start")
		p.RequestID = requestID(ctx.Context())
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		_ = a.Marshal(ctx.BodyWriter(), "application/json", p) // the client is gone if this fails
	}
}

func (s *Service) isAdmin(ctx context.Context, token string) bool {
	_, ok := s.adminOf(ctx, token)
	return ok
}

// adminOf returns whose session a token is of, if that is an administrator's.
func (s *Service) adminOf(ctx context.Context, token string) (subject string, ok bool) {
	if token == "" {
		return "", false
	}
	session, err := s.session(ctx, hashToken(token))
	return session.Subject, err == nil && session.Subject == administrator
}

type subjectKey struct{}

// subjectOf returns who makes a request that was let through as an administrator's.
func subjectOf(ctx context.Context) string {
	subject, _ := ctx.Value(subjectKey{}).(string)
	return subject
}

// session returns the session with this hash of a token, or store.ErrNotFound. The
// store has the truth, because a cache may lose what it holds; it is asked once in
// keepSession.
func (s *Service) session(ctx context.Context, hash string) (store.Session, error) {
	key, now := sessionKey(hash), s.Now()
	if v, ok := recallJSON[store.Session](ctx, s, key); ok && v.ExpiresAt.After(now) {
		return v, nil
	}
	v, err := s.Store.Session(ctx, hash, now)
	if err == nil {
		keepJSON(ctx, s, key, v, min(keepSession, v.ExpiresAt.Sub(now)))
	}
	return v, err
}

func sessionKey(hash string) string { return "session:" + hash }
