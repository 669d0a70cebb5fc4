package esi_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/esi"
)

// answer answers everything with the same body.
type answer []byte

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a)), Request: r}, nil
}

// FuzzAnswers gives any bytes as ESI's answers: what is accepted must make sense.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		``, `[]`, `null`, `[{"id":7,"name":"A","category":"character"}]`, `[{"id":7}]`, `{"name":"A","ticker":"B"}`, `{"name":"A"}`, `{"error":"x"}`, `<html>`,
		`{"killmail_id":7,"killmail_time":"2024-07-14T10:00:00Z","solar_system_id":30002187,"victim":{"ship_type_id":587},"attackers":[]}`,
		`{"package":null}`, `{"killmail_id":7,"hash":"0123456789abcdef0123456789abcdef01234567"}`,
	} {
		f.Add([]byte(s))
	}
	cfg := esi.DefaultConfig()
	cfg.Contact, cfg.Tries, cfg.MaxRate = "pilot@example.org", 1, 1e12
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := esi.New(cfg, answer(b), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		names, unknown, err := c.Names(t.Context(), []int64{90000001, 90000002})
		if err == nil && len(unknown) > 0 {
			t.Errorf("got unknown ids %v from a list", unknown)
		}
		for _, n := range names {
			if n.Name == "" || n.ID != 90000001 && n.ID != 90000002 {
				t.Errorf("accepted %+v", n)
			}
		}
		if o, err := c.Alliance(t.Context(), 99000001); err == nil && (o.Name == "" || o.Ticker == "") {
			t.Errorf("accepted %+v", o)
		}
		if k, err := c.Killmail(t.Context(), 7, "0123456789abcdef0123456789abcdef01234567"); err == nil && (k == nil || k.ID != 7) {
			t.Errorf("accepted %+v", k)
		}
	})
}
