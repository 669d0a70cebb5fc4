package ogcard

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/battlescope/battlescope/internal/eve"
)

const (
	margin = 48
	inner  = Width - 2*margin
	gap    = 24
)

// Draw returns the card as a PNG.
func (p *Painter) Draw(card Card) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, p.paint(card)); err != nil {
		return nil, fmt.Errorf("draw card: %w", err)
	}
	return out.Bytes(), nil
}

func (p *Painter) paint(card Card) *image.RGBA {
	c := p.canvas()
	c.place(card)
	c.when(card)
	c.sides(card)
	c.figures(card)
	c.bar(card)
	return c.image
}

// place writes where it was, and what.
func (c *canvas) place(card Card) {
	const base = 100
	right := Width - margin
	if card.Live {
		right = c.chip(right, base, "LIVE", true) - 12
	}
	if card.Kind != "" {
		right = c.chip(right, base, strings.ToUpper(card.Kind), false) - gap
	}
	big := style{bold, 66}
	x := margin
	switch word := c.legible(card.Space); {
	case word != "":
		x = c.text(x, base, big, securityColor(0), word) + 18
	case card.System != "":
		x = c.text(x, base, big, securityColor(card.Security), strconv.FormatFloat(card.Security, 'f', 1, 64)) + 18
	}
	more := ""
	if card.MoreSystems > 0 {
		more = fmt.Sprintf("+%d", card.MoreSystems)
	}
	room := right - x
	moreStyle := style{regular, 44}
	if more != "" {
		room -= c.width(moreStyle, more) + 16
	}
	x = c.text(x, base, big, white, c.fit(big, c.system(card), room))
	c.text(x+16, base, moreStyle, muted, more)
}

func (c *canvas) system(card Card) string {
	if name := c.legible(card.System); name != "" {
		return name
	}
	if card.SystemID != 0 {
		return fmt.Sprintf("System %d", card.SystemID)
	}
	return "New Eden"
}

// chip writes a word in a box that ends at right, and returns where the box begins.
func (c *canvas) chip(right, base int, word string, filled bool) int {
	s := style{bold, 28}
	w := c.width(s, word) + 28
	x, y := right-w, base-42
	if filled {
		c.fill(x, y, w, 46, good)
		c.text(x+14, y+33, s, ground, word)
	} else {
		c.frame(x, y, w, 46, 2, line)
		c.text(x+14, y+33, s, muted, word)
	}
	return x
}

// when writes region, EVE date and duration.
func (c *canvas) when(card Card) {
	const base = 152
	plain := style{regular, 34}
	length := Span(card.End.Sub(card.Start))
	window := Window(card.Start, card.End)
	x := margin
	if region := c.legible(card.Region); region != "" {
		room := inner - c.width(plain, window) - c.width(plain, length) - 2*28
		x = c.text(x, base, plain, muted, c.fit(plain, region, room)) + 28
	}
	x = c.text(x, base, plain, white, window) + 28
	x = c.text(x, base, plain, muted, length) + gap
	if w := c.width(brandStyle, brand); x+w <= Width-margin {
		c.textRight(Width-margin, base, brandStyle, line, brand)
	}
}

const brand = "BattleScope"

var brandStyle = style{bold, 28}

// Window writes EVE times; the date of the end only when the day changes.
func Window(from, to time.Time) string {
	text := eve.FormatTime(from)
	switch end := eve.FormatTime(to); {
	case end == text:
	case to.UTC().Format(time.DateOnly) == from.UTC().Format(time.DateOnly):
		text += " – " + to.UTC().Format("15:04")
	default:
		text += " – " + to.UTC().Format("01-02 15:04")
	}
	return text + " EVE"
}

// Span writes a duration as the page does: "45s", "12m", "4h 43m".
func Span(d time.Duration) string {
	switch m := int(d.Minutes()); {
	case d <= 0:
		return ""
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case m < 60:
		return fmt.Sprintf("%dm", m)
	case m%60 == 0:
		return fmt.Sprintf("%dh", m/60)
	default:
		return fmt.Sprintf("%dh %dm", m/60, m%60)
	}
}

