package cli_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/battlescope/battlescope/internal/cli"
)

// TestServeAskedToEndAtOnce: a service manager that changes its mind sees no failure.
func TestServeAskedToEndAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	code := cli.Run(ctx, []string{"serve", "--data", t.TempDir(), "--no-feed", "--no-esi", "--listen", "127.0.0.1:0", "--ops-listen", ""}, cli.IO{Out: &out, Err: &out})
	if code != 0 {
		t.Errorf("ends with %d and says\n%s", code, out.String())
	}
}
