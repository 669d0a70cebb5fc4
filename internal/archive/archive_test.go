package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/killmail"
)

// sample is a daily archive of 300 invented killmails 1000001 to 1000300 in several bzip2 blocks.
const sample = "testdata/killmails-2026-01-01.tar.bz2"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// document is a small valid ESI killmail.
func document(id int) string {
	return fmt.Sprintf(`{"killmail_id":%d,"killmail_time":"2026-01-01T12:00:00Z","solar_system_id":30002187,`+
		`"victim":{"ship_type_id":587,"damage_taken":7,"corporation_id":98000001},`+
		`"attackers":[{"damage_done":7,"final_blow":true,"security_status":0.5,"corporation_id":98000002}]}`, id)
}

// read collects the ids of good killmails in order and the broken items by member.
func read(t *testing.T, opts archive.Options, sources ...string) (ids []int64, broken []archive.Item, err error) {
	t.Helper()
	err = archive.Read(t.Context(), sources, opts, func(item archive.Item) error {
		if item.Broken != nil {
			broken = append(broken, item)
		} else {
			ids = append(ids, item.Document.Killmail.ID)
		}
		return nil
	})
	slices.Sort(ids)
	slices.SortFunc(broken, func(a, b archive.Item) int { return strings.Compare(a.Member, b.Member) })
	return ids, broken, err
}

func write(t *testing.T, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func zip(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tarOf(t *testing.T, members ...[2]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Name: m[0], Size: int64(len(m[1])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadForms(t *testing.T) {
	t.Parallel()
	one, two, three := document(1), document(2), document(3)
	envelope := `{"killmail_id":4,"hash":"` + strings.Repeat("ab", 20) + `","esi":` + document(4) + `,"zkb":{"totalValue":1.5},"sequence_id":9,"uploaded_at":1774949044}`
	indented := strings.ReplaceAll(one, ",", ",\n  ")
	tests := []struct {
		name, file string
		content    string
		want       []int64
	}{
		{"JSON Lines", "a.jsonl", one + "\n" + two + "\r\n\n" + three, []int64{1, 2, 3}},
		{"JSON Lines named json", "a.json", one + "\n" + two + "\n", []int64{1, 2}},
		{"one object", "a.json", one, []int64{1}},
		{"indented object", "a.json", indented + "\n", []int64{1}},
		{"object broken between attackers", "a.json", strings.Replace(one, `"attackers":[`, `"attackers":[{"damage_done":1,"final_blow":false,"security_status":0},`+"\n", 1), []int64{1}},
		{"objects one after the other", "a.json", indented + "\n" + indented, []int64{1, 1}},
		{"array", "a.json", " [" + one + ",\n" + two + " , " + three + "]\n", []int64{1, 2, 3}},
		{"empty array", "a.json", "[]", nil},
		{"R2Z2 document", "a.json", envelope, []int64{4}},
		{"array of R2Z2 documents", "a.json", "[" + envelope + "]", []int64{4}},
		{"history/raw map", "a.json", `{ "1":` + one + `, "2":` + two + `}`, []int64{1, 2}},
		{"empty history/raw map", "a.json", `{}`, nil},
		{"byte order mark", "a.json", "\ufeff" + one, []int64{1}},
		{"quotes and brackets in strings", "a.json", `[{"x":"]}\"[{,",` + one[1:] + "," + two + "]", []int64{1, 2}},
		{"tar", "a.tar", string(tarOf(t, [2]string{"k/1.json", one}, [2]string{"README", "hello"}, [2]string{"k/2.json", two})), []int64{1, 2}},
	}
	for _, test := range tests {
		for _, zipped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/gz=%v", test.name, zipped), func(t *testing.T) {
				t.Parallel()
				file, content := test.file, []byte(test.content)
				if zipped {
					file, content = file+".gz", zip(t, content)
				}
				got, broken, err := read(t, archive.Options{}, write(t, t.TempDir(), file, content))
				if err != nil || len(broken) > 0 {
					t.Fatalf("got error %v and %d broken, want none", err, len(broken))
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("ids (-want +got):\n%s", diff)
				}
				if strings.HasSuffix(test.file, "tar") {
					return // only archives on disk are read by name of member
				}
				got, _, err = read(t, archive.Options{Stdin: bytes.NewReader(content)}, archive.Stdin)
				if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
					t.Errorf("standard input: error %v, ids (-want +got):\n%s", err, diff)
				}
			})
		}
	}
}

