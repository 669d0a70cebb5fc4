package sde_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
)

func TestDownload(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/export.zip":
			_, _ = w.Write([]byte("export for " + r.UserAgent()))
		case "/large": // as long as it says
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write(make([]byte, 5000))
		case "/endless": // says nothing
			for range 50 {
				_, _ = w.Write(make([]byte, 100))
				_ = http.NewResponseController(w).Flush()
			}
		case "/short":
			w.Header().Set("Content-Length", "900")
			_, _ = w.Write([]byte("end"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	const gone = "http://127.0.0.1:1"
	source := sde.Source{URL: server.URL + "/export.zip", UserAgent: "me", Client: server.Client(), MaxBytes: 1000}
	var out bytes.Buffer
	if n, err := source.Download(t.Context(), &out); err != nil || out.String() != "export for me" || n != int64(out.Len()) {
		t.Errorf("got %q, %d, %v", out.String(), n, err)
	}
	for url, want := range map[string]string{
		server.URL + "/large":   "more than 1000 bytes",
		server.URL + "/endless": "more than 1000 bytes",
		server.URL + "/short":   "unexpected EOF",
		server.URL + "/none":    "404",
		gone:                    "connection refused",
	} {
		source.URL = url
		_, err := source.Download(t.Context(), &out)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), url) || fault.HintOf(err) == "" {
			t.Errorf("%s: got error %v with hint %q, want %q and a hint", url, err, fault.HintOf(err), want)
		}
	}
}
