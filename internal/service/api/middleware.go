package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// identify gives every request an id, in its context and in X-Request-Id.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// logRequests writes one line a request: debug for success, warnings for server errors.
func logRequests(log *slog.Logger, now func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		level := slog.LevelDebug
		if sw.status >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", sw.status,
			"duration", now().Sub(start), "request_id", requestID(r.Context()))
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush lets streams push through.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// recovered answers a panic with a problem instead of a cut connection.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http panics with this very value
				panic(p)
			}
			log.ErrorContext(r.Context(), "panic in handler", "panic", p, "path", r.URL.Path, "request_id", requestID(r.Context()))
			writeProblem(w, r, http.StatusInternalServerError, "something went wrong on our side", "report the request id")
		}()
		next.ServeHTTP(w, r)
	})
}

// contentPolicy lets the page load its own files and EVE's image server, nothing else.
const contentPolicy = "default-src 'self'; img-src 'self' data: https://images.evetech.net; object-src 'none'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// etagOf is the tag of a content.
func etagOf(body []byte) string {
	hash := sha256.Sum256(body) // processors have it built in: ten times as fast as FNV
	return `W/"` + strconv.FormatUint(binary.BigEndian.Uint64(hash[:]), 36) + `"`
}

// unchanged gives the answer its tag. When the client has that content already, it is
// told so, and nothing more is to be written.
func unchanged(w http.ResponseWriter, r *http.Request, etag string) bool {
	w.Header().Set("ETag", etag)
	if !matches(r.Header.Get("If-None-Match"), etag) {
		return false
	}
	w.Header().Del("Content-Type")
	w.WriteHeader(http.StatusNotModified)
	return true
}

func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if t := strings.TrimSpace(tag); t == etag || t == "*" {
			return true
		}
	}
	return false
}

// bodyWriter holds a response back until its tag is known.
type bodyWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *bodyWriter) Header() http.Header         { return b.header }
func (b *bodyWriter) WriteHeader(status int)      { b.status = status }
func (b *bodyWriter) Write(p []byte) (int, error) { return b.body.Write(p) }

// sameOrigin refuses changes that another site's page makes in a reader's browser.
func sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, http.StatusForbidden, "the request comes from another site", "use BattleScope's own page, or a client that is no browser")
	}))
	return p.Handler(next)
}
