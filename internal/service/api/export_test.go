package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
)

// rows reads an exported table as one map a row.
func rows(t *testing.T, r *http.Response) []map[string]string {
	t.Helper()
	body := text(t, r)
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("got status %d and %q: %.300s", r.StatusCode, r.Header.Get("Content-Type"), body)
	}
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("%v in %.300s", err, body)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// TestExport compares the table of a battle with its JSON.
func TestExport(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	r := s.get(t, fmt.Sprintf("/api/v1/battles/%d/export.csv", b.ID))
	if got, want := r.Header.Get("Content-Disposition"), fmt.Sprintf(`attachment; filename="battle-%d.csv"`, b.ID); got != want {
		t.Errorf("got the disposition %q, want %q", got, want)
	}
	table := rows(t, r)
	if len(table) != len(b.Killmails) || len(table) != b.Kills {
		t.Fatalf("got %d rows, want %d", len(table), b.Kills)
	}
	for i := range table {
		row, k := table[i], &b.Killmails[i]
		side := strings.TrimPrefix(k.Side, "unassigned")
		isk := ""
		if k.ISK != nil {
			isk = fmt.Sprintf("%.2f", *k.ISK)
		}
		want := map[string]string{
			"killmail_id": fmt.Sprint(k.ID), "occurred_at": k.OccurredAt.Format(time.RFC3339), "victim_side": side, "isk": isk, "isk_source": k.ISKSource,
			"system": *b.Systems[0].Name, "ship_type": *k.Victim.ShipType.Name, "class": k.Class, "attackers": fmt.Sprint(k.AttackerCount),
			"victim_character_id": fmt.Sprint(k.Victim.Character.ID), "zkillboard_url": k.ZkillboardURL, "final_blow_ship_type_id": fmt.Sprint(k.FinalBlow.ShipType.ID),
		}
		for name, value := range want {
			if row[name] != value {
				t.Errorf("row %d: got %s=%q, want %q", i, name, row[name], value)
			}
		}
	}
	for path, status := range map[string]int{
		"/api/v1/battles/999999/export.csv":           http.StatusNotFound,
		"/api/v1/battles/0/export.csv":                http.StatusUnprocessableEntity,
		"/api/v1/battles/1/export.csv?from=yesterday": http.StatusBadRequest,
		"/api/v1/reports/export.csv":                  http.StatusBadRequest,
	} {
		checkProblem(t, path, s.get(t, path), status)
	}
}

// TestExportOfLook narrows: the table has what the JSON of the same address has.
func TestExportOfLook(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	half := b.StartedAt.Add(b.EndedAt.Sub(b.StartedAt) / 2).Format(time.RFC3339)
	window := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, b.StartedAt.Format("200601021504"), b.EndedAt.Format("200601021504"))
	for view, table := range map[string]string{
		fmt.Sprintf("/api/v1/battles/%d?to=%s", b.ID, half):                   fmt.Sprintf("/api/v1/battles/%d/export.csv?to=%s", b.ID, half),
		fmt.Sprintf("/api/v1/battles/%d?exclude=%d", b.ID, b.Killmails[0].ID): fmt.Sprintf("/api/v1/battles/%d/export.csv?exclude=%d", b.ID, b.Killmails[0].ID),
		"/api/v1/reports?" + window:                                           "/api/v1/reports/export.csv?" + window,
	} {
		want := into[api.BattleView](t, s.get(t, view), http.StatusOK)
		var got []string
		for _, row := range rows(t, s.get(t, table)) {
			got = append(got, row["killmail_id"])
		}
		var ids []string
		for i := range want.Killmails {
			ids = append(ids, fmt.Sprint(want.Killmails[i].ID))
		}
		if !slices.Equal(got, ids) || len(got) == 0 {
			t.Errorf("%s: got %v, want %v", table, got, ids)
		}
	}
}

// TestFormulas: no name is one in a spreadsheet, and each can be had back.
func TestFormulas(t *testing.T) {
	t.Parallel()
	s, _ := fleet(t)
	who, err := s.store.Unresolved(t.Context(), store.EntityUnnamed, now, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		`=HYPERLINK("http://evil.example","x")`: `'=HYPERLINK("http://evil.example","x")`,
		"+1+1":                                  "'+1+1",
		"-A-":                                   "'-A-",
		"@SUM(A1)":                              "'@SUM(A1)",
		"\t=1+1":                                "' =1+1",
		"  =1+1":                                "'  =1+1",
		"\r=1+1":                                "' =1+1",
		"＝1+1":                                  "'＝1+1",
		"'=1":                                   "''=1",
		"|cmd":                                  "'|cmd",
		`a,"b"`:                                 `a,"b"`,
		"a\nb":                                  "a b",
		"Ann = Bob":                             "Ann = Bob",
		"O'Neill":                               "O'Neill",
		"x-y":                                   "x-y",
		"Ω corp ©®™":                            "Ω corp ©®™",
	} {
		s.named(t, who, name)
		table := rows(t, s.get(t, "/api/v1/battles/1/export.csv"))
		if got := table[0]["victim_character"]; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		for _, row := range table {
			for column, value := range row {
				if value != "" && strings.ContainsAny(value[:1], "=+-@\t\r|") && column != "security" {
					t.Fatalf("%q: %s is %q", name, column, value)
				}
			}
		}
	}
}

// TestText: the message for Discord and the long form, of a battle and a report.
func TestText(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	member := b.Sides[0].Members[0].Entity
	window := fmt.Sprintf("window=%d:%s-%s", b.Systems[0].ID, b.StartedAt.Format("200601021504"), b.EndedAt.Format("200601021504"))
	for _, c := range []struct {
		path string
		want []string
		not  string
	}{
		{fmt.Sprintf("/api/v1/battles/%d/text", b.ID), []string{fmt.Sprintf("**battle %d in %s", b.ID, *b.Systems[0].Name), "```", fmt.Sprintf("http://example.com/battles/%d\n", b.ID), "<https://zkillboard.com/related/"}, "?"},
		{fmt.Sprintf("/api/v1/battles/%d/text", b.ID), nil, "Only what is shown"},
		{fmt.Sprintf("/api/v1/battles/%d/text?format=text", b.ID), []string{fmt.Sprintf("battle %d in", b.ID), "Largest losses", fmt.Sprintf("http://example.com/battles/%d\n", b.ID)}, "**"},
		{fmt.Sprintf("/api/v1/battles/%d/text?exclude=%d", b.ID, b.Killmails[0].ID), []string{fmt.Sprintf("%d kills", b.Kills-1), fmt.Sprintf("/battles/%d?exclude=%d\n", b.ID, b.Killmails[0].ID), "\nOnly what is shown: 1 killmail left out\n"}, ""},
		{
			fmt.Sprintf("/api/v1/battles/%d/text?from=%s&side=B:%s-%d", b.ID, b.Killmails[1].OccurredAt.Format(time.RFC3339), member.Type, member.ID),
			[]string{"\nOnly what is shown: from " + eve.FormatTime(b.Killmails[1].OccurredAt) + " EVE, sides changed by hand\n"}, "left out",
		},
		{"/api/v1/reports/text?" + window, []string{"**report in " + *b.Systems[0].Name, "http://example.com/reports?" + window + "\n"}, "report 0"},
	} {
		for range 2 { // the second from what was kept, if anything was
			r := s.get(t, c.path)
			body := text(t, r)
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Fatalf("%s: got status %d and %q: %s", c.path, r.StatusCode, r.Header.Get("Content-Type"), body)
			}
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("%s: %q is not in\n%s", c.path, want, body)
				}
			}
			if c.not != "" && strings.Contains(body, c.not) {
				t.Errorf("%s: %q is in\n%s", c.path, c.not, body)
			}
			if !strings.Contains(c.path, "format=text") && len([]rune(body)) > 2000 {
				t.Errorf("%s: %d characters are too many for Discord", c.path, len([]rune(body)))
			}
		}
	}
	for path, status := range map[string]int{
		"/api/v1/battles/999999/text":                                    http.StatusNotFound,
		fmt.Sprintf("/api/v1/battles/%d/text?format=html", b.ID):         http.StatusUnprocessableEntity,
		fmt.Sprintf("/api/v1/battles/%d/text?side=everyone", b.ID):       http.StatusBadRequest,
		fmt.Sprintf("/api/v1/battles/%d/text?from=2026-13-01", b.ID):     http.StatusBadRequest,
		"/api/v1/reports/text?window=7:202601011200-202601011300":        http.StatusBadRequest,
		"/api/v1/reports/text?window=30000142:202601011200-202601011300": http.StatusNotFound,
	} {
		checkProblem(t, path, s.get(t, path), status)
	}
}
