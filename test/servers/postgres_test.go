package servers_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/battlescope/battlescope/test/servers"
)

// killed is set for the process that TestPostgresKilled kills.
const killed = "BATTLESCOPE_TEST_KILLED"

func TestMain(m *testing.M) { servers.Main(m) }

// TestPostgresKilled kills a process that has started a server; the server follows it.
func TestPostgresKilled(t *testing.T) {
	if os.Getenv(killed) != "" {
		fmt.Println("server", servers.PostgresTCP(t))
		select {}
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestPostgresKilled$", "-test.v")
	cmd.Env = append(os.Environ(), killed+"=1")
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var dsn string
	for lines := bufio.NewScanner(out); dsn == "" && lines.Scan(); {
		dsn, _ = strings.CutPrefix(lines.Text(), "server ")
		if !strings.HasPrefix(dsn, "postgres://") {
			dsn = ""
		}
	}
	run(t, dsn, "SELECT 1")
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	u, err := url.Parse(dsn)
	must(t, err)
	for { // ends with the test's deadline when it is never so
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			return
		}
		must(t, conn.Close())
	}
}

// TestPostgres gives every test a database of its own.
func TestPostgres(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		servers.Postgres(t), servers.PostgresTCP(t), servers.Postgres(t),
	} {
		run(t, dsn, "CREATE TABLE mine (n BIGINT)")
	}
}

// TestPostgresLike prepares once and gives copies.
func TestPostgresLike(t *testing.T) {
	t.Parallel()
	prepared, name := 0, fmt.Sprintf("marked_%d", time.Now().UnixNano())
	for range 2 {
		dsn := servers.PostgresLike(t, name, func(ctx context.Context, dsn string) error {
			prepared++
			run(t, dsn, "CREATE TABLE marks (n BIGINT)")
			return nil
		})
		run(t, dsn, "DROP TABLE marks")
	}
	if prepared != 1 {
		t.Errorf("prepared %d times, want once", prepared)
	}
}

func run(t *testing.T, dsn, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	must(t, err)
	_, err = conn.Exec(t.Context(), text)
	must(t, err)
	must(t, conn.Close(t.Context()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
