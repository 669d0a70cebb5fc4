package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
)

func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.Wrap(err, "serve on "+address, "another program may use the port: stop it, or choose another with --listen")
	}
	return l, nil
}

// profiles answers the profiler. It belongs on the port for operators only: profiles
// tell what requests hold, and taking one costs. The command line is left out, because
// an address with a password may stand there.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

// site is a port with what is served on it.
type site struct {
	listener net.Listener
	gate     *gate
	server   *http.Server
}

func newSite(l net.Listener, h http.Handler, g *gate, log *slog.Logger) *site {
	return &site{listener: l, gate: g, server: &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
}

// publicSite serves page and API.
func publicSite(ctx context.Context, address string, log *slog.Logger) (*site, error) {
	l, err := listen(ctx, address)
	if err != nil {
		return nil, err
	}
	g := new(gate)
	return newSite(l, g, g, log), nil
}

// opsSite serves health and profiles to operators. A port that is taken is no reason
// not to work: several processes on one machine have the same default.
func opsSite(ctx context.Context, address string, log *slog.Logger) *site {
	if address == "" {
		return nil
	}
	l, err := listen(ctx, address)
	if err != nil {
		log.WarnContext(ctx, "no port for operators", "address", address, "error", err, "hint", "choose another with --ops-listen")
		return nil
	}
	mux, g := http.NewServeMux(), new(gate)
	profiles(mux)
	mux.Handle("/", g)
	return newSite(l, mux, g, log)
}

// serve answers until ctx ends, then drains.
func (s *site) serve(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.Serve(s.listener) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := s.server.Shutdown(drain); err != nil {
		return s.server.Close() // readers that did not go by themselves
	}
	return nil
}

func (s *site) close() error {
	if s == nil {
		return nil
	}
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