func TestReadDailyArchive(t *testing.T) {
	t.Parallel()
	var progress archive.Progress
	got, broken, err := read(t, archive.Options{Progress: &progress}, sample)
	if err != nil || len(broken) > 0 {
		t.Fatalf("got error %v and %d broken, want none", err, len(broken))
	}
	if len(got) != 300 || got[0] != 1000001 || got[299] != 1000300 {
		t.Errorf("got %d killmails, want 1000001 to 1000300", len(got))
	}
	info, err := os.Stat(sample)
	if err != nil {
		t.Fatal(err)
	}
	if progress.Total() != info.Size() || progress.Bytes() != info.Size() || progress.Files() != 1 || progress.FilesDone() != 1 || progress.Documents() != 300 {
		t.Errorf("progress ends at %d of %d bytes, %d of %d files, %d documents", progress.Bytes(), progress.Total(), progress.FilesDone(), progress.Files(), progress.Documents())
	}
}

func TestReadFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "b/2.json", []byte(document(2)))
	write(t, dir, "a.jsonl.gz", zip(t, []byte(document(1))))
	write(t, dir, "totals.json", []byte(`{"2026-01-01":300}`))
	write(t, dir, "notes.txt", []byte("not a killmail"))
	got, broken, err := read(t, archive.Options{}, dir)
	if diff := cmp.Diff([]int64{1, 2}, got); err != nil || len(broken) > 0 || diff != "" {
		t.Errorf("error %v, %d broken, ids (-want +got):\n%s", err, len(broken), diff)
	}
}

func TestBrokenDocumentsAreHandedOver(t *testing.T) {
	t.Parallel()
	noVictim := `{"killmail_id":5,"killmail_time":"2026-01-01T12:00:00Z","solar_system_id":30002187,"attackers":[]}`
	tests := []struct{ name, file, content, member, raw string }{
		{"truncated line", "a.jsonl", document(1) + "\n{\"killmail_id\":2,\n" + document(3), "line 2", `{"killmail_id":2,`},
		{"first line of a json file", "a.json", "{\"killmail_id\":2,\n" + document(1) + "\n" + document(3), "line 1", `{"killmail_id":2,`},
		{"without victim", "a.jsonl", document(1) + "\n" + noVictim + "\n" + document(3), "line 2", noVictim},
		{"element of an array", "a.json", "[" + document(1) + `,17,` + document(3) + "]", "document 2", "17"},
		{"value of a map", "a.json", `{"1":` + document(1) + `,"2":null,"3":` + document(3) + "}", "2", "null"},
		{"member of an archive", "a.tar", string(tarOf(t, [2]string{"1.json", document(1)}, [2]string{"2.json", "<html>"}, [2]string{"3.json", document(3)})), "2.json", "<html>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := write(t, t.TempDir(), test.file, []byte(test.content))
			got, broken, err := read(t, archive.Options{}, path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]int64{1, 3}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if len(broken) != 1 {
				t.Fatalf("got %d broken, want 1", len(broken))
			}
			b := broken[0]
			var decode *killmail.DecodeError
			if b.Source != path || b.Member != test.member || string(b.Broken.Raw) != test.raw || !errors.As(b.Broken.Err, &decode) {
				t.Errorf("got %s %q %q %v", b.Source, b.Member, b.Broken.Raw, b.Broken.Err)
			}
		})
	}
}

func TestTooLargeDocuments(t *testing.T) {
	t.Parallel()
	large := `{"x":"` + strings.Repeat("a", 200<<10) + `",` + document(2)[1:]
	tests := []struct{ name, file, content string }{
		{"line", "a.jsonl", document(1) + "\n" + large + "\n" + document(3)},
		{"element", "a.json", "[" + document(1) + "," + large + "," + document(3) + "]"},
		{"member", "a.tar", string(tarOf(t, [2]string{"1.json", document(1)}, [2]string{"2.json", large}, [2]string{"3.json", document(3)}))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, broken, err := read(t, archive.Options{MaxDocument: 100 << 10}, write(t, t.TempDir(), test.file, []byte(test.content)))
			if diff := cmp.Diff([]int64{1, 3}, got); err != nil || diff != "" {
				t.Errorf("error %v, ids (-want +got):\n%s", err, diff)
			}
			if len(broken) != 1 || !errors.Is(broken[0].Broken.Err, archive.ErrTooLarge) || len(broken[0].Broken.Raw) != 64<<10 {
				t.Errorf("got %d broken, want one that is too large with its first 64 KiB", len(broken))
			}
		})
	}
}

