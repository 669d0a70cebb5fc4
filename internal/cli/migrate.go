package cli

import (
	"fmt"

	"github.com/battlescope/battlescope/internal/app"
)

type migrateCommand struct{ app.Data }

// Run brings the schema up to date.
func (c *migrateCommand) Run(env *environment) error {
	version, err := app.Migrate(env.ctx, c.Data, env.log)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Out, "the schema is up to date: version %d\n", version)
	return err
}
