package archive_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/test/fake"
)

const (
	oneHash = "0123456789abcdef0123456789abcdef01234567"
	oneMail = `{"killmail_id":7,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`
)

// taken reads a text and counts killmails, names of killmails, and broken documents.
func taken(t *testing.T, text string, refs bool) (whole, names, broken int) {
	t.Helper()
	opts := archive.Options{Stdin: strings.NewReader(text), Refs: refs}
	err := archive.Read(t.Context(), []string{archive.Stdin}, opts, func(item archive.Item) error {
		switch {
		case item.Broken != nil:
			broken++
			if !errors.Is(item.Broken.Err, archive.ErrNoKillmail) {
				t.Errorf("%s: %v", item.Member, item.Broken.Err)
			}
		case item.Document.Ref != nil:
			names++
			if !bytes.Contains(item.Raw, []byte(item.Document.Ref.Hash)) {
				t.Errorf("%s: bytes %q", item.Member, item.Raw)
			}
		default:
			whole++
		}
		return nil
	})
	if err != nil {
		t.Errorf("%.60q: %v", text, err)
	}
	return whole, names, broken
}

// TestForms reads what RedisQ and zKillboard's lists wrote, saved to files.
func TestForms(t *testing.T) {
	t.Parallel()
	name := `{"killmail_id":7,"zkb":{"hash":"` + oneHash + `"}}`
	for _, test := range []struct {
		name, text   string
		whole, names int
	}{
		{"page of zKillboard", `[` + oneMail + `,` + oneMail + `]`, 2, 0},
		{"page of names", `[` + name + `,` + name + `]`, 0, 2},
		{"list of packages", `[{"killID":7,"killmail":` + oneMail + `,"zkb":null},{"killID":7,"zkb":{"hash":"` + oneHash + `"}}]`, 1, 1},
		{"log of a relay", `{"package":{"killID":7,"killmail":` + oneMail + `}}` + "\n" + `{"package":null}` + "\n" + `{"package":null}` + "\n", 1, 0},
		{"empty page", `[]`, 0, 0},
		{"history/raw", `{"7":` + oneMail + `}`, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if whole, names, broken := taken(t, test.text, true); whole != test.whole || names != test.names || broken != 0 {
				t.Errorf("got %d killmails, %d names, %d broken; want %d and %d", whole, names, broken, test.whole, test.names)
			}
			if whole, names, broken := taken(t, test.text, false); whole != test.whole || names != 0 || broken != test.names {
				t.Errorf("without names: got %d killmails, %d names, %d broken; want %d and %d broken", whole, names, broken, test.whole, test.names)
			}
		})
	}
}

// TestEveryRealFile reads every capture and every file of killmails at hand, except the
// daily archives, which take long and are read elsewhere.
func TestEveryRealFile(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BATTLESCOPE_REALDATA")
	if root == "" {
		t.Skip("BATTLESCOPE_REALDATA names no folder of real killmails")
	}
	for name, want := range map[string]int{
		"payloads/r2z2_ephemeral_96695606.json": 1, "payloads/r2z2_ephemeral_98531146_partial.json": 1,
		"payloads/redisq_package_2024_119455394.json": 1, "payloads/redisq_package_2024_b.json": 1, "payloads/redisq_packages_2024.json": 3,
		"payloads/zkb_api_page_2017.json.gz": 200, "payloads/esi_killmail_keepstar_107220741.json": 1, "payloads/esi_killmail_keepstar_108794056.json": 1,
		"killmails/battle-77S8-E-2019-03-03.jsonl.gz": 822, "killmails/edge-corpus.jsonl.gz": 108, "killmails/giant-and-odd.jsonl.gz": 29,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			err := archive.Read(t.Context(), []string{filepath.Join(root, name)}, archive.Options{}, func(item archive.Item) error {
				if n++; item.Broken != nil {
					t.Errorf("%s: %v", item.Member, item.Broken.Err)
				}
				return nil
			})
			if err != nil || n != want {
				t.Errorf("got %d documents and %v, want %d", n, err, want)
			}
		})
	}
	t.Run("map of hashes", func(t *testing.T) {
		t.Parallel()
		err := archive.Read(t.Context(), []string{filepath.Join(root, "payloads/zkb_history_20190801.json.gz")}, archive.Options{}, func(archive.Item) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "hashes") || fault.HintOf(err) == "" {
			t.Errorf("got %v, want it told with a hint", err)
		}
	})
}

// TestEVERefFaults fetches an archive through every fault that passes, whole.
func TestEVERefFaults(t *testing.T) {
	t.Parallel()
	document := []byte(`{"killmail_id":7,"hash":"` + oneHash + `","esi":` + oneMail + `}`)
	at := time.Date(2024, 7, 14, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		fault  fake.Fault
		passes bool
		text   string
	}{
		"503": {fake.Status(503, ""), true, ""}, "429": {fake.TooManyRequests("1"), true, ""}, "HTML": {fake.HTML(), true, ""}, "hang": {fake.Hang(), true, ""},
		"403": {fake.Forbidden(), false, "403"}, "404": {fake.Missing(), false, "no archive of that day"},
		"too large": {fake.Body(bytes.Repeat([]byte("x"), 5000)), false, "larger than the limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var source fake.EVERef
			if err := source.Add(document); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(&source)
			defer server.Close()
			source.InjectAt(".tar", 2, test.fault)
			client := archive.NewEVERef(server.URL+"/", "test (pilot@example.org)")
			client.Wait, client.MaxWait, client.Timeout, client.MaxBytes = time.Millisecond, time.Millisecond, time.Minute, 4000
			if name == "hang" {
				client.Timeout = 2 * time.Second
			}
			file, err := os.Create(filepath.Join(t.TempDir(), "archive"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			var done, of int64
			err = client.Archive(t.Context(), at, file, func(d, o int64) { done, of = d, o })
			if !test.passes {
				if err == nil || !strings.Contains(err.Error(), test.text) {
					t.Errorf("got %v, want %q", err, test.text)
				}
				return
			}
			info, statErr := file.Stat()
			if err != nil || statErr != nil || done == 0 || done != of || info.Size() != done {
				t.Errorf("got %v with %d of %d bytes told", err, done, of)
			}
			if totals, err := client.Totals(t.Context()); err != nil || totals["2024-07-14"] != 1 {
				t.Errorf("totals: got %v, %v", totals, err)
			}
			n := 0
			if err := archive.Read(t.Context(), []string{file.Name()}, archive.Options{}, func(item archive.Item) error {
				n++
				if item.Document.Killmail == nil || item.Document.Killmail.Hash != oneHash {
					t.Errorf("got %+v", item)
				}
				return nil
			}); err != nil || n != 1 {
				t.Errorf("read %d killmails and %v, want 1", n, err)
			}
		})
	}
}

func TestEVERefEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var source fake.EVERef
	source.Inject(-1, fake.Hang())
	server := httptest.NewServer(&source)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := archive.NewEVERef(server.URL, "test").Totals(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
}
