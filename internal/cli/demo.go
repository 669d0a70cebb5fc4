package cli

import "github.com/battlescope/battlescope/internal/app"

type demoCommand struct {
	app.DemoConfig
}

// Run demonstrates until the process is asked to end.
func (c *demoCommand) Run(env *environment) error {
	d, err := app.NewDemo(env.ctx, c.DemoConfig, env.log)
	if err != nil {
		return err
	}
	d.Describe(env.Err)
	return d.Run(env.ctx)
}
