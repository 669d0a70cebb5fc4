package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/web"
)

const (
	// drainTime is how long running requests may take when the process is asked to end.
	drainTime = 5 * time.Second
	// eventsKept is how long a broken stream can resume without loss.
	eventsKept = 24 * time.Hour
	// pruneEvery is how often older events are deleted.
	pruneEvery = 10 * time.Minute
)

// Server is everything in one process: ingest, cluster and api on embedded parts.
type Server struct {
	backends *backends
	listener net.Listener
	http     *http.Server
	parts    []part
	data     string
	feed     string
}

// part is something that runs until its context ends.
type part struct {
	name string
	run  func(context.Context) error
}

// NewServer opens the data folder and the port. Nothing runs yet; end it with
// Run, or Close when it is not run.
func NewServer(ctx context.Context, cfg ServeConfig, log *slog.Logger) (*Server, error) {
	feed, err := newFeed(cfg.Feed, log)
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, cfg.Listen)
	if err != nil {
		return nil, err
	}
	b, err := openBackends(ctx, cfg.Data, log)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{backends: b, listener: listener, data: cfg.Data.Data, feed: "off"}
	if err := s.build(feed, log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if feed != nil {
		s.feed = cfg.FeedURL
	}
	return s, nil
}

func newFeed(cfg Feed, log *slog.Logger) (*zkb.Feed, error) {
	if cfg.NoFeed {
		return nil, nil
	}
	feed, err := zkb.New(cfg.config(Version()), zkb.Deps{Logger: log.With("service", "ingest")})
	if err != nil {
		return nil, fault.Usage(err)
	}
	return feed, nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.Wrap(err, "serve on "+address, "another program may use the port: stop it, or choose another with --listen")
	}
	return l, nil
}

// build makes the services of the process.
func (s *Server) build(feed *zkb.Feed, log *slog.Logger) error {
	b := s.backends
	assets, built := web.Assets()
	deps := api.Deps{
		Store: b.store, Bus: b.bus, World: b.world, Log: log.With("service", "api"), Now: b.now,
		NoPage: web.Placeholder(), Version: Version(),
	}
	if built {
		deps.Page = assets
	}
	site := api.New(deps)
	clusters, err := b.cluster()
	if err != nil {
		return err
	}
	s.http = &http.Server{
		Handler: site.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	s.parts = []part{{"api", s.serveHTTP}, {"streams", site.Run}, {"cluster", clusters.Run}, {"events", s.pruneEvents}}
	if feed != nil {
		in := &ingest.Service{Intake: b.intake(), Feed: feed, Status: b.store, Log: log.With("service", "ingest")}
		s.parts = append(s.parts, part{"ingest", in.Run})
	}
	return nil
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Describe tells a person where things are.
func (s *Server) Describe(w io.Writer) {
	_, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		port = s.Addr().String()
	}
	fmt.Fprintf(w, "BattleScope %s\n  page  http://localhost:%s\n  data  %s\n  feed  %s\n", Version(), port, s.data, s.feed)
	if _, built := web.Assets(); !built {
		fmt.Fprintln(w, "  note  this build has no web page; `make build` puts it in")
	}
}

// Run serves until ctx ends or a part fails, then drains and closes everything.
func (s *Server) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, p := range s.parts {
		g.Go(func() error {
			if err := p.run(ctx); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			return nil
		})
	}
	return errors.Join(g.Wait(), s.Close())
}

// Close releases port and backends.
func (s *Server) Close() error {
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return errors.Join(err, s.backends.close())
	}
	return s.backends.close()
}

func (s *Server) serveHTTP(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.http.Serve(s.listener) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := s.http.Shutdown(drain); err != nil {
		return s.http.Close() // readers that did not go by themselves
	}
	return nil
}

// pruneEvents deletes events nobody can resume from any more.
func (s *Server) pruneEvents(ctx context.Context) error {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if _, err := s.backends.store.PruneEvents(ctx, s.backends.now().Add(-eventsKept)); err != nil && ctx.Err() == nil {
			s.backends.log.WarnContext(ctx, "prune events", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
