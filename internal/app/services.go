package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/service/api"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/service/ingest"
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
	parts    []part
}

func (a *assembly) build(ctx context.Context, chosen []service) (err error) {
	b := a.backends
	if b.esi, err = a.cfg.client(a.cfg.Contact, nil, b.now); err != nil {
		return err
	}
	a.site = a.newSite()
	for _, s := range chosen {
		if err := s.build(a); err != nil {
			return err
		}
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
	keeper := lease.Keeper{Store: a.backends.store, Holder: a.backends.holder, Log: a.logFor(name)}
	a.add(name, func(ctx context.Context) error {
		return keeper.Run(ctx, name, func(ctx context.Context) error { return runAll(ctx, parts) })
	})
}

func (a *assembly) newSite() *api.Service {
	b := a.backends
	assets, built := web.Assets()
	deps := api.Deps{
		Store: b.store, Bus: b.bus, World: b.world, Log: a.logFor(serviceAPI), Now: b.now,
		NoPage: web.Placeholder(), Version: Version(), Redeliver: b.redeliver, Admin: a.admin,
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
	b := a.backends
	if b.esi == nil {
		return nil
	}
	names := &enrich.Service{Store: b.store, ESI: b.esi, Bus: b.bus, Log: a.logFor(serviceEnrich), Now: b.now}
	a.add("names", names.Run)
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
	in := &ingest.Service{Intake: intake, Name: cfg.FeedSource, Feed: feed, Status: b.store, ESI: b.mails(), Repair: repairs, Log: log}
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

const (
	// eventsKept is how long a broken stream can resume without loss.
	eventsKept = 24 * time.Hour
	// rejectedKept is how long records of rejected killmails serve dry runs.
	rejectedKept = 48 * time.Hour
	// countsKept is how long hourly counts of what came in are kept.
	countsKept = 30 * 24 * time.Hour
	// houseEvery is how often what is older is deleted.
	houseEvery = 10 * time.Minute
)

// scheduler does what is due from time to time.
func (a *assembly) scheduler() error {
	a.alone(serviceScheduler, part{"housekeeping", a.backends.keepHouse})
	return nil
}

// keepHouse deletes what nobody needs any more.
func (b *backends) keepHouse(ctx context.Context) error {
	tick := time.NewTicker(houseEvery)
	defer tick.Stop()
	for {
		if err := b.prune(ctx); err != nil && ctx.Err() == nil {
			b.log.WarnContext(ctx, "housekeeping", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (b *backends) prune(ctx context.Context) error {
	now, db := b.now(), b.store
	_, err := db.PruneEvents(ctx, now.Add(-eventsKept))
	return errors.Join(err,
		db.PruneRejected(ctx, now.Add(-rejectedKept)),
		db.PruneIntake(ctx, now.Add(-countsKept)),
		db.PruneSessions(ctx, now),
	)
}
