package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/battlescope/battlescope/internal/fault"
)

// File is a settings file: one YAML mapping from the names of settings to values.
// In names - and _ are the same. A list stands for the values of a setting that
// takes several.
type File struct {
	name    string
	entries []entry
}

type entry struct {
	key  string // as written
	text string
	line int
}

// maxFile bounds a settings file, which is a page of text.
const maxFile = 1 << 20

// Read reads a settings file. The error names the file, and the line where there is one.
func Read(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(err, "read settings", "name a file this program may read with --config")
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault.Wrap(err, "read settings", "name a file this program may read with --config")
	}
	if len(content) > maxFile {
		return nil, fault.New(fmt.Sprintf("settings %s: larger than %d bytes", name, maxFile), "this is no settings file; name another with --config")
	}
	return Parse(name, content)
}

// Parse reads the content of a settings file; name stands in errors.
func Parse(name string, content []byte) (*File, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(content, &doc); err != nil {
		return nil, fault.Wrap(errors.New(strings.TrimPrefix(err.Error(), "yaml: ")), "settings "+name, exampleHint)
	}
	f := &File{name: name}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return f, nil // empty, or comments only
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fault.New(fmt.Sprintf("settings %s line %d: not a list of names and values", name, root.Line), exampleHint)
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		text, err := textOf(value)
		if err != nil {
			return nil, fault.New(fmt.Sprintf("settings %s line %d: %s %v", name, key.Line, key.Value, err), exampleHint)
		}
		for _, other := range f.entries {
			if plain(other.key) == plain(key.Value) {
				return nil, fault.New(fmt.Sprintf("settings %s line %d: %s is set already in line %d", name, key.Line, key.Value, other.line), "remove one of the lines")
			}
		}
		f.entries = append(f.entries, entry{key.Value, text, key.Line})
	}
	return f, nil
}

const exampleHint = "write one setting a line, such as listen: 127.0.0.1:8080"

// textOf returns a value as it would stand behind a flag.
func textOf(node *yaml.Node) (string, error) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.ScalarNode:
		if node.Tag == "!!null" {
			return "", errors.New(`has no value; for an empty one write ""`)
		}
		return node.Value, nil
	case yaml.SequenceNode:
		texts := make([]string, len(node.Content))
		for i, item := range node.Content {
			if item.Kind != yaml.ScalarNode || strings.Contains(item.Value, ",") {
				return "", errors.New("has a list of something else than plain values")
			}
			texts[i] = item.Value
		}
		return strings.Join(texts, ","), nil
	default:
		return "", errors.New("has neither a value nor a list of values")
	}
}

// plain is the form in which names are compared.
func plain(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

func (f *File) value(name string) (Value, bool) {
	for _, e := range f.entries {
		if plain(e.key) == name {
			return Value{Text: e.text, Origin: SettingFile, From: fmt.Sprintf("%s line %d", f.name, e.line)}, true
		}
	}
	return Value{}, false
}

// Unknown returns an error for every name in the file that is none of the known,
// with its line and the nearest known name.
func (f *File) Unknown(known []string) []error {
	var problems []error
	for _, e := range f.entries {
		if slices.Contains(known, plain(e.key)) {
			continue
		}
		problems = append(problems, fault.New(fmt.Sprintf("settings %s line %d: no setting is called %s", f.name, e.line, e.key),
			suggestion(Nearest(plain(e.key), known))))
	}
	return problems
}

func suggestion(nearest string) string {
	const all = "battlescope config show lists all settings"
	if nearest == "" {
		return all
	}
	return "did you mean " + nearest + "? " + all
}
