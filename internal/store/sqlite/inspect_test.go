package sqlite_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// contents hashes the files of a folder. The file of shared memory is left out: it
// is where readers of a running database note what they read.
func contents(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := make(map[string][32]byte)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "-shm") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name()] = sha256.Sum256(content)
	}
	return out
}

func saveMails(t *testing.T, s store.Store, now time.Time, ids ...int64) {
	t.Helper()
	b := store.Batch{Now: now}
	for _, id := range ids {
		k := &killmail.Killmail{ID: id, Time: now.Add(-time.Hour), SystemID: 30002813, Victim: killmail.Victim{Party: killmail.Party{ShipTypeID: 587}}}
		b.Documents = append(b.Documents, store.Document{Document: killmail.Document{Killmail: k}})
	}
	if _, err := s.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// look inspects a folder and checks that it finds n killmails that wait for battles
// and changes nothing.
func look(t *testing.T, dir string, n int64, oldest time.Time) {
	t.Helper()
	before := contents(t, dir)
	i, err := sqlite.Inspect(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	if have, known, err := i.SchemaVersion(t.Context()); err != nil || have != known || have == 0 {
		t.Errorf("schema: got %d of %d, %v", have, known, err)
	}
	got, err := i.Backlog(t.Context())
	if err != nil || got.Killmails != n || !got.OldestStoredAt.Equal(oldest) {
		t.Errorf("backlog: got %+v, %v, want %d since %v", got, err, n, oldest)
	}
	if i.Size <= 0 {
		t.Errorf("size %d", i.Size)
	}
	if _, err := i.NewBattleIDs(t.Context(), 1); err == nil {
		t.Error("an inspection can write")
	}
	if during := contents(t, dir); !maps.Equal(before, during) {
		t.Errorf("files changed while it was open: %d before, %d then", len(before), len(during))
	}
	if err := i.Close(); err != nil {
		t.Error(err)
	}
	if after := contents(t, dir); !maps.Equal(before, after) {
		t.Errorf("files changed: %d before, %d after", len(before), len(after))
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	s, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	saveMails(t, s, now, 1)
	saveMails(t, s, now.Add(time.Minute), 2, 3)
	look(t, dir, 3, now) // while it runs, with a log
	saveMails(t, s, now.Add(time.Hour), 4)
	look(t, dir, 4, now)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look(t, dir, 4, now) // after a clean end, without one
}

// After a crash the newest transactions are in the log alone.
func TestInspectAfterCrash(t *testing.T) {
	t.Parallel()
	dir, copied := t.TempDir(), t.TempDir()
	now := time.Date(2026, 1, 10, 20, 0, 0, 0, time.UTC)
	s := open(t, dir)
	saveMails(t, s, now, 1, 2)
	for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look(t, copied, 2, now)
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	missing := t.TempDir()
	if _, err := sqlite.Inspect(t.Context(), missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no database: got %v", err)
	}
	if left := contents(t, missing); len(left) != 0 {
		t.Errorf("made %v", left)
	}
	damaged := t.TempDir()
	s, err := sqlite.Open(t.Context(), damaged)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(damaged, sqlite.FileName)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := 2 * 4096; at < len(content); at++ { // all but the first pages
		content[at] ^= 0x5a
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	i, err := sqlite.Inspect(t.Context(), damaged)
	if err == nil {
		err = errors.Join(i.Check(t.Context()), i.Close())
	}
	if err == nil || fault.HintOf(err) == "" {
		t.Errorf("damaged: got %v, want an error with a hint", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlite.Inspect(ended, damaged); err == nil {
		t.Error("an ended context does not end it")
	}
}
