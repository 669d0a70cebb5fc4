package cli

import (
	"fmt"
	"time"

	"github.com/alecthomas/kong"
)

// eveTime is a flag that takes a time in UTC, to the day, minute or second.
type eveTime struct{ time.Time }

var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// Decode implements kong.MapperValue.
func (t *eveTime) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("time", &text); err != nil {
		return err
	}
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is no time: write 2021-11-28 or \"2021-11-28 10:21\" (EVE time)", text)
}
