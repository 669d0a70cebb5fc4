package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/service/scheduler"
	"github.com/battlescope/battlescope/internal/zkb"
	"github.com/battlescope/battlescope/web"
)

// The names of the services, on the command line too.
const (
	serviceAPI       = "api"
	serviceIngest    = "ingest"
	serviceEnrich    = "enrich"
	serviceCluster   = "cluster"
	serviceScheduler = "scheduler"
	serviceVerify    = "verify"
)

// service is a part of the program that can run in a process of its own.
type service struct {
	name  string
	build func(*assembly) error
}

// services are all there are.
var services = []service{
	{serviceAPI, (*assembly).api},
	{serviceIngest, (*assembly).ingest},
	{serviceEnrich, (*assembly).enrich},
	{serviceCluster, (*assembly).cluster},
	{serviceScheduler, (*assembly).scheduler},
	{serviceVerify, (*assembly).verify},
}

// ServiceNames lists the services for the command line.
func ServiceNames() string { return strings.Join(names(services), ", ") }

func names(list []service) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.name
	}
	return out
}

// chooseServices returns those that a process is to run.
func chooseServices(cfg ServeConfig) ([]service, error) {
	if len(cfg.Only) == 0 {
		return services, nil
	}
	var chosen []service
	for _, name := range cfg.Only {
		i := slices.IndexFunc(services, func(s service) bool { return s.name == name })
		if i < 0 {
			return nil, fault.Usage(fault.New(fmt.Sprintf("there is no service %q", name), "the services are "+ServiceNames()))
		}
		chosen = append(chosen, services[i])
	}
	if cfg.embedded() {
		return nil, fault.Usage(fault.New("services that run apart need a database they can share; a database in a folder belongs to one process",
			"give --database-url postgres://… and --redis-url redis://…, or run battlescope serve for all in one"))
	}
	return chosen, nil
}

// assembly builds the services of one process.
type assembly struct {
	cfg      ServeConfig
	backends *backends
	log      *slog.Logger
	admin    *api.AdminLink
	site     *api.Service // answers for health even where the API is not served
	jobsPage http.Handler // nil where the API is not served
	parts    []part
}

func (a *assembly) build(ctx context.Context, chosen []service) (err error) {
	b := a.backends
	if err := b.askESI(a.cfg.ESI, a.cfg.Contact); err != nil {
		return err
	}
	b.keep = a.cfg.Retention.config()
	if err := b.keep.Validate(); err != nil {
		return fault.Usage(err)
	}
	if a.admin != nil { // the API is served here
		// It asks the database now and then, which other processes need not do.
		if a.jobsPage, err = b.queue.UI(b.lifetime(ctx), api.JobsPagePath); err != nil {
			return err
		}
	}
	a.site = a.newSite()
	for _, s := range chosen {
		if err := s.build(a); err != nil {
			return err
		}
	}
	if err := a.work(chosen); err != nil {
		return err
	}
	return a.offerRecluster(ctx)
}

func (a *assembly) add(name string, run func(context.Context) error) {
	a.parts = append(a.parts, part{name, run})
}

func (a *assembly) logFor(name string) *slog.Logger { return a.log.With("service", name) }

// alone runs parts under a lease, so that only one process at a time does. A database
// in a folder belongs to one process, which need not wait for the lease of one that was killed.
func (a *assembly) alone(name string, parts ...part) {
	if a.cfg.embedded() {
		a.parts = append(a.parts, parts...)
		return
	}
	keeper := lease.Keeper{Store: a.backends.store, Holder: a.backends.holder, Log: a.logFor(name), TTL: a.cfg.Lease}
	a.add(name, func(ctx context.Context) error {
		return keeper.Run(ctx, name, func(ctx context.Context) error { return runAll(ctx, parts) })
	})
}

