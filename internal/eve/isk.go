package eve

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ISK is an amount of money in hundredths of an ISK, exact. The largest amount is
// about 92,000 trillion ISK, beyond all the money in New Eden.
type ISK int64

// Bounds of ISK in the unit of FromFloat. The upper one is 2^63 hundredths, the
// first amount that no longer fits.
const (
	tooManyISK = float64(1<<63) / 100
	maxISK     = ISK(math.MaxInt64)
)

// FromFloat rounds an amount in ISK, as the feeds write it, to the cent. What does
// not fit becomes the largest amount; not a number becomes 0.
func FromFloat(isk float64) ISK {
	switch {
	case math.IsNaN(isk):
		return 0
	case isk >= tooManyISK:
		return maxISK
	case isk <= -tooManyISK:
		return -maxISK
	case isk < 0:
		return -ISK(-isk*100 + 0.5)
	}
	return ISK(isk*100 + 0.5)
}

// Float returns the amount in ISK, for JSON and ratios.
func (i ISK) Float() float64 { return float64(i) / 100 }

// iskUnits are the suffixes of a short amount, smallest first.
var iskUnits = [...]struct {
	suffix string
	isk    int64
}{{"", 1}, {"k", 1e3}, {"m", 1e6}, {"b", 1e9}, {"t", 1e12}}

// Short writes the amount with three significant digits and a lower-case k, m, b
// or t: "1.23b", "12.3b", "123b". Below 1000 it is a whole number. Rounding is half
// away from zero and carries into the next unit: 999.95k is "1.00m".
func (i ISK) Short() string {
	sign, cents := i.split()
	for n, unit := range iskUnits {
		for decimals := 2; decimals >= 0; decimals-- {
			if n == 0 && decimals > 0 {
				continue // no cents below 1000
			}
			scale := uint64(math.Pow10(decimals))
			step := uint64(unit.isk) * 100 / scale // cents in the last digit shown
			digits := cents / step
			if cents%step*2 >= step {
				digits++
			}
			last := n == len(iskUnits)-1 && decimals == 0
			if digits >= 1000 && !last {
				continue
			}
			if digits == 0 {
				return "0" // never "-0"
			}
			number := strconv.FormatUint(digits/scale, 10)
			if decimals > 0 {
				number += fmt.Sprintf(".%0*d", decimals, digits%scale)
			}
			return sign + number + unit.suffix
		}
	}
	panic("unreachable: the last unit takes every amount")
}

// Full writes the whole amount with separators and cents: "1,234,567.89".
func (i ISK) Full() string {
	sign, cents := i.split()
	digits := strconv.FormatUint(cents/100, 10)
	var grouped strings.Builder
	for n, digit := range digits {
		if n > 0 && (len(digits)-n)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(digit)
	}
	return fmt.Sprintf("%s%s.%02d", sign, grouped.String(), cents%100)
}

// split returns the sign and the magnitude, which unlike -i cannot overflow.
func (i ISK) split() (sign string, cents uint64) {
	if i < 0 {
		return "-", -uint64(i)
	}
	return "", uint64(i)
}
