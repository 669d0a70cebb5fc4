package redis_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/redis/rueidis"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/redis"
	"github.com/battlescope/battlescope/test/servers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long something may take before a test gives up; no claim about speed.
const patience = time.Minute

func open(t *testing.T, url string, log ...*slog.Logger) *redis.Link {
	t.Helper()
	return openFor(t, patience, url, log...)
}

// openFor opens a link whose requests wait as long as given: who says that they do not
// go through must not mean a machine that is busy.
func openFor(t *testing.T, wait time.Duration, url string, log ...*slog.Logger) *redis.Link {
	t.Helper()
	l, err := redis.Open(url, append(log, slog.New(slog.DiscardHandler))[0], wait)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// ask sends a command and tells whether it was tried at all.
func ask(ctx context.Context, l *redis.Link, command ...string) (tried bool, err error) {
	err = l.Do(ctx, func(ctx context.Context, c rueidis.Client) error {
		tried = true
		return c.Do(ctx, c.B().Arbitrary(command...).Build()).Error()
	})
	return tried, err
}

func await(t *testing.T, what string, yes func() bool) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("%s: not after %v", what, patience)
		}
	}
}

// works tells whether a command goes through.
func works(t *testing.T, l *redis.Link) func() bool {
	return func() bool {
		_, err := ask(t.Context(), l, "PING")
		return err == nil
	}
}

// TestGoneCostsNothing has the server stop or fall silent. From then on nothing is
// even tried, until it is back.
func TestGoneCostsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cut, mend func(*servers.RedisServer) }{
		"stopped": {(*servers.RedisServer).Stop, (*servers.RedisServer).Start},
		"silent":  {(*servers.RedisServer).Freeze, (*servers.RedisServer).Thaw},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log safeBuffer
			s := servers.StartRedis(t)
			l := openFor(t, 3*time.Second, s.TCP, slog.New(slog.NewTextHandler(&log, nil)))
			for round := range 2 {
				if tried, err := ask(t.Context(), l, "PING"); !tried || err != nil {
					t.Fatalf("got %v, %v", tried, err)
				}
				c.cut(s)
				var all sync.WaitGroup
				for range 20 { // of which none may hang
					all.Go(func() {
						if _, err := ask(context.Background(), l, "PING"); err == nil {
							t.Error("a server that is gone answers")
						}
					})
				}
				all.Wait()
				for range 1000 {
					if tried, err := ask(t.Context(), l, "PING"); tried || fault.HintOf(err) == "" {
						t.Fatalf("got %v, %v with the hint %q", tried, err, fault.HintOf(err))
					}
				}
				await(t, "a warning", func() bool { return strings.Count(log.String(), "level=WARN") == round+1 })
				c.mend(s)
				await(t, "the return", works(t, l))
				await(t, "the note of the return", func() bool { return strings.Count(log.String(), "is back") == round+1 })
			}
		})
	}
}

