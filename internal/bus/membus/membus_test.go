package membus_test

import (
	"testing"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/bustest"
	"github.com/battlescope/battlescope/internal/bus/membus"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(*testing.T) bus.Bus { return membus.New() })
}
