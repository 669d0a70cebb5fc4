package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store/sqlite"
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
	// integrityTime bounds the check of the database file.
	integrityTime = 2 * time.Minute
	// staleData is the age from which static data lack hulls that fly.
	staleData = 365 * 24 * time.Hour
	// quiet is how old the newest killmail may be where a feed is read.
	quiet = 24 * time.Hour
	// longWait is how long a killmail may wait for its battle.
	longWait = 10 * time.Minute
)

// Doctor looks for whatever could keep serve from working, and tells every finding
// as soon as it has it. It changes nothing. Feed and ESI are asked once each, unless
// they are switched off.
func Doctor(ctx context.Context, cfg ServiceConfig, tell func(Finding)) {
	d := &doctor{cfg: cfg, tell: tell, now: time.Now, client: &http.Client{Timeout: probeTime}}
	d.dataFolder()
	d.database(ctx)
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
	d.tell(Finding{part, status, err.Error(), fault.HintOf(err)})
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

func (d *doctor) database(ctx context.Context) {
	const part = "database"
	dir := d.cfg.Data.Data
	db, err := sqlite.Inspect(ctx, dir)
	if errors.Is(err, os.ErrNotExist) {
		d.ok(part, "%s does not exist yet: the first start makes it", filepath.Join(dir, sqlite.FileName))
		return
	}
	if err != nil {
		d.err(FindingFail, part, err)
		return
	}
	defer db.Close()
	d.ok(part, "%s opens, %s", db.File, bytesText(db.Size))
	timed, cancel := context.WithTimeout(ctx, integrityTime)
	defer cancel()
	switch err := db.Check(timed); {
	case err == nil:
		d.ok("integrity", "the file is sound")
	case timed.Err() != nil:
		d.tell(Finding{"integrity", FindingWarn, fmt.Sprintf("not known: looking took longer than %v", integrityTime), `sqlite3 ` + db.File + ` "PRAGMA quick_check" takes its time`})
	default:
		d.err(FindingFail, "integrity", err)
		return
	}
	have, known, err := db.SchemaVersion(ctx)
	if err != nil {
		d.tell(Finding{"schema", FindingFail, err.Error(), "this is no database of BattleScope: choose another folder with --data"})
		return
	}
	if have != known {
		d.when(have > known, FindingFail, "schema", fmt.Sprintf("version %d, this binary has %d", have, known),
			"run the newer battlescope that used this folder, or choose another folder with --data")
		if have < known {
			d.ok("schema", "the next start brings it up to date; back up before")
		}
		return // its tables are not ours
	}
	d.ok("schema", "version %d", have)
	d.content(ctx, db)
}

// content looks at what the database holds.
func (d *doctor) content(ctx context.Context, db *sqlite.Inspection) {
	now := d.now()
	sum, err := db.Summary(ctx, now, now)
	if err != nil {
		d.err(FindingFail, "killmails", err)
		return
	}
	if sum.Killmails == 0 {
		d.ok("killmails", "none yet: battlescope serve and battlescope import bring them")
	} else {
		age := now.Sub(sum.LatestKillmail)
		d.when(age > quiet && !d.cfg.NoFeed, FindingWarn, "killmails",
			fmt.Sprintf("%d, the newest of %s", sum.Killmails, sum.LatestKillmail.Format("2006-01-02 15:04")),
			"is battlescope serve running? days that are missing can be fetched and stored with battlescope import")
	}
	backlog, err := db.Backlog(ctx)
	if err != nil {
		d.err(FindingFail, "battles", err)
		return
	}
	d.when(backlog.Killmails > 0 && now.Sub(backlog.OldestStoredAt) > longWait, FindingWarn, "battles",
		fmt.Sprintf("%d killmails wait for theirs", backlog.Killmails), "battlescope serve forms battles; if it runs, its log says what is wrong")
	d.when(sum.DeadLetters > 0, FindingWarn, "dead letters", fmt.Sprintf("%d documents could not be read", sum.DeadLetters),
		"battlescope dead-letters list --data "+d.cfg.Data.Data)
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
