package ogcard_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/battlescope/battlescope/internal/ogcard"
)

// TestBanner draws banners with little and with far too much on them, twice, and looks
// that nothing is written over the edges.
func TestBanner(t *testing.T) {
	t.Parallel()
	p := painter(t)
	var before []byte
	for name, b := range map[string]ogcard.Banner{
		"plain":   {Title: "Battles", Text: "Battles of New Eden as they happen: sides, losses and pilots of every fight, found from killmails."},
		"empty":   {},
		"endless": {Title: strings.Repeat("Title ", 40), Text: strings.Repeat("many words ", 200) + strings.Repeat("x", 500)},
		"one":     {Title: strings.Repeat("W", 80), Text: strings.Repeat("w", 500)},
	} {
		body, err := p.DrawBanner(b)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := painter(t).DrawBanner(b); err != nil || !bytes.Equal(body, again) {
			t.Errorf("%s: the same banner gave other bytes (%v)", name, err)
		}
		if bytes.Equal(body, before) {
			t.Errorf("%s: another banner gave the same bytes", name)
		}
		before = body
		if *pictures != "" {
			if err := os.WriteFile(filepath.Join(*pictures, "banner-"+name+".png"), body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		img, err := png.Decode(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, ogcard.Width, ogcard.Height) {
			t.Fatalf("%s: got a picture of %v", name, img.Bounds())
		}
		ground := img.At(2, 2)
		for y := range 560 { // the stripe at the bottom goes from edge to edge
			if img.At(20, y) != ground || img.At(ogcard.Width-20, y) != ground {
				t.Fatalf("%s: something stands at the edge in row %d", name, y)
			}
		}
	}
}
