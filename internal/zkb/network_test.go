package zkb_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/test/fake"
	"github.com/battlescope/battlescope/test/sim"
)

// TestOverTheNetwork reads a simulated day over real connections, one of which
// breaks in the middle of a body, and one of which refuses.
func TestOverTheNetwork(t *testing.T) {
	t.Parallel()
	for name, keepAlive := range map[string]bool{"one connection": true, "a connection for each": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := sim.Day(5, 400)
			source := fake.NewR2Z2(fake.Numbered(1001, set.R2Z2(1001))...)
			source.PublishAll()
			source.InjectAt("/1200.json", 1, fake.Status(503, ""))
			var broken atomic.Bool
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/ephemeral/1100.json" && broken.CompareAndSwap(false, true) {
					w.Header().Set("Content-Length", "5000")
					_, _ = w.Write([]byte(`{"killmail_id":`)) // the server closes the connection for what is missing
					return
				}
				source.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)

			cfg := config()
			cfg.BaseURL, cfg.MaxRate, cfg.BackoffMin, cfg.KeepAlive = server.URL, 1e5, time.Millisecond, keepAlive
			feed, err := zkb.New(cfg, zkb.Deps{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)

			ctx, cancel := context.WithCancel(t.Context())
			times := map[int64]int{}
			err = feed.Run(ctx, zkb.Cursor{Sequence: 1000}, func(_ context.Context, batch zkb.Batch) error {
				for _, document := range batch.Documents {
					times[document.Killmail.ID]++
				}
				if batch.Cursor.Sequence == 1400 {
					cancel()
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Run ended with %v, want context.Canceled", err)
			}
			want := map[int64]int{}
			for _, k := range set.Kills {
				want[k.Mail.ID]++
			}
			for id, n := range want {
				if times[id] != n {
					t.Errorf("killmail %d came %d times, want %d", id, times[id], n)
				}
			}
			if !broken.Load() || source.MostInFlight() != 1 {
				t.Errorf("broken connection met: %v, most requests in flight %d", broken.Load(), source.MostInFlight())
			}
		})
	}
}
