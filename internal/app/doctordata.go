package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/service/retention"
	"github.com/battlescope/battlescope/internal/store"
)

const (
	// quiet is how old the newest killmail may be where a feed is read.
	quiet = 24 * time.Hour
	// longWait is how long a killmail may wait for its battle, and a job for a worker.
	longWait = 10 * time.Minute
	// longIncomplete is how long a killmail may wait for what it lacks.
	longIncomplete = 24 * time.Hour
	// missed is the age from which daily work has not run more than once.
	missed = 50 * time.Hour
	// minute is a time of EVE as findings tell it.
	minute = "2006-01-02 15:04"
)

// content looks at what the database holds.
func (d *doctor) content(ctx context.Context, s store.Store, jobs func(context.Context) ([]queue.Count, error)) {
	now := d.now()
	sum, err := s.Summary(ctx, now, now)
	if err != nil {
		d.err(FindingFail, "killmails", err)
		return
	}
	if sum.Killmails == 0 {
		d.ok("killmails", "none yet: %s and %s bring them", d.starts(serviceIngest), d.command("import"))
	} else {
		age := now.Sub(sum.LatestKillmail)
		d.when(age > quiet && !d.cfg.NoFeed, FindingWarn, "killmails",
			fmt.Sprintf("%d, the newest of %s", sum.Killmails, sum.LatestKillmail.Format(minute)),
			"is "+d.starts(serviceIngest)+" running? days that are missing can be fetched and stored with battlescope import")
	}
	backlog, err := s.Backlog(ctx)
	if err != nil {
		d.err(FindingFail, "battles", err)
		return
	}
	d.when(backlog.Killmails > 0 && now.Sub(backlog.OldestStoredAt) > longWait, FindingWarn, "battles",
		fmt.Sprintf("%d killmails wait for theirs", backlog.Killmails), d.starts(serviceCluster)+" forms battles; if it runs, its log says what is wrong")
	d.when(sum.DeadLetters > 0, FindingWarn, "dead letters", fmt.Sprintf("%d documents could not be read", sum.DeadLetters), d.command("dead-letters list"))
	d.enrichments(ctx, s)
	d.jobs(ctx, jobs)
	d.verification(ctx, s, sum.Killmails > 0)
	d.retention(ctx, s)
}

// enrichments looks at killmails of which a source gave only id and hash.
func (d *doctor) enrichments(ctx context.Context, s store.Enrichments) {
	const part = "enrichments"
	counts, err := s.EnrichmentCounts(ctx)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	waiting := counts[store.EnrichmentPending].N + counts[store.EnrichmentProcessing].N
	failed := counts[store.EnrichmentFailed].N
	detail := fmt.Sprintf("%d killmails wait for what their source left out, %d cannot be completed", waiting, failed)
	oldest := counts[store.EnrichmentPending].Oldest
	switch stuck := !oldest.IsZero() && d.now().Sub(oldest) > longIncomplete; {
	case stuck && d.cfg.NoESI:
		d.tell(Finding{part, FindingWarn, detail, "they come from CCP's API: leave out --no-esi"})
	case stuck:
		d.tell(Finding{part, FindingWarn, detail + "; the first since " + oldest.Format(minute), d.starts(serviceEnrich) + " fetches them; if it runs, its log says what is wrong"})
	default:
		d.when(failed > 0, FindingWarn, part, detail,
			d.command("jobs list --state dead --kind "+store.FetchKillmail)+" says why; "+d.command("jobs retry --dead")+" tries again")
	}
}

// errNoJobs says that nobody has used the database for jobs yet.
var errNoJobs = errors.New("there is no queue of jobs yet")

// workers are the services that work the jobs of a kind; the scheduler works all others.
var workers = map[string]string{
	store.FetchKillmail:       serviceEnrich,
	"periodic." + taskPrices:  serviceEnrich,
	"periodic." + taskCluster: serviceCluster,
	"periodic." + taskVerify:  serviceVerify,
}

