package killmail_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/killmail"
)

// captured reads a file of the folder of real documents, unpacked.
func captured(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("BATTLESCOPE_REALDATA")
	if dir == "" {
		t.Skip("BATTLESCOPE_REALDATA names no folder with real documents")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lines splits a file with one document a line.
func lines(t *testing.T, b []byte) [][]byte {
	t.Helper()
	var out [][]byte
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) > 0 {
			out = append(out, slices.Clone(s.Bytes()))
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRealArchives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file  string
		kills int
	}{
		{"killmails/edge-corpus.jsonl.gz", 108}, {"killmails/giant-and-odd.jsonl.gz", 29}, {"killmails/battle-77S8-E-2019-03-03.jsonl.gz", 822},
	} {
		docs := lines(t, captured(t, c.file))
		if len(docs) != c.kills {
			t.Errorf("%s holds %d documents, want %d", c.file, len(docs), c.kills)
		}
		for _, b := range docs {
			checkReal(t, c.file, b)
		}
	}
}

// checkReal decodes a real document and compares it with what a plain reading says.
func checkReal(t *testing.T, name string, b []byte) {
	t.Helper()
	d, err := killmail.DecodeDocument(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var plain struct {
		ID        int64             `json:"killmail_id"`
		Attackers []json.RawMessage `json:"attackers"`
		ESI       *struct {
			Attackers []json.RawMessage `json:"attackers"`
		} `json:"esi"`
		Zkb *struct {
			TotalValue json.RawMessage `json:"totalValue"` // a few are texts
		} `json:"zkb"`
	}
	if err := json.Unmarshal(b, &plain); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if plain.ESI != nil {
		plain.Attackers = plain.ESI.Attackers
	}
	k := d.Killmail
	if k.ID != plain.ID || len(k.Attackers) != len(plain.Attackers) || k.Victim.ShipTypeID == 0 {
		t.Errorf("%s: got killmail %d with %d attackers and hull %d, want %d with %d", name, k.ID, len(k.Attackers), k.Victim.ShipTypeID,
			plain.ID, len(plain.Attackers))
	}
	if plain.Zkb == nil || plain.Zkb.TotalValue == nil {
		return
	}
	want, err := strconv.ParseFloat(strings.Trim(string(plain.Zkb.TotalValue), `"`), 64)
	if err != nil || !k.Value.Known() || math.Abs(k.Value.ISK.Float()-want) > 0.01 {
		t.Errorf("%s: killmail %d: got the value %+v, want %s", name, k.ID, k.Value, plain.Zkb.TotalValue)
	}
}

func TestRealDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"r2z2_ephemeral_96695606.json", "esi_killmail_keepstar_107220741.json", "esi_killmail_keepstar_108794056.json"} {
		checkReal(t, name, captured(t, "payloads/"+name))
	}
	var page []json.RawMessage
	if err := json.Unmarshal(captured(t, "payloads/zkb_api_page_2017.json.gz"), &page); err != nil {
		t.Fatal(err)
	}
	if len(page) == 0 {
		t.Error("the page of zKillboard's API holds nothing")
	}
	for _, b := range page {
		checkReal(t, "zkb_api_page_2017", b)
	}
}

func TestRealFeedDocument(t *testing.T) {
	t.Parallel()
	d, err := killmail.DecodeDocument(captured(t, "payloads/r2z2_ephemeral_96695606.json"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Sequence != 96695606 || d.UploadedAt.Year() < 2025 || d.Killmail.Hash == "" || d.Killmail.Zkb == nil || !d.Killmail.Value.Known() {
		t.Errorf("got %+v with %+v", d, d.Killmail)
	}
}
