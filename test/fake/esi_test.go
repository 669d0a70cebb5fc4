package fake_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/battlescope/battlescope/test/fake"
)

// post asks ESI for names.
func post(t *testing.T, f *fake.ESI, path, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://esi.test"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test (pilot@example.org)")
	req.Header.Set("X-Compatibility-Date", "2026-07-21")
	resp, err := fake.Transport{Handler: f}.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, content.String(), resp.Header
}

func TestESI(t *testing.T) {
	t.Parallel()
	f := fake.NewESI(fake.Name{ID: 1, Name: "A Pilot", Category: "character"}, fake.Name{ID: 2, Name: "B of C", Category: "corporation"})
	f.AddNames(fake.Name{ID: 3, Name: "The D", Category: "alliance", Ticker: "DDD"})
	f.AddKillmail(7, "abc", []byte(`{"killmail_id":7}`))
	date := []string{"X-Compatibility-Date", "2026-07-21"}
	for path, want := range map[string]string{
		"/corporations/2": `200 {"name":"B of C","ticker":"BOC"}`, "/alliances/3/": `200 {"name":"The D","ticker":"DDD"}`, "/killmails/7/abc": `200 {"killmail_id":7}`,
		"/alliances/2": `404 {"error":"Not found"}`, "/killmails/7/abd": `422 {"error":"Invalid killmail_id and/or killmail_hash"}`,
		"/universe/names": `405 {"error":"Method not allowed"}`, "/elsewhere": `404 {"error":"Not found"}`,
	} {
		if status, body, _ := get(t, f, path, date...); strconv.Itoa(status)+" "+body != want {
			t.Errorf("%s: got %d %s, want %s", path, status, body, want)
		}
	}
	for body, want := range map[string]string{
		`[1,3]`: `200 [{"id":1,"name":"A Pilot","category":"character"},{"id":3,"name":"The D","category":"alliance"}]`,
		`[1,9]`: `404 {"error":"Ensure all IDs are valid before resolving."}`,
		`[1,1]`: `400 {"error":"1 to 1000 different ids are needed"}`, `[]`: `400 {"error":"1 to 1000 different ids are needed"}`,
		`{}`: `400 {"error":"body is no list of ids"}`,
	} {
		if status, answer, _ := post(t, f, "/universe/names", body); strconv.Itoa(status)+" "+answer != want {
			t.Errorf("names %s: got %d %s, want %s", body, status, answer, want)
		}
	}
	if status, _, _ := get(t, f, "/status"); status != 400 {
		t.Errorf("without a date: status %d, want 400", status)
	}
	if status, _, _ := get(t, f, "/status", append(date, "User-Agent", "")...); status != 403 {
		t.Errorf("without a name: status %d, want 403", status)
	}
}

func TestESIInventsNames(t *testing.T) {
	t.Parallel()
	f := fake.NewESI(fake.Name{ID: 90000001, Name: "A Pilot", Category: "character"})
	f.Invent()
	status, body, _ := post(t, f, "/universe/names", `[90000001,98000001,99000001,500001]`)
	for _, want := range []string{"A Pilot", "Unnamed corporation 98000001", "Unnamed alliance 99000001", "Unnamed faction 500001"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("got %d %s, want %s", status, body, want)
		}
	}
}

// TestESICountsErrors: a hundred in a minute, then nothing but 420 until it is over.
func TestESICountsErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := fake.NewESI(fake.Name{ID: 1, Name: "A", Category: "character"})
		for i := range 100 {
			status, _, header := post(t, f, "/universe/names", `[2]`)
			if status != 404 || header.Get("X-ESI-Error-Limit-Remain") != strconv.Itoa(99-i) {
				t.Fatalf("error %d: status %d, %s left", i, status, header.Get("X-ESI-Error-Limit-Remain"))
			}
		}
		time.Sleep(20 * time.Second)
		status, _, header := post(t, f, "/universe/names", `[1]`)
		if status != 420 || header.Get("X-ESI-Error-Limit-Reset") != "40" {
			t.Errorf("used up: status %d, reset in %s; want 420 and 40", status, header.Get("X-ESI-Error-Limit-Reset"))
		}
		time.Sleep(40 * time.Second)
		if status, _, _ := post(t, f, "/universe/names", `[1]`); status != 200 {
			t.Errorf("a minute later: status %d, want 200", status)
		}
	})
}

func TestReadNames(t *testing.T) {
	t.Parallel()
	text := `{"id":1,"name":"A","category":"character"}` + "\n" + `{"id":2,"name":"B","category":"alliance","ticker":"BB"}` + "\n"
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte(text))
	_ = zip.Close()
	want := []fake.Name{{ID: 1, Name: "A", Category: "character"}, {ID: 2, Name: "B", Category: "alliance", Ticker: "BB"}}
	for _, in := range []string{text, packed.String()} {
		got, err := fake.ReadNames(strings.NewReader(in))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if _, err := fake.ReadNames(strings.NewReader(text + "broken")); err == nil || !strings.Contains(err.Error(), "after 2 names") {
		t.Errorf("got %v, want the place of the error", err)
	}
}

