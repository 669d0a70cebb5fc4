package servers

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// RedisBin names the environment variable with another server program than the
// installed one's, such as a valkey-server.
const RedisBin = "BATTLESCOPE_TEST_REDIS_BIN"

// redisPrefix is kept short: the path of a socket has at most 107 bytes.
const redisPrefix = "rd-battlescope-"

// RedisServer is a Redis server of one test, which keeps nothing on disk.
type RedisServer struct {
	URL string // by unix socket
	TCP string // by 127.0.0.1, for proxies in between

	t       testing.TB
	folder  string
	port    int
	args    []string
	process *process
	log     bytes.Buffer
}

// Redis returns the URL of a fresh server of the test's own, by unix socket. It ends
// with the test.
func Redis(t testing.TB) string {
	t.Helper()
	return StartRedis(t).URL
}

// StartRedis starts a fresh server of the test's own, with further arguments such as
// "--maxmemory", "3mb". It ends with the test.
func StartRedis(t testing.TB, args ...string) *RedisServer {
	t.Helper()
	sweepFolders(redisPrefix)
	folder, err := os.MkdirTemp("/tmp", redisPrefix)
	if err != nil {
		t.Fatal(err)
	}
	claim(filepath.Join(folder, lockFile))
	s := &RedisServer{t: t, folder: folder, args: args}
	t.Cleanup(func() {
		s.Stop()
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	for attempt := 1; ; attempt++ { // somebody may take the free port first
		if s.port, err = freePort(); err != nil {
			t.Fatal(err)
		}
		if err = s.start(); err == nil {
			break
		}
		if attempt == 5 {
			t.Fatal(err)
		}
	}
	s.URL, s.TCP = "unix://"+s.socket(), fmt.Sprintf("redis://127.0.0.1:%d", s.port)
	return s
}

// Say sends commands on one connection, without any client library, and returns the
// first line of the last reply.
func Say(t testing.TB, s *RedisServer, commands ...string) string {
	t.Helper()
	conn, err := net.Dial("unix", s.socket())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	replies, line := bufio.NewReader(conn), ""
	for _, command := range commands {
		if _, err := conn.Write([]byte(command + "\r\n")); err != nil {
			t.Fatal(err)
		}
		if line, err = replies.ReadString('\n'); err != nil {
			t.Fatalf("%s: %v", command, err)
		}
	}
	return strings.TrimSpace(line)
}

// Folder is where the server runs, for files that it is to read.
func (s *RedisServer) Folder() string { return s.folder }

// Stop kills the server; what it held is gone. It can be started again.
func (s *RedisServer) Stop() {
	if s.process != nil {
		s.process.stop(syscall.SIGKILL)
		s.process = nil
	}
}

// Start starts a stopped server, empty, where it was.
func (s *RedisServer) Start() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatal(err)
	}
}

// Freeze has the server keep its connections and answer nothing.
func (s *RedisServer) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *RedisServer) Thaw() { s.signal(syscall.SIGCONT) }

func (s *RedisServer) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.process.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

func (s *RedisServer) socket() string { return filepath.Join(s.folder, "r.sock") }

func (s *RedisServer) start() error {
	bin, err := redisBin()
	if err != nil {
		return err
	}
	if err := os.Remove(s.socket()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s.log.Reset()
	args := slices.Concat([]string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--unixsocket", s.socket(),
		"--save", "", "--appendonly", "no", "--dir", s.folder, "--loglevel", "warning",
	}, s.args)
	cmd := exec.Command(bin, args...)
	cmd.Dir = s.folder
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	p, err := startProcess(cmd, syscall.SIGKILL)
	if err != nil {
		return fmt.Errorf("start %s: %w", bin, err)
	}
	s.process = p
	return s.awaitReady()
}

// redisBin returns the server's program.
func redisBin() (string, error) {
	if bin := os.Getenv(RedisBin); bin != "" {
		return bin, nil
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if bin, err := exec.LookPath(name); err == nil {
			return bin, nil
		}
	}
	return "", errors.New("this test needs Redis 7.0 or later, or Valkey, which is not installed: " +
		"apt-get install --no-install-recommends redis-server (no service has to run), or name the program in " + RedisBin)
}

// awaitReady returns when the server answers.
func (s *RedisServer) awaitReady() error {
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.answers() {
			return nil
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("start Redis: it ended: %s", bytes.TrimSpace(s.log.Bytes()))
		case <-late.C:
			s.Stop()
			return errors.New("start Redis: it does not answer")
		case <-tick.C:
		}
	}
}

// answers tells whether the server answers anything but that it is loading.
func (s *RedisServer) answers() bool {
	conn, err := net.Dial("unix", s.socket())
	if err != nil {
		return false
	}
	defer conn.Close()
	reply := make([]byte, 64)
	if _, err = conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	n, err := conn.Read(reply)
	return err == nil && !strings.HasPrefix(string(reply[:n]), "-LOADING")
}
