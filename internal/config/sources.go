package config

import (
	"fmt"
	"os"
	"strings"

	"github.com/battlescope/battlescope/internal/fault"
)

// Setting describes one setting.
type Setting struct {
	Name   string // of the flag, without dashes in front: feed-url
	Env    string // environment variable
	Secret bool   // its value must not be shown
}

// Origin says who gave a setting its value.
type Origin string

// The origins, weakest first.
const (
	Default     Origin = "default"
	SettingFile Origin = "file"
	Environment Origin = "environment"
	Flag        Origin = "flag"
)

// Value is what a source says about a setting.
type Value struct {
	Text   string
	Origin Origin
	From   string // the place, for people: "battlescope.yaml line 3", "BATTLESCOPE_DATA"
}

// Hidden stands in the place of a secret that is set.
const Hidden = "(hidden)"

// Shown returns a value of the setting as people may see it.
func (s Setting) Shown(value string) string {
	if s.Secret && value != "" {
		return Hidden
	}
	return value
}

// twinSuffix makes the name of a variable that names a file with the value.
const twinSuffix = "_FILE"

// Sources are the settings file and the environment.
type Sources struct {
	File     *File                             // nil: none
	Lookup   func(name string) (string, bool)  // os.LookupEnv
	ReadFile func(name string) ([]byte, error) // os.ReadFile, for twins
}

// NewSources reads the environment of the process, and file if it is not nil.
func NewSources(file *File) Sources {
	return Sources{File: file, Lookup: os.LookupEnv, ReadFile: os.ReadFile}
}

// Find returns what the strongest source says, or false when none says anything.
// An error names the variable or file that cannot be used.
func (s Sources) Find(setting Setting) (Value, bool, error) {
	v, found, err := s.environment(setting.Env)
	if found || err != nil {
		return v, found, err
	}
	if s.File == nil {
		return Value{}, false, nil
	}
	v, found = s.File.value(setting.Name)
	return v, found, nil
}

func (s Sources) environment(name string) (Value, bool, error) {
	if name == "" {
		return Value{}, false, nil
	}
	twin := name + twinSuffix
	text, found := s.Lookup(name)
	path, twinFound := s.Lookup(twin)
	switch {
	case found && twinFound:
		return Value{}, false, fault.New(fmt.Sprintf("%s and %s are both set", name, twin), "unset one of them")
	case found:
		return Value{Text: text, Origin: Environment, From: name}, true, nil
	case !twinFound:
		return Value{}, false, nil
	}
	content, err := s.ReadFile(path)
	if err != nil {
		return Value{}, false, fault.Wrap(err, "read the value that "+twin+" names", "let it name a file this program may read, or set "+name)
	}
	// Editors and echo end a file with a line break, which is no part of the value.
	text = strings.TrimRight(string(content), "\r\n")
	if text == "" { // a secret that was not filled in; without a database address all would start on a folder
		return Value{}, false, fault.New(fmt.Sprintf("the file %s, which %s names, is empty", path, twin), "put the value into it, or unset "+twin)
	}
	return Value{Text: text, Origin: Environment, From: twin}, true, nil
}
