package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/battlescope/battlescope/internal/redis"
	"github.com/battlescope/battlescope/test/servers"
)

// TestDoctorRedis looks at servers in all states.
func TestDoctorRedis(t *testing.T) {
	t.Parallel()
	started := func(args ...string) func(t *testing.T) string {
		return func(t *testing.T) string { return servers.StartRedis(t, args...).TCP }
	}
	is := func(address string) func(t *testing.T) string { return func(*testing.T) string { return address } }
	for name, c := range map[string]struct {
		address func(t *testing.T) string
		shared  bool // the database is one on a server
		want    map[string]string
	}{
		"none needed": {is(""), false, map[string]string{"redis": "ok none", "cache": "", "push": ""}},
		"none":        {is(""), true, map[string]string{"redis": "warn no Redis server is configured…hint: give one with --redis-url", "cache": "", "push": ""}},
		"sound": {started(), true, map[string]string{
			"redis": "ok redis://127.0.0.1:…: Redis 7…, answers in ", "cache": "ok …of memory used, without a limit", "push": "ok",
		}},
		"with a limit": {started("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"), true, map[string]string{"cache": "ok …of 100.0 MB used, policy allkeys-lru"}},
		"nearly full": {func(t *testing.T) string {
			s := servers.StartRedis(t, "--maxmemory", "104mb")
			servers.Say(t, s, "SETRANGE filler 96000000 x")
			return s.TCP
		}, true, map[string]string{"cache": "warn …of 104.0 MB used, policy noeviction (hint: raise its maxmemory, or CONFIG SET maxmemory-policy"}},
		"full of what may go": {func(t *testing.T) string {
			s := servers.StartRedis(t, "--maxmemory", "104mb", "--maxmemory-policy", "allkeys-lru")
			servers.Say(t, s, "SETRANGE filler 96000000 x")
			return s.TCP
		}, true, map[string]string{"cache": "ok …of 104.0 MB used"}},
		"full": {func(t *testing.T) string {
			s := servers.StartRedis(t)
			servers.Say(t, s, "CONFIG SET maxmemory 1")
			return s.TCP
		}, true, map[string]string{"redis": "ok", "cache": "warn …OOM…hint: it has reached its maxmemory", "push": "ok"}},
		"a replica": {func(t *testing.T) string {
			s := servers.StartRedis(t)
			servers.Say(t, s, "REPLICAOF 127.0.0.1 1")
			return s.TCP
		}, true, map[string]string{"cache": "warn …READONLY…hint: it is a replica"}},
		"with another password": {func(t *testing.T) string {
			return strings.Replace(servers.StartRedis(t, "--requirepass", "other").TCP, "//", "//:geheim@", 1)
		}, true, map[string]string{"redis": "warn …WRONGPASS…hint: check user and password", "cache": "", "push": ""}},
		"for a user of few rights": {func(t *testing.T) string {
			s := servers.StartRedis(t)
			servers.Say(t, s, "ACL SETUSER few on >geheim +ping +info +select")
			return strings.Replace(s.TCP, "//", "//few:geheim@", 1)
		}, true, map[string]string{"redis": "ok", "cache": "warn …NOPERM…hint: give the user the commands", "push": "warn …NOPERM…hint: give the user the commands"}},
		"gone":      {is("redis://:geheim@127.0.0.1:1"), true, map[string]string{"redis": "warn …refused…hint: is it running", "cache": "", "push": ""}},
		"no URL":    {is("redis://:geheim@[::1"), true, map[string]string{"redis": "fail …hint: write redis://", "cache": "", "push": ""}},
		"other URL": {is("http://:geheim@127.0.0.1"), false, map[string]string{"redis": `fail …unknown scheme "http" (hint: write redis://`}},
		"slow": {func(t *testing.T) string {
			p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "redis", "127.0.0.1:0", strings.TrimPrefix(servers.StartRedis(t).TCP, "redis://"))
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Stop)
			if _, err := p.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(`{"type":"latency","stream":"downstream","attributes":{"latency":%d}}`, slowRedis.Milliseconds()+1))); err != nil {
				t.Fatal(err)
			}
			return "redis://" + p.Listen
		}, true, map[string]string{"redis": "warn …, answers in…hint: put it next to the processes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := ServiceConfig{Redis: Redis{RedisURL: c.address(t)}}
			if c.shared {
				cfg.DatabaseURL = "postgres://localhost/x"
			}
			hold(t, name, look(t, cfg, func(d *doctor) { d.redis(t.Context()) }), c.want)
		})
	}
}

// TestDoctorRedisVersions: what is too old is named.
func TestDoctorRedisVersions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		info redisInfo
		want string
	}{
		"old":          {redisInfo{"redis_version": "6.2.14"}, "warn redis://127.0.0.1:1: Redis 6.2.14…hint: use Redis 7.0 or later"},
		"old enough":   {redisInfo{"redis_version": "7.0.0"}, "ok redis://127.0.0.1:1: Redis 7.0.0"},
		"of two parts": {redisInfo{"redis_version": "10.1"}, "ok redis://127.0.0.1:1: Redis 10.1"},
		"Valkey":       {redisInfo{"redis_version": "7.2.4", "valkey_version": "8.0.1"}, "ok redis://127.0.0.1:1: Valkey 8.0.1"},
		"untold":       {redisInfo{}, "ok redis://127.0.0.1:1"},
	} {
		cfg := ServiceConfig{Redis: Redis{RedisURL: "redis://:geheim@127.0.0.1:1"}}
		hold(t, name, look(t, cfg, func(d *doctor) { d.redisServer("redis", c.info, time.Millisecond) }), map[string]string{"redis": c.want})
	}
	if slowRedis >= redis.Patience {
		t.Errorf("what is slower than %v is told, and requests wait for %v", slowRedis, redis.Patience)
	}
}

// TestDoctor goes through everything for a process of its own, with its servers in place.
func TestDoctor(t *testing.T) {
	t.Parallel()
	var parts []string
	cfg := ServiceConfig{
		Data: Data{Data: t.TempDir(), DatabaseURL: as(t, migratedServer(t), "postgres")}, Redis: Redis{RedisURL: servers.Redis(t)},
		Feed: Feed{NoFeed: true}, ESI: ESI{NoESI: true}, Listen: "127.0.0.1:0",
	}
	Doctor(context.Background(), cfg, func(f Finding) {
		if f.Status == FindingFail {
			t.Errorf("got %+v", f)
		}
		parts = append(parts, f.Part)
	})
	got := strings.Join(parts, " ")
	for _, part := range []string{"database", "redis", "static data", "web page", "port", "feed", "esi", "clock"} {
		if !strings.Contains(got, part) {
			t.Errorf("nothing is said of %s, only of %s", part, got)
		}
	}
}

// TestDoctorKnowsOwnPort takes a process that still waits for its database for BattleScope.
func TestDoctorKnowsOwnPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: new(gate)}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	t.Cleanup(func() {
		_ = web.Close()
		<-ended
	})
	cfg := ServiceConfig{Listen: l.Addr().String()}
	hold(t, "waiting", look(t, cfg, func(d *doctor) { d.port(t.Context()) }), map[string]string{"port": "ok BattleScope serves on"})
}
