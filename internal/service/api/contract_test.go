package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/service/api"
)

// description is the published OpenAPI description, as far as answers are concerned.
type description struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID        string `json:"operationId"`
	Responses map[string]struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

// schema is the part of JSON Schema that the description uses.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"` // a name or several
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties any               `json:"additionalProperties"` // false, or a schema
	Required             []string          `json:"required"`
	Items                *schema           `json:"items"`
	AnyOf                []schema          `json:"anyOf"`
	Enum                 []any             `json:"enum"`
	Format               string            `json:"format"`
	Minimum              *float64          `json:"minimum"`
	Maximum              *float64          `json:"maximum"`
}

// check lists where a value differs from its schema.
func (d *description) check(s schema, v any, at string) []string {
	if s.Ref != "" {
		name := strings.TrimPrefix(s.Ref, "#/components/schemas/")
		target, ok := d.Components.Schemas[name]
		if !ok {
			return []string{at + ": no schema " + name}
		}
		return d.check(target, v, at)
	}
	if len(s.AnyOf) > 0 {
		var faults []string
		for _, one := range s.AnyOf {
			f := d.check(one, v, at)
			if len(f) == 0 {
				return nil
			}
			faults = append(faults, f...)
		}
		return faults
	}
	kind := kindOf(v)
	if types := typesOf(s.Type); len(types) > 0 && !slices.Contains(types, kind) && (kind != "integer" || !slices.Contains(types, "number")) {
		return []string{fmt.Sprintf("%s: is %s, want %v", at, kind, types)}
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	if len(s.Enum) > 0 && v != nil && !slices.Contains(s.Enum, v) {
		fault("%v is none of %v", v, s.Enum)
	}
	switch v := v.(type) {
	case float64:
		if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			fault("%v is out of bounds", v)
		}
	case string:
		if s.Format == "date-time" {
			if when, err := time.Parse(time.RFC3339, v); err != nil || when.Location() != time.UTC {
				fault("%q is no time in UTC", v)
			}
		}
	case []any:
		for i, item := range v {
			if s.Items != nil {
				faults = append(faults, d.check(*s.Items, item, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				fault("%s is missing", name)
			}
		}
		for name, inner := range v {
			if p, ok := s.Properties[name]; ok {
				faults = append(faults, d.check(p, inner, at+"."+name)...)
			} else if s.AdditionalProperties == false {
				fault("%s is not described", name)
			} else if extra, ok := s.AdditionalProperties.(map[string]any); ok {
				faults = append(faults, d.check(again(extra), inner, at+"."+name)...)
			}
		}
	}
	return faults
}

// again reads a schema that was decoded as plain JSON.
func again(v map[string]any) schema {
	var s schema
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		panic(err)
	}
	return s
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func typesOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, len(v))
		for i := range v {
			out[i], _ = v[i].(string)
		}
		return out
	}
	return nil
}

func described(t *testing.T, s *site) *description {
	t.Helper()
	d := into[description](t, s.get(t, "/api/v1/openapi.json"), http.StatusOK)
	return &d
}

// conforms checks an answer against what the description says of it.
func (d *description) conforms(t *testing.T, op operation, r *http.Response) {
	t.Helper()
	body := text(t, r)
	response, ok := op.Responses[fmt.Sprint(r.StatusCode)]
	if !ok {
		response, ok = op.Responses["default"]
	}
	if !ok {
		t.Fatalf("%s: status %d is not described: %s", op.ID, r.StatusCode, body)
	}
	if len(response.Content) == 0 {
		if body != "" {
			t.Errorf("%s: has a body, which is not described: %s", op.ID, body)
		}
		return
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	content, ok := response.Content[kind]
	if !ok {
		t.Fatalf("%s: status %d as %q is not described: %s", op.ID, r.StatusCode, kind, body)
	}
	var v any = body
	if strings.HasPrefix(kind, "text/") {
		// It is described as a text.
	} else if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%s: %v: %s", op.ID, err, body)
	}
	faults := d.check(content.Schema, v, "body")
	if len(faults) > 5 {
		faults = faults[:5]
	}
	for _, f := range faults {
		t.Errorf("%s: status %d: %s", op.ID, r.StatusCode, f)
	}
}

