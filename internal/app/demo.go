package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/battlescope/battlescope/internal/demo"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store/sqlite"
)

// DemoConfig configures a demonstration.
type DemoConfig struct {
	Listen string  `help:"Address to serve on." default:":8080" env:"BATTLESCOPE_LISTEN" placeholder:"ADDR"`
	Data   string  `help:"Folder for the database, which must not have one; without it, a temporary one that is deleted in the end." type:"path" placeholder:"DIR"`
	Speed  float64 `help:"How fast time passes, from 0.1 to 100." default:"1" placeholder:"N"`
	Seed   uint64  `help:"Another number is another history." default:"69" placeholder:"N"`
}

// demoHistory is how much has been fought when a demonstration begins.
const demoHistory = 4 * time.Hour

// Demo is a Server on a simulated New Eden.
type Demo struct {
	server *Server
	world  *demo.World
	cfg    DemoConfig
	remove string // folder to delete in the end; "" for none
}

// NewDemo fights the history and opens everything. End it with Run, or Close when it
// is not run.
func NewDemo(ctx context.Context, cfg DemoConfig, log *slog.Logger) (*Demo, error) {
	return newDemo(ctx, cfg, demo.Options{Seed: cfg.Seed, Speed: cfg.Speed, History: demoHistory}, log)
}

func newDemo(ctx context.Context, cfg DemoConfig, o demo.Options, log *slog.Logger) (*Demo, error) {
	world, err := demo.New(ctx, o)
	if err != nil {
		return nil, err
	}
	d := &Demo{world: world, cfg: cfg}
	if err := d.open(ctx, log); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Demo) open(ctx context.Context, log *slog.Logger) error {
	folder, err := d.folder()
	if err != nil {
		return err
	}
	if d.server, err = NewServer(ctx, d.serveConfig(folder), log); err != nil {
		return err
	}
	if err := d.fightHistory(ctx); err != nil {
		return err
	}
	d.server.parts = append(d.server.parts, part{"simulation", d.world.Run})
	return nil
}

// folder is where the data lies.
func (d *Demo) folder() (string, error) {
	if d.cfg.Data == "" {
		folder, err := os.MkdirTemp("", "battlescope-demo-")
		d.remove = folder
		return folder, fault.Wrap(err, "make a temporary folder", "choose a folder you may write to with --data")
	}
	if _, err := os.Stat(filepath.Join(d.cfg.Data, sqlite.FileName)); err == nil {
		return "", fault.New("demo: folder "+d.cfg.Data+" has a database", "choose an empty folder with --data: what is simulated must not mix with anything else")
	}
	return d.cfg.Data, nil
}

// serveConfig is that of a server which reads nothing but the simulation, as fast as
// it can: there is nobody to be polite to.
func (d *Demo) serveConfig(folder string) ServeConfig {
	var c ServeConfig
	c.Data.Data, c.Listen, c.Contact = folder, d.cfg.Listen, Home
	c.FeedSource, c.FeedURL, c.FeedMaxRate = feedR2Z2, d.world.FeedURL(), 1000
	c.FeedIdle, c.FeedMisses, c.FeedKeepAlive = 200*time.Millisecond, 50, true
	c.ESIURL, c.ESIMaxRate = d.world.ESIURL(), 1000
	return c
}

// fightHistory stores what was fought before the start, so that lists are full when
// the first reader comes.
func (d *Demo) fightHistory(ctx context.Context) error {
	b := d.server.backends
	intake := b.intake()
	err := d.world.History(func(documents []killmail.Document, sequence int64) error {
		_, err := intake.Save(ctx, ingest.Delivery{Documents: documents, Source: feedR2Z2, Feed: feedR2Z2, Cursor: sequence})
		return err
	})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	clusters, err := b.cluster()
	if err != nil {
		return err
	}
	_, err = clusters.Drain(ctx, nil)
	return err
}

// Addr is where the page is served.
func (d *Demo) Addr() net.Addr { return d.server.Addr() }

// Describe tells a person what this is and how to end it.
func (d *Demo) Describe(w io.Writer) {
	fmt.Fprintf(w, "A simulated New Eden, seed %d, at %g times the speed of EVE: every pilot, corporation and alliance is invented.\n", d.cfg.Seed, d.cfg.Speed)
	d.server.Describe(w)
	if d.remove != "" {
		fmt.Fprintln(w, "The data is deleted in the end. Press Ctrl-C to end.")
		return
	}
	fmt.Fprintln(w, "Press Ctrl-C to end.")
}

// Run serves until ctx ends, then closes everything.
func (d *Demo) Run(ctx context.Context) error {
	return errors.Join(d.server.Run(ctx), d.clean())
}

// Close releases what NewDemo opened, when it is not run.
func (d *Demo) Close() error {
	errs := []error{d.world.Close()}
	if d.server != nil {
		errs = append(errs, d.server.Close())
	}
	return errors.Join(append(errs, d.clean())...)
}

func (d *Demo) clean() error {
	if d.remove == "" {
		return nil
	}
	return fault.Wrap(os.RemoveAll(d.remove), "delete the temporary folder", "delete it yourself")
}
