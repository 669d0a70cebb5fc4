package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/service/verify"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// VerifyConfig configures VerifyData.
type VerifyConfig struct {
	JobsConfig
	Since   time.Time // zero: a week ago
	Until   time.Time // zero: no end
	All     bool
	Days    []time.Time // compared with the history; none is yesterday, if a feed is read
	Samples int         // neighbourhoods to recompute; 0 is the default
	Repair  bool
}

// VerifyData looks for damage in what is stored, and with Repair mends what can be
// mended: battles are brought up to date here and now, days and names are left to the
// processes that read the feed.
func VerifyData(ctx context.Context, cfg VerifyConfig, log *slog.Logger) (run store.VerifyRun, err error) {
	switch {
	case cfg.All && (!cfg.Since.IsZero() || !cfg.Until.IsZero()):
		return run, fault.Usage(fault.New("verify-data: everything, or a part?", "leave out --all, or --since and --until"))
	case !cfg.Until.IsZero() && !cfg.Since.Before(cfg.Until):
		return run, fault.Usage(fault.New("verify-data: the time to look at ends before it begins", "give --since a time before --until"))
	}
	if len(cfg.Days) > 0 {
		cfg.NoFeed = false // whoever asks for days wants them compared
	}
	if err := checkRetention(cfg.Retention); err != nil {
		return run, fault.Usage(err)
	}
	b, err := openBackends(ctx, cfg.Data, cfg.Redis, log)
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	b.keep = cfg.Retention.config()
	v, err := b.verifier(cfg.JobsConfig)
	if err != nil {
		return run, err
	}
	c, err := b.cluster()
	if err != nil {
		return run, err
	}
	v.Recluster = func(ctx context.Context) error {
		_, err := c.Drain(ctx, nil)
		return err
	}
	return v.Run(ctx, verify.Options{Since: cfg.Since, Until: cfg.Until, All: cfg.All, Days: cfg.Days, Samples: cfg.Samples, Repair: cfg.Repair})
}

// verifier returns what looks for damage. It leaves clustering to whoever does it.
func (b *backends) verifier(cfg JobsConfig) (*verify.Service, error) {
	engine, err := b.cluster()
	if err != nil {
		return nil, err
	}
	v := &verify.Service{
		Store: b.store, Log: b.log.With("service", "verify"), Now: b.now,
		Compare: func(ctx context.Context, killmailIDs []int64) (verify.Comparison, error) {
			c, err := engine.Check(ctx, killmailIDs)
			return verify.Comparison(c), err
		},
		Outdated: func(ctx context.Context) (int64, error) {
			state, err := b.store.Engine(ctx)
			if err != nil {
				return 0, err
			}
			return b.store.BattlesNotOf(ctx, state.Profile, battle.ParamsVersion)
		},
		Horizon: b.horizon,
	}
	if cfg.NoFeed {
		return v, nil
	}
	history, err := zkb.NewHistory(historyConfig(cfg.historyURL(), cfg.Contact, Version()), zkb.Deps{Logger: v.Log})
	if err != nil {
		return nil, fault.Usage(err)
	}
	repairs := ingest.NewRepairer(b.intake(), b.store, history, nil, v.Log)
	v.History = history
	v.Schedule = func(ctx context.Context, day time.Time) error {
		return repairs.Schedule(ctx, day.Add(wellWithin), day.Add(wellWithin))
	}
	return v, nil
}

// wellWithin is a time of a day from which the margins of repairs reach no other day.
const wellWithin = 12 * time.Hour
