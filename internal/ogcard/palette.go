package ogcard

import (
	"image/color"
	"math"

	"github.com/battlescope/battlescope/internal/eve"
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// The colours are those of the page's dark theme.
var (
	ground = rgb(0x0b0e14)
	panel  = rgb(0x141922)
	line   = rgb(0x5a6678)
	white  = rgb(0xe6e9ef)
	muted  = rgb(0x9aa4b2)
	good   = rgb(0x5fd08a)
	bad    = rgb(0xff7b72)
)

// sideColor is the colour of a side, after Okabe and Ito; grey for the unassigned.
func sideColor(letter string) color.RGBA {
	switch letter {
	case "A":
		return rgb(0x56b4e9)
	case "B":
		return rgb(0xe69f00)
	case "C":
		return rgb(0x009e73)
	case "D":
		return rgb(0xcc79a7)
	case "E":
		return rgb(0xf0e442)
	case "F":
		return rgb(0xd55e00)
	case "G":
		return rgb(0x3891c3)
	case "H":
		return rgb(0x999999)
	}
	return rgb(0x7d8796)
}

// securityTints are the colours of the security status from 0.0 to 1.0: the ramp of
// the game, lifted until it can be read on the ground.
var securityTints = [...]uint32{
	0xb47798, 0xad7e7e, 0xd3676a, 0xd8693f, 0xdc6c06, 0xf5ff83, 0x71e754, 0x60dba3, 0x4ecef8, 0x399aeb, 0x4e8ae5,
}

// securityColor is the colour of a shown security status. All of nullsec shares one.
func securityColor(shown float64) color.RGBA {
	tenths := int(math.Round(eve.DisplaySecurity(shown) * 10))
	return rgb(securityTints[min(max(tenths, 0), len(securityTints)-1)])
}

// tile is the ground and the text of a monogram.
type tile struct{ back, text uint32 }

// tiles are of one lightness and go round the hues.
var tiles = [...]tile{
	{0x4a2430, 0xf0c8d0}, {0x4a281f, 0xf1caba}, {0x442e16, 0xebcfaa}, {0x3a3514, 0xdfd6a4}, {0x2b3b1c, 0xcedcab}, {0x1a3f2c, 0xbae1bd},
	{0x0d403d, 0xabe2d3}, {0x123d4d, 0xa8dfe8}, {0x213757, 0xb1d9f7}, {0x302f59, 0xc2d1fd}, {0x3d2952, 0xd5c9f8}, {0x462443, 0xe5c6e8},
}

func tileOf(id int64) tile { return tiles[uint64(id)*47%uint64(len(tiles))] }
