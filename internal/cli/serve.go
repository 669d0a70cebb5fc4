package cli

import (
	"context"
	"errors"

	"github.com/battlescope/battlescope/internal/app"
)

type serveCommand struct {
	app.ServeConfig
}

// Run serves until the process is asked to end.
func (c *serveCommand) Run(env *environment) error { return serve(env, c.ServeConfig) }

// serviceCommand runs one service: serve --only with its name.
type serviceCommand struct {
	app.ServiceConfig
}

// run serves until the process is asked to end.
func (c serviceCommand) run(env *environment, name string) error {
	return serve(env, app.ServeConfig{ServiceConfig: c.ServiceConfig, Only: []string{name}})
}

type (
	apiCommand       struct{ serviceCommand }
	ingestCommand    struct{ serviceCommand }
	enrichCommand    struct{ serviceCommand }
	clusterCommand   struct{ serviceCommand }
	schedulerCommand struct{ serviceCommand }
	verifyCommand    struct{ serviceCommand }
)

// Run serves page and API.
func (c *apiCommand) Run(env *environment) error { return c.run(env, "api") }

// Run reads the feed.
func (c *ingestCommand) Run(env *environment) error { return c.run(env, "ingest") }

// Run fills in what killmails do not say.
func (c *enrichCommand) Run(env *environment) error { return c.run(env, "enrich") }

// Run forms battles.
func (c *clusterCommand) Run(env *environment) error { return c.run(env, "cluster") }

// Run starts periodic work.
func (c *schedulerCommand) Run(env *environment) error { return c.run(env, "scheduler") }

// Run looks for damage when it is due.
func (c *verifyCommand) Run(env *environment) error { return c.run(env, "verify") }

func serve(env *environment, cfg app.ServeConfig) error {
	server, err := app.NewServer(env.ctx, cfg, env.log)
	switch {
	case env.ctx.Err() != nil && errors.Is(err, context.Canceled):
		return nil // asked to end before anything had begun, which is no failure
	case err != nil:
		return err
	}
	server.Describe(env.Err)
	return server.Run(env.ctx)
}
