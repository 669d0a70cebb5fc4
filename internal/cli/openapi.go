package cli

import "github.com/battlescope/battlescope/internal/app"

type openapiCommand struct{}

// Run prints the description of the HTTP API in YAML.
func (openapiCommand) Run(env *environment) error {
	spec, err := app.OpenAPI()
	if err != nil {
		return err
	}
	_, err = env.Out.Write(spec)
	return err
}
