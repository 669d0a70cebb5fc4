package app

import (
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/web"
)

// Description says what is inside the binary.
type Description struct {
	Page       bool   // the web page is built in
	StaticData string // version of the static data
}

// Describe returns what is inside the binary.
func Describe() Description {
	_, built := web.Assets()
	d := Description{Page: built, StaticData: "broken"}
	if world, err := sde.Load(); err == nil {
		d.StaticData = world.Version()
	}
	return d
}

// OpenAPI returns the description of the HTTP API in YAML.
func OpenAPI() ([]byte, error) { return api.New(api.Deps{}).OpenAPI() }
