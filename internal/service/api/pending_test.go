package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/store"
)

// TestKillmailWithoutDetails is told apart from one that nobody knows.
func TestKillmailWithoutDetails(t *testing.T) {
	t.Parallel()
	s := empty(t)
	for id, test := range map[int64]struct {
		end  store.EnrichmentState
		says string
	}{
		1: {"", "pending"}, 2: {store.EnrichmentFailed, "does not give"}, 3: {store.EnrichmentSucceeded, "not known"}, // rejected by the ruleset
	} {
		_, err := s.store.Save(t.Context(), store.Batch{Partial: []store.Partial{{KillmailID: id, Source: "redisq"}}, Now: now})
		if err == nil && test.end != "" {
			err = s.store.EndEnrichment(t.Context(), store.EnrichmentEnd{KillmailID: id, Revision: 1, State: test.end}, now)
		}
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/api/v1/killmails/%d", id)
		if p := checkProblem(t, path, s.ask(t, http.MethodGet, path, ""), http.StatusNotFound); !strings.Contains(p.Detail, test.says) {
			t.Errorf("%s: got %q, want %q", path, p.Detail, test.says)
		}
	}
}
