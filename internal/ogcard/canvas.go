package ogcard

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// weight is one of the two fonts.
type weight int

const (
	regular weight = iota
	bold
)

// style is a font at a size in pixels.
type style struct {
	weight weight
	size   int
}

// Painter draws cards. It may be used by many at once.
type Painter struct{ fonts [2]*sfnt.Font }

// NewPainter reads the fonts, which are part of the program.
func NewPainter() (*Painter, error) {
	p := &Painter{}
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("font of the cards: %w", err)
		}
		p.fonts[i] = f
	}
	return p, nil
}

// canvas is one picture being drawn.
type canvas struct {
	fonts  [2]*sfnt.Font
	buffer sfnt.Buffer
	faces  map[style]font.Face
	image  *image.RGBA
}

func (p *Painter) canvas() *canvas {
	c := &canvas{fonts: p.fonts, faces: make(map[style]font.Face), image: image.NewRGBA(image.Rect(0, 0, Width, Height))}
	c.fill(0, 0, Width, Height, ground)
	return c
}

// fill paints a rectangle.
func (c *canvas) fill(x, y, w, h int, col color.RGBA) {
	draw.Draw(c.image, image.Rect(x, y, x+w, y+h), image.NewUniform(col), image.Point{}, draw.Src)
}

// frame paints the edge of a rectangle.
func (c *canvas) frame(x, y, w, h, thick int, col color.RGBA) {
	c.fill(x, y, w, thick, col)
	c.fill(x, y+h-thick, w, thick, col)
	c.fill(x, y, thick, h, col)
	c.fill(x+w-thick, y, thick, h, col)
}

func (c *canvas) face(s style) font.Face {
	if f := c.faces[s]; f != nil {
		return f
	}
	f, err := opentype.NewFace(c.fonts[s.weight], &opentype.FaceOptions{Size: float64(s.size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the options above are always valid
	}
	c.faces[s] = f
	return f
}

// text writes from x along the baseline y and returns where it ends.
func (c *canvas) text(x, y int, s style, col color.RGBA, text string) int {
	d := font.Drawer{Dst: c.image, Src: image.NewUniform(col), Face: c.face(s), Dot: fixed.P(x, y)}
	d.DrawString(text)
	return d.Dot.X.Ceil()
}

// textRight writes so that the text ends at x, and returns where it begins.
func (c *canvas) textRight(x, y int, s style, col color.RGBA, text string) int {
	x -= c.width(s, text)
	c.text(x, y, s, col, text)
	return x
}

// textCenter writes in the middle of a box as wide as w.
func (c *canvas) textCenter(x, y, w int, s style, col color.RGBA, text string) {
	c.text(x+(w-c.width(s, text))/2, y, s, col, text)
}

func (c *canvas) width(s style, text string) int { return font.MeasureString(c.face(s), text).Ceil() }

// legible drops what the fonts have no picture for, and spaces that say nothing.
func (c *canvas) legible(text string) string {
	text = strings.Map(func(r rune) rune {
		if i, err := c.fonts[bold].GlyphIndex(&c.buffer, r); err != nil || i == 0 {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(text), " "))
	return strings.Join(strings.Fields(text), " ")
}

const ellipsis = "…"

// fit shortens a text until it is no wider than w.
func (c *canvas) fit(s style, text string, w int) string {
	if c.width(s, text) <= w {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(runes[:n]), " .,-") + ellipsis; c.width(s, short) <= w {
			return short
		}
	}
	return ""
}