// newSite makes page and API.
func (a *assembly) newSite() *api.Service {
	b := a.backends
	assets, built := web.Assets()
	deps := api.Deps{
		Store: b.store, Bus: b.bus, Cache: b.cache, World: b.world, Log: a.logFor(serviceAPI), Now: b.now,
		NoPage: web.Placeholder(), Version: Version(), Redeliver: b.redeliver, Admin: a.admin,
		Jobs: b.queue, JobsPage: a.jobsPage, PublicURL: a.cfg.PublicURL,
	}
	if built {
		deps.Page = assets
	}
	return api.New(deps)
}

func (a *assembly) api() error {
	a.add("streams", a.site.Run)
	return nil
}

func (a *assembly) cluster() error {
	clusters, err := a.backends.cluster()
	if err != nil {
		return err
	}
	a.alone(serviceCluster, part{"clustering", clusters.Run})
	return nil
}

func (a *assembly) enrich() error {
	if a.backends.esi != nil {
		a.add("names", a.backends.enricher().Run)
	}
	return nil
}

// ingest reads the feed and repairs what it lost.
func (a *assembly) ingest() error {
	cfg, log := a.cfg.Feed, a.logFor(serviceIngest)
	feed, err := newFeed(cfg, log)
	if err != nil || feed == nil {
		return err
	}
	b := a.backends
	history, err := zkb.NewHistory(historyConfig(cfg.historyURL(), cfg.Contact, Version()), zkb.Deps{Logger: log})
	if err != nil {
		return fault.Usage(err)
	}
	intake := b.intake()
	repairs := ingest.NewRepairer(intake, b.store, history, b.mails(), log)
	in := &ingest.Service{Intake: intake, Name: cfg.FeedSource, Feed: feed, Status: b.store, Repair: repairs, Log: log}
	a.alone(serviceIngest, part{"feed", in.Run}, part{"repair", repairs.Run})
	return nil
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
	feed, err := open(cfg.config(Version()), zkb.Deps{Logger: log})
	return feed, fault.Usage(err)
}

// offerRecluster tells the operator when battles were made with other parameters
// than those in use, as after an update of the engine.
func (a *assembly) offerRecluster(ctx context.Context) error {
	b := a.backends
	state, err := b.store.Engine(ctx)
	if err != nil {
		return err
	}
	others, err := b.store.BattlesNotOf(ctx, state.Profile, battle.ParamsVersion)
	if err == nil && others > 0 {
		a.log.WarnContext(ctx, "battles were made with other parameters than those in use", "battles", others,
			"hint", "battlescope recluster plan says what would change, apply brings them up to date")
	}
	return err
}

// runAll runs parts until ctx ends or one fails.
func runAll(ctx context.Context, parts []part) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, p := range parts {
		g.Go(func() error {
			if err := p.run(ctx); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// scheduler sees to it that periodic work is queued when it is due.
func (a *assembly) scheduler() error {
	s, err := a.backends.scheduler(schedule(a.cfg.PeriodicJobs == "external"), nil)
	if err != nil {
		return err
	}
	a.alone(serviceScheduler, part{"schedule", s.Run})
	return nil
}

// verify has no part of its own: its work is a periodic job.
func (a *assembly) verify() error { return nil }

// work adds the part that works the jobs of the chosen services.
func (a *assembly) work(chosen []service) error {
	runs := make(map[string]scheduler.Run)
	for _, c := range chosen {
		maps.Copy(runs, a.backends.runs(a.cfg.jobs(), c.name))
	}
	s, err := a.backends.scheduler(schedule(false), runs)
	if err != nil {
		return err
	}
	handlers := s.Handlers()
	if a.backends.esi != nil && slices.ContainsFunc(chosen, func(c service) bool { return c.name == serviceEnrich }) {
		maps.Copy(handlers, a.backends.enricher().Handlers())
	}
	if len(handlers) == 0 {
		return nil
	}
	a.add("jobs", func(ctx context.Context) error { return a.backends.queue.Work(ctx, handlers) })
	return nil
}
