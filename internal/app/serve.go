package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/web"
)

const (
	// drainTime is how long running requests may take when the process is asked to end.
	drainTime = 5 * time.Second
	// firstRetry and lastRetry bound how long a process waits before it tries again to
	// open a database on a server, doubled each time.
	firstRetry, lastRetry = time.Second, 30 * time.Second
)

// Server is a process that runs services: all of them, or some.
type Server struct {
	cfg      ServeConfig
	services []service
	log      *slog.Logger
	public   *site // nil without the api service
	ops      *site // nil when there is none
	backends *backends
	parts    []part
	admin    *api.AdminLink
	// adminToken opens administration once. It is printed and kept nowhere else.
	adminToken string
}

// part is something that runs until its context ends.
type part struct {
	name string
	run  func(context.Context) error
}

// NewServer opens ports and data. Nothing runs yet; end it with Run, or Close when it
// is not run. A database in the data folder must be usable now. One on a server is
// opened by Run, which waits until it can be used, alive and not ready.
func NewServer(ctx context.Context, cfg ServeConfig, log *slog.Logger) (*Server, error) {
	cfg.Only = slices.Compact(slices.Sorted(slices.Values(cfg.Only))) // named twice, a service runs once
	chosen, err := chooseServices(cfg)
	if err == nil {
		err = cfg.beforehand(chosen)
	}
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, services: chosen, log: log}
	if slices.ContainsFunc(chosen, func(c service) bool { return c.name == serviceAPI }) {
		s.admin, s.adminToken = api.NewAdminLink()
		if s.public, err = publicSite(ctx, cfg.Listen, log); err != nil {
			return nil, err
		}
	}
	if s.ops = opsSite(ctx, cfg.OpsListen, log); s.ops != nil {
		s.ops.gate.inside = true
	}
	if cfg.embedded() {
		if err := s.open(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// open opens the backends and builds what runs on them.
func (s *Server) open(ctx context.Context) error {
	b, err := openBackends(ctx, s.cfg.Data, s.cfg.Redis, s.log)
	if err != nil {
		return err
	}
	a := &assembly{cfg: s.cfg, backends: b, log: s.log, admin: s.admin}
	if err := a.build(ctx, s.services); err != nil {
		return errors.Join(err, b.close())
	}
	s.backends, s.parts = b, a.parts
	if s.public != nil {
		s.public.gate.pass(a.site.Handler())
	}
	if s.ops != nil {
		s.ops.gate.pass(a.site.Health())
	}
	return nil
}

// hold tells everyone who asks why nothing works yet.
func (s *Server) hold(ctx context.Context, err error, again time.Duration) {
	s.log.WarnContext(ctx, "waiting for the database", "error", err, "hint", fault.HintOf(err), "again_in", again.String())
	for _, site := range []*site{s.public, s.ops} {
		if site != nil {
			site.gate.hold(err)
		}
	}
}

// Addr is where the server listens for readers; nil when it does not.
func (s *Server) Addr() net.Addr {
	if s.public == nil {
		return nil
	}
	return s.public.listener.Addr()
}

// opsAddr is where the server listens for operators; nil when it does not.
func (s *Server) opsAddr() net.Addr {
	if s.ops == nil {
		return nil
	}
	return s.ops.listener.Addr()
}

// Describe tells a person where things are.
func (s *Server) Describe(w io.Writer) {
	fmt.Fprintf(w, "BattleScope %s\n", Version())
	if len(s.services) < len(services) {
		fmt.Fprintf(w, "  runs  %s\n", strings.Join(names(s.services), ", "))
	}
	port := ""
	if s.public != nil {
		_, p, err := net.SplitHostPort(s.Addr().String())
		if err != nil {
			p = s.Addr().String()
		}
		port = p
		fmt.Fprintf(w, "  page  http://localhost:%s\n", port)
	}
	fmt.Fprintf(w, "  data  %s\n", s.cfg.Data.where())
	if s.runs(serviceIngest) {
		feed := s.cfg.FeedURL
		if s.cfg.NoFeed {
			feed = "off"
		}
		fmt.Fprintf(w, "  feed  %s\n", feed)
	}
	if s.ops != nil {
		fmt.Fprintf(w, "  ops   http://%s\n", s.opsAddr())
	}
	if s.public == nil {
		return
	}
	fmt.Fprintf(w, "  admin http://localhost:%s/auth/admin?token=%s (works once)\n", port, s.adminToken)
	if _, built := web.Assets(); !built {
		fmt.Fprintln(w, "  note  this build has no web page; `make build` puts it in")
	}
}

func (s *Server) runs(name string) bool {
	return slices.ContainsFunc(s.services, func(c service) bool { return c.name == name })
}

// Run serves until ctx ends, then drains and closes everything. It also ends when a
// part fails, but on a database that others may have taken away it begins anew.
func (s *Server) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, site := range []*site{s.public, s.ops} {
		if site != nil {
			g.Go(func() error { return site.serve(ctx) })
		}
	}
	g.Go(func() error { return s.work(ctx) })
	return errors.Join(g.Wait(), s.Close())
}

// work does what runs on the backends, again and again where the database is one on a
// server. The ports are served meanwhile: opening can take long, as when another
// process migrates. Settings that no waiting cures are an error.
func (s *Server) work(ctx context.Context) error {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		began := time.Now()
		err := s.once(ctx)
		if ctx.Err() != nil && (s.backends == nil || errors.Is(err, context.Canceled)) {
			return nil // what was cut off by the end is no failure
		}
		if err == nil || s.cfg.embedded() || ctx.Err() != nil || fault.IsUsage(err) {
			return err
		}
		if time.Since(began) > lastRetry {
			wait = firstRetry // it has worked for a while
		}
		s.hold(ctx, err, wait)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}

// once opens the backends if they are not open, and runs what stands on them until ctx
// ends or a part fails. Those of a part that failed are closed.
func (s *Server) once(ctx context.Context) error {
	if s.backends == nil {
		if err := s.open(ctx); err != nil {
			return err
		}
	}
	err := runAll(ctx, s.parts)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, s.backends.close())
		s.backends = nil
	}
	return err
}

// Close releases ports and backends.
func (s *Server) Close() error {
	err := errors.Join(s.public.close(), s.ops.close())
	if s.backends != nil {
		err = errors.Join(err, s.backends.close())
	}
	return err
}
