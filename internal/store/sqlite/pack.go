package sqlite

import (
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"

	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

const packName = "battlescope_pack"

var errNoWindow = errors.New(packName + " cannot be used over a window")

// The driver takes functions for all databases that are opened after.
func init() {
	sqlite.MustRegisterFunction(packName, &sqlite.FunctionImpl{
		NArgs: -1, Deterministic: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &pack{}, nil },
	})
}

// pack joins the rows of a group into one value.
type pack struct{ value []byte }

func (p *pack) Step(_ *sqlite.FunctionContext, row []driver.Value) (err error) {
	p.value, err = sqlstore.AppendPacked(p.value, row)
	return err
}

func (p *pack) WindowValue(*sqlite.FunctionContext) (driver.Value, error) { return p.value, nil }

func (p *pack) WindowInverse(*sqlite.FunctionContext, []driver.Value) error { return errNoWindow }

func (p *pack) Final(*sqlite.FunctionContext) {}
