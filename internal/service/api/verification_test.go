package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

func TestVerifyRuns(t *testing.T) {
	t.Parallel()
	s := empty(t)
	if r := s.get(t, "/api/v1/admin/verify"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("anybody is answered with %d", r.StatusCode)
	}
	cookie := s.administrator(t)
	list := func() []api.VerifyRunView {
		t.Helper()
		return into[struct {
			Items []api.VerifyRunView `json:"items"`
		}](t, s.get(t, "/api/v1/admin/verify?limit=2", "Cookie", cookie), http.StatusOK).Items
	}
	if got := list(); len(got) != 0 {
		t.Errorf("got %+v before any run", got)
	}
	for i := range 3 {
		_, err := s.store.PutVerifyRun(t.Context(), store.VerifyRun{
			StartedAt: now, FinishedAt: now.Add(time.Minute), Since: begin, Killmails: int64(100 + i), Found: 1, Open: 1, NotChecked: []string{"days: no history"},
			Findings: []store.Finding{{
				Check: store.CheckBattleTotals, Severity: store.SeverityError, State: store.FindingOpen, Subject: "battle", Count: 12, Left: 12,
				Samples: []int64{3, 4}, Detail: "sums differ", Repair: "written anew",
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	got := list()
	if len(got) != 2 || got[0].ID != 3 || got[1].ID != 2 || got[0].Killmails != 102 || !got[0].Since.Equal(begin) || got[0].Until != nil {
		t.Fatalf("got %+v", got)
	}
	if len(got[0].Findings) != 1 || len(got[1].Findings) != 0 || !slices.Equal(got[0].NotChecked, []string{"days: no history"}) {
		t.Fatalf("got %+v", got)
	}
	if f := got[0].Findings[0]; f.Check != "battle-totals" || f.Count != 12 || !slices.Equal(f.Samples, []int64{3, 4}) || f.State != "open" {
		t.Errorf("got %+v", f)
	}
}
