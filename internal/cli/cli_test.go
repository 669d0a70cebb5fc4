package cli_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/battlescope/battlescope/internal/cli"
)

// TestMain lets the test binary be the program itself, in scripts and in the
// crash test, so that what is tested is what ships.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"battlescope": run})
}

func run() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// TestScripts runs testdata/script: each is a session at a terminal.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			busy, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Defer(func() { _ = busy.Close() })
			env.Setenv("BUSY", busy.Addr().String())
			files := httptest.NewServer(http.FileServer(http.Dir(env.WorkDir)))
			env.Defer(files.Close)
			env.Setenv("FILES", files.URL)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exitcode": exitCode,
			"zip":      zipFiles,
		},
	})
}

// exitCode runs a command and checks its exit code: exitcode 2 battlescope serve --bogus.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND [ARG…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = "error: " + err.Error()
		if code, ok := err.(interface{ ExitCode() int }); ok {
			got = string(rune('0' + code.ExitCode()))
		}
	}
	if got != args[0] {
		ts.Fatalf("%v: got exit code %s, want %s", args[1:], got, args[0])
	}
}
