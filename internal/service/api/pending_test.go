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
		kind string
		page int
	}{
		1: {"", "pending", "urn:battlescope:killmail-pending", http.StatusOK},
		2: {store.EnrichmentFailed, "does not give", "urn:battlescope:killmail-unavailable", http.StatusOK},
		3: {store.EnrichmentSucceeded, "not known", "about:blank", http.StatusNotFound}, // rejected by the ruleset
	} {
		_, err := s.store.Save(t.Context(), store.Batch{Partial: []store.Partial{{KillmailID: id, Source: "redisq"}}, Now: now})
		if err == nil && test.end != "" {
			err = s.store.EndEnrichment(t.Context(), store.EnrichmentEnd{KillmailID: id, Revision: 1, State: test.end}, now)
		}
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/api/v1/killmails/%d", id)
		if p := checkProblem(t, path, s.ask(t, http.MethodGet, path, ""), http.StatusNotFound); !strings.Contains(p.Detail, test.says) || p.Type != test.kind {
			t.Errorf("%s: got %q of the type %s, want %q of %s", path, p.Detail, p.Type, test.says, test.kind)
		}
		r := s.get(t, fmt.Sprintf("/kills/%d", id))
		if h := headOf(t, text(t, r)); r.StatusCode != test.page || h["robots"] != "noindex" {
			t.Errorf("page of killmail %d: got status %d and %v, want %d", id, r.StatusCode, h, test.page)
		}
	}
}
