package sde_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
)

// exportOf is a small export of a build and day.
func exportOf(version string, day time.Time) sde.Export {
	e := smallExport()
	e.Version, e.PricedAt = version, day
	return e
}

func choose(t *testing.T, dir string) sde.Chosen {
	t.Helper()
	c, err := sde.Choose(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestInstall(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	built := load(t)
	if c := choose(t, dir); c.Data != built || c.File != "" || c.Unused != nil {
		t.Fatalf("no folder: got %+v, want the built-in data", c)
	}
	day := built.PricedAt().AddDate(1, 0, 0)

	data, written, err := sde.Install(dir, exportOf("20", day))
	if err != nil || !written || data.Version() != "20" {
		t.Fatalf("newer: got %v, %v, %v", data, written, err)
	}
	c := choose(t, dir)
	if c.Data.Version() != "20" || c.File != filepath.Join(dir, sde.FileName) || c.Unused != nil {
		t.Errorf("newer: Choose gives %s of %q, %v", c.Data.Version(), c.File, c.Unused)
	}
	if _, written, err := sde.Install(dir, exportOf("20", day)); err != nil || written {
		t.Errorf("the same again: got written %v, %v", written, err)
	}
	if _, written, err := sde.Install(dir, exportOf("21", day)); err != nil || !written {
		t.Errorf("a later build of the day: got written %v, %v", written, err)
	}
	for version, older := range map[string]time.Time{"9": day, "30": day.AddDate(0, 0, -1), "126.1.1": built.PricedAt().AddDate(-1, 0, 0)} {
		_, written, err := sde.Install(dir, exportOf(version, older))
		if err == nil || written || !strings.Contains(err.Error(), "is older than 21") || fault.HintOf(err) == "" {
			t.Errorf("%s of %v: got %v, %v, want an error with hint", version, older, written, err)
		}
	}
	if got := choose(t, dir).Data.Version(); got != "21" {
		t.Errorf("after refusals Choose gives %s", got)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("in the folder: %v, %v, want one file", left, err)
	}
}

func TestInstallNowhere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := sde.Install(file, exportOf("20", load(t).PricedAt().AddDate(1, 0, 0)))
	if err == nil || fault.HintOf(err) == "" {
		t.Errorf("got error %v, want one with a hint", err)
	}
}

func TestChooseBroken(t *testing.T) {
	t.Parallel()
	built := load(t)
	older, err := sde.Encode(exportOf("1", built.PricedAt().AddDate(0, 0, -1)))
	if err != nil {
		t.Fatal(err)
	}
	newer, err := sde.Encode(exportOf("1", built.PricedAt().AddDate(1, 0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("not static data"), "cut off": newer[:len(newer)-10], "not newer": older,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, sde.FileName), content, 0o600); err != nil {
			t.Fatal(err)
		}
		c := choose(t, dir)
		if c.Data != built || c.File != "" || c.Unused == nil || fault.HintOf(c.Unused) == "" || !strings.Contains(c.Unused.Error(), sde.FileName) {
			t.Errorf("%s: got %+v, want the built-in data and why", name, c)
		}
	}
}
