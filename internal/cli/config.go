package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/config"
	"github.com/battlescope/battlescope/internal/fault"
)

// configCommand works on the settings.
type configCommand struct {
	Show  configShow  `cmd:"" help:"Print every setting with its value and where it comes from."`
	Check configCheck `cmd:"" help:"Name everything that is wrong with the settings."`
}

// allSettings are the flags of configShow and configCheck: whatever can be set.
type allSettings struct {
	app.ServeConfig
	app.EVERef
	app.SDE
}

type configShow struct {
	allSettings
	Format string `help:"${enum}." enum:"table,json" default:"table" placeholder:"FORMAT"`
}

// shownSetting is one setting as config show prints it.
type shownSetting struct {
	Name     string        `json:"name"`
	Value    string        `json:"value"`
	Origin   config.Origin `json:"origin"`
	From     string        `json:"from,omitempty"`
	Variable string        `json:"variable"`
	Secret   bool          `json:"secret,omitempty"`
}

// Run prints the settings.
func (c *configShow) Run(env *environment, parsed *kong.Context) error {
	list := env.settings.list(parsed)
	write := writeSettings
	if c.Format == "json" {
		write = writeSettingsJSON
	}
	return errors.Join(write(env.Out, list), problemsIn(env, env.settings.problems))
}

// list returns the settings of the verb that was parsed, in the order of its help.
func (s *settings) list(parsed *kong.Context) []shownSetting {
	given := make(map[*kong.Flag]bool)
	var list []shownSetting
	for _, path := range parsed.Path {
		if path.Flag != nil && !path.Resolved {
			given[path.Flag] = true
		}
	}
	for _, flag := range parsed.Flags() {
		if isSetting(flag) {
			list = append(list, s.shown(flag, given[flag]))
		}
	}
	return list
}

func (s *settings) shown(flag *kong.Flag, given bool) shownSetting {
	setting := settingOf(flag)
	out := shownSetting{
		Name: setting.Name, Value: setting.Shown(fmt.Sprint(flag.Target)), Origin: config.Default, Variable: setting.Env, Secret: setting.Secret,
	}
	if v, found := s.values[flag]; found {
		out.Origin, out.From = v.Origin, v.From
	}
	if given {
		out.Origin, out.From = config.Flag, "--"+flag.Name
	}
	return out
}

func writeSettings(w io.Writer, list []shownSetting) error {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"setting", "value", "origin", "from"})
	for _, s := range list {
		t.AppendRow(table.Row{s.Name, s.Value, s.Origin, s.From})
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

func writeSettingsJSON(w io.Writer, list []shownSetting) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string][]shownSetting{"settings": list})
}

type configCheck struct{ allSettings }

// Run prints one line for each problem and fails if there is one.
func (c *configCheck) Run(env *environment) error {
	problems := slices.Concat(env.settings.problems, app.CheckSettings(env.ctx, c.ServeConfig, c.EVERef, c.SDE))
	if err := problemsIn(env, problems); err != nil {
		return err
	}
	_, err := fmt.Fprintln(env.Out, "the settings are fine")
	return err
}

// problemsIn writes each problem with its hint and returns an error that counts them.
func problemsIn(env *environment, problems []error) error {
	for _, p := range problems {
		fmt.Fprintln(env.Err, "problem: "+oneLine(p))
	}
	switch len(problems) {
	case 0:
		return nil
	case 1:
		return fault.New("1 problem in the settings", "")
	}
	return fault.New(fmt.Sprintf("%d problems in the settings", len(problems)), "")
}
