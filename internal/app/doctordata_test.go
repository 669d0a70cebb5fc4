package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/queue"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/test/servers"
	"github.com/battlescope/battlescope/test/sim"
)

var quietLog = slog.New(slog.DiscardHandler)

// look returns what a doctor says, by part.
func look(t *testing.T, cfg ServiceConfig, at func(*doctor)) map[string]string {
	t.Helper()
	found := make(map[string]string)
	at(&doctor{cfg: cfg, now: time.Now, client: http.DefaultClient, tell: func(f Finding) {
		if _, twice := found[f.Part]; twice {
			t.Errorf("%s is told of twice", f.Part)
		}
		if (f.Status == FindingOK) != (f.Hint == "") {
			t.Errorf("%+v: a hint belongs to what is not fine, and to nothing else", f)
		}
		found[f.Part] = fmt.Sprintf("%s %s (hint: %s)", f.Status, f.Detail, f.Hint)
		if strings.ContainsAny(found[f.Part], "\n") || strings.Contains(found[f.Part], "geheim") {
			t.Errorf("got %q, want one line without the password", found[f.Part])
		}
	}})
	return found
}

// examine returns what a doctor says of the database.
func examine(t *testing.T, cfg ServiceConfig, now func() time.Time) map[string]string {
	t.Helper()
	return look(t, cfg, func(d *doctor) {
		d.now = now
		if cfg.embedded() {
			d.file(t.Context())
		} else {
			d.server(t.Context())
		}
	})
}

// hold compares what was found of some parts with what must be in it: words with … in
// between for whatever else. "" is a part that nothing must be said of.
func hold(t *testing.T, when string, found, want map[string]string) {
	t.Helper()
	for part, words := range want {
		text, there := found[part]
		if there != (words != "") {
			t.Errorf("%s: %s: got %q, want %q", when, part, text, words)
		}
		rest := text
		for word := range strings.SplitSeq(words, "…") {
			_, after, ok := strings.Cut(rest, word)
			if !ok {
				t.Errorf("%s: %s: got %q, want %q in it", when, part, text, word)
			}
			rest = after
		}
	}
}

// places are where data can lie.
func places(t *testing.T) map[string]Data {
	return map[string]Data{
		"file":   {Data: t.TempDir()},
		"server": {Data: t.TempDir(), DatabaseURL: strings.Replace(servers.Postgres(t), "postgres@", "postgres:geheim@", 1)},
	}
}

func opened(t *testing.T, data Data) *backends {
	t.Helper()
	b, err := openBackends(t.Context(), data, Redis{}, quietLog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.close() })
	return b
}

// TestDoctorData looks at databases in which all is well, and then nothing.
func TestDoctorData(t *testing.T) {
	t.Parallel()
	for name, data := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := " --database-url URL"
			if data.embedded() {
				where = " --data " + data.Data
			}
			starts := func(service string) string {
				if data.embedded() {
					service = "serve"
				}
				return "battlescope " + service + where
			}
			cfg := ServiceConfig{Data: data, Retention: Retention{RetentionMonths: 3}}
			b := opened(t, data)
			hold(t, "fresh", examine(t, cfg, time.Now), map[string]string{
				"schema": "ok version", "killmails": "ok none yet: " + starts("ingest") + "…import", "battles": "ok 0", "dead letters": "ok 0",
				"enrichments": "ok 0…0", "jobs": "ok 0 wait, 0 run, 0 failed for good", "verification": "ok nothing", "retention": "ok killmails from before…job retention",
			})

			neglect(t, b)
			first := time.Now()
			hold(t, "at once", examine(t, cfg, time.Now), map[string]string{
				"killmails": "warn 50, the newest of…hint: is " + starts("ingest") + " running?", "battles": "ok 50", "dead letters": "warn 1…battlescope dead-letters list" + where,
				"enrichments":  "warn 1 killmails wait…, 1 cannot be completed…hint: battlescope jobs list --state dead --kind killmail.fetch" + where + "…jobs retry --dead" + where,
				"jobs":         "warn 2 wait, 0 run, 1 failed for good…hint: battlescope jobs list --state dead" + where + "…jobs retry --dead" + where,
				"verification": "ok has not run yet…battlescope verify-data" + where,
			})
			cfg.NoFeed = true
			hold(t, "without a feed", examine(t, cfg, time.Now), map[string]string{"killmails": "ok 50"})

			ran(t, b, first, 1, "the disk\nis full")
			later := func() time.Time { return first.Add(25 * time.Hour) }
			found := examine(t, cfg, later)
			hold(t, "a day later", found, map[string]string{
				"battles":     "warn 50 killmails…hint: " + starts("cluster") + " forms battles",
				"enrichments": "warn 1…; the first since…hint: " + starts("enrich") + " fetches them",
				"jobs":        "warn 2 wait…nobody works those that wait since…hint: start " + starts("cluster"), "verification": "warn the last of…1 are still open (hint: battlescope verify-data --all --repair" + where,
				"retention": "warn …: the disk; is full (hint: battlescope job retention --retention-months 3" + where + " tries again",
			})
			if !data.embedded() && !strings.Contains(found["jobs"], " and battlescope enrich") {
				t.Errorf("got %q, want all services that are missing", found["jobs"])
			}
			cfg.NoESI = true
			hold(t, "without ESI", examine(t, cfg, later), map[string]string{"enrichments": "warn …hint: …--no-esi"})

			ran(t, b, first, 0, "")
			hold(t, "after better runs", examine(t, cfg, later), map[string]string{
				"verification": "ok the last of…0 are still open", "retention": "ok killmails from before…removed 0 killmails",
			})
			cfg.Retention = Retention{}
			hold(t, "with everything kept", examine(t, cfg, later), map[string]string{"retention": "ok everything is kept"})
			cfg.Retention = Retention{RetentionMonths: -1}
			hold(t, "with a setting that makes no sense", examine(t, cfg, later), map[string]string{"retention": "fail retention…-1…hint: "})
			cfg.Retention = Retention{RetentionMonths: 3}
			late := func() time.Time { return first.Add(60 * time.Hour) }
			hold(t, "days later", examine(t, cfg, late), map[string]string{
				"verification": "warn the last of…hint: it is due once a day: is " + starts("scheduler") + " running?…battlescope verify-data",
				"retention":    "warn …hint: it is due once a day: is " + starts("scheduler") + " running?",
			})
			if err := b.close(); err != nil {
				t.Fatal(err)
			}
			hold(t, "with nobody there", examine(t, cfg, later), map[string]string{"jobs": "warn 2 wait, 0 run, 1 failed for good"})
		})
	}
}

