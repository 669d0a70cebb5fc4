package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/bus"
	"github.com/battlescope/battlescope/internal/bus/membus"
	"github.com/battlescope/battlescope/internal/esi"
	"github.com/battlescope/battlescope/internal/lease"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// backends are the opened parts that services stand on.
type backends struct {
	store store.Store
	bus   bus.Bus
	esi   *esi.Client // nil when switched off
	world *sde.Data
	log   *slog.Logger
	now   func() time.Time
	// holder names this process in leases.
	holder string
}

// openBackends opens what services stand on: embedded parts in the data folder, or
// the servers that are configured.
func openBackends(ctx context.Context, d Data, r Redis, log *slog.Logger) (*backends, error) {
	world, err := staticData(ctx, d.Data, log)
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, d.Data, sqlite.Limit(d.MaxSize<<20))
	if err != nil {
		return nil, err
	}
	return &backends{store: s, bus: membus.New(), world: world, log: log, now: time.Now, holder: lease.Holder()}, nil
}

func (b *backends) close() error { return errors.Join(b.bus.Close(), b.store.Close()) }

func (b *backends) intake() *ingest.Intake {
	return &ingest.Intake{Store: b.store, Bus: b.bus, World: b.world, Rules: ingest.NewRules(b.store, b.bus, b.now), Now: b.now}
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
	return battle.Profile(state.Profile)
}

// mails is where killmails that are only named are fetched; nil when nowhere.
func (b *backends) mails() ingest.ESI {
	if b.esi == nil {
		return nil
	}
	return b.esi
}
