package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/cache"
)

// Cache keeps answers. It may be gone at any moment, and forget at any moment.
type Cache interface {
	cache.Cache
	// Ready says whether it can be used.
	Ready(ctx context.Context) error
}

const (
	// keepTime is how long an answer is kept. What changes it makes an event, and the
	// number of the newest event is in its key; this is for what makes none: names,
	// history that is imported, and the clock.
	keepTime = time.Minute
	// keepUnnamed is for answers in which names are missing, because those are looked up
	// within seconds.
	keepUnnamed = 2 * time.Second
)

const listPath, battlePath, reportsPath = "/api/v1/battles", "/api/v1/battles/", "/api/v1/reports"

// answerKey is the key under which the answer to a request is kept, or "" when it is
// not. A list is as old as the newest event, a battle as its newest revision, and a report
// as the newest event and the newest correction: of old battles there are no events.
func (s *Service) answerKey(r *http.Request) string {
	if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, "/stream") {
		return ""
	}
	question := r.URL.Path + "?" + r.URL.RawQuery
	if r.URL.Path == listPath {
		return s.cacheKey("answer", question)
	}
	if strings.HasPrefix(r.URL.Path, reportsPath) {
		layer, err := s.layer(r.Context())
		if err != nil {
			return "" // the operation says so
		}
		return s.cacheKey("answer", strconv.FormatInt(layer.Version, 10)+question)
	}
	rest, found := strings.CutPrefix(r.URL.Path, battlePath)
	name, _, _ := strings.Cut(rest, "/")
	id, err := strconv.ParseInt(name, 10, 64)
	if !found || err != nil {
		return ""
	}
	revision, err := s.Store.BattleRevision(r.Context(), id)
	if err != nil {
		return "" // it is unknown, or has moved: the operation says so
	}
	return s.questionKey("battle:"+strconv.Itoa(revision), question)
}

// cacheKey is the key of an answer as things stand, or "" when nothing is to be kept.
func (s *Service) cacheKey(kind, question string) string {
	newest := s.hub.newest.Load()
	if newest == unheard {
		return ""
	}
	return s.questionKey(kind+":"+strconv.FormatInt(newest, 10), question)
}

func (s *Service) questionKey(prefix, question string) string {
	hash := sha256.Sum256([]byte(s.Version + "\x00" + question))
	return prefix + ":" + hex.EncodeToString(hash[:16])
}

// recall returns what is kept under a key; nil when there is nothing, for whatever reason.
func (s *Service) recall(ctx context.Context, key string) []byte {
	if s.Cache == nil || key == "" {
		return nil
	}
	found, err := s.Cache.Get(ctx, key)
	if err != nil {
		return nil // the cache tells the operator by itself, and by readiness
	}
	return found[key]
}

// keep keeps a value if that is possible.
func (s *Service) keep(ctx context.Context, key string, value []byte, ttl time.Duration) {
	if s.Cache != nil && key != "" {
		_ = s.Cache.Set(ctx, key, value, ttl) // see recall
	}
}

// forget drops what is kept under a key.
func (s *Service) forget(ctx context.Context, key string) {
	if s.Cache != nil {
		_ = s.Cache.Delete(ctx, key) // see recall
	}
}

// recallJSON and keepJSON do the same with a value as JSON.
func recallJSON[T any](ctx context.Context, s *Service, key string) (value T, ok bool) {
	if body := s.recall(ctx, key); body != nil {
		ok = json.Unmarshal(body, &value) == nil
	}
	return value, ok
}

func keepJSON(ctx context.Context, s *Service, key string, value any, ttl time.Duration) {
	if body, err := json.Marshal(value); err == nil {
		s.keep(ctx, key, body, ttl)
	}
}
