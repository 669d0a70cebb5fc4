package stack_test

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/battlescope/battlescope/internal/cli"
	"github.com/battlescope/battlescope/test/servers"
)

// TestMain lets the test binary be the program itself, so that what is tested is
// what ships.
func TestMain(m *testing.M) {
	if len(os.Args) > 0 && os.Args[0] == "battlescope" {
		run()
	}
	servers.Main(m)
}

func run() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