// TestEveryOperation asks every operation of the description, well and badly, and
// holds the answers to it.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	s := empty(t)
	if err := fill(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d := described(t, s)
	cookie := s.administrator(t)
	battle := s.all(t, "/api/v1/battles?limit=100")[0]
	kill := s.all(t, "/api/v1/killmails/recent?limit=100")[0]
	rules := `{"rules":{"min_pilots":2,"system_ids":[30002813],"spaces":["lowsec"]},"note":"tighter"}`
	type call struct {
		method, path, body string
		status             int
	}
	asked := map[string]bool{}
	for id, calls := range map[string][]call{
		"list-battles": {
			{"GET", "/api/v1/battles", "", 200}, {"GET", "/api/v1/battles?limit=0", "", 422}, {"GET", "/api/v1/battles?cursor=abc", "", 400},
			{"GET", "/api/v1/battles?kind=gank&kind=solo&kind=npc&limit=100", "", 200},
		},
		"get-battle": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d", battle), "", 200}, {"GET", fmt.Sprintf("/api/v1/battles/%d?view=summary", battle), "", 200},
			{"GET", "/api/v1/battles/99999", "", 404}, {"GET", "/api/v1/battles/x", "", 422},
			{"GET", fmt.Sprintf("/api/v1/battles/%d?from=2026-01-01T12:00:00Z&side=D:alliance-99000001&exclude=%d", battle, kill), "", 200},
			{"GET", fmt.Sprintf("/api/v1/battles/%d?view=summary&to=2026-01-01T00:00:00Z", battle), "", 200},
			{"GET", fmt.Sprintf("/api/v1/battles/%d?side=a:alliance-1", battle), "", 400}, {"GET", "/api/v1/battles/99999?exclude=1", "", 404},
		},
		"get-battle-damage": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d/damage", battle), "", 200}, {"GET", fmt.Sprintf("/api/v1/battles/%d/damage?from=x", battle), "", 400},
			{"GET", "/api/v1/battles/99999/damage", "", 404}, {"GET", "/api/v1/battles/0/damage", "", 422},
		},
		"get-battle-presence": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d/presence", battle), "", 200}, {"GET", fmt.Sprintf("/api/v1/battles/%d/presence?exclude=x", battle), "", 400},
			{"GET", "/api/v1/battles/99999/presence", "", 404},
		},
		"get-report": {
			{"GET", fmt.Sprintf("/api/v1/reports?battle=%d&from=2026-01-01T12:00:00Z", battle), "", 200},
			{"GET", fmt.Sprintf("/api/v1/reports?battle=%d&view=summary", battle), "", 200}, {"GET", "/api/v1/reports", "", 400},
			{"GET", "/api/v1/reports?battle=99999", "", 404}, {"GET", "/api/v1/reports?battle=1&view=long", "", 422},
		},
		"get-report-damage": {{"GET", fmt.Sprintf("/api/v1/reports/damage?battle=%d", battle), "", 200}, {"GET", "/api/v1/reports/damage", "", 400}},
		"list-battle-operations": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d/operations", battle), "", 200}, {"GET", "/api/v1/battles/x/operations", "", 422}, {"GET", "/api/v1/battles/99999/operations", "", 404},
		},
		"get-report-presence": {{"GET", fmt.Sprintf("/api/v1/reports/presence?battle=%d", battle), "", 200}, {"GET", "/api/v1/reports/presence?window=1", "", 400}},
		"export-battle": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d/export.csv", battle), "", 200}, {"GET", fmt.Sprintf("/api/v1/battles/%d/export.csv?side=x", battle), "", 400},
			{"GET", "/api/v1/battles/99999/export.csv", "", 404}, {"GET", "/api/v1/battles/0/export.csv", "", 422},
		},
		"export-report": {{"GET", fmt.Sprintf("/api/v1/reports/export.csv?battle=%d", battle), "", 200}, {"GET", "/api/v1/reports/export.csv", "", 400}},
		"write-battle": {
			{"GET", fmt.Sprintf("/api/v1/battles/%d/text", battle), "", 200}, {"GET", fmt.Sprintf("/api/v1/battles/%d/text?format=text", battle), "", 200},
			{"GET", fmt.Sprintf("/api/v1/battles/%d/text?format=html", battle), "", 422}, {"GET", "/api/v1/battles/99999/text", "", 404},
		},
		"write-report": {{"GET", fmt.Sprintf("/api/v1/reports/text?battle=%d", battle), "", 200}, {"GET", "/api/v1/reports/text?window=1", "", 400}},
		"get-related": {
			{"GET", "/api/v1/related/30000142/202601011200", "", 200}, {"GET", "/api/v1/related/30000142/yesterday", "", 400},
			{"GET", "/api/v1/related/30999999/202601011200", "", 404}, {"GET", "/api/v1/related/x/202601011200", "", 422},
		},
		"resolve-link": {
			{"GET", fmt.Sprintf("/api/v1/links?url=https://zkillboard.com/kill/%d/", kill), "", 200}, {"GET", "/api/v1/links?url=hello", "", 400},
			{"GET", "/api/v1/links?url=https://zkillboard.com/kill/7/", "", 404}, {"GET", "/api/v1/links", "", 422},
		},
		"get-battle-by-killmail": {
			{"GET", fmt.Sprintf("/api/v1/battles/by-killmail/%d", kill), "", 200}, {"GET", "/api/v1/battles/by-killmail/7", "", 404},
			{"GET", "/api/v1/battles/by-killmail/0", "", 422},
		},
		"list-recent-killmails": {
			{"GET", "/api/v1/killmails/recent?limit=100", "", 200}, {"GET", "/api/v1/killmails/recent?cursor=abc", "", 400},
			{"GET", "/api/v1/killmails/recent?min_isk=-1", "", 422},
		},
		"get-killmail": {
			{"GET", fmt.Sprintf("/api/v1/killmails/%d", kill), "", 200}, {"GET", "/api/v1/killmails/7", "", 404}, {"GET", "/api/v1/killmails/-1", "", 422},
		},
		"stream-killmails": {{"GET", "/api/v1/killmails/stream?last_event_id=x", "", 422}}, // the stream itself: stream_test.go
		"stream-battle": { // battlestream_test.go
			{"GET", "/api/v1/battles/99999/stream", "", 404}, {"GET", "/api/v1/battles/1/stream?base=X!", "", 422}, {"GET", "/api/v1/battles/x/stream", "", 422},
			{"GET", "/api/v1/battles/1/stream?last_event_id=x", "", 422},
		},
		"get-stats-summary":   {{"GET", "/api/v1/stats/summary", "", 200}},
		"get-ingestion-stats": {{"GET", "/api/v1/stats/ingestion", "", 200}},
		"get-system": {
			{"GET", "/api/v1/systems/30000142", "", 200}, {"GET", "/api/v1/systems/31000005", "", 200}, {"GET", "/api/v1/systems/30999999", "", 404},
			{"GET", "/api/v1/systems/5", "", 422},
		},
		"get-current-ruleset": {{"GET", "/api/v1/rulesets/current", "", 200}},
		"put-current-ruleset": {{"PUT", "/api/v1/rulesets/current", rules, 200}, {"PUT", "/api/v1/rulesets/current", `{"rules":{"min_pilots":0}}`, 422}},
		"list-rulesets":       {{"GET", "/api/v1/admin/rulesets", "", 200}},
		"activate-ruleset": {
			{"POST", "/api/v1/admin/rulesets/1/activate", "", 200}, {"POST", "/api/v1/admin/rulesets/99/activate", "", 404},
			{"POST", "/api/v1/admin/rulesets/x/activate", "", 422},
		},
		"dry-run-ruleset":   {{"POST", "/api/v1/admin/rulesets/dry-run", `{"rules":{"min_pilots":3,"spaces":["highsec","wormhole"]}}`, 200}, {"POST", "/api/v1/admin/rulesets/dry-run", `{}`, 422}},
		"list-dead-letters": {{"GET", "/api/v1/admin/dead-letters", "", 200}, {"GET", "/api/v1/admin/dead-letters?limit=1000", "", 422}},
		"get-dead-letter":   {{"GET", "/api/v1/admin/dead-letters/1", "", 200}, {"GET", "/api/v1/admin/dead-letters/99", "", 404}},
		"retry-dead-letter": {{"POST", "/api/v1/admin/dead-letters/1/retry", "", 200}, {"POST", "/api/v1/admin/dead-letters/99/retry", "", 404}},
		"list-verify-runs":  {{"GET", "/api/v1/admin/verify", "", 200}, {"GET", "/api/v1/admin/verify?limit=101", "", 422}},
		"list-jobs": {
			{"GET", "/api/v1/admin/jobs", "", 200}, {"GET", "/api/v1/admin/jobs?state=dead&kind=killmail.fetch", "", 200},
			{"GET", "/api/v1/admin/jobs?state=lost", "", 422}, {"GET", "/api/v1/admin/jobs?cursor=abc", "", 400},
		},
		"count-jobs": {{"GET", "/api/v1/admin/jobs/counts", "", 200}},
		"get-job":    {{"GET", "/api/v1/admin/jobs/1", "", 200}, {"GET", "/api/v1/admin/jobs/99", "", 404}, {"GET", "/api/v1/admin/jobs/x", "", 422}},
		"retry-job": {
			{"POST", "/api/v1/admin/jobs/1/retry", "", 200}, {"POST", "/api/v1/admin/jobs/4/retry", "", 409}, {"POST", "/api/v1/admin/jobs/99/retry", "", 404},
		},
		"cancel-job": {{"POST", "/api/v1/admin/jobs/5/cancel", "", 200}, {"POST", "/api/v1/admin/jobs/99/cancel", "", 404}},
		"drop-job": {
			{"DELETE", "/api/v1/admin/jobs/3", "", 204}, {"DELETE", "/api/v1/admin/jobs/2", "", 409}, {"DELETE", "/api/v1/admin/jobs/99", "", 404},
		},
	} {
		op, ok := d.operation(id)
		if !ok {
			t.Errorf("the description has no operation %s", id)
			continue
		}
		asked[id] = true
		if strings.Contains(id, "activate") { // needs a version to activate
			_ = s.ask(t, "PUT", "/api/v1/rulesets/current", rules, "Cookie", cookie)
		}
		for _, c := range calls {
			r := s.ask(t, c.method, c.path, c.body, "Cookie", cookie)
			if r.StatusCode != c.status {
				t.Errorf("%s %s: got status %d, want %d: %s", c.method, c.path, r.StatusCode, c.status, text(t, r))
				continue
			}
			d.conforms(t, op, r)
			if c.status >= 400 {
				checkProblem(t, c.path, s.ask(t, c.method, c.path, c.body, "Cookie", cookie), c.status)
			}
		}
	}
	// Last, because it takes the letter away.
	op, _ := d.operation("drop-dead-letter")
	asked[op.ID] = true
	for _, status := range []int{http.StatusNoContent, http.StatusNotFound} {
		r := s.ask(t, "DELETE", "/api/v1/admin/dead-letters/1", "", "Cookie", cookie)
		if r.StatusCode != status {
			t.Errorf("drop: got status %d, want %d", r.StatusCode, status)
		}
		d.conforms(t, op, r)
	}
	// One after the other, because each builds on what was made before.
	member := into[api.BattleView](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", battle)), http.StatusOK).Killmails[0].ID
	corrections := fmt.Sprintf("/api/v1/battles/%d/corrections", battle)
	exclude := fmt.Sprintf(`{"note":"a stray","killmails":[{"killmail_id":%d,"verb":"exclude","with":null}]}`, member)
	for _, c := range []struct {
		id string
		call
	}{
		{"list-battle-corrections", call{"GET", corrections, "", 200}}, {"list-battle-corrections", call{"GET", "/api/v1/battles/99999/corrections", "", 404}},
		{"correct-battle", call{"POST", corrections, exclude, 201}}, {"correct-battle", call{"POST", corrections, exclude, 409}},
		{"correct-battle", call{"POST", corrections, `{"killmails":[{"killmail_id":7,"verb":"exclude"}]}`, 422}},
		{"correct-battle", call{"POST", "/api/v1/battles/99999/corrections", exclude, 404}}, {"correct-battle", call{"POST", corrections, "{", 400}},
		{"list-battle-corrections", call{"GET", corrections, "", 200}},
		{"take-back-correction", call{"DELETE", "/api/v1/corrections/1", "", 200}}, {"take-back-correction", call{"DELETE", "/api/v1/corrections/1", "", 409}},
		{"take-back-correction", call{"DELETE", "/api/v1/corrections/99", "", 404}}, {"take-back-correction", call{"DELETE", "/api/v1/corrections/x", "", 422}},
		{"list-battle-corrections", call{"GET", corrections, "", 200}},
	} {
		asked[c.id] = true
		op, _ := d.operation(c.id)
		r := s.ask(t, c.method, c.path, c.body, "Cookie", cookie)
		if r.StatusCode != c.status {
			t.Errorf("%s %s: got status %d, want %d: %s", c.method, c.path, r.StatusCode, c.status, text(t, r))
			continue
		}
		d.conforms(t, op, r)
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if !asked[op.ID] {
				t.Errorf("%s %s (%s) was never asked", method, path, op.ID)
			}
		}
	}
}