// figures writes what it cost. The amount is what people look for first.
func (c *canvas) figures(card Card) {
	const base = 534
	number, word := style{bold, 46}, style{regular, 30}
	x := margin
	if card.ISKKnown {
		x = c.text(x, base, style{bold, 68}, white, card.ISKDestroyed.Short())
		x = c.text(x+14, base, word, muted, "ISK destroyed")
	} else {
		x = c.text(x, base, style{bold, 46}, muted, "value unknown")
	}
	type figure struct {
		n         int
		one, many string
	}
	right := Width - margin
	for _, f := range []figure{{card.Pilots, "pilot", "pilots"}, {card.Kills, "kill", "kills"}, {card.ShipsLost, "ship lost", "ships lost"}} {
		unit := f.many
		if f.n == 1 {
			unit = f.one
		}
		text := eve.Count(f.n)
		if right-c.width(word, unit)-c.width(number, text)-10 < x+gap {
			return // the amount is long: better no figure than one over the other
		}
		right = c.textRight(right, base, word, muted, unit) - 10
		right = c.textRight(right, base, number, white, text) - 36
	}
}

// bar cuts one bar in proportion to what each side lost.
func (c *canvas) bar(card Card) {
	const y, h = 562, 46
	type part struct {
		letter string
		isk    eve.ISK
	}
	var parts []part
	total := 0.0
	for _, s := range card.Sides {
		parts = append(parts, part{s.Letter, s.ISKLost})
	}
	parts = append(parts, part{"", card.UnassignedISK})
	for _, p := range parts {
		total += max(p.isk.Float(), 0)
	}
	if total <= 0 {
		return
	}
	s := style{bold, 28}
	sum, from := 0.0, 0
	for _, p := range parts {
		sum += max(p.isk.Float(), 0)
		to := int(sum / total * inner)
		if w := to - from; w > 0 {
			edge := 0
			if to < inner {
				edge = 3
			}
			c.fill(margin+from, y, max(w-edge, 1), h, sideColor(p.letter))
			for _, label := range []string{strings.TrimSpace(p.letter + " −" + p.isk.Short()), p.letter} {
				if label != "" && c.width(s, label)+24 <= w {
					c.text(margin+from+12, y+33, s, ground, label)
					break
				}
			}
		}
		from = to
	}
}

// name is what a member is called.
func (c *canvas) name(m Member) string {
	if name := c.legible(m.Name); name != "" {
		return name
	}
	if ticker := c.legible(m.Ticker); ticker != "" {
		return ticker
	}
	word := map[eve.EntityType]string{eve.Character: "Pilot", eve.Corporation: "Corporation", eve.Alliance: "Alliance", eve.Faction: "Faction"}[m.Entity.Type]
	if word == "" {
		word = "Entity"
	}
	return fmt.Sprintf("%s %d", word, m.Entity.ID)
}

// monogram draws the letters of a member where the page has its logo.
func (c *canvas) monogram(x, y, size int, m Member) {
	t := tileOf(m.Entity.ID)
	c.fill(x, y, size, size, rgb(t.back))
	letters := initials(c.legible(m.Name))
	if letters == "" {
		letters = "?"
	}
	c.textCenter(x, y+size*69/100, size, style{bold, size / 2}, rgb(t.text), letters)
}

// initials are up to two letters: "GF" of Goonswarm Federation, "Pa" of Pandemic.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var said []string
	for _, w := range words {
		switch strings.ToLower(w) {
		case "the", "of", "and":
		default:
			said = append(said, w)
		}
	}
	switch len(said) {
	case 0:
		return ""
	case 1:
		r := []rune(said[0])
		return strings.ToUpper(string(r[:1])) + strings.ToLower(string(r[1:min(2, len(r))]))
	}
	return strings.ToUpper(string([]rune(said[0])[:1]) + string([]rune(said[1])[:1]))
}
