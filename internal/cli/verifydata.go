package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/store"
)

type verifyDataCommand struct {
	app.JobsConfig
	Since   eveTime   `help:"Look at killmails and battles from this time on (EVE time); without it the last 7 days." placeholder:"TIME"`
	Until   eveTime   `help:"Look at those before this time." placeholder:"TIME"`
	All     bool      `help:"Look at everything."`
	Day     []eveTime `help:"Days to compare with zKillboard's history; without it yesterday." placeholder:"DAY"`
	Samples int       `help:"Neighbourhoods to recompute and compare." default:"100" placeholder:"N"`
	Repair  bool      `help:"Repair what can be repaired; without it nothing is changed."`
	Format  string    `help:"Form of the result: ${enum}." enum:"table,json" default:"table" placeholder:"FORMAT"`
}

// Run prints what was looked at and found. It fails when something is wrong and stays so.
func (c *verifyDataCommand) Run(env *environment) error {
	if c.Samples < 1 {
		return fault.Usage(fault.New("verify-data: --samples must be at least 1", "leave it out for 100"))
	}
	cfg := app.VerifyConfig{JobsConfig: c.JobsConfig, Since: c.Since.Time, Until: c.Until.Time, All: c.All, Samples: c.Samples, Repair: c.Repair}
	for _, d := range c.Day {
		cfg.Days = append(cfg.Days, d.Time)
	}
	run, err := app.VerifyData(env.ctx, cfg, env.log)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		err = printVerifyJSON(env.Out, run)
	} else {
		printVerify(env.Out, run)
	}
	if err != nil || run.Open == 0 {
		return err
	}
	hint := "verify-data --repair mends what can be mended"
	if run.Repair {
		hint = "the column repair says what can be done about it"
	}
	if run.Open == 1 {
		return fault.New("1 finding is not repaired", hint)
	}
	return fault.New(fmt.Sprintf("%d findings are not repaired", run.Open), hint)
}

func printVerifyJSON(w io.Writer, run store.VerifyRun) error {
	out := struct {
		store.VerifyRun
		Since      *time.Time      `json:"since"` // null: from the beginning
		Until      *time.Time      `json:"until"` // null: to the end
		NotChecked []string        `json:"not_checked"`
		Findings   []store.Finding `json:"findings"`
	}{
		VerifyRun: run, Since: orNull(run.Since), Until: orNull(run.Until),
		NotChecked: append([]string{}, run.NotChecked...), Findings: append([]store.Finding{}, run.Findings...),
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// orNull is a time, nil when it is none.
func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func printVerify(w io.Writer, run store.VerifyRun) {
	fmt.Fprintf(w, "looked at  %d killmails and %d battles, %s to %s\n", run.Killmails, run.Battles, end(run.Since, "the beginning"), end(run.Until, "the end"))
	fmt.Fprintf(w, "compared   %d neighbourhoods with the engine, %d days with the history\n", run.Neighbourhoods, run.Days)
	for _, why := range run.NotChecked {
		fmt.Fprintf(w, "left out   %s\n", why)
	}
	if len(run.Findings) == 0 {
		fmt.Fprintln(w, "nothing is wrong")
		return
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.SetColumnConfigs([]table.ColumnConfig{
		{Name: "what is wrong", WidthMax: 40, WidthMaxEnforcer: text.WrapSoft},
		{Name: "ids", WidthMax: 24, WidthMaxEnforcer: text.WrapSoft},
		{Name: "repair", WidthMax: 40, WidthMaxEnforcer: text.WrapSoft},
	})
	t.AppendHeader(table.Row{"check", "severity", "state", "found", "left", "what is wrong", "ids", "repair"})
	for _, f := range run.Findings {
		ids := fmt.Sprint(f.Samples)
		t.AppendRow(table.Row{f.Check, f.Severity, f.State, f.Count, f.Left, f.Detail, f.Subject + " " + ids[1:len(ids)-1], f.Repair})
	}
	t.Render()
}

// end is an end of a time, in words when it is open.
func end(at time.Time, open string) string {
	if at.IsZero() {
		return open
	}
	return eve.FormatTime(at)
}
