package api

import (
	"math"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/eve"
)

// amount is ISK in a request.
type amount float64

func (a amount) isk() eve.ISK { return eve.FromFloat(float64(a)) }

// check returns what is wrong with the amount of a parameter. The limits in its tag
// let NaN through: no comparison with it holds.
func (a amount) check(name string) []error {
	if !math.IsNaN(float64(a)) {
		return nil
	}
	return []error{&huma.ErrorDetail{Message: "expected an amount of ISK, as in 1500000000", Location: "query." + name, Value: "NaN"}}
}
