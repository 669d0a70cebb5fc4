package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/battlescope/battlescope/internal/config"
)

// TestConfigShowsAllSettings holds allSettings to what verbs can be told: a setting
// that a file may have must be shown and checked.
func TestConfigShowsAllSettings(t *testing.T) {
	t.Parallel()
	var c commands
	parser, err := kong.New(&c, helpWords())
	if err != nil {
		t.Fatal(err)
	}
	all, _, _ := known(parser.Model)
	for _, verb := range []string{"show", "check"} {
		parsed, err := parser.Parse([]string{"config", verb})
		if err != nil {
			t.Fatal(err)
		}
		shown := make(map[string]bool)
		for _, flag := range parsed.Flags() {
			shown[flag.Name] = true
		}
		for _, name := range all {
			if !shown[name] {
				t.Errorf("config %s does not know %s: add it to allSettings", verb, name)
			}
		}
	}
}

func TestSettings(t *testing.T) {
	type flags struct {
		Config string   `env:"BATTLESCOPE_CONFIG"`
		Key    string   `env:"BATTLESCOPE_KEY" secret:""`
		Count  int      `env:"BATTLESCOPE_COUNT" default:"3"`
		Level  string   `env:"BATTLESCOPE_LEVEL" enum:"a,b" default:"a"`
		Many   []string `env:"BATTLESCOPE_MANY"`
		On     bool     `env:"BATTLESCOPE_ON" default:"true" negatable:""`
		Other  string   // no setting
	}
	t.Setenv("BATTLESCOPE_KEY", "hunter2")
	t.Setenv("BATTLESCOPE_COUNT", "many")
	t.Setenv("BATTLESCOPE_MANY", "x,y")
	t.Setenv("BATTLESCOPE_ON", "false")
	var f flags
	var s settings
	parser, err := kong.New(&f, kong.Resolvers(&s))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.Parse([]string{"--level", "b"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.problems) != 1 || !strings.Contains(s.problems[0].Error(), "BATTLESCOPE_COUNT") {
		t.Errorf("got problems %v, want one of BATTLESCOPE_COUNT", s.problems)
	}
	if f.Count != 3 || f.Key != "hunter2" || f.On || len(f.Many) != 2 || f.Level != "b" {
		t.Errorf("got %+v", f)
	}
	origins := make(map[string]config.Origin)
	for _, v := range s.list(parsed) {
		origins[v.Name] = v.Origin
	}
	want := map[string]config.Origin{"key": config.Environment, "count": config.Default, "level": config.Flag, "many": config.Environment, "on": config.Environment}
	for name, origin := range want {
		if origins[name] != origin {
			t.Errorf("%s: origin %q, want %q", name, origins[name], origin)
		}
	}
	if len(origins) != len(want) {
		t.Errorf("got %v, want %v", origins, want)
	}
	for _, write := range []func() string{
		func() string { var b bytes.Buffer; _ = writeSettings(&b, s.list(parsed)); return b.String() },
		func() string { var b bytes.Buffer; _ = writeSettingsJSON(&b, s.list(parsed)); return b.String() },
	} {
		if text := write(); strings.Contains(text, "hunter2") || !strings.Contains(text, config.Hidden) {
			t.Errorf("the secret is not hidden:\n%s", text)
		}
	}
}

// A secret must not stand in an error either.
func TestSecretNotInError(t *testing.T) {
	type flags struct {
		Pin int `env:"BATTLESCOPE_PIN" secret:""`
	}
	t.Setenv("BATTLESCOPE_PIN", "hunter2")
	var f flags
	var s settings
	parser, err := kong.New(&f, kong.Resolvers(&s))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if len(s.problems) != 1 || strings.Contains(s.problems[0].Error(), "hunter2") {
		t.Errorf("got %v, want one problem without the value", s.problems)
	}
}
