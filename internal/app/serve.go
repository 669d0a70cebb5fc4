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

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/web"
)

const (
	// drainTime is how long running requests may take when the process is asked to end.
	drainTime = 5 * time.Second
	// eventsKept is how long a broken stream can resume without loss.
	eventsKept = 24 * time.Hour
	// rejectedKept is how long records of rejected killmails serve dry runs.
	rejectedKept = 48 * time.Hour
	// countsKept is how long hourly counts of what came in are kept.
	countsKept = 30 * 24 * time.Hour
	// houseEvery is how often what is older is deleted.
	houseEvery = 10 * time.Minute
)

// Server is everything in one process: ingest, cluster and api on embedded parts.
type Server struct {
	backends *backends
	listener net.Listener
	http     *http.Server
	parts    []part
	// adminToken opens administration once. It is printed and kept nowhere else.
	adminToken string
	data       string
	feed       string
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
	if b.esi, err = cfg.client(cfg.Contact, nil, b.now); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.build(log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if b.esi != nil {
		names := &enrich.Service{Store: b.store, ESI: b.esi, Bus: b.bus, Log: log.With("service", "enrich"), Now: b.now}
		s.parts = append(s.parts, part{"enrich", names.Run})
	}
	if feed != nil {
		if err := s.readFeed(cfg.Feed, feed, log.With("service", "ingest")); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.offerRecluster(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// newFeed returns the feed, nil when it is switched off.
func newFeed(cfg Feed, log *slog.Logger) (*zkb.Feed, error) {
	if cfg.NoFeed {
		return nil, nil
	}
	open := zkb.New
	if cfg.FeedSource == feedRedisQ {
		if cfg.FeedURL == publicFeed {
			return nil, fault.Usage(fault.New("serve: a redisq feed needs the address of a relay; zKillboard's own has ended", "give it with --feed-url"))
		}
		open = zkb.NewRedisQ
	}
	feed, err := open(cfg.config(Version()), zkb.Deps{Logger: log.With("service", "ingest")})
	return feed, fault.Usage(err)
}

// readFeed adds the parts that read the feed and repair what it lost.
func (s *Server) readFeed(cfg Feed, feed *zkb.Feed, log *slog.Logger) error {
	b := s.backends
	history, err := zkb.NewHistory(historyConfig(cfg.historyURL(), cfg.Contact, Version()), zkb.Deps{Logger: log})
	if err != nil {
		return fault.Usage(err)
	}
	intake := b.intake()
	repairs := ingest.NewRepairer(intake, b.store, history, b.mails(), log)
	in := &ingest.Service{Intake: intake, Name: cfg.FeedSource, Feed: feed, Status: b.store, ESI: b.mails(), Repair: repairs, Log: log}
	s.parts = append(s.parts, part{"ingest", in.Run}, part{"repair", repairs.Run})
	s.feed = cfg.FeedURL
	return nil
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
func (s *Server) build(log *slog.Logger) error {
	b := s.backends
	assets, built := web.Assets()
	deps := api.Deps{
		Store: b.store, Bus: b.bus, World: b.world, Log: log.With("service", "api"), Now: b.now,
		NoPage: web.Placeholder(), Version: Version(), Redeliver: b.redeliver,
	}
	deps.Admin, s.adminToken = api.NewAdminLink()
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
	s.parts = []part{{"api", s.serveHTTP}, {"streams", site.Run}, {"cluster", clusters.Run}, {"housekeeping", s.keepHouse}}
	return nil
}

// offerRecluster tells the operator when battles were made with other parameters
// than those in use, as after an update of the engine.
func (s *Server) offerRecluster(ctx context.Context) error {
	b := s.backends
	state, err := b.store.Engine(ctx)
	if err != nil {
		return err
	}
	others, err := b.store.BattlesNotOf(ctx, state.Profile, battle.ParamsVersion)
	if err == nil && others > 0 {
		b.log.WarnContext(ctx, "battles were made with other parameters than those in use", "battles", others,
			"hint", "battlescope recluster plan says what would change, apply brings them up to date")
	}
	return err
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Describe tells a person where things are.
func (s *Server) Describe(w io.Writer) {
	_, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		port = s.Addr().String()
	}
	fmt.Fprintf(w, "BattleScope %s\n  page  http://localhost:%s\n  data  %s\n  feed  %s\n  admin http://localhost:%s/auth/admin?token=%s (works once)\n",
		Version(), port, s.data, s.feed, port, s.adminToken)
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

// keepHouse deletes what nobody needs any more.
func (s *Server) keepHouse(ctx context.Context) error {
	tick := time.NewTicker(houseEvery)
	defer tick.Stop()
	for {
		if err := s.prune(ctx); err != nil && ctx.Err() == nil {
			s.backends.log.WarnContext(ctx, "housekeeping", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s *Server) prune(ctx context.Context) error {
	now, db := s.backends.now(), s.backends.store
	_, err := db.PruneEvents(ctx, now.Add(-eventsKept))
	return errors.Join(err,
		db.PruneRejected(ctx, now.Add(-rejectedKept)),
		db.PruneIntake(ctx, now.Add(-countsKept)),
		db.PruneSessions(ctx, now),
	)
}
