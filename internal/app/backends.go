package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/bus/redisbus"
	"github.com/battlescope/battlescope/internal/cache"
	"github.com/battlescope/battlescope/internal/cache/memcache"
	"github.com/battlescope/battlescope/internal/cache/rediscache"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/queue/riverqueue"
	"github.com/battlescope/battlescope/internal/redis"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/service/retention"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/postgres"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/store/sqlstore"
)

// backends are the opened parts that services stand on.
type backends struct {
	store store.Store
	queue jobQueue
	bus   bus.Bus
	cache cache.Parts
	// limiter is shared by all processes while Redis answers.
	limiter cache.Limiter
	esi     *esi.Client // nil when switched off
	world   *sde.Data
	log     *slog.Logger
	now     func() time.Time
	// holder names this process in leases.
	holder string
	keep   retention.Config // how long killmails are kept
	// rules and prices are shared by all that take killmails in.
	rules  *ingest.Rules
	prices *ingest.Prices
	// layer are the corrections as they were last read.
	layerMu sync.Mutex
	layer   battle.Corrections
	// endings end what lives as long as the backends.
	endings []context.CancelFunc
}

// lifetime is a context that ends when the backends are closed.
func (b *backends) lifetime(ctx context.Context) context.Context {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	b.endings = append(b.endings, end)
	return ctx
}

// jobQueue is what both queues offer.
type jobQueue interface {
	queue.Queue
	sqlstore.Enqueuer
	Migrate(ctx context.Context) error
	Check(ctx context.Context) error
	UI(ctx context.Context, prefix string) (http.Handler, error)
}

// openBackends opens what services stand on: embedded parts in the data folder, or
// the servers that are configured.
func openBackends(ctx context.Context, d Data, r Redis, log *slog.Logger) (*backends, error) {
	if err := errors.Join(checkDatabaseURL(d.DatabaseURL), checkRedisURL(r.RedisURL)); err != nil {
		return nil, fault.Usage(err)
	}
	world, err := staticData(ctx, d.Data, log)
	if err != nil {
		return nil, err
	}
	b := &backends{world: world, log: log, now: time.Now, holder: lease.Holder()}
	if err := b.openStore(ctx, d); err != nil { // first: without it nobody looks for Redis
		return nil, errors.Join(err, b.close())
	}
	if err := b.openShared(d, r); err != nil {
		return nil, errors.Join(err, b.close())
	}
	b.rules, b.prices = ingest.NewRules(b.store, b.bus, b.now), ingest.NewPrices(b.store)
	return b, nil
}

// openShared opens what may be lost: bus, cache and limiter.
func (b *backends) openShared(d Data, r Redis) (err error) {
	local := memcache.New(memcache.DefaultLimits, b.now)
	if r.RedisURL == "" {
		b.cache, b.limiter, b.bus = local, local, membus.New()
		if !d.embedded() {
			b.bus = isolated{b.bus}
		}
		return nil
	}
	shared, err := rediscache.Open(r.RedisURL, b.log, redis.Patience)
	if err != nil {
		return fault.Usage(err)
	}
	b.cache, b.limiter = shared, cache.Fallback{Shared: shared, Local: local}
	b.bus, err = redisbus.Open(r.RedisURL, b.log, redis.Patience)
	return fault.Usage(err)
}

// isolated is the bus of a process that has nowhere to meet the others it shares a
// database with: signals stay within, so whoever listens has to look by himself.
type isolated struct{ bus.Bus }

// Ready implements bus.Bus.
func (isolated) Ready(context.Context) error {
	return fault.New("no Redis server is configured for the processes that share the database", "give one with --redis-url for updates without delay")
}

