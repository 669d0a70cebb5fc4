package killmail_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

const hash = "0123456789abcdef0123456789abcdef01234567"

var fought = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// document reads a file of testdata.
func document(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// at finds or sets what lies at a path of keys, attackers and items by number.
func at(t *testing.T, d map[string]any, path string, set ...any) any {
	t.Helper()
	var here any = d
	keys := strings.Split(path, ".")
	for i, key := range keys {
		last := i == len(keys)-1
		switch v := here.(type) {
		case map[string]any:
			if last && len(set) > 0 {
				if set[0] == missing {
					delete(v, key)
				} else {
					v[key] = set[0]
				}
				return nil
			}
			here = v[key]
		case []any:
			here = v[key[0]-'0']
		default:
			t.Fatalf("%s: nothing at %s", path, key)
		}
	}
	return here
}

// missing stands for a field that is left out.
var missing = new(int)

func encode(t *testing.T, d map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantESI() *killmail.Killmail {
	return &killmail.Killmail{
		ID: 130000001, Time: fought, SystemID: 30002813, MoonID: 40178442, WarID: 7,
		Victim: killmail.Victim{
			Party:       killmail.Party{CharacterID: 2199000001, CorporationID: 98999001, AllianceID: 99999001, FactionID: 500001, ShipTypeID: 621},
			DamageTaken: 4321,
			Items: []killmail.Item{
				{TypeID: 2488, Destroyed: 2},
				{TypeID: 3465, Dropped: 1, Items: []killmail.Item{{TypeID: 34, Destroyed: 10, Dropped: 5}}},
				{TypeID: 10000, Dropped: 1, Singleton: 2},
			},
		},
		Attackers: []killmail.Attacker{
			{
				Party:        killmail.Party{CharacterID: 2199000002, CorporationID: 98999002, AllianceID: 99999002, ShipTypeID: 587},
				WeaponTypeID: 2488, DamageDone: 4000, SecurityStatus: -9.9, FinalBlow: true,
			},
			{Party: killmail.Party{FactionID: 500010, ShipTypeID: 23000}, DamageDone: 321},
		},
	}
}

func wantR2Z2() killmail.Document {
	return killmail.Document{
		Killmail: &killmail.Killmail{
			ID: 130000001, Hash: hash, Time: fought, SystemID: 30002813,
			Victim: killmail.Victim{Party: killmail.Party{CharacterID: 2199000001, CorporationID: 98999001, ShipTypeID: 621}, DamageTaken: 4321},
			Attackers: []killmail.Attacker{{
				Party:        killmail.Party{CharacterID: 2199000002, CorporationID: 98999002, ShipTypeID: 587},
				WeaponTypeID: 2488, DamageDone: 4321, SecurityStatus: 1.25, FinalBlow: true,
			}},
			Zkb: &killmail.Zkb{
				LocationID: 50013876, TotalValue: 1_234_567_891, HasValue: true, Points: 4, Solo: true, Awox: true,
				Labels: []string{"cat:6", "solo", "loc:lowsec"},
			},
			Value: killmail.Value{ISK: 1_234_567_891, Source: killmail.ValueZkb},
		},
		Sequence: 96695606, SequenceUpdated: 96695000, UploadedAt: time.Unix(1767323050, 0).UTC(),
	}
}

func decode(t *testing.T, b []byte) killmail.Document {
	t.Helper()
	d, err := killmail.DecodeDocument(b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestForms reads one killmail in the forms in which sources write it.
func TestForms(t *testing.T) {
	t.Parallel()
	esi, r2z2 := document(t, "esi.json"), document(t, "r2z2.json")
	with := func(name string, more map[string]any) []byte {
		d := document(t, name)
		for k, v := range more {
			d[k] = v
		}
		return encode(t, d)
	}
	hashed := wantESI()
	hashed.Hash = hash
	valued := wantESI()
	valued.Hash, valued.Zkb, valued.Value = hash, wantR2Z2().Killmail.Zkb, wantR2Z2().Killmail.Value
	for _, c := range []struct {
		name string
		body []byte
		want killmail.Document
	}{
		{"ESI", encode(t, esi), killmail.Document{Killmail: wantESI()}},
		{"R2Z2", encode(t, r2z2), wantR2Z2()},
		{"ESI with a zkb block", with("esi.json", map[string]any{"zkb": r2z2["zkb"]}), killmail.Document{Killmail: valued}},
		{"EVERef member", with("esi.json", map[string]any{"killmail_hash": hash, "http_last_modified": "2026-01-02T03:05:00Z"}),
			killmail.Document{Killmail: hashed}},
		{"unknown fields", with("esi.json", map[string]any{"hash": hash, "position": []any{nil, map[string]any{"x": 1e300}}, "": "x"}),
			killmail.Document{Killmail: hashed}},
	} {
		if diff := cmp.Diff(c.want, decode(t, c.body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestMayBeMissing leaves out, and sets to null, what real documents are known to lack.
func TestMayBeMissing(t *testing.T) {
	t.Parallel()
	for _, value := range []any{missing, nil} {
		for _, path := range []string{
			"moon_id", "war_id", "victim.alliance_id", "victim.character_id", "victim.corporation_id", "victim.faction_id", "victim.items",
			"victim.position", "victim.damage_taken", "attackers.0.alliance_id", "attackers.0.character_id", "attackers.0.corporation_id",
			"attackers.0.ship_type_id", "attackers.0.weapon_type_id", "attackers.0.final_blow", "attackers.0.security_status",
			"attackers.1.faction_id", "victim.items.0.quantity_destroyed", "victim.items.1.items",
		} {
			d := document(t, "esi.json")
			at(t, d, path, value)
			decode(t, encode(t, d))
		}
		for _, path := range []string{
			"zkb", "zkb.totalValue", "zkb.labels", "zkb.points", "zkb.locationID", "zkb.hash", "hash", "uploaded_at", "sequence_updated", "killmail_id",
			"zkb.npc", "zkb.solo", "zkb.awox",
		} {
			d := document(t, "r2z2.json")
			at(t, d, path, value)
			if got := decode(t, encode(t, d)); got.Killmail == nil || got.Killmail.ID != 130000001 {
				t.Errorf("without %s: got %+v", path, got)
			}
		}
	}
	d := document(t, "esi.json")
	at(t, d, "attackers", []any{})
	if got := decode(t, encode(t, d)); len(got.Killmail.Attackers) != 0 {
		t.Errorf("got attackers %v, want none", got.Killmail.Attackers)
	}
}

// TestRefused breaks one field after the other; the error names it.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, path string
		value      any
		field      string
	}{
		{"esi.json", "killmail_id", missing, "killmail_id"},
		{"esi.json", "killmail_id", nil, "killmail_id"},
		{"esi.json", "killmail_id", 0, "killmail_id"},
		{"esi.json", "killmail_id", -5, "killmail_id"},
		{"esi.json", "killmail_id", "abc", "document"},
		{"esi.json", "killmail_time", missing, "killmail_time"},
		{"esi.json", "killmail_time", "", "killmail_time"},
		{"esi.json", "killmail_time", "yesterday", "killmail_time"},
		{"esi.json", "killmail_time", "2026-01-02", "killmail_time"},
		{"esi.json", "killmail_time", "1999-01-02T00:00:00Z", "killmail_time"},
		{"esi.json", "killmail_time", "2999-01-02T00:00:00Z", "killmail_time"},
		{"esi.json", "killmail_time", "2026-13-02T00:00:00Z", "killmail_time"},
		{"esi.json", "solar_system_id", missing, "solar_system_id"},
		{"esi.json", "solar_system_id", -1, "solar_system_id"},
		{"esi.json", "victim", missing, "victim"},
		{"esi.json", "victim", nil, "victim"},
		{"esi.json", "victim", []any{1}, "document"},
		{"esi.json", "victim.ship_type_id", -1, "victim.ship_type_id"},
		{"esi.json", "victim.character_id", -1, "victim"},
		{"esi.json", "victim.damage_taken", -1, "victim"},
		{"esi.json", "attackers", missing, "attackers"},
		{"esi.json", "attackers", nil, "attackers"},
		{"esi.json", "attackers", "many", "document"},
		{"esi.json", "attackers.1.alliance_id", -1, "attackers[1]"},
		{"esi.json", "attackers.0.damage_done", -1, "attackers[0]"},
		{"esi.json", "attackers.0.weapon_type_id", -1, "attackers[0]"},
		{"esi.json", "killmail_hash", "0123", "hash"},
		{"esi.json", "killmail_hash", strings.ToUpper(hash), "hash"},
		{"esi.json", "killmail_hash", strings.Repeat("g", 40), "hash"},
		{"r2z2.json", "killmail_id", 5, "esi.killmail_id"},
		{"r2z2.json", "hash", "x", "hash"},
		{"r2z2.json", "zkb.totalValue", -1, "document"},
		{"r2z2.json", "zkb.totalValue", 1e17, "document"},
		{"r2z2.json", "zkb.totalValue", "much", "document"},
		{"r2z2.json", "zkb.totalValue", "NaN", "document"},
		{"r2z2.json", "zkb.totalValue", "+Inf", "document"},
		{"r2z2.json", "zkb.totalValue", true, "document"},
		{"r2z2.json", "esi.victim", nil, "victim"},
	} {
		d := document(t, c.file)
		at(t, d, c.path, c.value)
		got, err := killmail.DecodeDocument(encode(t, d))
		var broken *killmail.DecodeError
		if !errors.As(err, &broken) {
			t.Errorf("%s = %v: got %+v, %v, want a DecodeError", c.path, c.value, got.Killmail, err)
			continue
		}
		if broken.Field != c.field || broken.Reason == "" {
			t.Errorf("%s = %v: got %v, want the field %s", c.path, c.value, broken, c.field)
		}
		if got.Killmail != nil {
			t.Errorf("%s = %v: got a killmail with the error", c.path, c.value)
		}
	}
}

// TestNoDocument reads what is no JSON object; the reason says what it is instead.
func TestNoDocument(t *testing.T) {
	t.Parallel()
	whole := string(encode(t, document(t, "r2z2.json")))
	for _, c := range []struct{ name, body, reason string }{
		{"nothing", "", "is empty"},
		{"blanks", " \n\t", "is empty"},
		{"web page", "<!DOCTYPE html><html></html>", "is HTML"},
		{"list", "[1]", "is not a JSON object"},
		{"text", "killmail", "is not a JSON object"},
		{"truncated", whole[:len(whole)/2], "is truncated"},
		{"last brace missing", whole[:len(whole)-1] + " ", "unexpected end"},
		{"something behind it", whole + "{}", "is not a killmail"},
		{"broken inside", strings.Replace(whole, ":", ";", 1), "is not a killmail"},
	} {
		_, err := killmail.DecodeDocument([]byte(c.body))
		var broken *killmail.DecodeError
		if !errors.As(err, &broken) || broken.Field != "document" || !strings.Contains(broken.Reason, c.reason) {
			t.Errorf("%s: got %v, want the reason %q", c.name, err, c.reason)
		}
	}
}

func TestErrorNamesKillmail(t *testing.T) {
	t.Parallel()
	d := document(t, "esi.json")
	at(t, d, "victim", missing)
	_, err := killmail.DecodeDocument(encode(t, d))
	if err == nil || err.Error() != "killmail 130000001: victim: is missing" {
		t.Errorf("got %v", err)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"2026-01-02T03:04:05Z", fought},
		{"2026-01-02T05:04:05+02:00", fought},
		{"2026-01-02T03:04:05.999Z", fought},
		{"2003-05-06T00:00:00Z", time.Date(2003, 5, 6, 0, 0, 0, 0, time.UTC)},
	} {
		d := document(t, "esi.json")
		at(t, d, "killmail_time", c.text)
		if got := decode(t, encode(t, d)).Killmail.Time; got != c.want {
			t.Errorf("%s: got %v, want %v", c.text, got, c.want)
		}
	}
	d := document(t, "r2z2.json")
	at(t, d, "uploaded_at", 1767323050000) // milliseconds by mistake
	if got := decode(t, encode(t, d)).UploadedAt; !got.IsZero() {
		t.Errorf("time of upload in the year %d: got %v, want none", time.Unix(1767323050000, 0).Year(), got)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value any
		want  eve.ISK
		known bool
	}{
		{12345678.91, 1_234_567_891, true},
		{0, 0, true},
		{"250000.5", 25_000_050, true},
		{json.RawMessage("1e9"), 1e11, true},
		{json.RawMessage("0.005"), 1, true},
		{9e16, 9e18, true},
		{nil, 0, false},
		{missing, 0, false},
	} {
		d := document(t, "r2z2.json")
		at(t, d, "zkb.totalValue", c.value)
		k := decode(t, encode(t, d)).Killmail
		if k.Value.ISK != c.want || k.Value.Known() != c.known || k.Zkb.HasValue != c.known || k.Zkb.TotalValue != c.want {
			t.Errorf("%v: got %+v and %+v, want %d", c.value, k.Value, *k.Zkb, c.want)
		}
	}
}
