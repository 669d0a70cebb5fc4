package web_test

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/battlescope/battlescope/web"
)

// The test holds with and without a built page, because both are valid builds.
func TestAssets(t *testing.T) {
	t.Parallel()
	assets, built := web.Assets()
	page, err := fs.ReadFile(assets, "index.html")
	if got, want := err == nil, built; got != want {
		t.Fatalf("index.html readable: got %v, want %v (%v)", got, want, err)
	}
	if built && !bytes.Contains(page, []byte(`<div id="root">`)) {
		t.Errorf("index.html has no root element")
	}
}

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	page := web.Placeholder()
	if !bytes.Contains(page, []byte("make build")) {
		t.Errorf("placeholder does not name the remedy: %q", page)
	}
	if bytes.Contains(page, []byte("<style")) || bytes.Contains(page, []byte("<script")) {
		t.Errorf("placeholder has inline style or script, which the content security policy forbids")
	}
	page[0] = 'x'
	if web.Placeholder()[0] == 'x' {
		t.Errorf("a caller can change the placeholder")
	}
}