// openStore opens the database and the queue in it.
func (b *backends) openStore(ctx context.Context, d Data) error {
	jobs := riverqueue.Config{Kinds: jobKinds(), Log: b.log}
	var sql *sqlstore.Store
	var err error
	if d.embedded() {
		if sql, err = sqlite.Open(ctx, d.Data, sqlite.Limit(d.MaxSize<<20)); err != nil {
			return err
		}
		b.store = sql
		q, err := riverqueue.OpenSQLite(filepath.Join(d.Data, sqlite.FileName), jobs)
		if err != nil {
			return err
		}
		b.queue = q
	} else {
		db, err := postgres.Open(ctx, d.DatabaseURL, postgres.Options{Migrate: d.migrates()})
		if err != nil {
			return err
		}
		sql, b.store = db.Store, db.Store
		q, err := riverqueue.OpenPostgres(ctx, d.DatabaseURL, jobs)
		if err != nil {
			return err
		}
		b.queue = q
	}
	sql.QueueWith(b.queue)
	if d.migrates() {
		return b.queue.Migrate(ctx)
	}
	return b.queue.Check(ctx)
}

func (b *backends) close() error {
	for _, end := range b.endings {
		end()
	}
	var errs []error
	if b.bus != nil {
		errs = append(errs, b.bus.Close())
	}
	if b.cache != nil {
		errs = append(errs, b.cache.Close())
	}
	if b.queue != nil {
		errs = append(errs, b.queue.Close())
	}
	if b.store != nil {
		errs = append(errs, b.store.Close())
	}
	return errors.Join(errs...)
}

func (b *backends) intake() *ingest.Intake {
	in := &ingest.Intake{
		Store: b.store, Bus: b.bus, World: b.world, Rules: b.rules, Prices: b.prices,
		Queue: b.esi != nil, Horizon: b.horizon, Now: b.now,
	}
	if b.esi == nil {
		in.Waiting = "ESI is switched off"
	}
	return in
}

// horizon is the time before which killmails are not kept; zero when all are.
func (b *backends) horizon() time.Time { return b.keep.Horizon(b.now()) }

// askESI makes the client of CCP's API, unless it is switched off.
func (b *backends) askESI(cfg ESI, contact string) (err error) {
	b.esi, err = cfg.client(contact, nil, b.now, esi.Share(b.limiter), esi.Keep(b.cache))
	return err
}

// enricher fills in what killmails do not say. ESI must not be switched off.
func (b *backends) enricher() *enrich.Service {
	intake := b.intake()
	return &enrich.Service{
		Store: b.store, ESI: b.esi, Bus: b.bus, Log: b.log.With("service", serviceEnrich), Now: b.now,
		Save: func(ctx context.Context, source string, live bool, d killmail.Document) error {
			_, err := intake.Save(ctx, ingest.Delivery{Source: source, Live: live, Documents: []killmail.Document{d}})
			return err
		},
	}
}

func (b *backends) cluster() (*cluster.Service, error) {
	return b.clusterWith(cluster.DefaultConfig())
}

func (b *backends) clusterWith(cfg cluster.Config) (*cluster.Service, error) {
	cfg.Active = b.activeParams
	return cluster.New(cfg, b.store, b.bus, b.world, b.log, b.now)
}

// activeParams are those of the profile that the store says is in use.
func (b *backends) activeParams(ctx context.Context) (battle.Params, error) {
	state, err := b.store.Engine(ctx)
	if err != nil {
		return battle.Params{}, err
	}
	return b.paramsOf(ctx, state.Profile)
}

// paramsOf are those of a profile, with all corrections in force.
func (b *backends) paramsOf(ctx context.Context, profile string) (battle.Params, error) {
	p, err := battle.Profile(profile)
	if err != nil {
		return battle.Params{}, fault.Usage(err)
	}
	b.layerMu.Lock()
	defer b.layerMu.Unlock()
	b.layer, err = b.store.Layer(ctx, b.layer)
	p.Corrections = b.layer
	return p, err
}

// mails is where killmails that are only named are fetched; nil when nowhere.
func (b *backends) mails() ingest.ESI {
	if b.esi == nil {
		return nil
	}
	return b.esi
}