func TestFileErrors(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)*2/3] ^= 0x55
	array := "[" + document(1) + "," + document(2) + "," + document(3)
	zipped := zip(t, []byte(strings.Repeat(document(1)+"\n", 2000)))
	tests := []struct {
		name, file string
		content    []byte
		min, max   int // documents emitted before the error
		want, hint string
	}{
		{"truncated bzip2", "a.tar.bz2", whole[:len(whole)*2/3], 100, 299, "cut off", "fetch the file again"},
		{"corrupt bzip2", "a.tar.bz2", flipped, 50, 299, "corrupt", "fetch the file again"},
		{"truncated gzip", "a.jsonl.gz", zipped[:len(zipped)-200], 1, 2000, "cut off", "fetch the file again"},
		{"not a tar", "a.tar.bz2", []byte("this is no archive"), 0, 0, "is named a tar archive but is none", "come as .tar.bz2"},
		{"truncated JSON array", "a.json", []byte(array[:len(array)-9]), 2, 2, "ends in the middle of a document", "fetch the file again"},
		{"truncated JSON object", "a.json", []byte(document(1)[:80]), 0, 0, "ends in the middle of a document", "fetch the file again"},
		{"broken JSON array", "a.json", []byte("[" + document(1) + "}" + document(2) + "]"), 1, 1, "JSON syntax is broken", ".jsonl"},
		{"HTML", "a.json", []byte("<html>blocked</html>"), 0, 0, "neither JSON nor a known archive", "come as .tar.bz2"},
		{"hash map", "a.json", []byte(`{"1":"` + strings.Repeat("ab", 20) + `"}`), 0, 0, "hashes", "history/raw"},
		{"empty", "a.json", nil, 0, 0, "is empty", "downloaded to its end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := write(t, dir, test.file, test.content)
			good := write(t, dir, "good.json", []byte(document(77)))
			got, broken, err := read(t, archive.Options{}, path, good)
			var failed *archive.Error
			if !errors.As(err, &failed) {
				t.Fatalf("got error %v, want an *archive.Error", err)
			}
			if failed.Source != path || !strings.Contains(failed.Error(), path) || !strings.Contains(failed.Error(), test.want) || !strings.Contains(failed.Hint(), test.hint) {
				t.Errorf("got %q with hint %q, want %q with hint %q", failed.Error(), failed.Hint(), test.want, test.hint)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("got more than one line: %q", err.Error())
			}
			if n := len(got) - 1; n < test.min || n > test.max || len(broken) > 0 {
				t.Errorf("got %d documents and %d broken before the error, want %d to %d and none", n, len(broken), test.min, test.max)
			}
			if !slices.Contains(got, 77) {
				t.Error("the good file was not read")
			}
		})
	}
}

func TestMissingSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.json")
	_, _, err := read(t, archive.Options{}, dir, missing, archive.Stdin)
	for _, want := range []string{"no killmail files", missing + ": no such file", "no standard input"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist in it", err)
	}
}

func TestErrorOfEmitEndsTheRun(t *testing.T) {
	t.Parallel()
	full := errors.New("disk is full")
	calls := 0
	err := archive.Read(t.Context(), []string{sample, sample, sample}, archive.Options{}, func(archive.Item) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("got %v after %d calls, want %v after 1", err, calls, full)
	}
}

func TestCancelEndsTheRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := archive.Read(ctx, []string{sample, sample, sample}, archive.Options{}, func(archive.Item) error {
		calls++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("got %v after %d calls, want context.Canceled after 1", err, calls)
	}
}

func TestCancelWhileStandardInputWaits(t *testing.T) {
	t.Parallel()
	stdin, feed := io.Pipe()
	defer feed.Close() // lets the waiting read end, as a closing terminal does
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		// More than one buffer, so that the first documents come out while input is still open.
		for range 1000 {
			if _, err := io.WriteString(feed, document(1)+"\n"); err != nil {
				return
			}
		}
	}()
	err := archive.Read(ctx, []string{archive.Stdin}, archive.Options{Stdin: stdin}, func(archive.Item) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// TestEndlessDocumentStaysBounded feeds a bomb: a gzip of one line far over the limit.
func TestEndlessDocumentStaysBounded(t *testing.T) {
	t.Parallel()
	bomb := zip(t, bytes.Repeat([]byte("a"), 50<<20))
	_, broken, err := read(t, archive.Options{MaxDocument: 1 << 20}, write(t, t.TempDir(), "bomb.jsonl.gz", bomb))
	if err != nil || len(broken) != 1 || !errors.Is(broken[0].Broken.Err, archive.ErrTooLarge) {
		t.Errorf("got error %v and %d broken, want one document that is too large", err, len(broken))
	}
}
