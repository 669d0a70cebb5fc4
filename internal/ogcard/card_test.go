package ogcard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/ogcard"
)

var pictures = flag.String("pictures", "", "folder to write the cards of the tests into, to look at them")

var start = time.Date(2021, 11, 28, 10, 2, 0, 0, time.UTC)

func alliance(id int64, name, ticker string) ogcard.Member {
	return ogcard.Member{Entity: eve.Entity{Type: eve.Alliance, ID: id}, Name: name, Ticker: ticker}
}

func isk(billions float64) eve.ISK { return eve.FromFloat(billions * 1e9) }

// fight is an ordinary battle of two sides.
func fight() ogcard.Card {
	return ogcard.Card{
		System: "Jorund", SystemID: 30001046, Security: 0.2, Region: "Heimatar", Start: start, End: start.Add(4*time.Hour + 29*time.Minute),
		Kind: "battle", Kills: 1204, ShipsLost: 981, Pilots: 1533, ISKDestroyed: isk(412.3), ISKKnown: true,
		Sides: []ogcard.Side{
			{Letter: "A", Count: 14, Pilots: 801, ShipsLost: 310, ISKLost: isk(121), Members: []ogcard.Member{
				alliance(99_000_001, "Northern Lights Compact", "NLC"), alliance(99_000_002, "Iron Meridian", "IRON"), alliance(99_000_003, "The Quiet Company", "QUIET"),
			}},
			{Letter: "B", Count: 3, Pilots: 732, ShipsLost: 671, ISKLost: isk(287), Members: []ogcard.Member{
				alliance(99_000_004, "Red Harbor", "RHRBR"), alliance(99_000_005, "Saltwater Syndicate", "SALT"), alliance(99_000_006, "Kestrel Watch", "KSTRL"),
			}},
		},
		UnassignedISK: isk(4.3),
	}
}

// many is a battle of n sides.
func many(n int) ogcard.Card {
	card := fight()
	card.Sides = nil
	for i := range n {
		names := []string{"Northern Lights Compact", "Red Harbor", "Saltwater Syndicate", "The Long Name That Nobody Ever Writes Whole Alliance", "Kestrel Watch", "", "Q", "Iron Meridian"}
		m := alliance(99_000_001+int64(i), names[i%len(names)], "TICK"+string(rune('A'+i)))
		if m.Name == "" {
			m.Ticker = ""
		}
		members := []ogcard.Member{m, alliance(99_000_101+int64(i), "Second Fiddle", "2ND"), alliance(99_000_201+int64(i), "Third Wheel", "3RD")}
		card.Sides = append(card.Sides, ogcard.Side{
			Letter: string(rune('A' + i)), Members: members, Count: 3 + 4*i, Pilots: 300 / (i + 1), ShipsLost: 100 / (i + 1), ISKLost: isk(float64(80) / float64(1+i*i)),
		})
	}
	return card
}

