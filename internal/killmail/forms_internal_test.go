package killmail

import (
	"errors"
	"testing"
)

// checkRef holds a document without a killmail to what its reader relies on.
func checkRef(t *testing.T, d Document) {
	t.Helper()
	if r := d.Ref; r != nil && (r.ID <= 0 || len(r.Hash) != 40) {
		t.Errorf("accepted the reference %+v, which ESI cannot be asked for", r)
	}
	if d.Empty() && (d.Sequence != 0 || !d.UploadedAt.IsZero()) {
		t.Errorf("empty document has sequence %d of %v", d.Sequence, d.UploadedAt)
	}
}

// FuzzDecodeForms fuzzes the forms that wrap a killmail, and the second pass over
// documents whose numbers are not written as numbers.
func FuzzDecodeForms(f *testing.F) {
	for _, s := range []string{
		`{"package":null}`, `{"package":{"killID":1,"zkb":{"hash":"0123456789abcdef0123456789abcdef01234567"}}}`,
		`{"killID":"7","killmail":{"killmail_id":7.0,"killmail_time":"2021-11-28T10:00:00Z","solar_system_id":"30002187","victim":{"damage_taken":1e3},"attackers":[{"damage_done":"12.5","security_status":"-9.9","final_blow":1}]},"zkb":{"points":"3","labels":{"0":"pvp","1":"solo"},"totalValue":null}}`,
		`{"package":{"package":{}}}`, `{"package":[]}`, `{"package":7}`, `{"killmail_id":7,"hash":"0123456789abcdef0123456789abcdef01234567","esi":null}`,
		`{"points":{"points":"1"}}`, `{"labels":{"a":1}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := DecodeDocument(b)
		if err == nil && d.Killmail != nil {
			checkSane(t, d)
		} else if err == nil {
			checkRef(t, d)
		} else if broken := (*DecodeError)(nil); !errors.As(err, &broken) {
			t.Fatalf("got the error %T, want a *DecodeError", err)
		}
		straight, ok := straighten(b)
		if !ok {
			return
		}
		if again, ok := straighten(straight); !ok || string(again) != string(straight) {
			t.Errorf("straightened twice: %q, once: %q", again, straight)
		}
		if err != nil {
			return
		}
		// What could be read as it was must read the same when straightened.
		other, err := DecodeDocument(straight)
		if err != nil || (other.Killmail == nil) != (d.Killmail == nil) || (other.Ref == nil) != (d.Ref == nil) {
			t.Errorf("straightened: %+v, %v; want %+v", other, err, d)
		}
	})
}
