package stack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// sameAsImport holds a store to one undisturbed import of the same documents: every
// killmail once, and the same battles.
func sameAsImport(t *testing.T, db *sqlstore.Store, documents [][]byte) {
	t.Helper()
	want := ids(t, documents)
	clean := importAll(t, documents)
	defer clean.Close()
	got, wanted := battles(t, db, want), battles(t, clean, want)
	if g := count(t, db).Killmails; g != int64(len(want)) {
		t.Errorf("stored %d killmails, the feed has %d", g, len(want))
	}
	if !maps.Equal(got, wanted) {
		t.Errorf("battles differ from those of one import: %s", difference(got, wanted))
	}
	t.Logf("%d documents, %d killmails, %d battles", len(documents), len(want), len(wanted))
}

// ids lists the killmails of documents, each once.
func ids(t *testing.T, documents [][]byte) []int64 {
	t.Helper()
	var out []int64
	for _, body := range documents {
		d, err := killmail.DecodeDocument(body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d.Killmail.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// importAll stores documents in a fresh folder, in one go.
func importAll(t *testing.T, documents [][]byte) *sqlstore.Store {
	t.Helper()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "documents.jsonl")
	var lines bytes.Buffer
	for _, d := range documents {
		if err := json.Compact(&lines, d); err != nil {
			t.Fatal(err)
		}
		lines.WriteByte('\n')
	}
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "import", "--data", data, file).CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	return openFolder(t, data)
}

// battles maps the killmails of each stored battle to the digest of all it says.
func battles(t *testing.T, s *sqlstore.Store, killmails []int64) map[string]string {
	t.Helper()
	out := make(map[string]string)
	known, err := s.Known(context.Background(), killmails)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range known {
		slices.Sort(b.KillmailIDs)
		out[strings.Trim(fmt.Sprint(b.KillmailIDs), "[]")] = b.Digest
	}
	return out
}

func difference(got, want map[string]string) string {
	only := func(a, b map[string]string) (n int, example string) {
		for k, digest := range a {
			if b[k] != digest {
				n++
				example = k
			}
		}
		return n, example
	}
	extra, e := only(got, want)
	missing, m := only(want, got)
	return fmt.Sprintf("%d of %d are not wanted, such as %s; %d of %d are missing, such as %s", extra, len(got), e, missing, len(want), m)
}