// cards are all forms a card takes, by name.
func cards() map[string]ogcard.Card {
	out := map[string]ogcard.Card{"two": fight()}
	for n := range 9 {
		out[fmt.Sprintf("sides-%d", n)] = many(n)
	}
	live := fight()
	live.Live, live.System, live.Security, live.Region, live.MoreSystems = true, "1DQ1-A", -0.4, "Delve", 2
	live.End = live.Start.Add(17 * time.Minute)
	out["live"] = live

	hole := fight()
	hole.System, hole.Space, hole.Security, hole.Region, hole.Kind = "J115405", "C5", -1, "E-R00028", "skirmish"
	hole.ISKKnown, hole.ISKDestroyed, hole.UnassignedISK = false, 0, 0
	hole.Sides[0].ISKLost, hole.Sides[1].ISKLost = 0, 0
	out["unknown-value"] = hole

	nameless := fight()
	nameless.System, nameless.Region = "", ""
	for i := range nameless.Sides {
		for j := range nameless.Sides[i].Members {
			nameless.Sides[i].Members[j].Name, nameless.Sides[i].Members[j].Ticker = "", ""
		}
	}
	out["nameless"] = nameless

	long := fight()
	long.System, long.Region, long.MoreSystems, long.Kind, long.Live = strings.Repeat("Extraordinary ", 8), strings.Repeat("Region ", 20), 19, "structure", true
	long.ISKDestroyed, long.Kills, long.ShipsLost, long.Pilots = eve.FromFloat(9e16), 1_234_567, 1_234_567, 1_234_567
	for i := range long.Sides {
		s := &long.Sides[i]
		s.Pilots, s.ShipsLost, s.ISKLost, s.Count = 1_234_567, 1_234_567, eve.FromFloat(9e16), 4_000
		for j := range s.Members {
			s.Members[j].Name = strings.Repeat("Wide Words Without End ", 4)
		}
	}
	out["long"] = long

	odd := fight()
	odd.Sides[0].Members[0].Name = "\u202e戦艦<b>&amp;\x00 Тест é ñ\n\n " // direction marks, no glyphs, markup, control characters
	odd.Sides[1].Members[0] = alliance(-3, "戦艦同盟", "戦艦")
	odd.Start, odd.End = odd.End, odd.End.Add(30*time.Hour)
	out["odd"] = odd
	out["nothing"] = ogcard.Card{}
	return out
}

func painter(t testing.TB) *ogcard.Painter {
	t.Helper()
	p, err := ogcard.NewPainter()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func picture(t *testing.T, p *ogcard.Painter, card ogcard.Card) (*image.RGBA, []byte) {
	t.Helper()
	body, err := p.Draw(card)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds(); got != image.Rect(0, 0, ogcard.Width, ogcard.Height) {
		t.Fatalf("got a picture of %v", got)
	}
	rgba := image.NewRGBA(img.Bounds())
	for y := range ogcard.Height {
		for x := range ogcard.Width {
			rgba.Set(x, y, img.At(x, y))
		}
	}
	return rgba, body
}

// TestForms draws every form, twice. A card that changes goes with a new Design.
func TestForms(t *testing.T) {
	t.Parallel()
	p := painter(t)
	for name, card := range cards() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img, body := picture(t, p, card)
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, name+".png"), body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if _, again := picture(t, painter(t), card); !bytes.Equal(body, again) {
				t.Error("the same card gave other bytes")
			}
			if len(body) > 200_000 {
				t.Errorf("got %d bytes, which chats load slowly", len(body))
			}
			checkEdges(t, img)
		})
	}
}

// checkEdges finds what runs into the margin, as a text that was not shortened does.
func checkEdges(t *testing.T, img *image.RGBA) {
	t.Helper()
	empty := color.RGBA{0x0b, 0x0e, 0x14, 255}
	for y := range ogcard.Height {
		for _, x := range []int{20, 40, 47, ogcard.Width - 47, ogcard.Width - 40, ogcard.Width - 20} {
			if got := img.RGBAAt(x, y); got != empty {
				t.Fatalf("at %d, %d stands %v", x, y, got)
			}
		}
	}
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// sideColors are those of the page's dark theme, from A on, the unassigned last.
var sideColors = []uint32{0x56b4e9, 0xe69f00, 0x009e73, 0xcc79a7, 0xf0e442, 0xd55e00, 0x3891c3, 0x999999, 0x7d8796}

// span returns how many pixels of a colour a row has.
func span(img *image.RGBA, y int, want color.RGBA) (n int) {
	for x := range ogcard.Width {
		if img.RGBAAt(x, y) == want {
			n++
		}
	}
	return n
}

// count returns how many pixels of a colour a part of the picture has.
func count(img *image.RGBA, part image.Rectangle, want color.RGBA) (n int) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if img.RGBAAt(x, y) == want {
				n++
			}
		}
	}
	return n
}

