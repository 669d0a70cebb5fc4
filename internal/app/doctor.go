package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/web"
)

// Finding is what Doctor says about one part.
type Finding struct {
	Part   string
	Status FindingStatus
	Detail string
	Hint   string // what to do; "" when there is nothing to do
}

// FindingStatus says how bad a finding is.
type FindingStatus string

// The statuses. What fails keeps BattleScope from working; a warning does not.
const (
	FindingOK   FindingStatus = "ok"
	FindingWarn FindingStatus = "warn"
	FindingFail FindingStatus = "fail"
)

const (
	// leastSpace is what even a start needs; fewSpace lasts for some months of the
	// live feed, which takes 25 MB a day.
	leastSpace, fewSpace = 100 << 20, 2 << 30
	// staleData is the age from which static data lack hulls that fly.
	staleData = 365 * 24 * time.Hour
)

// Doctor looks for whatever could keep serve, or services that run apart, from
// working, and tells every finding as soon as it has it. It changes nothing but a key
// in Redis that lasts for a minute. Feed and ESI are asked once each, unless they are
// switched off. No finding holds a password.
func Doctor(ctx context.Context, cfg ServiceConfig, tell func(Finding)) {
	d := &doctor{cfg: cfg, tell: tell, now: time.Now, client: &http.Client{Timeout: probeTime}}
	if cfg.embedded() {
		d.dataFolder()
		d.file(ctx)
	} else {
		d.server(ctx)
	}
	d.redis(ctx)
	d.staticData()
	d.page()
	d.port(ctx)
	d.network(ctx)
}

type doctor struct {
	cfg    ServiceConfig
	tell   func(Finding)
	now    func() time.Time
	client *http.Client
}

func (d *doctor) ok(part, format string, args ...any) {
	d.tell(Finding{part, FindingOK, fmt.Sprintf(format, args...), ""})
}

// when tells a finding that is as given when bad, else ok.
func (d *doctor) when(bad bool, status FindingStatus, part, detail, hint string) {
	if !bad {
		status, hint = FindingOK, ""
	}
	d.tell(Finding{part, status, detail, hint})
}

func (d *doctor) err(status FindingStatus, part string, err error) {
	d.tell(Finding{part, status, strings.ReplaceAll(err.Error(), "\n", "; "), fault.HintOf(err)})
}

// command is a verb with the flag that says where the data are.
func (d *doctor) command(verb string) string {
	if d.cfg.embedded() {
		return "battlescope " + verb + " --data " + d.cfg.Data.Data
	}
	return "battlescope " + verb + " --database-url URL"
}

// starts is the verb that starts a service.
func (d *doctor) starts(service string) string {
	if d.cfg.embedded() {
		service = "serve"
	}
	return d.command(service)
}

func (d *doctor) dataFolder() {
	const part = "data folder"
	dir := d.cfg.Data.Data
	if err := usableFolder(dir); err != nil {
		d.err(FindingFail, part, err)
		return
	}
	existing, err := existingFolder(dir)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	if _, err := os.Stat(dir); err != nil {
		d.ok(part, "%s does not exist yet: the first start makes it", dir)
	} else {
		d.ok(part, "%s can be written", dir)
	}
	free, err := freeSpace(existing)
	if err != nil {
		d.err(FindingWarn, "disk", fmt.Errorf("free space of %s: %w", existing, err))
		return
	}
	status := FindingWarn
	if free < leastSpace {
		status = FindingFail
	}
	d.when(free < fewSpace, status, "disk", bytesText(int64(min(free, 1<<62)))+" free",
		"make room, or move the folder and name it with --data; a day of the live feed takes 25 MB")
}

func (d *doctor) staticData() {
	const part = "static data"
	chosen, err := sde.Choose(d.cfg.Data.Data)
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	if chosen.Unused != nil {
		d.err(FindingWarn, part, chosen.Unused)
	}
	source := "built in"
	if chosen.File != "" {
		source = chosen.File
	}
	data := chosen.Data
	d.when(d.now().Sub(data.PricedAt()) > staleData, FindingWarn, part,
		fmt.Sprintf("%s of %s, %s", data.Version(), data.PricedAt().Format(time.DateOnly), source),
		"newer hulls and systems show as ids: battlescope sde update --data "+d.cfg.Data.Data)
}

func (d *doctor) page() {
	_, built := web.Assets()
	detail := "built in"
	if !built {
		detail = "not in this binary: it serves the API alone"
	}
	d.when(!built, FindingWarn, "web page", detail, "make build puts it in")
}

func (d *doctor) port(ctx context.Context) {
	l, err := listen(ctx, d.cfg.Listen)
	if err == nil {
		err = l.Close()
	}
	switch {
	case err == nil:
		d.ok("port", "%s is free", d.cfg.Listen)
	case answers(ctx, d.cfg.Listen):
		d.ok("port", "BattleScope serves on %s", d.cfg.Listen)
	default:
		d.err(FindingFail, "port", err)
	}
}

// bytesText writes a number of bytes for people.
func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.0f kB", float64(n)/(1<<10))
}
