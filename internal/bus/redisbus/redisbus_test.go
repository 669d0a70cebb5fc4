package redisbus_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/bustest"
	"github.com/battlescope/battlescope/internal/bus/redisbus"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/test/servers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long something may take before a test gives up; no claim about speed.
const patience = time.Minute

func open(t testing.TB, url string, log ...*slog.Logger) *redisbus.Bus {
	t.Helper()
	return openFor(t, patience, url, log...)
}

// openFor opens a bus that waits as long as given for its server.
func openFor(t testing.TB, wait time.Duration, url string, log ...*slog.Logger) *redisbus.Bus {
	t.Helper()
	b, err := redisbus.Open(url, append(log, slog.New(slog.DiscardHandler))[0], wait)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestConformance(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) bus.Bus { return open(t, servers.Redis(t)) })
	bustest.RunShared(t, func(t *testing.T) (bus.Bus, bus.Bus) {
		s := servers.StartRedis(t)
		return open(t, s.URL), open(t, s.TCP)
	})
}

// await repeats a question until the answer is yes.
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

func receive(t *testing.T, what string, signals <-chan struct{}) {
	t.Helper()
	select {
	case <-signals:
	case <-time.After(patience):
		t.Fatalf("%s: no signal after %v", what, patience)
	}
}

func publish(t *testing.T, b bus.Bus, topic bus.Topic) {
	t.Helper()
	if err := b.Publish(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
}

func ready(b bus.Bus) bool { return b.Ready(context.Background()) == nil }

// TestInterruption takes the server away and brings it back. Listeners are told that
// they may have missed something, and signals flow again.
func TestInterruption(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cut, mend func(*servers.RedisServer) }{
		"stopped": {(*servers.RedisServer).Stop, (*servers.RedisServer).Start},
		"silent":  {(*servers.RedisServer).Freeze, (*servers.RedisServer).Thaw},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log safeBuffer
			s := servers.StartRedis(t)
			here := openFor(t, 5*time.Second, s.URL)
			there := openFor(t, 5*time.Second, s.TCP, slog.New(slog.NewTextHandler(&log, nil)))
			away, stop1 := there.Listen(bus.KillmailsStored)
			defer stop1()
			other, stop2 := there.Listen(bus.RulesetChanged)
			defer stop2()
			home, stop3 := here.Listen(bus.KillmailsStored)
			defer stop3()
			for round := range 2 {
				publish(t, here, bus.KillmailsStored)
				receive(t, "before", away)
				receive(t, "before", home)

				c.cut(s)
				await(t, "not ready", func() bool { return !ready(here) && !ready(there) })
				if err := there.Ready(t.Context()); fault.HintOf(err) == "" || !strings.Contains(err.Error(), "127.0.0.1") {
					t.Errorf("got %q with the hint %q", err, fault.HintOf(err))
				}
				publish(t, here, bus.KillmailsStored) // is sent later
				receive(t, "the process itself, without a server", home)

				c.mend(s)
				await(t, "ready again", func() bool { return ready(here) && ready(there) })
				receive(t, "what may have been missed", away)
				receive(t, "what may have been missed of another topic", other)
				receive(t, "what may have been missed here", home)
				// What was published meanwhile, and the signal of the return, may come as one or two.
				await(t, "quiet", func() bool {
					publish(t, there, bus.RulesetChanged)
					receive(t, "local", other)
					select {
					case <-away:
						return false
					case <-home:
						return false
					default:
						return true
					}
				})
				publish(t, here, bus.KillmailsStored)
				receive(t, "after", away)
				receive(t, "after", home)
				if got := strings.Count(log.String(), "level=WARN"); got != round+1 {
					t.Errorf("got %d warnings in round %d:\n%s", got, round, log.String())
				}
				if got := strings.Count(log.String(), "arrive again"); got != round+1 {
					t.Errorf("got %d notes of the return in round %d:\n%s", got, round, log.String())
				}
			}
		})
	}
}

// TestLateServer opens a bus before its server is there.
func TestLateServer(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	s.Stop()
	b := open(t, s.TCP)
	if ready(b) {
		t.Fatal("ready without a server")
	}
	signals, stop := b.Listen(bus.BattlesChanged)
	defer stop()
	s.Start()
	receive(t, "the server has come", signals)
	await(t, "ready", func() bool { return ready(b) })
	other := open(t, s.URL)
	publish(t, other, bus.BattlesChanged)
	receive(t, "signal", signals)
}

// TestCut cuts the connection of a listener only, as proxies and servers with a full
// output buffer do.
func TestCut(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t)
	here, there := open(t, s.URL), open(t, s.TCP)
	signals, stop := there.Listen(bus.KillmailsStored)
	defer stop()
	const subscribers = `EVAL "return redis.call('PUBSUB','NUMSUB','battlescope:killmail.new')[2]" 0`
	for range 3 {
		if got := servers.Say(t, s, "CLIENT KILL TYPE pubsub"); got != ":2" {
			t.Fatalf("got %q, want two connections killed", got)
		}
		receive(t, "after the cut", signals)
		await(t, "ready", func() bool { return ready(here) && ready(there) })
		await(t, "subscribed", func() bool { return servers.Say(t, s, subscribers) == ":2" })
		publish(t, here, bus.KillmailsStored)
		receive(t, "signal", signals)
	}
}

// TestRefused has users who may log in and not everything else.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := servers.StartRedis(t, "--requirepass", "geheim")
	for _, command := range []string{
		"ACL SETUSER deaf on >geheim +@all -subscribe allkeys allchannels",
		"ACL SETUSER mute on >geheim +@all -publish allkeys allchannels",
		"ACL SETUSER right on >geheim +@read +@write +@pubsub +@scripting +@connection ~battlescope:* &battlescope:*",
	} {
		if got := servers.Say(t, s, "AUTH geheim", command); got != "+OK" {
			t.Fatalf("%s: got %q", command, got)
		}
	}
	for user, want := range map[string]string{
		"":                 "password",
		"default:falsch@":  "check user and password",
		"deaf:geheim@":     "+@pubsub",
		"mute:geheim@":     "+@pubsub",
		"right:geheim@":    "",
		":geheim@":         "",
		"nobody:geheim@":   "check user and password",
		"default:geheim@":  "",
		"right%20:geheim@": "check user and password",
	} {
		b := open(t, strings.Replace(s.TCP, "://", "://"+user, 1))
		err := b.Ready(t.Context())
		if hint := fault.HintOf(err); (err == nil) != (want == "") || !strings.Contains(hint, want) {
			t.Errorf("%q: got %v with the hint %q, want %q", user, err, hint, want)
		}
		if err != nil && (strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "falsch") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%q: the error is %q", user, err)
		}
	}
}

func TestBadAddress(t *testing.T) {
	t.Parallel()
	if b, err := redisbus.Open("http://x", slog.New(slog.DiscardHandler), patience); err == nil || b != nil {
		t.Errorf("got %v, %v", b, err)
	}
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
