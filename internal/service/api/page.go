package api

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// page serves the web page. Every path without a file is a view of the page, so
// it answers with index.html and a head that says what the view is about; files under
// assets/ carry their hash in the name and never change.
func (s *Service) page() http.Handler {
	if s.shell == nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(s.NoPage)
		})
	}
	files := http.FileServerFS(s.Page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			writeProblem(w, r, http.StatusMethodNotAllowed, "the page can only be read", "use GET")
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		switch {
		case name == "" || name == "index.html" || !strings.Contains(path.Base(name), "."):
			s.serveShell(w, r)
		case !exists(s.Page, name):
			writeProblem(w, r, http.StatusNotFound, "no such file: /"+name, "the page may have been updated: reload it")
		default:
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			if s.servePacked(w, r, name) {
				return
			}
			files.ServeHTTP(w, r)
		}
	})
}

func exists(f fs.FS, name string) bool {
	info, err := fs.Stat(f, name)
	return err == nil && !info.IsDir()
}

// packings are the compressed forms the build leaves beside a file, best first.
var packings = []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// servePacked answers with a file that was compressed at build time, if there is
// one that the client accepts.
func (s *Service) servePacked(w http.ResponseWriter, r *http.Request, name string) bool {
	w.Header().Add("Vary", "Accept-Encoding")
	for _, p := range packings {
		if !takes(r, p.encoding) || !exists(s.Page, name+p.suffix) {
			continue
		}
		w.Header().Set("Content-Encoding", p.encoding)
		w.Header().Set("Content-Type", contentType(name))
		http.ServeFileFS(w, r, s.Page, name+p.suffix) //nolint:gosec // exists proved it a file of the embedded page
		return true
	}
	return false
}

// contentType names the type of the files a build makes; the type of the
// compressed file would be wrong.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".webmanifest":
		return "application/json"
	case ".html":
		return "text/html; charset=utf-8"
	}
	return "application/octet-stream"
}
