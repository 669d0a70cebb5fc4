package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// CCP's export has 600 MB of YAML, most of it descriptions and planets. The functions
// here cut it along its indentation and give the parser only what is needed, which is
// a hundredth. They rely on block style, in which a line indented less than its
// predecessor always ends a value; the export has no other.

// readRecords reads a file that maps ids to records and hands each to add, parsed from
// the named fields alone.
func readRecords[Record any](path string, fields []string, add func(id int64, r Record)) error {
	var id int64
	return readChunks(path, isID, func(lines []string) error {
		if _, err := fmt.Sscanf(lines[0], "%d:", &id); err != nil {
			return fmt.Errorf("%q is no id", lines[0])
		}
		var record Record
		if err := parse(keep(lines[1:], "  ", fields), &record); err != nil {
			return fmt.Errorf("record %d: %w", id, err)
		}
		add(id, record)
		return nil
	})
}

// isID reports whether a line starts a record: an id and a colon, nothing else. The
// closing quote of a text can also stand at the start of a line.
func isID(line string) bool {
	digits, found := strings.CutSuffix(line, ":")
	return found && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// isField reports whether a line starts a named field of a top-level mapping.
func isField(line string) bool { return 'a' <= line[0] && line[0] <= 'z' }

// isItem reports whether a line starts an item of a top-level list.
func isItem(line string) bool { return line[0] == '-' }

// readChunks cuts a file before every line for which starts holds and hands the pieces
// to use. Empty lines belong to texts and are left out.
func readChunks(path string, starts func(line string) bool, use func(lines []string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var chunk []string
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		if err := use(chunk); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		chunk = chunk[:0]
		return nil
	}
	in := bufio.NewReaderSize(file, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("%s: %w", path, err)
		}
		if text := strings.TrimRight(line, "\r\n"); text != "" {
			if starts(text) {
				if err := flush(); err != nil {
					return err
				}
			}
			chunk = append(chunk, text)
		}
		if err == io.EOF {
			return flush()
		}
	}
}

// keep returns the lines of those fields, of a mapping indented by indent, that are
// named. A list under a field may start at the field's own indentation.
func keep(lines []string, indent string, fields []string) []string {
	var kept []string
	wanted := false
	for _, line := range lines {
		rest, found := strings.CutPrefix(line, indent)
		if found && rest[0] != ' ' && rest[0] != '-' {
			name, _, _ := strings.Cut(rest, ":")
			wanted = slices.Contains(fields, name)
		}
		if wanted {
			kept = append(kept, line)
		}
	}
	return kept
}

// parse reads the lines as YAML.
func parse(lines []string, into any) error {
	var text bytes.Buffer
	for _, line := range lines {
		text.WriteString(line)
		text.WriteByte('\n')
	}
	return yaml.Unmarshal(text.Bytes(), into)
}
