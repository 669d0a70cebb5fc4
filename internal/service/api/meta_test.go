package api_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/sim"
)

// head is what the page says of itself.
type head map[string]string

var (
	titleOf = regexp.MustCompile(`<title>([^<]*)</title>`)
	metaOf  = regexp.MustCompile(`<meta (?:name|property)="([^"]*)" content="([^"]*)">`)
	linkOf  = regexp.MustCompile(`<link rel="canonical" href="([^"]*)">`)
	asksOf  = regexp.MustCompile(`<link rel="preload" as="fetch" crossorigin href="([^"]*)">`)
)

func headOf(t *testing.T, body string) head {
	t.Helper()
	h := head{}
	put := func(name, value string) {
		if _, twice := h[name]; twice {
			t.Errorf("%s stands there twice", name)
		}
		h[name] = html.UnescapeString(value)
	}
	for _, m := range titleOf.FindAllStringSubmatch(body, -1) {
		put("title", m[1])
	}
	for _, m := range metaOf.FindAllStringSubmatch(body, -1) {
		put(m[1], m[2])
	}
	for _, m := range linkOf.FindAllStringSubmatch(body, -1) {
		put("canonical", m[1])
	}
	for _, m := range asksOf.FindAllStringSubmatch(body, -1) {
		put("asks", m[1])
	}
	return h
}

// biggest returns the battle with most kills of the full site.
func (s *site) biggest(t *testing.T) api.BattleView {
	t.Helper()
	list := into[page](t, s.get(t, "/api/v1/battles?sort=-kills&limit=1"), http.StatusOK)
	return into[api.BattleView](t, s.get(t, fmt.Sprintf("/api/v1/battles/%d", list.Items[0].ID)), http.StatusOK)
}

// TestHead looks at the head of every view.
func TestHead(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	system, kill := b.Systems[0], b.Killmails[0]
	where, day := *system.Name, b.StartedAt.Format(time.DateOnly)
	stamp := b.StartedAt.Format("200601021504")
	window := fmt.Sprintf("window=%d:%s-%s", system.ID, stamp, b.EndedAt.Format("200601021504"))
	at := fmt.Sprintf("/battles/%d", b.ID)
	const origin = "http://example.com"
	for path, want := range map[string]struct {
		status  int
		title   string // begins with
		rest    head   // "" is not there, other values are contained
		twitter string
	}{
		"/":                  {200, "Battles", head{"canonical": origin + "/battles", "robots": "", "og:type": "website", "og:image": origin + "/og/battles.png", "og:image:width": "1200"}, "summary_large_image"},
		"/battles?kind=camp": {200, "Battles", head{"canonical": origin + "/battles"}, "summary_large_image"},
		"/killmails":         {200, "Killmails", head{"canonical": origin + "/killmails", "og:image": origin + "/og/killmails.png"}, "summary_large_image"},
		"/reports/new":       {200, "New report", head{"asks": "", "canonical": origin + "/reports/new", "og:image": origin + "/og/new-report.png", "robots": ""}, "summary_large_image"},
		at: {200, fmt.Sprintf("%s %s, %d kills", where, day, b.Kills), head{
			"canonical": origin + at, "og:url": origin + at, "og:type": "article", "robots": "",
			"og:image": fmt.Sprintf("%s/og%s.png?r=%d", origin, at, b.Revision), "og:image:width": "1200", "og:image:height": "630",
			"og:title": where, "description": "ISK destroyed", "og:site_name": "BattleScope", "twitter:image": "/og" + at,
		}, "summary_large_image"},
		at + "/involved":                  {200, where, head{"canonical": origin + at, "robots": "", "asks": "/api/v1" + at}, "summary_large_image"},
		at + "?from=2026-01-01T00:00:00Z": {200, where, head{"asks": "/api/v1" + at}, "summary_large_image"},
		at + "?from=2026-01-01T00:00:00Z&side=B:alliance-99003581&utm=x": {200, where, head{
			"asks": "", "canonical": origin + at, "robots": "noindex", "og:image": "/og" + at + ".png?side=B:alliance-99003581&from=2026-01-01T00:00:00Z",
		}, "summary_large_image"},
		fmt.Sprintf("/kills/%d", kill.ID): {200, *kill.Victim.ShipType.Name, head{
			"canonical": fmt.Sprintf("%s/kills/%d", origin, kill.ID), "robots": "", "og:type": "article", "og:image:width": "",
			"og:image": fmt.Sprintf("https://images.evetech.net/types/%d/render", kill.Victim.ShipType.ID), "description": "Lost in ",
		}, "summary"},
		fmt.Sprintf("/related/%d/%s", system.ID, stamp):    {200, where, head{"canonical": "/battles/", "og:image": "/og/battles/", "robots": ""}, "summary_large_image"},
		fmt.Sprintf("/related/%d/200301010000", system.ID): {200, where + " around 2003-01-01 00:00", head{"robots": "noindex", "og:image": ""}, "summary"},
		"/reports?" + window + "&utm=x":                    {200, "Battle report, " + where, head{"canonical": origin + "/reports?" + window, "og:image": origin + "/og/reports.png?" + window, "robots": "noindex"}, "summary_large_image"},
		"/reports":                                         {200, "Battle report", head{"canonical": "", "og:image": "", "robots": "noindex"}, "summary"},
		"/battles/999999":                                  {404, "Not found", head{"robots": "noindex", "canonical": "", "og:image": ""}, "summary"},
		"/battles/0":                                       {404, "Not found", nil, "summary"},
		"/battles/seventeen":                               {404, "Not found", nil, "summary"},
		"/battles/99999999999999999999":                    {404, "Not found", nil, "summary"},
		"/kills/7":                                         {404, "Not found", head{"robots": "noindex"}, "summary"},
		"/kills/x":                                         {404, "Not found", nil, "summary"},
		"/related/7/202601011200":                          {404, "Not found", nil, "summary"},
		fmt.Sprintf("/related/%d/yesterday", system.ID):    {404, "Not found", nil, "summary"},
		"/a/view/of/tomorrow":                              {200, "BattleScope", head{"robots": "noindex", "canonical": ""}, "summary"},
	} {
		r := s.get(t, path)
		body := text(t, r)
		if r.StatusCode != want.status || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: got status %d with %v, want %d", path, r.StatusCode, r.Header, want.status)
		}
		h := headOf(t, body)
		if !strings.HasPrefix(h["title"], want.title) || !strings.HasSuffix(h["title"], "BattleScope") {
			t.Errorf("%s: got the title %q, want %q", path, h["title"], want.title)
		}
		if h["description"] == "" || h["description"] == "as built" || h["og:description"] != h["description"] || h["twitter:card"] != want.twitter {
			t.Errorf("%s: got %v", path, h)
		}
		for name, value := range want.rest {
			if got, there := h[name]; there != (value != "") || !strings.Contains(got, value) {
				t.Errorf("%s: got %s=%q, want %q", path, name, got, value)
			}
		}
		if !strings.Contains(body, `<script src="/theme.js">`) || !strings.HasSuffix(body, "</body></html>") {
			t.Errorf("%s: the rest of the page is gone", path)
		}
	}
}