// TestSlow has a server that answers later than requests wait. It is as good as gone,
// and does not cost every request its patience.
func TestSlow(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "redis", "127.0.0.1:0", strings.TrimPrefix(s.TCP, "redis://"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	l := openFor(t, redis.Patience, "redis://"+p.Listen)
	await(t, "the server", works(t, l))
	toxic := func(latency int) {
		t.Helper()
		text := fmt.Sprintf(`{"name":"slow","type":"latency","stream":"downstream","attributes":{"latency":%d}}`, latency)
		if _, err := p.Toxics.AddToxicJson(strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	toxic(3 * int(redis.Patience.Milliseconds()))
	if tried, err := ask(t.Context(), l, "PING"); !tried || !strings.Contains(err.Error(), "does not answer in time") {
		t.Errorf("got %v, %v", tried, err)
	}
	for range 100 {
		if tried, err := ask(t.Context(), l, "PING"); tried || err == nil {
			t.Fatalf("got %v, %v", tried, err)
		}
	}
	if err := p.Toxics.RemoveToxic(t.Context(), "slow"); err != nil {
		t.Fatal(err)
	}
	toxic(5)
	await(t, "the server is quick again", works(t, l))
}

func TestLateServer(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	s.Stop()
	l := open(t, s.URL)
	if tried, err := ask(t.Context(), l, "PING"); tried || err == nil {
		t.Errorf("got %v, %v", tried, err)
	}
	s.Start()
	await(t, "the server", works(t, l))
}

// TestRestart needs nobody's help: idle connections that the server cut are made anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	l := open(t, s.URL)
	for range 3 {
		s.Stop()
		s.Start()
		await(t, "the server", works(t, l))
	}
}

// TestCallerGivesUp must not look like a server that is gone.
func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	l := open(t, servers.Redis(t))
	ctx, cancel := context.WithCancel(t.Context())
	err := l.Do(ctx, func(ctx context.Context, c rueidis.Client) error {
		cancel()
		return c.Do(ctx, c.B().Ping().Build()).Error()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if tried, err := ask(t.Context(), l, "PING"); !tried || err != nil {
		t.Errorf("afterwards: got %v, %v", tried, err)
	}
}

// TestReplies are errors of a command, not of the server.
func TestReplies(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	l := open(t, s.URL)
	if got := servers.Say(t, s, "CONFIG SET maxmemory 1"); got != "+OK" {
		t.Fatal(got)
	}
	for _, c := range []struct {
		command []string
		want    string // of the error
		hint    string
	}{
		{[]string{"GET", "nothing"}, "", ""},
		{[]string{"SET", "k", "v"}, "OOM", "maxmemory-policy"},
		{[]string{"NONSENSE"}, "unknown command", "7.0"},
		{[]string{"GET"}, "wrong number", ""},
	} {
		tried, err := ask(t.Context(), l, c.command...)
		if !tried || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) {
			t.Errorf("%v: got %v, %v with the hint %q", c.command, tried, err, fault.HintOf(err))
		}
	}
	if err := l.Reason(); err != nil {
		t.Errorf("the link is lost by an answer: %v", err)
	}
}

// TestExplained opens what cannot work and wants one line with a hint and no password.
func TestExplained(t *testing.T) {
	t.Parallel()
	guarded := servers.StartRedis(t, "--requirepass", "geheim")
	secure := withTLS(t)
	closed := servers.StartRedis(t)
	closed.Stop()
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	plain := strings.TrimPrefix(guarded.TCP, "redis://")
	for name, c := range map[string]struct{ url, want, hint string }{
		"right":             {"redis://:geheim@" + plain, "", ""},
		"no password":       {"redis://" + plain, "NOAUTH", "password"},
		"wrong password":    {"redis://:falsch-geheim@" + plain, "WRONGPASS", "check user and password"},
		"no such database":  {"redis://:geheim@" + plain + "/99", "DB index", "numbered from 0"},
		"nothing listens":   {closed.TCP, "refused", "is it running"},
		"a dead socket":     {closed.URL, "refused", "is it running"},
		"no such host":      {"redis://:geheim@host.invalid", "host.invalid", "check the host"},
		"says nothing":      {"redis://:geheim@" + mute.Addr().String(), "does not answer in time", "is it running"},
		"TLS to a plain":    {"rediss://:geheim@" + plain, "does not answer in time", "speak TLS"},
		"plain to TLS":      {"redis://:geheim@" + secure, "", "rediss://"},
		"untrusted":         {"rediss://:geheim@" + secure, "certificate", "SSL_CERT_FILE"},
		"socket of no one":  {"unix:///proc/nothing.sock", "no such file", "is Redis running"},
		"user is a mistake": {"redis://geheim:@" + plain, "WRONGPASS", "check user and password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log safeBuffer
			wait := patience
			if strings.Contains(c.want, "in time") {
				wait = time.Second
			}
			l := openFor(t, wait, c.url, slog.New(slog.NewTextHandler(&log, nil)))
			err := l.Reason()
			if (err == nil) != (c.want == "" && c.hint == "") {
				t.Fatalf("got %v", err)
			}
			if err == nil {
				return
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.HintOf(err), c.hint) {
				t.Errorf("got %q with the hint %q, want %q and %q", err, fault.HintOf(err), c.want, c.hint)
			}
			await(t, "a warning", func() bool { return log.String() != "" })
			if text := err.Error() + fault.HintOf(err) + log.String(); strings.Contains(text, "geheim") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q", text)
			}
		})
	}
}

// withTLS starts a server with a certificate that nobody trusts, and returns its address.
func withTLS(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "nobody"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: certificate}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := servers.StartRedis(t, "--tls-cert-file", filepath.Join(dir, "cert.pem"), "--tls-key-file", filepath.Join(dir, "key.pem"),
		"--tls-ca-cert-file", filepath.Join(dir, "cert.pem"), "--tls-auth-clients", "no")
	port := servers.FreePort(t)
	if got := servers.Say(t, s, fmt.Sprint("CONFIG SET tls-port ", port)); got != "+OK" {
		t.Fatal(got)
	}
	return fmt.Sprint("127.0.0.1:", port)
}

// safeBuffer is a log that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