// jobs looks for work in the background that nobody does, or that failed for good.
func (d *doctor) jobs(ctx context.Context, count func(context.Context) ([]queue.Count, error)) {
	const part = "jobs"
	counts, err := count(ctx)
	switch {
	case errors.Is(err, errNoJobs) && d.cfg.migrates():
		d.ok(part, "%v: the next start makes it", err)
		return
	case errors.Is(err, errNoJobs):
		d.tell(Finding{part, FindingFail, err.Error(), d.command("migrate")})
		return
	case err != nil:
		d.err(FindingFail, part, err)
		return
	}
	var waiting, running, dead int64
	var oldest time.Time
	var idle []string // services that leave jobs waiting
	for _, c := range counts {
		switch c.State {
		case queue.Waiting:
			waiting += c.Jobs
			if oldest.IsZero() || c.Oldest.Before(oldest) {
				oldest = c.Oldest
			}
			if d.now().Sub(c.Oldest) > longWait {
				idle = append(idle, d.starts(cmp.Or(workers[c.Kind], serviceScheduler)))
			}
		case queue.Running:
			running += c.Jobs
		case queue.Dead:
			dead += c.Jobs
		default: // as it should be
		}
	}
	detail := fmt.Sprintf("%d wait, %d run, %d failed for good", waiting, running, dead)
	if len(idle) > 0 {
		slices.Sort(idle)
		d.tell(Finding{part, FindingWarn, detail + "; nobody works those that wait since " + oldest.Format(minute),
			"start " + strings.Join(slices.Compact(idle), " and ") + "; if it runs, its log says what is wrong"})
		return
	}
	d.when(dead > 0, FindingWarn, part, detail,
		d.command("jobs list --state dead")+" says why; "+d.command("jobs retry --dead")+" tries again, jobs drop --dead deletes them")
}

// verification looks at what the last look for damage found.
func (d *doctor) verification(ctx context.Context, s store.VerifyRuns, anything bool) {
	const part = "verification"
	runs, err := s.VerifyRuns(ctx, 1)
	switch {
	case err != nil:
		d.err(FindingFail, part, err)
	case len(runs) == 0 && !anything:
		d.ok(part, "nothing to look at yet")
	case len(runs) == 0:
		d.ok(part, "has not run yet: it is due once a day, or now with %s", d.command("verify-data"))
	default:
		last := runs[0]
		detail := fmt.Sprintf("the last of %s found %d things, %d are still open", last.StartedAt.Format(minute), last.Found, last.Open)
		if last.Open > 0 {
			d.tell(Finding{part, FindingWarn, detail, d.command("verify-data --all --repair")})
			return
		}
		d.when(d.now().Sub(last.StartedAt) > missed, FindingWarn, part, detail,
			"it is due once a day: is "+d.starts(serviceScheduler)+" running? or look now with "+d.command("verify-data"))
	}
}

// retention looks at what is kept, and whether the rest goes.
func (d *doctor) retention(ctx context.Context, s store.Retention) {
	const part = "retention"
	cfg := d.cfg.Retention.config()
	if err := checkRetention(d.cfg.Retention); err != nil {
		d.err(FindingFail, part, err)
		return
	}
	if cfg.Months == 0 {
		d.ok(part, "everything is kept")
		return
	}
	runs, err := s.RetentionRuns(ctx, 1)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	d.retained(part, cfg, runs)
}

func (d *doctor) retained(part string, cfg retention.Config, runs []store.RetentionRun) {
	detail := "killmails from before " + cfg.Horizon(d.now()).Format(time.DateOnly) + " go"
	again := d.command(fmt.Sprintf("job retention --retention-months %d", cfg.Months))
	if len(runs) == 0 {
		d.ok(part, "%s; it has not run yet: it is due once a day, or now with %s", detail, again)
		return
	}
	last := runs[0]
	detail += ", last looked for " + last.StartedAt.Format(minute)
	switch old := d.now().Sub(last.StartedAt) > missed; {
	case last.Problem != "":
		d.tell(Finding{part, FindingWarn, detail + ": " + strings.ReplaceAll(last.Problem, "\n", "; "), again + " tries again"})
	case old:
		d.tell(Finding{part, FindingWarn, detail, "it is due once a day: is " + d.starts(serviceScheduler) + " running? or run it now with " + again})
	default:
		d.ok(part, "%s, removed %d killmails", detail, last.Removed.Killmails)
	}
}
