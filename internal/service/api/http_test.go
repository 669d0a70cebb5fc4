package api_test

import (
	"compress/gzip"
	"flag"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/service/api"
)

var update = flag.Bool("update", false, "write the files that tests compare with anew")

// TestDescriptionIsCurrent holds the committed description to the code.
func TestDescriptionIsCurrent(t *testing.T) {
	t.Parallel()
	const file = "../../../api/openapi.yaml"
	want, err := fullSite(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("api/openapi.yaml is not what the code says: run go test ./internal/service/api -run TestDescriptionIsCurrent -update")
	}
}

func TestETag(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	const path = "/api/v1/battles?limit=3"
	first := s.get(t, path)
	etag := first.Header.Get("ETag")
	if etag == "" || first.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("got the tag %q and %q", etag, first.Header.Get("Cache-Control"))
	}
	for _, c := range []struct {
		header string
		status int
	}{
		{etag, 304}, {`"other", ` + etag, 304}, {"*", 304}, {`"other"`, 200}, {"", 200}, {strings.TrimPrefix(etag, "W/") + "x", 200},
	} {
		r := s.get(t, path, "If-None-Match", c.header)
		body := text(t, r)
		if r.StatusCode != c.status || (body == "") != (c.status == 304) || r.Header.Get("ETag") != etag {
			t.Errorf("If-None-Match %s: got status %d with %d bytes and the tag %s, want %d", c.header, r.StatusCode, len(body), r.Header.Get("ETag"), c.status)
		}
	}
	if other := s.get(t, "/api/v1/battles?limit=4").Header.Get("ETag"); other == etag {
		t.Error("another answer has the same tag")
	}
	if r := s.get(t, "/api/v1/battles/99999", "If-None-Match", "*"); r.StatusCode != http.StatusNotFound || r.Header.Get("ETag") != "" {
		t.Errorf("an error: got status %d with the tag %q", r.StatusCode, r.Header.Get("ETag"))
	}
	if r := s.ask(t, "HEAD", path, ""); r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: got status %d", r.StatusCode)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	const path = "/api/v1/battles?limit=20"
	plain := text(t, s.get(t, path))
	r := s.get(t, path, "Accept-Encoding", "gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("got the encoding %q and Vary %q", r.Header.Get("Content-Encoding"), r.Header.Get("Vary"))
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := io.ReadAll(z)
	if err != nil || string(packed) != plain {
		t.Errorf("got %d bytes unpacked, %v, want %d", len(packed), err, len(plain))
	}
	if r := s.get(t, path, "Accept-Encoding", "gzip", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("tag of a compressed answer: got status %d, want 304", r.StatusCode)
	}
	if r := s.get(t, "/livez", "Accept-Encoding", "gzip"); r.Header.Get("Content-Encoding") != "" {
		t.Error("a few bytes are compressed")
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/battles/1", "/assets/app-abc.js", "/assets/gone.js", "/api/v1/battles", "/api/v1/nothing", "/livez"} {
		h := s.get(t, path).Header
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: got the policy %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("%s: got the headers %v", path, h)
		}
		id := h.Get("X-Request-Id")
		if id == "" || seen[id] {
			t.Errorf("%s: got the request id %q", path, id)
		}
		seen[id] = true
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	const index = "    </body></html>" // its end; its head is another for each view: see TestHead
	script := string(testPage["assets/app-abc.js"].Data)
	for _, c := range []struct {
		path, accept            string
		status                  int
		body, kind, cache, pack string
	}{
		{"/", "", 200, index, "text/html", "no-cache", ""},
		{"/battles", "", 200, index, "text/html", "no-cache", ""},
		{"/battles/17", "", 200, index, "text/html", "no-cache", ""},
		{"/battles/17/", "", 200, index, "text/html", "no-cache", ""},
		{"/assets/app-abc.js", "", 200, script, "text/javascript", "immutable", ""},
		{"/assets/app-abc.js", "gzip, br", 200, "brotli", "text/javascript", "immutable", "br"},
		{"/assets/app-abc.js", "gzip", 200, "gzip", "text/javascript", "immutable", "gzip"},
		{"/assets/app-abc.js", "gzip, br;q=0", 200, "gzip", "text/javascript", "immutable", "gzip"},
		{"/assets/only-gz.css", "gzip, br", 200, "gzip", "text/css", "immutable", "gzip"},
		{"/assets/only-gz.css", "br", 200, "a{}", "text/css", "immutable", ""},
		{"/favicon.svg", "br", 200, "<svg/>", "image/svg+xml", "", ""},
		{"/fonts/inter.woff2", "br", 200, "font", "", "", ""},
		{"/assets/app-old.js", "", 404, "", "application/problem+json", "", ""},
		{"/assets", "", 200, index, "text/html", "no-cache", ""}, // a folder is no file
		{"/robots.txt", "", 404, "", "application/problem+json", "", ""},
		{"/etc/passwd.txt", "", 404, "", "application/problem+json", "", ""},
	} {
		r := s.get(t, c.path, "Accept-Encoding", c.accept)
		body := text(t, r)
		if r.StatusCode != c.status || c.body != index && c.body != "" && body != c.body || c.body == index && !strings.HasSuffix(body, index) {
			t.Errorf("%s (%s): got status %d and %.60q, want %d and %.60q", c.path, c.accept, r.StatusCode, body, c.status, c.body)
		}
		if !strings.HasPrefix(r.Header.Get("Content-Type"), c.kind) || !strings.Contains(r.Header.Get("Cache-Control"), c.cache) ||
			r.Header.Get("Content-Encoding") != c.pack {
			t.Errorf("%s (%s): got %v", c.path, c.accept, r.Header)
		}
		if c.status == 404 && strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: a missing file is kept for ever", c.path)
		}
	}
	if r := s.ask(t, "HEAD", "/battles", ""); r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: got status %d", r.StatusCode)
	}
	if r := s.get(t, "/index.html"); r.StatusCode != http.StatusMovedPermanently && r.StatusCode != http.StatusOK {
		t.Errorf("/index.html: got status %d", r.StatusCode)
	}
}

func TestNoPage(t *testing.T) {
	t.Parallel()
	s := empty(t, func(d *api.Deps) { d.Page, d.NoPage = fs.FS(nil), []byte("<p>built without a page</p>") })
	for _, path := range []string{"/", "/battles/17"} {
		r := s.get(t, path)
		if body := text(t, r); r.StatusCode != http.StatusOK || body != "<p>built without a page</p>" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: got status %d, %q as %q", path, r.StatusCode, body, r.Header.Get("Content-Type"))
		}
	}
	if r := s.get(t, "/api/v1/battles"); r.StatusCode != http.StatusOK {
		t.Errorf("the API without a page: got status %d", r.StatusCode)
	}
}

func TestDescriptionIsServed(t *testing.T) {
	t.Parallel()
	s := fullSite(t)
	for _, path := range []string{"/api/v1/openapi.json", "/api/v1/openapi.yaml", "/api/v1/openapi-3.0.json"} {
		if r := s.get(t, path); r.StatusCode != http.StatusOK || len(text(t, r)) < 1000 {
			t.Errorf("%s: got status %d", path, r.StatusCode)
		}
	}
}
