package api_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

// giant makes a battle of n killmails with so many attackers, of some 5,000 pilots in 40
// alliances on two sides, over six hours.
func giant(n, attackers int) []store.Document {
	r := rand.New(rand.NewPCG(3, 3))
	pilot := func(side int64) killmail.Party {
		who := r.Int64N(2500)
		alliance := 2*(who%20) + side
		return killmail.Party{
			CharacterID: 90_000_000 + 10_000*side + who, CorporationID: 98_000_000 + 10*alliance + who%7, AllianceID: 99_000_000 + alliance,
			ShipTypeID: []int64{11987, 22428, 24690, 19720, 17740}[who%5],
		}
	}
	out := make([]store.Document, n)
	for i := range out {
		side := int64(i % 2)
		k := &killmail.Killmail{
			ID: int64(1_000_000 + i), Time: begin.Add(-12*time.Hour + time.Duration(i)*6*time.Hour/time.Duration(n)).Truncate(time.Second), SystemID: 30004807,
			Victim: killmail.Victim{Party: pilot(side), DamageTaken: 50_000}, Value: killmail.Value{ISK: eve.FromFloat(3e8), Source: killmail.ValueZkb},
		}
		for j := range attackers {
			k.Attackers = append(k.Attackers, killmail.Attacker{Party: pilot(1 - side), WeaponTypeID: 2977, DamageDone: int64(50_000 / attackers), FinalBlow: j == 0})
		}
		out[i] = store.Document{Document: killmail.Document{Killmail: k}, Space: eve.Nullsec}
	}
	return out
}

// BenchmarkGiantReport measures a report of 3,000 killmails with 300 attackers each, the
// size of the largest battles of New Eden: the first answer, and windows in it.
func BenchmarkGiantReport(b *testing.B) {
	s, err := open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.store.Close()
	const kills = 3000
	docs := giant(kills, 300)
	for i := 0; i < kills; i += 300 {
		if _, err := s.store.Save(b.Context(), store.Batch{Documents: docs[i : i+300], Now: now, Source: "r2z2"}); err != nil {
			b.Fatal(err)
		}
	}
	ask := func(b *testing.B, h http.Handler, path string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			b.Fatalf("got status %d: %s", w.Code, w.Body)
		}
		n, _ := io.Copy(io.Discard, w.Body)
		b.SetBytes(n)
	}
	window := fmt.Sprintf("window=30004807:%s-%s", begin.Add(-13*time.Hour).Format("200601021504"), begin.Format("200601021504"))
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			ask(b, api.New(s.Deps).Handler(), "/api/v1/reports?"+window)
		}
	})
	for name, path := range map[string]string{
		"again": "?" + window, "sides": "?side=C:alliance-99000004&" + window,
		"ten minutes": "?" + window + "&from=" + stampOf(begin.Add(-10*time.Hour)) + "&to=" + stampOf(begin.Add(-10*time.Hour+10*time.Minute)),
		"damage":      "/damage?" + window, "presence": "/presence?" + window,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask(b, s.http, "/api/v1/reports"+path)
			}
		})
	}
}
