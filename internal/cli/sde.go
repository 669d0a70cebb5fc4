package cli

import (
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/app"
)

// sdeCommand works on CCP's static data.
type sdeCommand struct {
	Update sdeUpdate `cmd:"" help:"Put a newer export of CCP's static data into the data folder."`
}

type sdeUpdate struct {
	app.Data
	app.SDE
	app.Identity
	File string `arg:"" optional:"" help:"CCP's export as eve-online-static-data-…-jsonl.zip; without, it is downloaded." type:"path"`
}

// Run reads the export and writes it.
func (c *sdeUpdate) Run(env *environment) error {
	if c.File == "" {
		fmt.Fprintln(env.Err, "downloading "+c.SDEURL)
	}
	u, err := app.UpdateStatic(env.ctx, app.UpdateStaticConfig{Data: c.Data, SDE: c.SDE, Identity: c.Identity, File: c.File})
	if err != nil {
		return err
	}
	day := u.PricedAt.Format(time.DateOnly)
	if !u.Written {
		_, err = fmt.Fprintf(env.Out, "static data %s of %s are in use already\n", u.Version, day)
		return err
	}
	_, err = fmt.Fprintf(env.Out, "static data %s of %s: %d systems, %d types\n", u.Version, day, u.Systems, u.Types)
	fmt.Fprintln(env.Err, "used from the next start on")
	return err
}