// TestScripts: each view names the scripts of its screen beside those of all views.
func TestScripts(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	b := s.biggest(t)
	preload := regexp.MustCompile(`<link rel="modulepreload" crossorigin href="/assets/([^"]*)">`)
	for path, want := range map[string]string{
		fmt.Sprintf("/battles/%d/involved", b.ID):   "Battle-3.js list-2.js",
		"/reports?battle=1":                         "Battle-3.js list-2.js",
		fmt.Sprintf("/kills/%d", b.Killmails[0].ID): "Kill-4.js list-2.js",
		"/battles": "", "/nowhere": "", "/battles/999999": "",
	} {
		var got []string
		for _, m := range preload.FindAllStringSubmatch(text(t, s.get(t, path)), -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", path, got, want)
		}
	}
}

// TestPageTag: a page that has not changed is not sent again, and one that says
// something else has another tag.
func TestPageTag(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	first := s.get(t, "/battles")
	etag := first.Header.Get("ETag")
	if etag == "" {
		t.Fatal("the page has no tag")
	}
	if r := s.get(t, "/battles", "If-None-Match", etag); r.StatusCode != http.StatusNotModified || text(t, r) != "" {
		t.Errorf("got status %d, want 304", r.StatusCode)
	}
	if r := s.get(t, "/killmails", "If-None-Match", etag); r.StatusCode != http.StatusOK {
		t.Errorf("another view has the same tag")
	}
	if r := s.get(t, "/battles/999999", "If-None-Match", "*"); r.StatusCode != http.StatusNotFound || r.Header.Get("ETag") != "" {
		t.Errorf("a view that is not there: got status %d and the tag %q", r.StatusCode, r.Header.Get("ETag"))
	}
	if r := s.ask(t, "HEAD", "/battles/999999", ""); r.StatusCode != http.StatusNotFound || text(t, r) != "" {
		t.Errorf("HEAD: got status %d", r.StatusCode)
	}
}