func TestRedisQ(t *testing.T) {
	t.Parallel()
	document := []byte(`{"killmail_id":7,"hash":"abc","esi":{"killmail_id":7},"zkb":{"npc":false}}`)
	for name, test := range map[string]struct {
		form fake.Form
		want string
	}{
		"direct":       {fake.Direct, `{"package":{"killID":7,"killmail":{"killmail_id":7},"zkb":{"hash":"abc","npc":false}}}`},
		"redirect":     {fake.Redirected, `{"package":{"killID":7,"killmail":{"killmail_id":7},"zkb":{"hash":"abc","npc":false}}}`},
		"without mail": {fake.WithoutMail, `{"package":{"killID":7,"zkb":{"hash":"abc","npc":false}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := fake.NewRedisQ(test.form)
				f.Push(document)
				// ask listens and follows the answer.
				ask := func() (int, string) {
					status, body, header := get(t, f, "/listen.php?queueID=q&ttw=3")
					if status == 302 {
						status, body, _ = get(t, f, "/"+header.Get("Location"))
					}
					return status, body
				}
				if status, body := ask(); status != 200 || body != test.want {
					t.Errorf("got %d %s, want %s", status, body, test.want)
				}
				start := time.Now()
				if status, body := ask(); status != 200 || body != `{"package":null}` || time.Since(start) != 3*time.Second {
					t.Errorf("empty queue: got %d %s after %v, want nothing after 3s", status, body, time.Since(start))
				}
				if status, _, _ := get(t, f, "/listen.php?ttw=3"); status != 400 {
					t.Errorf("without a queue: status %d, want 400", status)
				}
				if status, _, _ := get(t, f, "/object.php?objectID=gone"); status != 404 {
					t.Errorf("object that is gone: status %d, want 404", status)
				}
			})
		})
	}
}

// TestESICountsTokens of a group in a floating window, and refuses only that group.
func TestESICountsTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := fake.NewESI(fake.Name{ID: 1, Name: "A", Category: "character"})
		date := []string{"X-Compatibility-Date", "2026-07-21"}
		for range 30 { // of 10 minutes
			for range 10 {
				if status, _, _ := get(t, f, "/status", date...); status != 200 {
					t.Fatalf("status %d within the budget of 600 tokens", status)
				}
			}
			time.Sleep(20 * time.Second)
		}
		status, _, header := get(t, f, "/status", date...)
		if status != 429 || header.Get("Retry-After") != "300" || header.Get("X-Ratelimit-Remaining") != "0" || header.Get("X-Ratelimit-Group") != "status" {
			t.Errorf("used up: status %d, %v", status, header)
		}
		if status, _, header := post(t, f, "/universe/names", `[1]`); status != 200 || header.Get("X-Ratelimit-Group") != "" {
			t.Errorf("another group: status %d, %v", status, header)
		}
		time.Sleep(5 * time.Minute)
		for i := range 11 {
			if status, _, _ := get(t, f, "/status", date...); status == 200 != (i < 10) {
				t.Errorf("request %d when the first ten are forgotten: status %d", i, status)
			}
		}
	})
}

// TestESISaysHowLongAnswersAreGood and answers 304 to those who have them.
func TestESISaysHowLongAnswersAreGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := fake.NewESI(fake.Name{ID: 2, Name: "B of C", Category: "corporation"})
		date := []string{"X-Compatibility-Date", "2026-07-21"}
		status, _, header := get(t, f, "/corporations/2", date...)
		expires, err := http.ParseTime(header.Get("Expires"))
		etag := header.Get("ETag")
		if status != 200 || err != nil || time.Until(expires) != time.Hour || etag == "" {
			t.Errorf("status %d, %v, %v; want an hour", status, header, err)
		}
		if status, body, _ := get(t, f, "/corporations/2", append(date, "If-None-Match", etag)...); status != 304 || body != "" {
			t.Errorf("unchanged: %d %s, want 304", status, body)
		}
		f.AddNames(fake.Name{ID: 2, Name: "D of C", Category: "corporation"})
		if status, _, _ := get(t, f, "/corporations/2", append(date, "If-None-Match", etag)...); status != 200 {
			t.Errorf("changed: %d, want 200", status)
		}
	})
}

func TestESIAffiliationsAndPrices(t *testing.T) {
	t.Parallel()
	f := fake.NewESI()
	date := []string{"X-Compatibility-Date", "2026-07-21"}
	if status, _, _ := get(t, f, "/markets/prices", date...); status != 404 {
		t.Errorf("prices before there are any: status %d", status)
	}
	average := 2.5
	f.SetPrices(fake.Price{TypeID: 1, Average: &average}, fake.Price{TypeID: 2})
	if _, body, _ := get(t, f, "/markets/prices", date...); body != `[{"type_id":1,"average_price":2.5},{"type_id":2}]` {
		t.Errorf("prices: %s", body)
	}
	f.Affiliate(fake.Affiliation{CharacterID: 1, CorporationID: 2}, fake.Affiliation{CharacterID: 3, CorporationID: 4, AllianceID: 5, FactionID: 6})
	for body, want := range map[string]string{
		`[3,1]`: `200 [{"character_id":3,"corporation_id":4,"alliance_id":5,"faction_id":6},{"character_id":1,"corporation_id":2}]`,
		`[1,9]`: `404 {"error":"Character not found"}`, `[]`: `400 {"error":"1 to 1000 different ids are needed"}`,
	} {
		if status, answer, _ := post(t, f, "/characters/affiliation", body); strconv.Itoa(status)+" "+answer != want {
			t.Errorf("%s: got %d %s, want %s", body, status, answer, want)
		}
	}
}
