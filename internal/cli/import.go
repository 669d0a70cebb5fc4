package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/battlescope/battlescope/internal/app"
)

type importCommand struct {
	app.Data
	app.Redis
	app.ESI
	app.Retention
	app.Identity
	app.Past
	Since eveTime  `help:"Leave out killmails before this time (EVE time)." placeholder:"TIME"`
	Until eveTime  `help:"Leave out killmails from this time on." placeholder:"TIME"`
	Files []string `arg:"" name:"file" help:"Archives (.tar.bz2), .jsonl, .json, each also .gz; folders; - for standard input; everef:DAY or history:DAY (YYYY-MM-DD, or DAY..DAY) for archives on the internet."`
}

// Run stores the files and prints what became of their killmails.
func (c *importCommand) Run(env *environment) error {
	progress := newProgress(env.Err)
	report, err := app.Import(env.ctx, app.ImportConfig{
		Data: c.Data, Redis: c.Redis, ESI: c.ESI, Retention: c.Retention, Identity: c.Identity, Past: c.Past, Files: c.Files, Since: c.Since.Time, Until: c.Until.Time, Stdin: env.In,
	}, env.log, progress)
	progress.end()
	if report.Read > 0 || report.DaysKnown > 0 {
		printImport(env, report)
	}
	return err
}

func printImport(env *environment, r app.ImportReport) {
	fmt.Fprintf(env.Out, "read      %8d\nstored    %8d\nknown     %8d\nupdated   %8d\nrejected  %8d\nbroken    %8d\n",
		r.Read, r.New, r.Known, r.Updated, r.RejectedTotal(), r.Broken)
	if r.OutOfTime > 0 {
		fmt.Fprintf(env.Out, "left out  %8d\n", r.OutOfTime)
	}
	if r.Named > 0 {
		fmt.Fprintf(env.Err, "known by name only, waiting for ESI: %d\n", r.Named)
	}
	if r.DaysKnown > 0 {
		fmt.Fprintf(env.Err, "days imported before: %d\n", r.DaysKnown)
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Rejected)) {
		fmt.Fprintf(env.Err, "rejected by %s: %d\n", reason, r.Rejected[reason])
	}
	rate := float64(r.Read) / max(r.Took.Seconds(), 0.001)
	fmt.Fprintf(env.Err, "took %.1fs, %.0f killmails/s with their battles\n", r.Took.Seconds(), rate)
}
