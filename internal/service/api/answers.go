package api

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Answers to reads of the API carry a tag of their content, and those that are kept are
// kept compressed: to make and to compress a large battle takes a hundred times as long
// as to send it.

// packer and unpacker are safe for many at a time. Browsers take no windows of more than 8 MB.
var (
	packer   = must(zstd.NewWriter(nil, zstd.WithWindowSize(4<<20)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(1<<30)))
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) // the options above are constants
	}
	return value
}

// answer is what the API says.
type answer struct {
	status int
	header http.Header
	etag   string // "" of what is no success
	plain  []byte
	packed []byte // by zstd; nil of an answer that is not kept
}

// write sends the answer, unless the client has it.
func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), a.header)
	body := a.plain
	if a.etag != "" {
		w.Header().Set("Cache-Control", "no-cache")
		if unchanged(w, r, a.etag) {
			return
		}
		if a.packed != nil && takes(r, "zstd") {
			w.Header().Set("Content-Encoding", "zstd")
			body = a.packed
		}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // the reader is gone if this fails
}

// takes reports whether the client accepts a coding by its name.
func takes(r *http.Request, coding string) bool {
	for each := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(each, ";")
		if strings.TrimSpace(name) == coding {
			return strings.Trim(quality, " 0.") != "q="
		}
	}
	return false
}

// answering tags the answers to reads of the API, says 304 to whoever has them already,
// and keeps those whose operation says so with keepFor. Streams and all that is not the
// API's pass through.
func (s *Service) answering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/api/") || strings.HasSuffix(r.URL.Path, "/stream") {
			next.ServeHTTP(w, r)
			return
		}
		key := ""
		if s.Cache != nil {
			key = s.answerKey(r)
		}
		s.answerTo(r, key, next).write(w, r)
	})
}

// answerTo is the answer that is kept under a key, or a new one. One that is kept is made
// once for all who ask meanwhile; with the key "" nothing is kept.
func (s *Service) answerTo(r *http.Request, key string, next http.Handler) *answer {
	if key == "" {
		a, _ := s.ask(r, key, next)
		return a
	}
	if a := s.recallAnswer(r, key); a != nil {
		return a
	}
	mine, keeps := (*answer)(nil), false
	result, _, _ := s.flight.Do(key, func() (any, error) {
		// Whoever asked first may leave, the others stay.
		mine, keeps = s.ask(r.WithContext(context.WithoutCancel(r.Context())), key, next)
		if !keeps {
			return (*answer)(nil), nil
		}
		return mine, nil
	})
	if mine != nil {
		return mine
	}
	if shared := result.(*answer); shared != nil {
		return shared
	}
	mine, _ = s.ask(r, key, next) // it may be for the other one alone
	return mine
}

// ask makes an answer, and keeps it if its operation says so.
func (s *Service) ask(r *http.Request, key string, next http.Handler) (a *answer, kept bool) {
	var ttl time.Duration
	b := &bodyWriter{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(b, r.WithContext(context.WithValue(r.Context(), keepForKey{}, &ttl)))
	a = &answer{status: b.status, header: b.header, plain: b.body.Bytes()}
	if a.status != http.StatusOK {
		return a, false
	}
	a.etag = etagOf(a.plain)
	if key == "" || ttl <= 0 {
		return a, false
	}
	a.packed = packer.EncodeAll(a.plain, nil)
	s.keep(r.Context(), key, slices.Concat([]byte(a.etag), []byte("\n"), a.packed), ttl)
	return a, true
}

// recallAnswer returns the answer that is kept under a key, nil when there is none.
func (s *Service) recallAnswer(r *http.Request, key string) *answer {
	etag, packed, found := bytes.Cut(s.recall(r.Context(), key), []byte("\n"))
	if !found || !bytes.HasPrefix(etag, []byte("W/")) {
		return nil
	}
	a := &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, etag: string(etag), packed: packed}
	if !takes(r, "zstd") && !matches(r.Header.Get("If-None-Match"), a.etag) {
		var err error
		if a.plain, err = unpacker.DecodeAll(packed, nil); err != nil {
			return nil // somebody else wrote there
		}
	}
	return a
}

type keepForKey struct{}

// keepFor has the answer to this request kept for a while.
func keepFor(ctx context.Context, ttl time.Duration) {
	if p, ok := ctx.Value(keepForKey{}).(*time.Duration); ok {
		*p = ttl
	}
}

// unkept asks an operation for a part of an answer that is not kept as it is.
func unkept(ctx context.Context) context.Context {
	return context.WithValue(ctx, keepForKey{}, nil)
}
