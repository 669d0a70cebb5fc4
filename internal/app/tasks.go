package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/service/enrich"
	"github.com/battlescope/battlescope/internal/service/maintenance"
	"github.com/battlescope/battlescope/internal/service/retention"
	"github.com/battlescope/battlescope/internal/service/scheduler"
	"github.com/battlescope/battlescope/internal/service/verify"
	"github.com/battlescope/battlescope/internal/store"
)

// The names of periodic tasks, for `battlescope job NAME` too.
const (
	taskCluster     = "cluster"
	taskStats       = "stats"
	taskCache       = "cache"
	taskPrices      = "prices"
	taskMaintenance = "maintenance"
	taskRetention   = "retention"
	taskVerify      = "verify-data"
)

// tasks are all periodic work, and when it is due (EVE time).
var tasks = []scheduler.Task{
	{Name: taskCluster, About: "form the battles that are left to do", Schedule: scheduler.Every(5 * time.Minute), Timeout: 10 * time.Minute},
	{Name: taskStats, About: "count what is stored", Schedule: scheduler.Every(30 * time.Minute), Timeout: 15 * time.Minute},
	{Name: taskCache, About: "delete events, sessions and records whose time is over", Schedule: scheduler.Every(time.Hour), Timeout: 15 * time.Minute},
	{Name: taskPrices, About: "fetch CCP's market prices", Schedule: scheduler.Daily(11, 30), Timeout: 10 * time.Minute},
	{Name: taskMaintenance, About: "clean the database up and bring its statistics up to date", Schedule: scheduler.Daily(2, 0), Timeout: time.Hour},
	{Name: taskRetention, About: "remove killmails that are older than is to be kept", Schedule: scheduler.Daily(3, 0), Timeout: time.Hour},
	// The history has the day before by then.
	{Name: taskVerify, About: "look for damage in what is stored", Schedule: scheduler.Daily(6, 30), Timeout: 2 * time.Hour},
}

// schedule is when the tasks are due and who starts them.
func schedule(external bool) scheduler.Config {
	return scheduler.Config{Tasks: tasks, External: external}
}

// jobKinds are all kinds of jobs, the same in every process.
func jobKinds() []queue.Kind { return append(schedule(false).Kinds(), enrich.Kinds()...) }

// TaskNames lists the periodic tasks with what they do, for the command line.
func TaskNames() string {
	text := ""
	for i, t := range tasks {
		if i > 0 {
			text += "; "
		}
		text += t.Name + ": " + t.About
	}
	return text
}

// runs are what the tasks of a service do.
func (b *backends) runs(cfg JobsConfig, service string) map[string]scheduler.Run {
	house := &maintenance.Service{Store: b.store, Log: b.log, Now: b.now}
	switch service {
	case serviceCluster:
		return map[string]scheduler.Run{taskCluster: b.sweep}
	case serviceEnrich:
		return map[string]scheduler.Run{taskPrices: b.refreshPrices}
	case serviceVerify:
		return map[string]scheduler.Run{taskVerify: b.verifyRecent(cfg)}
	case serviceScheduler:
		return map[string]scheduler.Run{
			taskStats: silent(b.store.RefreshStats),
			taskCache: silent(func(ctx context.Context) error {
				_, err := b.store.PruneEnrichments(ctx, b.now().Add(-enrichmentsKept))
				return errors.Join(err, house.Prune(ctx))
			}),
			taskMaintenance: silent(house.Maintain),
			taskRetention:   b.retain(cfg.Retention),
		}
	}
	return nil
}

// enrichmentsKept is how long it is remembered that a killmail was completed.
const enrichmentsKept = 30 * 24 * time.Hour

// silent is a task that has nothing to tell.
func silent(f func(context.Context) error) scheduler.Run {
	return func(ctx context.Context) (string, error) { return "", f(ctx) }
}

// sweep works off what the cluster service has left, as after a lost signal.
func (b *backends) sweep(ctx context.Context) (string, error) {
	c, err := b.cluster()
	if err != nil {
		return "", err
	}
	n, err := c.Drain(ctx, nil)
	return fmt.Sprintf("%d killmails put into battles", n), err
}

func (b *backends) retention(cfg Retention) *retention.Service {
	return &retention.Service{Config: cfg.config(), Store: b.store, Log: b.log, Now: b.now}
}

func (b *backends) retain(cfg Retention) scheduler.Run {
	return func(ctx context.Context) (string, error) {
		if cfg.RetentionMonths == 0 {
			return keepsAll, nil
		}
		removed, err := b.retention(cfg).Run(ctx, nil)
		return "removed " + removedText(removed), err
	}
}

const keepsAll = "everything is kept"

func removedText(r store.Removed) string {
	return fmt.Sprintf("%d killmails of %d battles with %d participants, and the pilots of %d battles", r.Killmails, r.Battles, r.Participants, r.PilotLists)
}

// verifyRecent looks at the last days and repairs what it can: repairs only put work
// on lists, or drop rows that belong to nothing.
func (b *backends) verifyRecent(cfg JobsConfig) scheduler.Run {
	return func(ctx context.Context) (string, error) {
		v, err := b.verifier(cfg)
		if err != nil {
			return "", err
		}
		run, err := v.Run(ctx, verify.Options{Repair: true})
		return fmt.Sprintf("%d killmails and %d battles looked at, %d findings, %d of them still open", run.Killmails, run.Battles, run.Found, run.Open), err
	}
}

func (b *backends) refreshPrices(ctx context.Context) (string, error) {
	if b.esi == nil {
		return "ESI is switched off", nil
	}
	n, err := b.enricher().RefreshPrices(ctx)
	return fmt.Sprintf("%d prices", n), err
}

// RunTask runs a periodic task here and now and returns what came of it. With plan,
// which only retention knows, it says what would be done.
func RunTask(ctx context.Context, cfg JobsConfig, name string, plan bool, log *slog.Logger) (result string, err error) {
	if plan && name != taskRetention {
		return "", fault.Usage(fault.New("job "+name+" has no dry run", "only retention has one"))
	}
	if err := checkRetention(cfg.Retention); err != nil { // months below zero lie in the future
		return "", fault.Usage(err)
	}
	b, err := openBackends(ctx, cfg.Data, cfg.Redis, log)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.askESI(cfg.ESI, cfg.Contact); err != nil {
		return "", err
	}
	b.keep = cfg.Retention.config()
	if plan {
		return b.planRetention(ctx, cfg.Retention)
	}
	runs := make(map[string]scheduler.Run)
	for _, s := range services {
		maps.Copy(runs, b.runs(cfg, s.name))
	}
	s, err := b.scheduler(schedule(true), runs)
	if err != nil {
		return "", err
	}
	return s.RunNow(ctx, name)
}

func (b *backends) planRetention(ctx context.Context, cfg Retention) (string, error) {
	horizon, n, err := b.retention(cfg).Plan(ctx)
	if err != nil {
		return "", err
	}
	if horizon.IsZero() {
		return keepsAll, nil
	}
	return "before " + horizon.Format(time.DateOnly) + ", would remove " + removedText(n), nil
}

func (b *backends) scheduler(cfg scheduler.Config, runs map[string]scheduler.Run) (*scheduler.Scheduler, error) {
	return scheduler.New(cfg, scheduler.Deps{Store: b.store, Queue: b.queue, Holder: b.holder, Runs: runs, Log: b.log, Now: b.now})
}
