package app

import (
	"testing"

	"github.com/battlescope/battlescope/test/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }
