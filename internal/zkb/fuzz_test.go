package zkb

import (
	"bytes"
	"errors"
	"testing"
)

const fuzzMail = `{"killmail_id":7,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`

// FuzzFeedBody gives any bytes as the body of an R2Z2 document.
func FuzzFeedBody(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `{"killmail_id":7,"esi":` + fuzzMail + `,"sequence_id":1011}`, `{"killmail_id":7,"esi":` + fuzzMail + `,"sequence_id":1012}`,
		`{"package":null}`, `{"package":{"killID":7,"killmail":` + fuzzMail + `}}`, `{"package":{"killID":7,"zkb":{"hash":"0123456789abcdef0123456789abcdef01234567"}}}`, `<html>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		document, err := decode(1011, b)
		if err != nil {
			broken := (*documentError)(nil)
			if !errors.As(err, &broken) || !bytes.Equal(broken.raw, b) {
				t.Errorf("got %v, want a *documentError with the bytes", err)
			}
			return
		}
		if document.Empty() || document.Sequence != 1011 {
			t.Errorf("accepted %+v", document)
		}
	})
}

// FuzzHistory gives any bytes as the files of the history.
func FuzzHistory(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `null`, `[]`, `{"20071205":123}`, `{"20071205":-1}`, `{"7":"0123456789abcdef0123456789abcdef01234567"}`, `{"7":` + fuzzMail + `}`,
		`{"8":` + fuzzMail + `,"9":null}`, `{"7":` + fuzzMail, `{"a":1}`, `{"7":{}} x`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var totals map[Day]int
		if err := decodeTotals(bytes.NewReader(b), &totals); err == nil {
			for day, n := range totals {
				if day.Time().IsZero() || n < 0 {
					t.Errorf("accepted %d killmails on %q", n, day)
				}
			}
		}
		if hashes, err := decodeHashes(bytes.NewReader(b)); err == nil {
			for id, hash := range hashes {
				if id <= 0 || len(hash) != 40 {
					t.Errorf("accepted killmail %d with hash %q", id, hash)
				}
			}
		}
		_ = eachRaw(bytes.NewReader(b), func(id int64, raw []byte) error {
			d := rawDocument(id, raw)
			if (d.Err == nil) != (d.Document.Killmail != nil) || d.Err == nil && d.Document.Killmail.ID != id {
				t.Errorf("killmail %d: got %+v", id, d)
			}
			return nil
		})
	})
}