// TestSidesStandInTheirColours looks at every number of sides.
func TestSidesStandInTheirColours(t *testing.T) {
	t.Parallel()
	middle := image.Rect(0, 170, ogcard.Width, 470)
	for n := range 12 {
		img, _ := picture(t, painter(t), many(n))
		for i, hex := range sideColors[:ogcard.MaxSides] {
			if got, want := count(img, middle, rgb(hex)) > 500, i < n; got != want {
				t.Errorf("%d sides: side %c is there: %t, want %t", n, 'A'+i, got, want)
			}
		}
	}
}

// TestBarIsInProportion measures the bar of a fight in which A lost a quarter.
func TestBarIsInProportion(t *testing.T) {
	t.Parallel()
	card := fight()
	card.Sides[0].ISKLost, card.Sides[1].ISKLost, card.UnassignedISK = isk(25), isk(50), isk(25)
	img, _ := picture(t, painter(t), card)
	const row, whole = 564, ogcard.Width - 2*48
	for i, want := range map[int]int{0: whole / 4, 1: whole / 2, 8: whole / 4} {
		if got := span(img, row, rgb(sideColors[i])); got < want-4 || got > want+4 {
			t.Errorf("part %d of the bar: got %d pixels, want %d", i, got, want)
		}
	}
	card.Sides[0].ISKLost, card.Sides[1].ISKLost, card.UnassignedISK = 0, -5, 0
	img, _ = picture(t, painter(t), card)
	if got := span(img, row, rgb(0x0b0e14)); got != ogcard.Width {
		t.Errorf("a bar of nothing has %d pixels", ogcard.Width-got)
	}
}

// TestWordsInColour finds what says itself by a colour: security, LIVE, losses.
func TestWordsInColour(t *testing.T) {
	t.Parallel()
	head, middle := image.Rect(40, 40, 300, 110), image.Rect(0, 170, ogcard.Width, 470)
	const live, lost = 0x5fd08a, 0xff7b72
	for _, c := range []struct {
		security float64
		space    string
		tint     uint32
	}{{1, "", 0x4e8ae5}, {0.5, "", 0xf5ff83}, {0.1, "", 0xad7e7e}, {0, "", 0xb47798}, {-0.7, "", 0xb47798}, {0.9, "C2", 0xb47798}} {
		card := fight()
		card.Security, card.Space = c.security, c.space
		img, _ := picture(t, painter(t), card)
		if count(img, head, rgb(c.tint)) < 100 {
			t.Errorf("%.1f %s is not in its colour", c.security, c.space)
		}
	}
	for _, on := range []bool{false, true} {
		card := fight()
		card.Live = on
		img, _ := picture(t, painter(t), card)
		if got := count(img, image.Rect(900, 40, 1152, 110), rgb(live)) > 1000; got != on {
			t.Errorf("LIVE is shown: %t, want %t", got, on)
		}
	}
	card := fight()
	img, _ := picture(t, painter(t), card)
	if count(img, middle, rgb(lost)) < 100 {
		t.Error("losses are not in their colour")
	}
	card.Sides[0].ISKLost, card.Sides[1].ISKLost = 0, 0 // not known
	if img, _ = picture(t, painter(t), card); count(img, middle, rgb(lost)) != 0 {
		t.Error("losses of unknown value look like losses")
	}
}

// TestDesign holds the picture of one card to its last look. When it changes on purpose,
// raise Design with it, or cards kept elsewhere stay as they were.
func TestDesign(t *testing.T) {
	t.Parallel()
	img, _ := picture(t, painter(t), fight())
	sum := sha256.Sum256(img.Pix)
	const design, want = 1, "7aaddcd6e4214210"
	if got := hex.EncodeToString(sum[:8]); got != want || ogcard.Design != design {
		t.Errorf("got design %d with the pixels %s, want %d with %s", ogcard.Design, got, design, want)
	}
}

func BenchmarkDraw(b *testing.B) {
	p := painter(b)
	for _, n := range []int{2, 8} {
		b.Run(fmt.Sprintf("sides=%d", n), func(b *testing.B) {
			card := many(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Draw(card); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
