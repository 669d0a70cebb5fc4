package cli

import (
	"fmt"
	"runtime"

	"github.com/battlescope/battlescope/internal/app"
)

type versionCommand struct{}

// Run prints the version, the toolchain, and what is built in.
func (versionCommand) Run(env *environment) error {
	d := app.Describe()
	page := "no (make build puts it in)"
	if d.Page {
		page = "yes"
	}
	_, err := fmt.Fprintf(env.Out, "battlescope %s\n%s %s/%s\nweb page: %s\nstatic data: %s\n",
		app.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, page, d.StaticData)
	return err
}
