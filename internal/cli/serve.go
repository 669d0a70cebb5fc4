package cli

import (
	"github.com/battlescope/battlescope/internal/app"
)

type serveCommand struct {
	app.ServeConfig
}

// Run serves until the process is asked to end.
func (c *serveCommand) Run(env *environment) error {
	server, err := app.NewServer(env.ctx, c.ServeConfig, env.log)
	if err != nil {
		return err
	}
	server.Describe(env.Err)
	return server.Run(env.ctx)
}
