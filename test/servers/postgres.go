package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresBin names the environment variable with the folder of another PostgreSQL's
// programs than the installed one's.
const PostgresBin = "BATTLESCOPE_TEST_POSTGRES_BIN"

// PasswordUser is the one role name that the server asks for a password over TCP. It
// has to be created by whoever wants it; everybody else is trusted.
const PasswordUser = "guarded"

// folderPrefix begins the names of the servers' folders.
const folderPrefix = "pg-battlescope-"

// PostgresServer is a running PostgreSQL, empty but for what its users create.
type PostgresServer struct {
	folder  string
	port    int
	process *process
	log     *bytes.Buffer
	made    atomic.Int64 // databases

	templates sync.Mutex
	ready     map[string]bool // templates that are made
}

// Postgres returns the connection URL of a fresh empty database on the test binary's
// own server, over its unix socket. The database ends with the test.
func Postgres(t testing.TB) string {
	t.Helper()
	s, name := freshDatabase(t, "")
	return s.URL(name)
}

// PostgresTCP is Postgres by TCP on 127.0.0.1, for proxies in between.
func PostgresTCP(t testing.TB) string {
	t.Helper()
	s, name := freshDatabase(t, "")
	return s.TCP(name)
}

// PostgresLike is Postgres with a database that looks as prepare left it. It is called
// once for each name and the outcome copied, which is faster than preparing anew;
// it must close its connections.
func PostgresLike(t testing.TB, name string, prepare func(ctx context.Context, dsn string) error) string {
	t.Helper()
	s := sharedPostgres(t)
	template := "like_" + name
	if err := s.template(t.Context(), template, prepare); err != nil {
		t.Fatalf("prepare database %s: %v", name, err)
	}
	s, fresh := freshDatabase(t, template)
	return s.URL(fresh)
}

// template makes a database for copies.
func (s *PostgresServer) template(ctx context.Context, name string, prepare func(context.Context, string) error) error {
	s.templates.Lock()
	defer s.templates.Unlock()
	if s.ready[name] {
		return nil
	}
	if err := s.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	if err := prepare(ctx, s.URL(name)); err != nil {
		return errors.Join(err, s.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"))
	}
	s.ready[name] = true
	return nil
}

// Shared returns the server of this test binary, for tests of the server itself.
func Shared(t testing.TB) *PostgresServer {
	t.Helper()
	return sharedPostgres(t)
}

var startPostgres = sync.OnceValues(func() (*PostgresServer, error) {
	s, err := StartPostgres()
	if err == nil {
		atEnd(s.Stop)
	}
	return s, err
})

func sharedPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	s, err := startPostgres()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// freshDatabase creates a database that is dropped when the test ends.
func freshDatabase(t testing.TB, template string) (*PostgresServer, string) {
	t.Helper()
	s := sharedPostgres(t)
	name := fmt.Sprintf("test_%d", s.made.Add(1))
	text := "CREATE DATABASE " + name
	if template != "" {
		text += " TEMPLATE " + template
	}
	if err := s.Exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Exec(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s, name
}

// StartPostgres starts a server of its own with further settings ("name=value").
// Durability is off: the data is gone with the process anyway. Stop it.
func StartPostgres(settings ...string) (*PostgresServer, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	sweepFolders(folderPrefix)
	folder, err := os.MkdirTemp("/tmp", folderPrefix) // t.TempDir can be too long for the path of a socket
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	claim(filepath.Join(folder, lockFile))
	s := &PostgresServer{folder: folder, ready: make(map[string]bool)}
	if err := s.init(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	for attempt := 1; ; attempt++ { // somebody may take the free port first
		if err = s.start(bin, settings); err == nil {
			return s, nil
		}
		if attempt == 5 {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
}

// postgresBin returns the folder of the programs.
func postgresBin() (string, error) {
	if dir := os.Getenv(PostgresBin); dir != "" {
		return dir, nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if _, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(path), nil
		}
	}
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(dirs, func(a, b string) int { return major(a) - major(b) })
	if len(dirs) == 0 {
		return "", errors.New("this test needs PostgreSQL 15 or later, which is not installed: " +
			"apt-get install postgresql-15 (no service has to run), or name the folder of its programs in " + PostgresBin)
	}
	return dirs[len(dirs)-1], nil
}

// major is the version in a path like /usr/lib/postgresql/15/bin.
func major(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

func (s *PostgresServer) command(path string, args ...string) (*exec.Cmd, error) {
	cmd := exec.Command(path, args...)
	cmd.Dir = s.folder // wherever we are, nobody may not be allowed there
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.folder, "LC_ALL=C.UTF-8"}
	s.log = &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = s.log, s.log
	return cmd, asNobody(cmd, s.folder)
}

func (s *PostgresServer) data() string { return filepath.Join(s.folder, "data") }

func (s *PostgresServer) init(bin string) error {
	cmd, err := s.command(filepath.Join(bin, "initdb"), "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync", "--no-instructions")
	if err != nil {
		return err
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(s.log.Bytes()))
	}
	rules := "local all all trust\nhost all " + PasswordUser + " 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
	return os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(rules), 0o600) // keeps the owner
}

func (s *PostgresServer) start(bin string, settings []string) error {
	var err error
	if s.port, err = freePort(); err != nil {
		return err
	}
	args := []string{"-D", s.data(), "-k", s.folder, "-p", strconv.Itoa(s.port)}
	for _, set := range slices.Concat([]string{
		"listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"max_connections=300", "shared_buffers=128MB", "log_min_messages=fatal",
	}, settings) {
		args = append(args, "-c", set)
	}
	cmd, err := s.command(filepath.Join(bin, "postgres"), args...)
	if err != nil {
		return err
	}
	if s.process, err = startProcess(cmd, syscall.SIGINT); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	return s.awaitReady()
}

// awaitReady returns when the server takes connections.
func (s *PostgresServer) awaitReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.Exec(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("start PostgreSQL: it ended: %s", bytes.TrimSpace(s.log.Bytes()))
		case <-ctx.Done():
			s.process.stop(syscall.SIGINT)
			return fmt.Errorf("start PostgreSQL: %w", err)
		case <-tick.C:
		}
	}
}

// Exec runs a statement as superuser in the database postgres.
func (s *PostgresServer) Exec(ctx context.Context, text string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

// URL is the connection URL of a database over the unix socket, as superuser.
func (s *PostgresServer) URL(database string) string {
	q := url.Values{"host": {s.folder}, "port": {strconv.Itoa(s.port)}, "sslmode": {"disable"}}
	return "postgres://postgres@/" + database + "?" + q.Encode()
}

// TCP is the connection URL of a database over TCP, as superuser.
func (s *PostgresServer) TCP(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Stop ends the server and deletes its folder. Connections are cut.
func (s *PostgresServer) Stop() {
	s.process.stop(syscall.SIGINT)
	_ = os.RemoveAll(s.folder)
}
