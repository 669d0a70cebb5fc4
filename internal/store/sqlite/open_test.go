package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// save stores one killmail.
func save(t *testing.T, s store.Store, id int64) {
	t.Helper()
	k := &killmail.Killmail{ID: id, Time: noon, SystemID: 30000142}
	_, err := s.Save(t.Context(), store.Batch{Documents: []store.Document{{Document: killmail.Document{Killmail: k}}}, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenAnyPath(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"plain", "with space", "what?mode=memory", "100%", "50%20off", "a#b", "a&b=c", "ä ö", "a:b", "semi;colon", "'quoted'", "deep/er/still",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), name)
			save(t, open(t, dir), 1)
			if info, err := os.Stat(filepath.Join(dir, sqlite.FileName)); err != nil || info.Size() == 0 {
				t.Errorf("got %v, %v, want a database in the folder", info, err)
			}
		})
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"data", ".", "./x/../y", "a:b"} {
		save(t, open(t, dir), 1)
		if _, err := os.Stat(filepath.Join(dir, sqlite.FileName)); err != nil {
			t.Error(err)
		}
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for id := range int64(3) {
		s, err := sqlite.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		save(t, s, id+1)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err == nil {
			t.Error("a closed store answers a ping")
		}
	}
	if got, err := open(t, dir).Load(t.Context(), []int64{1, 2, 3}); err != nil || len(got) != 3 {
		t.Errorf("got %d killmails, %v, want 3", len(got), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) == 0 {
		t.Errorf("got %v, %v", left, err)
	}
}

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	save(t, one, 1)
	save(t, two, 2)
	if got, err := one.Load(t.Context(), []int64{1, 2}); err != nil || len(got) != 2 {
		t.Errorf("got %d killmails, %v, want 2", len(got), err)
	}
}

// files reads everything in a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if n.IsDir() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, n.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[n.Name()] = string(b)
	}
	return out
}

// used makes a folder with a database that holds a killmail, closed.
func used(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// edit runs a statement on a database by hand.
func edit(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		dir  func(t *testing.T) string
		hint string // a part of it
	}{
		{"newer schema", func(t *testing.T) string {
			dir := used(t)
			edit(t, dir, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
			return dir
		}, "newer battlescope"},
		{"text in place of the database", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, dir, bytes.Repeat([]byte("This is a letter to my aunt. "), 500))
			return dir
		}, "move it away"},
		{"damaged pages", func(t *testing.T) string {
			dir := used(t)
			b := []byte(files(t, dir)[sqlite.FileName])
			for i := 100; i < len(b); i++ {
				b[i] = 0xa5
			}
			write(t, dir, b)
			return dir
		}, "move it away"},
		{"cut off", func(t *testing.T) string {
			dir := used(t)
			b := []byte(files(t, dir)[sqlite.FileName])
			write(t, dir, b[:5000])
			return dir
		}, "move it away"},
		{"folder in place of the database", func(t *testing.T) string {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, sqlite.FileName), 0o750); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "cannot be written"},
		{"folder below a file", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, dir, nil)
			return filepath.Join(dir, sqlite.FileName, "data")
		}, "--data"},
		{"file in place of the folder", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, dir, nil)
			return filepath.Join(dir, sqlite.FileName)
		}, "--data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := c.dir(t)
			var before map[string]string
			if info, err := os.Stat(dir); err == nil && info.IsDir() {
				before = files(t, dir)
			}
			s, err := sqlite.Open(t.Context(), dir)
			if err == nil {
				_ = s.Close()
				t.Fatal("was opened")
			}
			if hint := fault.HintOf(err); !strings.Contains(hint, c.hint) {
				t.Errorf("got the hint %q for %v, want one with %q", hint, err, c.hint)
			}
			if !strings.Contains(err.Error(), dir) {
				t.Errorf("%v does not name %s", err, dir)
			}
			for name, want := range before {
				if got := files(t, dir)[name]; got != want {
					t.Errorf("%s was changed: %d bytes, had %d", name, len(got), len(want))
				}
			}
		})
	}
}

func write(t *testing.T, dir string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, sqlite.FileName), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchemaIsNamed(t *testing.T) {
	t.Parallel()
	dir := used(t)
	edit(t, dir, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	if _, err := sqlite.Open(t.Context(), dir); !errors.Is(err, sqlstore.ErrNewerSchema) || !strings.Contains(err.Error(), "9999") {
		t.Errorf("got %v, want %v with its number", err, sqlstore.ErrNewerSchema)
	}
	edit(t, dir, "DELETE FROM goose_db_version WHERE version_id = 9999")
	if _, err := open(t, dir).Killmail(t.Context(), 1); err != nil {
		t.Errorf("after the refusal the killmail is lost: %v", err)
	}
}

func TestAnotherWriterBeside(t *testing.T) {
	t.Parallel()
	dir := used(t)
	s := open(t, dir)
	if _, err := s.Killmail(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, "PRAGMA user_version = 3")
	save(t, s, 2)
}

func TestOpenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlite.Open(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