// neglect stores what makes work, and does none of it: killmails of long ago, one that
// is only named and one that cannot be completed, a letter, two jobs that wait, and a dead one.
func neglect(t *testing.T, b *backends) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	batch := store.Batch{Source: "test", Now: now, DeadLetters: []store.DeadLetter{{Source: "test", Reason: "none", Body: []byte("x")}}}
	for _, k := range sim.Day(3, 50).Mails() {
		batch.Documents = append(batch.Documents, store.Document{Document: killmail.Document{Killmail: k}})
	}
	for id := range int64(2) {
		batch.Partial = append(batch.Partial, store.Partial{KillmailID: id + 1, Hash: fmt.Sprint(id), Source: "test", Body: []byte("{}"), Due: now})
	}
	batch.Jobs = []queue.Job{store.FetchJob(1)}
	if _, err := b.store.Save(ctx, batch); err != nil {
		t.Fatal(err)
	}
	e, err := b.store.BeginEnrichment(ctx, 2, now, now)
	if err == nil {
		err = b.store.EndEnrichment(ctx, store.EnrichmentEnd{KillmailID: 2, Revision: e.Revision, State: store.EnrichmentFailed, Reason: "none"}, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	dead := queue.Job{Kind: "periodic." + taskStats, MaxAttempts: 1}
	if _, err := b.queue.Enqueue(ctx, dead, queue.Job{Kind: "periodic." + taskCluster}); err != nil {
		t.Fatal(err)
	}
	working, stop := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := b.queue.Work(working, map[string]queue.Handler{dead.Kind: func(context.Context, queue.Work) error { return queue.ErrDead }}); err != nil {
			t.Error(err)
		}
	})
	for died := false; !died; {
		jobs, err := b.queue.Jobs(ctx, queue.Filter{States: []queue.State{queue.Dead}}, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		died = len(jobs) > 0
	}
	stop()
	ended.Wait()
}

// ran notes a verification and a run of retention.
func ran(t *testing.T, b *backends, at time.Time, open int, problem string) {
	t.Helper()
	_, err := b.store.PutVerifyRun(t.Context(), store.VerifyRun{StartedAt: at, FinishedAt: at, Found: 2, Open: open})
	if err != nil {
		t.Fatal(err)
	}
	run, err := b.store.BeginRetention(t.Context(), store.RetentionRule{Horizon: at.Add(-time.Hour)}, at)
	if err == nil {
		err = b.store.EndRetention(t.Context(), run, at, problem)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestWorkers holds the table of who works which jobs to what the services work.
func TestWorkers(t *testing.T) {
	t.Parallel()
	b := opened(t, Data{Data: t.TempDir()})
	want := map[string]string{store.FetchKillmail: serviceEnrich}
	for _, s := range services {
		for task := range b.runs(JobsConfig{}, s.name) {
			if s.name != serviceScheduler {
				want["periodic."+task] = s.name
			}
		}
	}
	if !maps.Equal(workers, want) {
		t.Errorf("got %v, want %v", workers, want)
	}
	for _, k := range jobKinds() {
		delete(want, k.Name)
	}
	if len(want) > 0 {
		t.Errorf("%v are no kinds of jobs", want)
	}
}
