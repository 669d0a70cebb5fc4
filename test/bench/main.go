// Command bench measures the built program as a user meets it and prints one table:
// import, engine, latency of the API, start, sizes. Figures are only comparable
// within one run; where a figure has a natural yardstick, the ratio is printed.
//
//	go run ./test/bench -binary bin/battlescope [-real DIR] [-million] [-only import,engine,…]
//
// PostgreSQL is measured on a server that is started for it, as durable as a server is
// when nobody changes its settings.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/test/servers"
	"github.com/battlescope/battlescope/test/sim"
)

func main() {
	binary := flag.String("binary", "bin/battlescope", "the program to measure")
	real := flag.String("real", os.Getenv("BATTLESCOPE_REALDATA"), "folder with real killmails; simulated ones without")
	million := flag.Bool("million", false, "also measure the API on 1,000,000 killmails, which takes some minutes")
	only := flag.String("only", "", "parts to measure, separated by commas: import, engine, serve, giant, sizes, million")
	flag.Parse()
	if err := run(*binary, *real, *million, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench collects rows while it works through the parts.
type bench struct {
	binary string
	files  []string
	dir    string
	stores []target // with the imported killmails
	table  table.Writer
}

// target is a store that is measured.
type target struct {
	name string
	args []string // that name it on the command line
	open opener
}

func (b *bench) row(what, figure, yardstick string) {
	b.table.AppendRow(table.Row{what, figure, yardstick})
}

func run(binary, real string, million bool, only string) (err error) {
	binary, err = filepath.Abs(binary)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "battlescope-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{binary: binary, dir: dir, table: table.NewWriter()}
	stores, stop, err := b.targets("bench")
	if err != nil {
		return err
	}
	defer stop()
	b.stores = stores
	if b.files, err = killmailFiles(dir, real); err != nil {
		return err
	}
	b.table.SetOutputMirror(os.Stdout)
	b.table.SetStyle(table.StyleLight)
	b.table.AppendHeader(table.Row{"what", "figure", "compared with"})
	for _, part := range []struct {
		name    string
		measure func() error
		wanted  bool
	}{{"import", b.importing, true}, {"engine", b.engine, true}, {"serve", b.serving, true}, {"giant", b.giant, true}, {"sizes", b.sizes, true}, {"million", b.million, million}} {
		named := slices.Contains(strings.Split(only, ","), part.name)
		if named || only == "" && part.wanted {
			if err := part.measure(); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
	}
	fmt.Printf("%s, %d processors, killmails: %v\n", runtime.Version(), runtime.GOMAXPROCS(0), filepath.Base(b.files[0]))
	b.table.Render()
	return nil
}

// targets makes an empty store on each engine, by a name of their own.
func (b *bench) targets(name string) (stores []target, stop func(), err error) {
	s, err := servers.StartPostgres("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=512MB", "max_wal_size=4GB")
	if err != nil {
		return nil, nil, err
	}
	if err := s.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		s.Stop()
		return nil, nil, err
	}
	lite, pg := filepath.Join(b.dir, name+"-sqlite"), filepath.Join(b.dir, name+"-postgres")
	return []target{
		{"SQLite", []string{"--data", lite}, openSQLite(lite)},
		{"PostgreSQL", []string{"--data", pg, "--database-url", s.URL(name)}, openPostgres(s.URL(name))},
	}, s.Stop, nil
}

// killmailFiles are the real archives, or two simulated days.
func killmailFiles(dir, real string) ([]string, error) {
	if real != "" {
		files, err := filepath.Glob(filepath.Join(real, "killmails", "killmails-*.tar.bz2"))
		if err != nil || len(files) == 0 {
			return nil, errors.Join(err, fmt.Errorf("no archives in %s", real))
		}
		return files, nil
	}
	name := filepath.Join(dir, "simulated.jsonl")
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	for _, k := range sim.Day(1, 35_000).Kills {
		if _, err := f.Write(append(k.ESI(), '\n')); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return []string{name}, f.Close()
}

// importing measures the import command against bare reading of the same files.
func (b *bench) importing() error {
	kills, took, err := b.read()
	if err != nil {
		return err
	}
	bare := float64(len(kills)) / took.Seconds()
	for _, t := range b.stores {
		rate, err := b.importInto(t, b.files, len(kills))
		if err != nil {
			return err
		}
		b.row("import into "+t.name+" with battles", fmt.Sprintf("%.0f killmails/s", rate),
			fmt.Sprintf("reading the same files alone %.0f/s: %.2f of it", bare, rate/bare))
	}
	return nil
}

// importInto returns the killmails a second.
func (b *bench) importInto(t target, files []string, kills int) (float64, error) {
	start := time.Now()
	args := slices.Concat([]string{"import", "--no-esi"}, t.args, files)
	if out, err := exec.Command(b.binary, args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("import: %w\n%s", err, out)
	}
	return float64(kills) / time.Since(start).Seconds(), nil
}

func (b *bench) read() ([]*killmail.Killmail, time.Duration, error) {
	var kills []*killmail.Killmail
	start := time.Now()
	err := archive.Read(context.Background(), b.files, archive.Options{}, func(i archive.Item) error {
		if k := i.Document.Killmail; k != nil {
			k.Victim.Items = nil
			kills = append(kills, k)
		}
		return nil
	})
	return kills, time.Since(start), err
}

// engine measures linking and forming on one core, decoded input.
func (b *bench) engine() error {
	kills, _, err := b.read()
	if err != nil {
		return err
	}
	world, err := sde.Load()
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	best := func(f func() error) (time.Duration, error) {
		fastest := time.Hour
		for range 5 {
			runtime.GC()
			start := time.Now()
			if err := f(); err != nil {
				return 0, err
			}
			fastest = min(fastest, time.Since(start))
		}
		return fastest, nil
	}
	params := battle.Linked()
	link, err := best(func() error { battle.Link(kills, world, params); return nil })
	if err != nil {
		return err
	}
	form, err := best(func() error { _, err := battle.Form(kills, world, params); return err })
	if err != nil {
		return err
	}
	n := float64(len(kills))
	b.row("engine, linked, one core", fmt.Sprintf("%.0f kills/s", n/link.Seconds()), fmt.Sprintf("%.0f days of New Eden a second", n/link.Seconds()/17_500))
	b.row("engine, with sides and reports, one core", fmt.Sprintf("%.0f kills/s", n/form.Seconds()), fmt.Sprintf("%.2f of linking alone", link.Seconds()/form.Seconds()))
	return nil
}
