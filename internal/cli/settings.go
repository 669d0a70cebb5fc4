package cli

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/battlescope/battlescope/internal/config"
	"github.com/battlescope/battlescope/internal/fault"
)

// variablePrefix begins the names of all our environment variables.
const variablePrefix = "BATTLESCOPE_"

// settings tells the parser what settings file and environment say. A setting is a
// flag with an environment variable. The parser by itself would let a file win over
// the environment, which is why both are asked here.
//
// What is wrong with a value is collected in place of ending the parser at the
// first, so that all can be named at once; the default then stands in.
type settings struct {
	sources  config.Sources
	loaded   bool
	values   map[*kong.Flag]config.Value
	problems []error
	warnings []string
}

// Validate implements kong.Resolver.
func (s *settings) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver. It is asked for flags that are not on the
// command line.
func (s *settings) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	s.load(ctx)
	if !isSetting(flag) {
		return nil, nil
	}
	v, found, err := s.sources.Find(settingOf(flag))
	if err == nil && found {
		err = tryValue(flag, v)
	}
	if err != nil {
		s.problems = append(s.problems, err)
		return neutral(flag), nil
	}
	if !found {
		return nil, nil
	}
	s.values[flag] = v
	return v.Text, nil
}

// load reads the settings file, once its name is known.
func (s *settings) load(ctx *kong.Context) {
	if s.loaded {
		return
	}
	s.loaded, s.values = true, make(map[*kong.Flag]config.Value)
	names, variables, twinned := known(ctx.Model)
	s.warnings = config.UnknownVariables(os.Environ(), variablePrefix, variables, twinned)
	s.sources = config.NewSources(nil)
	path := ""
	for _, flag := range ctx.Model.Flags {
		if flag.Name == configFlag {
			path, _ = ctx.FlagValue(flag).(string)
		}
	}
	if path == "" {
		return
	}
	file, err := config.Read(kong.ExpandPath(path))
	if err != nil {
		s.problems = append(s.problems, err)
		return
	}
	s.sources = config.NewSources(file)
	s.problems = append(s.problems, file.Unknown(names)...)
}

// configFlag is the flag that names the settings file. It cannot stand in the file.
const configFlag = "config"

func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 && flag.Name != configFlag }

func settingOf(flag *kong.Flag) config.Setting {
	return config.Setting{Name: flag.Name, Env: flag.Envs[0], Secret: flag.Tag.Has("secret")}
}

// known lists the names of all settings of all verbs, all variables, and those of
// them that are settings.
func known(app *kong.Application) (names, variables, twinned []string) {
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		switch v := node.(type) {
		case *kong.Flag:
			variables = append(variables, v.Envs...)
			if isSetting(v) && !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
				twinned = append(twinned, v.Envs[0])
			}
		case *kong.Value: // an argument
			variables = append(variables, v.Tag.Envs...)
		}
		return next(nil)
	})
	if err != nil {
		panic(err) // nothing above fails
	}
	return names, variables, twinned
}

// tryValue reports whether the flag can take the value.
func tryValue(flag *kong.Flag, v config.Value) error {
	target := reflect.New(flag.Target.Type()).Elem()
	err := flag.Parse(kong.Scan().PushTyped(v.Text, kong.FlagValueToken), target)
	if err == nil && flag.Enum != "" && !flag.EnumMap()[fmt.Sprint(target)] {
		err = fmt.Errorf("--%s: %q is none of %s", flag.Name, v.Text, flag.Enum)
	}
	if err != nil && flag.Tag.Has("secret") {
		err = fmt.Errorf("--%s: not a value it can take", flag.Name) // the parser's words repeat the value
	}
	hint := flag.Help
	if flag.Default != "" {
		hint += " Default: " + flag.Default
	}
	return fault.Wrap(err, v.From, strings.TrimSuffix(hint, "."))
}

// neutral is a value any flag of its type can take: the default, or the zero value.
func neutral(flag *kong.Flag) any {
	if flag.HasDefault {
		return flag.Default
	}
	return fmt.Sprint(reflect.Zero(flag.Target.Type()))
}

// namesProblems reports whether the verb itself says what is wrong with the settings.
func namesProblems(parsed *kong.Context) bool {
	verb := parsed.Command()
	return verb == "doctor" || strings.HasPrefix(verb, "config ")
}
