package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"testing"

	"github.com/battlescope/battlescope/internal/archive"
)

// FuzzRead gives any bytes to the reader: it must come to an end, hand over whole
// items only, and name what is wrong.
func FuzzRead(f *testing.F) {
	mail := `{"killmail_id":7,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`
	pack := func(b string) []byte {
		var out bytes.Buffer
		zip := gzip.NewWriter(&out)
		_, _ = zip.Write([]byte(b))
		_ = zip.Close()
		return out.Bytes()
	}
	var tarred bytes.Buffer
	w := tar.NewWriter(&tarred)
	_ = w.WriteHeader(&tar.Header{Name: "killmails/7.json", Size: int64(len(mail)), Mode: 0o600})
	_, _ = w.Write([]byte(mail))
	_ = w.Close()
	for _, s := range []string{
		"", mail, mail + "\n" + mail, "[" + mail + "," + mail + "]", `{"7":` + mail + `}`, `{"7":"0123456789abcdef0123456789abcdef01234567"}`,
		`{"package":null}`, "\xef\xbb\xbf" + mail, mail + "\n{broken\n" + mail, "[[]]", `{"7":{}}`, `"`, `[1,"a",null]`, tarred.String(), "BZh91AY&SY",
	} {
		f.Add([]byte(s))
		f.Add(pack(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var progress archive.Progress
		var n, broken int64
		opts := archive.Options{Stdin: bytes.NewReader(b), Workers: 2, MaxDocument: 1 << 12, Progress: &progress, Refs: true}
		err := archive.Read(t.Context(), []string{archive.Stdin}, opts, func(item archive.Item) error {
			n++
			switch d := item.Document; {
			case item.Broken != nil:
				broken++
				if item.Broken.Err == nil || !d.Empty() {
					t.Errorf("broken item %s has error %v and document %+v", item.Member, item.Broken.Err, d)
				}
			case d.Empty(), d.Killmail != nil && d.Ref != nil, d.Ref != nil && len(item.Raw) == 0:
				t.Errorf("item %s holds %+v", item.Member, d)
			}
			return nil
		})
		if progress.Documents() != n || progress.Broken() != broken {
			t.Errorf("progress counts %d and %d broken, want %d and %d", progress.Documents(), progress.Broken(), n, broken)
		}
		if failed := (*archive.Error)(nil); err != nil && (!errors.As(err, &failed) || failed.Hint() == "") {
			t.Errorf("got %v, want an *archive.Error with a hint", err)
		}
	})
}