func (d *description) operation(id string) (operation, bool) {
	for _, methods := range d.Paths {
		for _, op := range methods {
			if op.ID == id {
				return op, true
			}
		}
	}
	return operation{}, false
}

// TestEveryBattleConforms reads every battle of the full site whole, and the killmails in it.
func TestEveryBattleConforms(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	d := described(t, s)
	whole, _ := d.operation("get-battle")
	mail, _ := d.operation("get-killmail")
	ids := s.all(t, "/api/v1/battles?limit=9&kind=battle&kind=skirmish&kind=camp&kind=gank&kind=structure&kind=solo&kind=npc")
	if len(ids) < 10 {
		t.Fatalf("got %d battles, too few", len(ids))
	}
	for _, id := range ids {
		d.conforms(t, whole, s.get(t, fmt.Sprintf("/api/v1/battles/%d", id)))
		d.conforms(t, whole, s.get(t, fmt.Sprintf("/api/v1/battles/%d?view=summary", id)))
	}
	for _, id := range s.all(t, "/api/v1/killmails/recent?limit=50")[:60] {
		d.conforms(t, mail, s.get(t, fmt.Sprintf("/api/v1/killmails/%d", id)))
	}
}

// TestEmptySiteConforms reads everything of a store without a killmail.
func TestEmptySiteConforms(t *testing.T) {
	t.Parallel()
	s := empty(t)
	d := described(t, s)
	for id, path := range map[string]string{
		"list-battles": "/api/v1/battles", "list-recent-killmails": "/api/v1/killmails/recent", "get-stats-summary": "/api/v1/stats/summary",
		"get-ingestion-stats": "/api/v1/stats/ingestion",
	} {
		op, _ := d.operation(id)
		r := s.get(t, path)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: got status %d", path, r.StatusCode)
		}
		d.conforms(t, op, r)
	}
	if body := text(t, s.get(t, "/api/v1/battles")); body != "{\"items\":[],\"next_cursor\":null}\n" {
		t.Errorf("an empty list is %s", body)
	}
}

// TestCheckerFinds proves that the checker above can fail.
func TestCheckerFinds(t *testing.T) {
	t.Parallel()
	d := described(t, fullSite(t))
	op, _ := d.operation("get-system")
	s := op.Responses["200"].Content["application/json"].Schema
	var good map[string]any
	if err := json.Unmarshal([]byte(text(t, fullSite(t).get(t, "/api/v1/systems/30000142"))), &good); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{"id": "x", "security_band": "red", "region": 5.0, "neighbors": nil, "unheard": 1.0, "name": map[string]any{}} {
		bad := map[string]any{}
		for k, v := range good {
			bad[k] = v
		}
		bad[name] = value
		if len(d.check(s, bad, "body")) == 0 {
			t.Errorf("%s = %v passed", name, value)
		}
	}
	delete(good, "id")
	if len(d.check(s, good, "body")) == 0 {
		t.Error("a missing id passed")
	}
}
