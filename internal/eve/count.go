package eve

import (
	"strconv"
	"strings"
)

// Count writes a whole number as the page does: 1,049.
func Count(n int) string {
	text := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(text) - 3; i > first; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Plural writes a number with what is counted: "1 kill", "1,049 kills", "2 losses".
func Plural(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "s"):
		return Count(n) + " " + one + "es"
	}
	return Count(n) + " " + one + "s"
}
