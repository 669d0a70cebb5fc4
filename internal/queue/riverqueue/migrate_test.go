package riverqueue_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
)

// TestMigrateTogether has several processes start at once on an empty database.
func TestMigrateTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database) {
		var g errgroup.Group
		begin := make(chan struct{})
		for range 6 {
			q, err := db.open(db.name, riverqueue.Config{Kinds: []queue.Kind{{Name: "mail.fetch"}}, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = q.Close() })
			g.Go(func() error {
				<-begin
				if err := q.Migrate(t.Context()); err != nil {
					return err
				}
				_, err := q.Enqueue(t.Context(), queue.Job{Kind: "mail.fetch"})
				return err
			})
		}
		close(begin)
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		var jobs int
		if err := db.store.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM river_job").Scan(&jobs); err != nil {
			t.Fatal(err)
		}
		if jobs != 6 {
			t.Errorf("got %d jobs, want 6", jobs)
		}
	})
}

// TestNewerTables refuses tables that a newer version has made.
func TestNewerTables(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database) {
		q, err := db.open(db.name, riverqueue.Config{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = q.Close() })
		if err := q.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := q.Migrate(t.Context()); err != nil {
			t.Errorf("a second time: %v", err)
		}
		if _, err := db.store.ExecContext(t.Context(), "INSERT INTO river_migration (line, version) VALUES ('main', 999)"); err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]func(context.Context) error{"Migrate": q.Migrate, "Check": q.Check} {
			if err := f(t.Context()); err == nil || fault.HintOf(err) == "" {
				t.Errorf("%s: got %v for tables of a newer version, want an error with a hint", name, err)
			}
		}
	})
}

// TestOlderTables has tables that somebody else is to migrate looked at, and left as
// they are.
func TestOlderTables(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database) {
		q, err := db.open(db.name, riverqueue.Config{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = q.Close() })
		older := func(what string) {
			t.Helper()
			if err := q.Check(t.Context()); !errors.Is(err, riverqueue.ErrOlder) || !strings.Contains(fault.HintOf(err), "battlescope migrate") {
				t.Errorf("%s: got %v, hint %q, want %v", what, err, fault.HintOf(err), riverqueue.ErrOlder)
			}
		}
		older("no tables")
		if err := q.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := q.Check(t.Context()); err != nil {
			t.Errorf("migrated: %v", err)
		}
		const last = "DELETE FROM river_migration WHERE line = 'main' AND version = (SELECT MAX(version) FROM river_migration WHERE line = 'main')"
		if _, err := db.store.ExecContext(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		older("a step is missing")
	})
}
