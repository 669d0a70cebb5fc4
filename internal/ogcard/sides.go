package ogcard

import (
	"fmt"

	"github.com/battlescope/battlescope/internal/eve"
)

// The part of the card that the sides have.
const (
	sidesTop    = 184
	sidesBottom = 458
)

// between is the room between two rows of sides.
const between = 10

// sides draws who fought: the two largest in panels of their own, with as much as there
// is room for, and the others below in rows. Where they are many, all have rows.
func (c *canvas) sides(card Card) {
	list := card.Sides[:min(len(card.Sides), MaxSides)]
	whole := sidesBottom - sidesTop
	switch n := len(list); {
	case n == 0:
		c.nobody()
	case n <= 2:
		c.grid(list, sidesTop, whole, c.large)
	case n <= 4:
		c.grid(list[:2], sidesTop, 208, c.large)
		c.grid(list[2:], sidesTop+208+between, whole-208-between, c.small)
	case n <= 6:
		c.grid(list[:2], sidesTop, 130, c.medium)
		c.grid(list[2:], sidesTop+130+between, whole-130-between, c.small)
	default:
		c.grid(list, sidesTop, whole, c.small)
	}
}

// grid shares some room among sides, two a row. One that has its row for itself has all
// of it.
func (c *canvas) grid(list []Side, top, height int, cell func(x, y, w, h int, s Side)) {
	columns, rows := min(2, len(list)), (len(list)+1)/2
	w := (inner - (columns-1)*gap) / columns
	h := (height - (rows-1)*between) / rows
	for i, s := range list {
		x, y, width := margin+(i%columns)*(w+gap), top+(i/columns)*(h+between), w
		if i == len(list)-1 && i%columns == 0 {
			width = inner
		}
		c.fill(x, y, width, h, panel)
		c.fill(x, y, 8, h, sideColor(s.Letter))
		cell(x+8+16, y, width-8-2*16, h, s)
	}
}

func (c *canvas) nobody() {
	c.fill(margin, sidesTop, inner, sidesBottom-sidesTop, panel)
	c.textCenter(margin, (sidesTop+sidesBottom)/2+12, inner, style{regular, 36}, muted, "no sides can be told apart")
}

// badge draws the letter of a side on its colour.
func (c *canvas) badge(x, y, size int, letter string) {
	c.fill(x, y, size, size, sideColor(letter))
	c.textCenter(x, y+size*75/100, size, style{bold, size * 3 / 4}, ground, letter)
}

// large has a heading, further members as far as they fit, and figures.
func (c *canvas) large(x, y, w, h int, s Side) {
	const row, first, below = 54, 94, 58
	c.badge(x, y+18, 60, s.Letter)
	head := x + 60 + 14
	if len(s.Members) > 0 {
		c.monogram(head, y+18, 60, s.Members[0])
		head += 60 + 16
	}
	c.heading(head, y+64, x+w-head, 42, s)
	others := min(len(s.Members)-1, (h-first-below+row-44)/row)
	for i := 1; i <= others; i++ {
		m, top := s.Members[i], y+first+(i-1)*row
		c.monogram(x, top, 44, m)
		room, rest := w-44-14, s.Count-i-1
		if i == others && rest > 0 {
			more := fmt.Sprintf("+%d more", rest)
			room -= c.width(style{regular, 30}, more) + 16
			c.textRight(x+w, top+33, style{regular, 30}, muted, more)
		}
		c.text(x+44+14, top+33, style{regular, 32}, white, c.fit(style{regular, 32}, c.name(m), room))
	}
	c.outcome(x, y+h-22, w, 34, s)
}

// medium has a heading and figures.
func (c *canvas) medium(x, y, w, h int, s Side) {
	c.badge(x, y+14, 48, s.Letter)
	c.heading(x+48+14, y+50, w-48-14, 36, s)
	c.outcome(x, y+h-20, w, 32, s)
}

// small is one row.
func (c *canvas) small(x, y, w, h int, s Side) {
	base := y + h/2 + 11
	c.badge(x, y+(h-42)/2, 42, s.Letter)
	x, w = x+42+14, w-42-14
	right := c.loss(x+w, base, 30, s) - 18
	pilots, plain := eve.Plural(s.Pilots, "pilot"), style{regular, 28}
	if room := right - x - c.width(plain, pilots) - 16; room >= min(c.width(style{bold, 24}, c.lead(s)), 230) {
		right = c.textRight(right, base, plain, muted, pilots) - 16
	}
	c.heading(x, base, right-x, 30, s)
}

// heading is the largest member with its ticker, as far as there is room: the ticker
// goes first, then the size, then the end of the name.
func (c *canvas) heading(x, base, w, size int, s Side) {
	name := c.lead(s)
	for least := max(24, size*2/3); size > least && c.width(style{bold, size}, name) > w; {
		size--
	}
	end := c.text(x, base, style{bold, size}, white, c.fit(style{bold, size}, name, w))
	if len(s.Members) == 0 {
		return
	}
	ticker := c.legible(s.Members[0].Ticker)
	tag := style{regular, size * 3 / 4}
	if ticker != "" && ticker != name && end+12+c.width(tag, "["+ticker+"]") <= x+w {
		c.text(end+12, base, tag, muted, "["+ticker+"]")
	}
}

func (c *canvas) lead(s Side) string {
	if len(s.Members) == 0 {
		return "nobody known"
	}
	return c.name(s.Members[0])
}

// outcome is what the side brought and lost.
func (c *canvas) outcome(x, base, w, size int, s Side) {
	plain := style{regular, size}
	room := c.loss(x+w, base, size, s) - x - 16
	text := fmt.Sprintf("%s, %s lost", eve.Plural(s.Pilots, "pilot"), eve.Count(s.ShipsLost))
	if c.width(plain, text) > room {
		text = eve.Plural(s.Pilots, "pilot")
	}
	c.text(x, base, plain, muted, c.fit(plain, text, room))
}

// loss writes what the side lost in ISK so that it ends at right, and returns where it
// begins. Losses without a known value are not worth nothing.
func (c *canvas) loss(right, base, size int, s Side) int {
	switch {
	case s.ISKLost > 0:
		return c.textRight(right, base, style{bold, size}, bad, "−"+s.ISKLost.Short())
	case s.ShipsLost > 0:
		return c.textRight(right, base, style{regular, size}, muted, "unknown")
	default:
		return c.textRight(right, base, style{regular, size}, muted, "no loss")
	}
}
