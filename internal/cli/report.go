package cli

import (
	"fmt"

	"github.com/battlescope/battlescope/internal/app"
)

type reportCommand struct {
	app.Data
	Format string   `help:"${enum}: for a terminal, or a message of at most 2000 characters." enum:"text,discord" default:"text" placeholder:"FORMAT"`
	What   []string `arg:"" name:"battle" help:"Battle or killmail id; link to either, or to a related page of zKillboard, br.evetools or EVE-KILL; or SYSTEM TIME (EVE time)."`
}

// Run prints one battle.
func (c *reportCommand) Run(env *environment) error {
	r, err := app.FindReport(env.ctx, c.Data, c.What, env.log)
	if err != nil {
		return err
	}
	text := r.Text()
	if c.Format == "discord" {
		text = r.Discord()
	}
	if _, err := fmt.Fprint(env.Out, text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
