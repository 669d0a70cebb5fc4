package app

import (
	"slices"
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
)

// TestChosenServices makes servers of some services. Their database need not be there.
func TestChosenServices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		only  []string
		url   string
		want  []string
		usage bool
	}{
		"two":          {[]string{"cluster", "api"}, "postgres://127.0.0.1:1/x", []string{"api", "cluster"}, false},
		"twice":        {[]string{"cluster", "cluster"}, "postgres://127.0.0.1:1/x", []string{"cluster"}, false},
		"unknown":      {[]string{"clusters"}, "postgres://127.0.0.1:1/x", nil, true},
		"in a folder":  {[]string{"cluster"}, "", nil, true},
		"wrong scheme": {[]string{"cluster"}, "redis://127.0.0.1:1/x", nil, true},
	} {
		cfg := ServeConfig{ServiceConfig: ServiceConfig{Data: Data{Data: t.TempDir(), DatabaseURL: c.url}, ESI: ESI{NoESI: true}, Lease: 1, Listen: "127.0.0.1:0"}, Only: c.only}
		s, err := NewServer(t.Context(), cfg, quietLog)
		if c.usage {
			if !fault.IsUsage(err) || fault.HintOf(err) == "" {
				t.Errorf("%s: got %v, want a usage error with a hint", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := names(s.services); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
