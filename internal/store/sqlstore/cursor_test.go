package sqlstore

import (
	"encoding/base64"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/battlescope/battlescope/internal/store"
)

func TestKeysetRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := keyset{
			order: rapid.SampledFrom([]string{"+started_at", "-isk", "recent"}).Draw(t, "order"),
			key:   rapid.Int64().Draw(t, "key"), id: rapid.Int64().Draw(t, "id"),
		}
		got, err := parseKeyset(want.String(), want.order)
		if err != nil || got != want {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestKeysetRefused(t *testing.T) {
	t.Parallel()
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	good := keyset{"+kills", math.MinInt64, math.MaxInt64}.String()
	if _, err := parseKeyset(good, "+kills"); err != nil {
		t.Fatalf("the good cursor: %v", err)
	}
	for name, cursor := range map[string]string{
		"empty":         "",
		"no base64":     "§§",
		"padded":        good + "=",
		"cut":           good[:len(good)-1],
		"other order":   keyset{"-kills", 1, 2}.String(),
		"one part":      encode("+kills"),
		"two parts":     encode("+kills.1"),
		"four parts":    encode("+kills.1.2.3"),
		"key no number": encode("+kills.x.2"),
		"id no number":  encode("+kills.1."),
		"key too large": encode("+kills.9223372036854775808.2"),
		"statement":     encode("+kills.1.2;DROP TABLE battles"),
		"hexadecimal":   encode("+kills.0x1.2"),
	} {
		if k, err := parseKeyset(cursor, "+kills"); !errors.Is(err, store.ErrCursor) {
			t.Errorf("%s: got %+v, %v, want %v", name, k, err, store.ErrCursor)
		}
	}
}

func FuzzKeyset(f *testing.F) {
	f.Add(keyset{"+kills", 1, 2}.String(), "+kills")
	f.Add("", "")
	f.Add("ICsxIC4xLjE", "+kills")
	f.Fuzz(func(t *testing.T, cursor, order string) {
		k, err := parseKeyset(cursor, order)
		if err != nil {
			if !errors.Is(err, store.ErrCursor) {
				t.Fatalf("got %v, want %v", err, store.ErrCursor)
			}
			return
		}
		if k.order != order {
			t.Fatalf("a cursor of %q was accepted for %q", k.order, order)
		}
		if again, err := parseKeyset(k.String(), order); err != nil || again != k {
			t.Fatalf("got %+v, %v from its own text, want %+v", again, err, k)
		}
	})
}
