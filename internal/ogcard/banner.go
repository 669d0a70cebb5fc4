package ogcard

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
)

// Banner is the picture of a page that is not about one fight: a list, or a form.
type Banner struct {
	Title string // a word or two
	Text  string // a sentence; what does not fit into three lines is left out
}

// DrawBanner returns the banner as a PNG.
func (p *Painter) DrawBanner(b Banner) ([]byte, error) {
	c := p.canvas()
	const mark = 96
	c.mark(margin, 72, mark)
	c.text(margin+mark+28, 72+mark*70/100, style{bold, 56}, white, brand)
	title := style{bold, 104}
	c.text(margin, 340, title, white, c.fit(title, c.legible(b.Title), inner))
	text := style{regular, 36}
	for i, words := range c.wrap(text, c.legible(b.Text), inner, 3) {
		c.text(margin, 410+i*50, text, muted, words)
	}
	c.stripe()
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, c.image); err != nil {
		return nil, fmt.Errorf("draw banner: %w", err)
	}
	return out.Bytes(), nil
}

// mark draws the sign of the site: two sides closing in on each other.
func (c *canvas) mark(x, y, size int) {
	for row := range size {
		// How far the row is from the middle, from 0 there to 1 at the top and the bottom.
		far := float64(2*row-size) / float64(size)
		if far < 0 {
			far = -far
		}
		half := size / 2
		from, thick := int(far*float64(half)), size/5
		if from+thick > half-2 {
			thick = max(0, half-2-from)
		}
		c.fill(x+from, y+row, thick, 1, sideColor("A"))
		c.fill(x+size-from-thick, y+row, thick, 1, sideColor("B"))
	}
}

// stripe draws the bar that every card ends with, in the colours of the sides.
func (c *canvas) stripe() {
	const y, h = 590, 40
	x := 0
	for i, part := range []int{46, 30, 12, 7, 5} {
		w := part * Width / 100
		c.fill(x, y, w-3, h, sideColor(string(rune('A'+i))))
		x += w
	}
}

// wrap breaks a text into lines no wider than w, at most n of them.
func (c *canvas) wrap(s style, text string, w, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || c.width(s, longer) <= w {
			line = longer
			continue
		}
		if len(lines) == n-1 {
			return append(lines, c.fit(s, line+ellipsis, w))
		}
		lines, line = append(lines, line), word
	}
	if line == "" {
		return lines
	}
	return append(lines, c.fit(s, line, w))
}
