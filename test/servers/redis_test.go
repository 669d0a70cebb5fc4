package servers_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/test/servers"
)

// TestRedisKilled kills a process that has started a server; the server follows it.
func TestRedisKilled(t *testing.T) {
	if os.Getenv(killed) != "" {
		fmt.Println("server", servers.StartRedis(t).TCP)
		select {}
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRedisKilled$", "-test.v")
	cmd.Env = append(os.Environ(), killed+"=1")
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var address string
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "server "); ok {
			address = rest
		}
	}
	u, err := url.Parse(address)
	must(t, err)
	if got := say(t, "tcp", u.Host, "PING"); got != "+PONG" {
		t.Fatalf("got %q, want a pong", got)
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	for { // ends with the test's deadline when it is never so
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			return
		}
		must(t, conn.Close())
	}
}

// TestRedis gives every test an empty server of its own, which can go and come back.
func TestRedis(t *testing.T) {
	t.Parallel()
	one, two := servers.StartRedis(t), servers.StartRedis(t, "--maxmemory", "3mb")
	tcp := strings.TrimPrefix(one.TCP, "redis://")
	socket := func(s *servers.RedisServer) string { return strings.TrimPrefix(s.URL, "unix://") }
	for _, c := range []struct{ network, address, command, want string }{
		{"unix", socket(one), "SET mine 1", "+OK"},
		{"tcp", tcp, "EXISTS mine", ":1"},
		{"unix", socket(two), "EXISTS mine", ":0"},
		{"unix", socket(two), "CONFIG GET maxmemory", "*2"},
	} {
		if got := say(t, c.network, c.address, c.command); got != c.want {
			t.Errorf("%s: got %q, want %q", c.command, got, c.want)
		}
	}
	one.Freeze()
	conn, err := net.Dial("tcp", tcp)
	must(t, err)
	must(t, conn.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = conn.Write([]byte("PING\r\n"))
	must(t, err)
	if _, err := conn.Read(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a frozen server answers: %v", err)
	}
	must(t, conn.Close())
	one.Thaw()
	one.Stop()
	if _, err := net.Dial("tcp", tcp); err == nil {
		t.Error("a stopped server takes connections")
	}
	one.Start()
	if got := say(t, "tcp", tcp, "EXISTS mine"); got != ":0" {
		t.Errorf("after a restart: got %q, want an empty server", got)
	}
}

// say sends a command and returns the first line of the reply.
func say(t *testing.T, network, address, command string) string {
	t.Helper()
	conn, err := net.Dial(network, address)
	must(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte(command + "\r\n"))
	must(t, err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(line)
}
