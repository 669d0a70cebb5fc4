package riverqueue

import (
	"log/slog"
	"testing"
	"time"
)

// TestConnectingEnds looks at how long a server that does not answer is waited for.
func TestConnectingEnds(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]time.Duration{
		"postgres://a@127.0.0.1:1/x":                   connectTime,
		"postgres://a@127.0.0.1:1/x?connect_timeout=3": 3 * time.Second,
	} {
		q, err := OpenPostgres(t.Context(), dsn, Config{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if got := q.engine.(*postgresEngine).pool.Config().ConnConfig.ConnectTimeout; got != want {
			t.Errorf("%s: got %v, want %v", dsn, got, want)
		}
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	}
}