// TestOrigin: what a page and a text call this site, and who may say so.
func TestOrigin(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	deps := s.Deps
	deps.PublicURL = "https://battles.example.org/"
	public := api.New(deps).Handler()
	for _, c := range []struct {
		host    string
		headers []string
		want    string
		public  bool
	}{
		{"br.example.org", nil, "http://br.example.org", false},
		{"br.example.org:8080", nil, "http://br.example.org:8080", false},
		{"[::1]:8080", nil, "http://[::1]:8080", false},
		{"br.example.org", []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "Forwarded", "host=evil.example"}, "http://br.example.org", false},
		{`evil"><script>alert(1)</script>`, nil, "", false},
		{"evil.example/path", nil, "", false},
		{"user@evil.example", nil, "", false},
		{"", nil, "", false},
		{"br.example.org", []string{"X-Forwarded-Host", "evil.example"}, "https://battles.example.org", true},
		{`evil"`, nil, "https://battles.example.org", true},
	} {
		r := newRequest(t, "/battles", c.host, c.headers...)
		h := s.http
		if c.public {
			h = public
		}
		body := answerOf(t, h, r)
		if got, want := headOf(t, body)["canonical"], c.want; want == "" && got != "" || want != "" && got != want+"/battles" {
			t.Errorf("host %q, %v: got %q, want %q", c.host, c.headers, got, want)
		}
		if strings.Contains(body, "evil") {
			t.Errorf("host %q, %v: stands in the page: %s", c.host, c.headers, body[:600])
		}
	}
}

// hostile are names that players could have, or a broken source could give.
var hostile = []string{
	`"><script>alert(1)</script>`, `</title><script>alert(1)</script>`, `" onload="alert(1)`, "a\nb\u2028c\u202ed\x07e", `&quot;&lt;`, "'; --", strings.Repeat("Ω", 300),
}

// named gives organisations and pilots of a site a name.
func (s *site) named(t *testing.T, who []store.Unresolved, name string) {
	t.Helper()
	names := make([]store.NamedEntity, len(who))
	for i, e := range who {
		names[i] = store.NamedEntity{ID: e.ID, Name: store.Name{Name: name, Ticker: "-=T"}, State: store.EntityResolved}
	}
	if err := s.store.SaveNames(t.Context(), names, now); err != nil {
		t.Fatal(err)
	}
}

// fleet is a site with one fight.
func fleet(t *testing.T) (*site, []*killmail.Killmail) {
	t.Helper()
	s := empty(t)
	mails := sim.Fleet(3, sim.FleetOptions{Start: now.Add(-time.Hour)}).Mails()
	if err := s.save(t.Context(), mails...); err != nil {
		t.Fatal(err)
	}
	return s, mails
}

// TestHostileNames: no name gets out of its place in the head.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s, mails := fleet(t)
	plain := text(t, s.get(t, "/battles/1"))
	tags := regexp.MustCompile(`<[a-z/!]`)
	who, err := s.store.Unresolved(t.Context(), store.EntityUnnamed, now, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range hostile {
		s.named(t, who, name)
		for _, path := range []string{"/battles/1", fmt.Sprintf("/kills/%d", mails[0].ID)} {
			r := s.get(t, path)
			body := text(t, r)
			h := headOf(t, body)
			if strings.Contains(body, "<script>") || strings.ContainsAny(h["og:title"]+h["title"]+h["description"], "\n\u2028\u202e\x07") {
				t.Errorf("%s named %q: got %.900s", path, name, body)
			}
			if path == "/battles/1" && len(tags.FindAllString(body, -1)) != len(tags.FindAllString(plain, -1)) {
				t.Errorf("%s named %q has other tags: %.900s", path, name, body)
			}
			if policy := r.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Contains(policy, "nonce") {
				t.Errorf("got the policy %q", policy)
			}
		}
		// The store trims nothing: what can be seen of a name stands in the headline.
		seen := strings.NewReplacer("\n", " ", "\u2028", " ", "\u202e", "", "\x07", "").Replace(name)
		if got := headOf(t, text(t, s.get(t, "/battles/1")))["og:title"]; !strings.Contains(got, seen) {
			t.Errorf("named %q: got the headline %q", name, got)
		}
	}
}

// TestHeadOfUnnamed: sides whose members have no name yet.
func TestHeadOfUnnamed(t *testing.T) {
	t.Parallel()
	s, _ := fleet(t)
	h := headOf(t, text(t, s.get(t, "/battles/1")))
	if !strings.HasPrefix(h["og:title"], "Battle in ") || !strings.Contains(h["description"], "A: ") || !strings.Contains(h["description"], "organisation") {
		t.Errorf("got %q and %q", h["og:title"], h["description"])
	}
}
