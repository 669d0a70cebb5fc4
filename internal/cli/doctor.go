package cli

import (
	"errors"
	"fmt"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/fault"
)

type doctorCommand struct {
	app.ServiceConfig
}

// Run prints one line for each part that was looked at, and fails when one fails.
func (c *doctorCommand) Run(env *environment) error {
	failed := 0
	var writeErr error
	tell := func(f app.Finding) {
		if f.Status == app.FindingFail {
			failed++
		}
		line := fmt.Sprintf("%-4s  %-12s  %s", f.Status, f.Part, f.Detail)
		if f.Hint != "" {
			line += " (hint: " + f.Hint + ")"
		}
		_, err := fmt.Fprintln(env.Out, line)
		writeErr = errors.Join(writeErr, err)
	}
	for _, p := range env.settings.problems {
		tell(app.Finding{Part: "settings", Status: app.FindingFail, Detail: p.Error(), Hint: fault.HintOf(p)})
	}
	app.Doctor(env.ctx, c.ServiceConfig, tell)
	switch {
	case failed == 1:
		return errors.Join(writeErr, fault.New("1 part fails", "the lines that begin with fail say what to do"))
	case failed > 1:
		return errors.Join(writeErr, fault.New(fmt.Sprintf("%d parts fail", failed), "the lines that begin with fail say what to do"))
	}
	return writeErr
}
