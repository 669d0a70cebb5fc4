// Package cli is the command line: one file a verb.
//
// Data goes to standard output, everything else to standard error. Errors are one
// line with a hint; exit code 1, or 2 when the command line itself was wrong.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/fault"
)

// IO is where a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
}

// commands are the verbs; kong fills them from arguments and environment.
type commands struct {
	Config    string `help:"Settings file in YAML; the environment and flags win over it." env:"BATTLESCOPE_CONFIG" placeholder:"FILE"`
	LogLevel  string `help:"Least severe log lines to write: ${enum}." enum:"debug,info,warn,error" default:"info" env:"BATTLESCOPE_LOG_LEVEL" placeholder:"LEVEL"`
	LogFormat string `help:"Form of log lines: ${enum}; auto is text on a terminal." enum:"auto,json,text" default:"auto" env:"BATTLESCOPE_LOG_FORMAT" placeholder:"FORMAT"`

	Serve       serveCommand       `cmd:"" help:"Run everything: read the feed, form battles, serve page and API."`
	API         apiCommand         `cmd:"" name:"api" help:"Serve page and API alone." group:"services"`
	Ingest      ingestCommand      `cmd:"" help:"Read the feed alone." group:"services"`
	Enrich      enrichCommand      `cmd:"" help:"Fill in names and details alone." group:"services"`
	Cluster     clusterCommand     `cmd:"" help:"Form battles alone." group:"services"`
	Scheduler   schedulerCommand   `cmd:"" help:"Start periodic work alone." group:"services"`
	Verify      verifyCommand      `cmd:"" help:"Look for damage in what is stored, when it is due, alone." group:"services"`
	Demo        demoCommand        `cmd:"" help:"Show a simulated New Eden: everything lives, without internet."`
	Import      importCommand      `cmd:"" help:"Store the killmails of files and form their battles."`
	Analyze     analyzeCommand     `cmd:"" help:"Print the battles of the killmails in files, without a database."`
	Report      reportCommand      `cmd:"" help:"Print one battle as text for a terminal or Discord."`
	Recluster   reclusterCommand   `cmd:"" help:"Plan, apply, confirm or revert a change of the parameters that form battles."`
	DeadLetters deadLettersCommand `cmd:"" name:"dead-letters" help:"List, show, retry or drop documents that could not be read."`
	Job         jobCommand         `cmd:"" help:"Run one periodic task now, as a cron job does."`
	Jobs        jobsCommand        `cmd:"" help:"List, show, retry, cancel or drop jobs."`
	VerifyData  verifyDataCommand  `cmd:"" name:"verify-data" help:"Look for damage in what is stored, and repair it."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the schema of the database up to date."`
	Doctor      doctorCommand      `cmd:"" help:"Look for whatever could keep BattleScope from working, and say what to do about it."`
	ConfigVerb  configCommand      `cmd:"" name:"config" help:"Show or check the settings."`
	SDE         sdeCommand         `cmd:"" name:"sde" help:"Update the static data of EVE Online."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running server whether it is ready."`
	Openapi     openapiCommand     `cmd:"" name:"openapi" help:"Print the description of the HTTP API."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// environment is what verbs get beside their flags.
type environment struct {
	IO
	ctx      context.Context
	log      *slog.Logger
	settings *settings
}

// exitCode is how the parser asks to stop after --help.
type exitCode int

// Run executes the command line and returns the exit code.
func Run(ctx context.Context, args []string, streams IO) (code int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exitCode:
			code = int(p)
		default:
			panic(p)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var c commands
	var set settings
	parser, err := kong.New(&c,
		kong.Name("battlescope"),
		kong.Description("Finds the battles of New Eden in killmails and shows who fought whom, where, and in what."),
		kong.Writers(streams.Out, streams.Err), kong.Exit(func(n int) { panic(exitCode(n)) }),
		helpWords(), kong.UsageOnError(), kong.ExplicitGroups([]kong.Group{{Key: "services", Title: "One service in a process of its own (on PostgreSQL):"}}), kong.Resolvers(&set), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		panic(err) // the struct above is wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return report(streams.Err, fault.Usage(fault.Wrap(err, "command line", usageHint(err))))
	}
	for _, warning := range set.warnings {
		fmt.Fprintln(streams.Err, "battlescope: warning: "+warning)
	}
	if len(set.problems) > 0 && !namesProblems(parsed) {
		return report(streams.Err, fault.Usage(errors.Join(set.problems...)))
	}
	env := &environment{IO: streams, ctx: ctx, log: newLogger(c.LogLevel, c.LogFormat, streams.Err), settings: &set}
	return report(streams.Err, parsed.Run(env))
}

// helpWords are what stands in the help texts as ${name}.
func helpWords() kong.Vars {
	return kong.Vars{"home": app.Home, "services": app.ServiceNames(), "tasks": app.TaskNames()}
}

func usageHint(err error) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil && p.Context.Selected() != nil {
		return "see battlescope " + p.Context.Selected().Name + " --help"
	}
	return "see battlescope --help"
}

// report writes an error in one line and returns the exit code for it.
func report(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(w, "battlescope: "+oneLine(err))
	if fault.IsUsage(err) {
		return 2
	}
	return 1
}

// oneLine returns an error with its hint, without line breaks.
func oneLine(err error) string {
	line := strings.ReplaceAll(err.Error(), "\n", "; ")
	if hint := fault.HintOf(err); hint != "" {
		line += " (hint: " + hint + ")"
	}
	return line
}
