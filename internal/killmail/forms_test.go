package killmail_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

const (
	formHash = "0123456789abcdef0123456789abcdef01234567"
	formMail = `{"killmail_id":7,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,
		"victim":{"character_id":null,"corporation_id":98000001,"alliance_id":null,"ship_type_id":587,"damage_taken":70,"items":null,"position":null},
		"attackers":[{"character_id":90000001,"corporation_id":98000002,"faction_id":null,"damage_done":70,"final_blow":true,"security_status":5,"ship_type_id":null}],
		"war_id":null,"moon_id":null}`
	formBlock = `{"locationID":50000001,"hash":"` + formHash + `","fittedValue":1,"totalValue":100.5,"points":3,"npc":false,"solo":true,"awox":false,"labels":["pvp"],"href":"x"}`
)

// formPlain is the killmail within an envelope.
var formPlain = strings.TrimSuffix(strings.TrimSpace(formMail), "}")

// TestSourceForms reads one killmail in every form that sources use.
func TestSourceForms(t *testing.T) {
	t.Parallel()
	zkb := &killmail.Zkb{LocationID: 50000001, TotalValue: eve.FromFloat(100.5), HasValue: true, Points: 3, Solo: true, Labels: []string{"pvp"}}
	tests := []struct {
		name, body string
		hash       string
		zkb        *killmail.Zkb
		sequence   int64
	}{
		{"R2Z2", `{"killmail_id":7,"hash":"` + formHash + `","esi":` + formMail + `,"zkb":` + formBlock + `,"uploaded_at":1774949044,"sequence_id":96695606}`, formHash, zkb, 96695606},
		{"R2Z2 that says sequence", `{"killmail_id":7,"esi":` + formMail + `,"zkb":` + formBlock + `,"sequence":5}`, formHash, zkb, 5},
		{"RedisQ package", `{"package":{"killID":7,"killmail":` + formMail + `,"zkb":` + formBlock + `}}`, formHash, zkb, 0},
		{"RedisQ package without wrapper", `{"killID":7,"killmail":` + formMail + `,"zkb":` + formBlock + `}`, formHash, zkb, 0},
		{"RedisQ package with nulls", `{"package":{"killID":7,"killmail":` + formMail + `,"zkb":null}}`, "", nil, 0},
		{"element of a zKillboard list", formPlain + `,"zkb":` + formBlock + `}`, formHash, zkb, 0},
		{"ESI", formMail, "", nil, 0},
		{"EVERef", formPlain + `,"killmail_hash":"` + formHash + `","http_last_modified":"2024-07-14T10:01:00Z"}`, formHash, nil, 0},
		{"with an empty package beside it", formPlain + `,"package":null}`, "", nil, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, err := killmail.DecodeDocument([]byte(test.body))
			if err != nil || d.Killmail == nil || d.Ref != nil {
				t.Fatalf("got %+v, %v; want the killmail", d, err)
			}
			k := d.Killmail
			if k.ID != 7 || k.SystemID != 30002187 || k.Victim.CorporationID != 98000001 || len(k.Attackers) != 1 || k.Attackers[0].SecurityStatus != 5 {
				t.Errorf("got killmail %+v", k)
			}
			if k.Hash != test.hash || d.Sequence != test.sequence {
				t.Errorf("got hash %q and sequence %d, want %q and %d", k.Hash, d.Sequence, test.hash, test.sequence)
			}
			if diff := cmp.Diff(test.zkb, k.Zkb); diff != "" {
				t.Errorf("zkb (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFormsWithoutKillmail reads documents that only name their killmail, and
// completes them.
func TestFormsWithoutKillmail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		block bool
	}{
		"RedisQ package":                 {`{"package":{"killID":7,"zkb":` + formBlock + `}}`, true},
		"RedisQ package with null":       {`{"package":{"killID":7,"killmail":null,"zkb":` + formBlock + `}}`, true},
		"RedisQ package without wrapper": {`{"killID":7,"zkb":` + formBlock + `}`, true},
		"zKillboard's short element":     {`{"killmail_id":7,"zkb":` + formBlock + `}`, true},
		"id and hash":                    {`{"killmail_id":7,"killmail_hash":"` + formHash + `"}`, false},
		"R2Z2 without killmail":          {`{"killmail_id":7,"hash":"` + formHash + `","esi":null,"zkb":` + formBlock + `}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := killmail.DecodeDocument([]byte(test.body))
			if err != nil || d.Killmail != nil || d.Ref == nil || d.Empty() {
				t.Fatalf("got %+v, %v; want a reference", d, err)
			}
			if d.Ref.ID != 7 || d.Ref.Hash != formHash || (d.Ref.Zkb != nil) != test.block {
				t.Errorf("got reference %+v", d.Ref)
			}
			fetched, err := killmail.DecodeDocument([]byte(formMail))
			if err != nil {
				t.Fatal(err)
			}
			whole, err := d.Complete(fetched.Killmail)
			if err != nil || whole.Ref != nil || whole.Killmail.Hash != formHash || (whole.Killmail.Value.Source == killmail.ValueZkb) != test.block {
				t.Errorf("completed: %+v, %v", whole.Killmail, err)
			}
			if _, err := d.Complete(&killmail.Killmail{ID: 8}); err == nil {
				t.Error("completed with another killmail")
			}
		})
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	d, err := killmail.DecodeDocument([]byte(`{"package":null}`))
	if err != nil || !d.Empty() {
		t.Errorf("got %+v, %v; want nothing", d, err)
	}
}

// TestNumbersInOtherForms reads numbers as relays and old dumps write them.
func TestNumbersInOtherForms(t *testing.T) {
	t.Parallel()
	body := `{"killmail_id":"7","killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187.0,
		"victim":{"ship_type_id":"587","damage_taken":1.5e3,"corporation_id":""},
		"attackers":[{"damage_done":"12.5","final_blow":1,"security_status":"-9.9","character_id":90000001}],
		"zkb":{"totalValue":"1234.5","points":"12","npc":0,"labels":{"0":"pvp","2":"solo"},"hash":"` + formHash + `"}}`
	d, err := killmail.DecodeDocument([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	k := d.Killmail
	a := k.Attackers[0]
	if k.ID != 7 || k.SystemID != 30002187 || k.Victim.ShipTypeID != 587 || k.Victim.DamageTaken != 1500 || k.Victim.CorporationID != 0 {
		t.Errorf("got %+v", k)
	}
	if a.DamageDone != 13 || !a.FinalBlow || a.SecurityStatus != -9.9 {
		t.Errorf("got attacker %+v", a)
	}
	want := &killmail.Zkb{TotalValue: eve.FromFloat(1234.5), HasValue: true, Points: 12, Labels: []string{"pvp", "solo"}}
	if diff := cmp.Diff(want, k.Zkb); diff != "" {
		t.Errorf("zkb (-want +got):\n%s", diff)
	}
}

// TestFormsThatCannotBeUsed names the field that is to blame.
func TestFormsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, field string }{
		"envelope and killmail differ":       {`{"killID":8,"killmail":` + formMail + `}`, "killmail.killmail_id"},
		"R2Z2 envelope and killmail differ":  {`{"killmail_id":8,"esi":` + formMail + `}`, "esi.killmail_id"},
		"no hash and no killmail":            {`{"package":{"killID":7,"zkb":{"npc":false}}}`, "killmail_time"},
		"hash is none":                       {`{"killmail_id":7,"zkb":{"hash":"abc"}}`, "hash"},
		"an error of zKillboard":             {`{"error":"Too many requests"}`, "killmail_id"},
		"package is a list":                  {`{"package":[1]}`, "package"},
		"number is a word":                   {`{"killmail_id":"seven"}`, "document"},
		"number is beyond 64 bits":           {`{"killmail_id":1e30}`, "document"},
		"wrapper within a wrapper":           {`{"package":{"package":` + formMail + `}}`, "killmail_id"},
		"a history map":                      {`{"78146996":"4ceed992204ea5cab36f9543e80b90f0417534f5"}`, "killmail_id"},
		"killmail of a package is truncated": {`{"package":{"killID":7,"killmail":{"killmail_id":7`, "document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := killmail.DecodeDocument([]byte(test.body))
			var broken *killmail.DecodeError
			if !errors.As(err, &broken) || broken.Field != test.field || !d.Empty() {
				t.Errorf("got %+v, %v; want an error that names %s", d, err, test.field)
			}
		})
	}
}

// TestEveryRealDocument decodes every capture and every killmail file at hand.
func TestEveryRealDocument(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BATTLESCOPE_REALDATA")
	if root == "" {
		t.Skip("BATTLESCOPE_REALDATA names no folder of real killmails")
	}
	decode := func(t *testing.T, b []byte) {
		t.Helper()
		if d, err := killmail.DecodeDocument(b); err != nil || d.Killmail == nil {
			t.Errorf("%v: %.200q", err, b)
		}
	}
	payloads := map[string]int{
		"r2z2_ephemeral_96695606.json": 1, "r2z2_ephemeral_98531146_partial.json": 1,
		"redisq_package_2024_119455394.json": 1, "redisq_package_2024_b.json": 1, "redisq_packages_2024.json": 3,
		"zkb_api_page_2017.json.gz": 200, "esi_killmail_keepstar_107220741.json": 1, "esi_killmail_keepstar_108794056.json": 1,
	}
	for name, want := range payloads {
		b := content(t, filepath.Join(root, "payloads", name))
		documents := []json.RawMessage{b}
		if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
			if err := json.Unmarshal(b, &documents); err != nil {
				t.Fatal(err)
			}
		}
		if len(documents) != want {
			t.Errorf("%s holds %d documents, want %d", name, len(documents), want)
		}
		for _, document := range documents {
			decode(t, document)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "killmails", "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no killmail files: %v", err)
	}
	n := 0
	for _, file := range files {
		lines := bufio.NewScanner(bytes.NewReader(content(t, file)))
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			decode(t, lines.Bytes())
			n++
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if n < 900 {
		t.Errorf("killmail files hold %d documents, want over 900", n)
	}
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return b
	}
	zip, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(zip); err != nil {
		t.Fatal(err)
	}
	return b
}
