package riverqueue_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
	"github.com/battlescope/battlescope/test/servers"
)

// TestWithStore has the jobs of a batch queued as the store saves it, or not at all.
func TestWithStore(t *testing.T) {
	t.Parallel()
	cfg := riverqueue.Config{Kinds: []queue.Kind{{Name: "mail.fetch"}}, Log: slog.New(slog.DiscardHandler)}
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s, err := sqlite.Open(t.Context(), dir)
		must(t, err)
		q, err := openSQLite(filepath.Join(dir, sqlite.FileName), cfg)
		must(t, err)
		saves(t, s, q)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		dsn := servers.Postgres(t)
		db, err := postgres.Open(t.Context(), dsn, postgres.Options{Migrate: true})
		must(t, err)
		q, err := openPostgres(dsn, cfg)
		must(t, err)
		saves(t, db.Store, q)
	})
}

func saves(t *testing.T, s *sqlstore.Store, q full) {
	t.Helper()
	t.Cleanup(func() { _ = s.Close() })
	t.Cleanup(func() { _ = q.Close() })
	must(t, q.Migrate(t.Context()))
	s.QueueWith(q)

	batch := func(id int64, kind string) store.Batch {
		k := &killmail.Killmail{ID: id, Hash: "h", Time: time.Unix(1_700_000_000, 0).UTC(), SystemID: 30000142}
		return store.Batch{
			Documents: []store.Document{{Document: killmail.Document{Killmail: k}, Space: "highsec"}},
			Jobs:      []queue.Job{{Kind: kind, Unique: "1"}}, Now: time.Unix(1_700_000_100, 0).UTC(),
		}
	}
	if _, err := s.Save(t.Context(), batch(1, "nobody.knows")); !errors.Is(err, queue.ErrUnknownKind) {
		t.Errorf("got %v, want %v", err, queue.ErrUnknownKind)
	}
	if _, err := s.Killmail(t.Context(), 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the killmail of the failed batch: got %v, want %v", err, store.ErrNotFound)
	}
	_, err := s.Save(t.Context(), batch(1, "mail.fetch"))
	must(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Save(gone, batch(2, "mail.fetch")); err == nil {
		t.Error("saved with a context that has ended")
	}
	jobs, err := q.Jobs(t.Context(), queue.Filter{}, 0, 10)
	must(t, err)
	if len(jobs) != 1 {
		t.Errorf("got %d jobs, want 1", len(jobs))
	}
}
