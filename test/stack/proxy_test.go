package stack_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/battlescope/battlescope/test/servers"
)

// proxy stands between the processes and one of their servers and plays a bad network.
type proxy struct{ *toxiproxy.Proxy }

func newProxy(t *testing.T, name, upstream string) *proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	listen := fmt.Sprint("127.0.0.1:", servers.FreePort(t)) // to which it comes back
	p := &proxy{toxiproxy.NewProxy(server, name, listen, upstream)}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// between returns the address of a server with a proxy in front.
func between(t *testing.T, name, address string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := net.SplitHostPort(u.Host); err != nil {
		t.Fatalf("%s has no port: %v", name, err)
	}
	p := newProxy(t, name, u.Host)
	u.Host = p.Listen
	return p, u.String()
}

// fault is what a network can do to a connection.
type fault struct {
	name string
	// toxic is Toxiproxy's description; "" takes the server away.
	toxic string
}

var networkFaults = []fault{
	{"down", ""},
	{"slow", `{"name":"fault","type":"latency","stream":"downstream","attributes":{"latency":300,"jitter":200}}`},
	{"cut in the middle of an answer", `{"name":"fault","type":"limit_data","stream":"downstream","attributes":{"bytes":20000}}`},
	{"cut in the middle of a statement", `{"name":"fault","type":"limit_data","stream":"upstream","attributes":{"bytes":20000}}`},
	{"reset", `{"name":"fault","type":"reset_peer","stream":"downstream","attributes":{"timeout":100}}`},
	{"silent", `{"name":"fault","type":"timeout","stream":"downstream","attributes":{"timeout":0}}`},
}

// suffer begins a fault.
func (p *proxy) suffer(t *testing.T, f fault) {
	t.Helper()
	if f.toxic == "" {
		p.set(t, false)
		return
	}
	if _, err := p.Toxics.AddToxicJson(strings.NewReader(f.toxic)); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", f.name, err))
	}
}

// heal ends all faults.
func (p *proxy) heal(t *testing.T) {
	t.Helper()
	p.Toxics.ResetToxics(context.Background())
	p.set(t, true)
}

func (p *proxy) set(t *testing.T, enabled bool) {
	t.Helper()
	if err := p.Update(&toxiproxy.Proxy{Listen: p.Listen, Upstream: p.Upstream, Enabled: enabled}); err != nil {
		t.Fatal(err)
	}
}
