package killmail

import (
	stdjson "encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-json"
	"github.com/google/go-cmp/cmp"
)

// FuzzDecodeDocument holds the decoder to its promises on any bytes: no panic, a
// DecodeError for what is refused, sane values for what is accepted, and the same
// judgement and values as the standard library's JSON.
func FuzzDecodeDocument(f *testing.F) {
	for _, name := range []string{"testdata/r2z2.json", "testdata/esi.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, s := range []string{``, `{}`, `null`, `[]`, `{"esi":null}`, `{"zkb":{"totalValue":"12.5"}}`, `{"attackers":[null]}`, `<html>`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := DecodeDocument(b)
		if err == nil {
			checkSane(t, d)
		} else if bad := (*DecodeError)(nil); !errors.As(err, &bad) {
			t.Fatalf("got the error %T, want a *DecodeError", err)
		}
		compareJSON(t, b)
	})
}

// checkSane holds an accepted document to what everything behind the decoder relies on.
func checkSane(t *testing.T, d Document) {
	t.Helper()
	if !d.UploadedAt.IsZero() && (d.UploadedAt.Year() < 1970 || d.UploadedAt.Year() > 9999) {
		t.Errorf("accepted the time of upload %v, which JSON cannot write", d.UploadedAt)
	}
	if d.Killmail == nil {
		if d.Ref != nil && (d.Ref.ID <= 0 || len(d.Ref.Hash) != 40) {
			t.Errorf("accepted a reference to %d with the hash %q", d.Ref.ID, d.Ref.Hash)
		}
		return
	}
	if d.Killmail == nil {
		checkRef(t, d)
		return
	}
	k := d.Killmail
	switch {
	case k.ID <= 0, k.SystemID <= 0:
		t.Errorf("accepted the ids %d and %d", k.ID, k.SystemID)
	case k.Time.Year() < 2003 || k.Time.Year() > 2200 || k.Time.Nanosecond() != 0 || k.Time.Location().String() != "UTC":
		t.Errorf("accepted the time %v", k.Time)
	case k.Hash != "" && len(k.Hash) != 40:
		t.Errorf("accepted the hash %q", k.Hash)
	case k.Value.ISK < 0, !k.Value.Known() && k.Value.ISK != 0:
		t.Errorf("accepted the value %+v", k.Value)
	}
	for _, p := range append([]Party{k.Victim.Party}, parties(k)...) {
		if !p.valid() {
			t.Errorf("accepted the party %+v", p)
		}
	}
	Estimate(k, func(int64) (float64, bool) { return 1e6, true }, ValueBase, k.Time)
	if k.Value.ISK < 0 {
		t.Errorf("estimated %d", k.Value.ISK)
	}
}

func parties(k *Killmail) []Party {
	out := make([]Party, len(k.Attackers))
	for i := range k.Attackers {
		out[i] = k.Attackers[i].Party
	}
	return out
}

func compareJSON(t *testing.T, b []byte) {
	t.Helper()
	var fast, standard wireDocument
	fastErr, standardErr := json.Unmarshal(b, &fast), stdjson.Unmarshal(b, &standard)
	if (fastErr == nil) != (standardErr == nil) {
		t.Fatalf("judged differently: %v, the standard library says %v\n%q", fastErr, standardErr, b)
	}
	if fastErr != nil || !utf8.Valid(b) { // what stands in place of broken text may differ
		return
	}
	if diff := cmp.Diff(standard, fast, cmp.Exporter(func(reflect.Type) bool { return true }), cmp.Comparer(sameNumber)); diff != "" {
		t.Fatalf("read differently (-standard +ours):\n%s\n%q", diff, b)
	}
}

// sameNumber forgives the last digit: libraries round long decimals differently.
func sameNumber(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-14*math.Max(math.Abs(a), math.Abs(b))
}
