package cli

import (
	"cmp"
	"fmt"

	"github.com/battlescope/battlescope/internal/app"
)

type jobCommand struct {
	app.JobsConfig
	Name   string `arg:"" help:"Task: ${tasks}."`
	DryRun bool   `name:"dry-run" help:"Retention: print what would be removed, and remove nothing."`
}

// Run runs a periodic task here and now.
func (c *jobCommand) Run(env *environment) error {
	result, err := app.RunTask(env.ctx, c.JobsConfig, c.Name, c.DryRun, env.log)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, cmp.Or(result, "done"))
	return err
}
