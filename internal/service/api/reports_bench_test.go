package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// BenchmarkGiant measures the API on a battle of the size of the largest of New Eden: what
// a server answers that has nothing at hand, and what it answers again.
func BenchmarkGiant(b *testing.B) {
	battle := sim.Giant(1, sim.GiantOptions{Start: begin.Add(-12 * time.Hour)})
	mails := battle.Mails()
	ask := func(b *testing.B, h http.Handler, path string) {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("got status %d: %s", w.Code, w.Body)
		}
		b.ReportMetric(float64(w.Body.Len())/1000, "kB")
	}
	at := func(hours time.Duration) string { return stampOf(begin.Add(-12*time.Hour + hours)) }
	s, err := open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.store.Close()
	if err := s.save(b.Context(), mails...); err != nil {
		b.Fatal(err)
	}
	names := make([]store.NamedEntity, len(battle.Names))
	for i, n := range battle.Names {
		names[i] = store.NamedEntity{ID: n.Entity.ID, Name: store.Name{Name: n.Name, Ticker: n.Ticker}, State: store.EntityResolved}
	}
	if err := s.store.SaveNames(b.Context(), names, now); err != nil {
		b.Fatal(err)
	}
	id, err := s.store.BattleOf(b.Context(), mails[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	deps := s.Deps
	deps.Cache = memcache.New(memcache.DefaultLimits, time.Now)
	warm := api.New(deps).Handler()
	whole := fmt.Sprintf("/api/v1/battles/%d", id)
	for _, q := range []struct{ name, path string }{
		{"battle", whole}, {"summary", whole + "?view=summary"}, {"window", whole + "?from=" + at(3*time.Hour) + "&to=" + at(3*time.Hour+10*time.Minute)},
		{"sides", fmt.Sprintf("%s?side=C:alliance-%d", whole, mails[0].Victim.AllianceID)}, {"damage", whole + "/damage"}, {"presence", whole + "/presence"},
		{"report", fmt.Sprintf("/api/v1/reports?window=%d:%s-%s", mails[0].SystemID, begin.Add(-13*time.Hour).Format("200601021504"), begin.Format("200601021504"))},
	} {
		b.Run(q.name+"/cold", func(b *testing.B) {
			for b.Loop() {
				ask(b, api.New(s.Deps).Handler(), q.path)
			}
		})
		b.Run(q.name+"/warm", func(b *testing.B) {
			ask(b, warm, q.path)
			b.ResetTimer()
			for b.Loop() {
				ask(b, warm, q.path)
			}
		})
	}
}
