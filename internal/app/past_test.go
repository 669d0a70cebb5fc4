package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/test/fake"
)

// quiet is a progress that nobody looks at, but for what is fetched.
type quiet struct{ fetched []string }

func (q *quiet) Fetching(what string, done, total int64) {
	q.fetched = append(q.fetched, fmt.Sprintf("%s: %d of %d", what, done, total))
}
func (*quiet) Reading(int64, int64, int) {}
func (*quiet) Clustering(int, int)       {}

// threeDays are invented killmails, one an hour from 2021-11-27 on.
func threeDays() [][]byte {
	var out [][]byte
	for n := range int64(72) {
		out = append(out, feedDocument(1000+n, time.Date(2021, 11, 27, int(n), 30, 0, 0, time.UTC)))
	}
	return out
}

// pasts are the archives outside, with three days of killmails, and ESI with all of them.
type pasts struct {
	history *fake.R2Z2
	everef  *fake.EVERef
	esi     *fake.ESI
	cfg     app.ImportConfig
}

func newPasts(t *testing.T) *pasts {
	t.Helper()
	documents := threeDays()
	p := &pasts{history: fake.NewR2Z2(fake.Numbered(1000, documents)...), everef: new(fake.EVERef), esi: fake.NewESI()}
	p.history.PublishAll()
	if err := p.everef.Add(documents...); err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		var envelope struct {
			ID   int64           `json:"killmail_id"`
			Hash string          `json:"hash"`
			ESI  json.RawMessage `json:"esi"`
		}
		if err := json.Unmarshal(d, &envelope); err != nil {
			t.Fatal(err)
		}
		p.esi.AddKillmail(envelope.ID, envelope.Hash, envelope.ESI)
	}
	p.cfg.Data.Data, p.cfg.Contact = t.TempDir(), "pilot@example.org"
	p.cfg.HistoryURL, p.cfg.EVERefURL = listen(t, p.history), listen(t, p.everef)
	p.cfg.ESIURL, p.cfg.ESIMaxRate = listen(t, p.esi), 1000
	return p
}

// load imports sources.
func (p *pasts) load(t *testing.T, sources ...string) (app.ImportReport, *quiet, error) {
	t.Helper()
	cfg, progress := p.cfg, new(quiet)
	cfg.Files = sources
	report, err := app.Import(t.Context(), cfg, slog.New(slog.DiscardHandler), progress)
	return report, progress, err
}

// asked counts the requests whose path contains part.
func asked(requests []fake.Request, part string) (n int) {
	for _, q := range requests {
		if strings.Contains(q.Path, part) {
			n++
		}
	}
	return n
}

func TestImportOfThePast(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"everef:", "history:"} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			p := newPasts(t)
			report, progress, err := p.load(t, from+"2021-11-27..2021-11-28")
			if err != nil || report.New != 48 || report.Read != 48 || report.Broken != 0 || report.Clustered != 48 {
				t.Fatalf("got %+v, %v; want 48 killmails and their battles", report, err)
			}
			if got := strings.Join(progress.fetched, "\n"); !strings.Contains(got, from+"2021-11-27 (1 of 2): ") || !strings.Contains(got, from+"2021-11-28 (2 of 2): ") {
				t.Errorf("progress told %s", got)
			}
			files := asked(p.everef.Requests(), ".tar.bz2") + asked(p.history.Requests(), "/2021")

			report, _, err = p.load(t, from+"2021-11-27..2021-11-29") // two days are finished
			if err != nil || report.New != 24 || report.Read != 24 || report.DaysKnown != 2 {
				t.Errorf("second import: got %+v, %v; want 24 new killmails and two days passed over", report, err)
			}
			if now := asked(p.everef.Requests(), ".tar.bz2") + asked(p.history.Requests(), "/2021"); now-files > 2 {
				t.Errorf("second import asked for %d files, want those of one day", now-files)
			}
			if n := len(p.esi.Requests()); n != 0 {
				t.Errorf("ESI was asked %d times, want never", n)
			}
		})
	}
}

// TestImportOfHistoryWithoutRawFiles asks ESI for what is missing.
func TestImportOfHistoryWithoutRawFiles(t *testing.T) {
	t.Parallel()
	p := newPasts(t)
	p.history.InjectAt("/raw/", -1, fake.Missing())
	if report, _, err := p.load(t, "everef:2021-11-28"); err != nil || report.New != 24 {
		t.Fatalf("got %+v, %v", report, err)
	}
	file := filepath.Join(t.TempDir(), "some.jsonl")
	if err := os.WriteFile(file, joined(threeDays()[:20]), 0o600); err != nil {
		t.Fatal(err)
	}
	report, _, err := p.load(t, file, "history:2021-11-27..2021-11-28")
	if err != nil || report.New != 24 || report.Known != 20+24 {
		t.Errorf("got %+v, %v; want 20 from the file and 4 more", report, err)
	}
	if n := asked(p.esi.Requests(), "/killmails/"); n != 4 {
		t.Errorf("ESI was asked for %d killmails, want the 4 that were missing", n)
	}

	p = newPasts(t)
	p.history.InjectAt("/raw/", -1, fake.Missing())
	p.cfg.NoESI = true
	if report, _, err := p.load(t, "history:2021-11-27"); err != nil || report.New != 0 || report.Named != 24 {
		t.Errorf("without ESI: got %+v, %v; want 24 known by name", report, err)
	}
	p.finish(t, 24)
}

// finish lets a server with ESI fetch what imports could only name.
func (p *pasts) finish(t *testing.T, want int) {
	t.Helper()
	p.esi.Heal()
	site := serve(t, app.ServiceConfig{Data: p.cfg.Data, ESI: app.ESI{ESIURL: p.cfg.ESIURL, ESIMaxRate: 1000}, Feed: app.Feed{NoFeed: true}})
	until(t, "killmails that were only named", func() bool {
		var page recent
		return read(t, site+"/api/v1/killmails/recent?limit=100", &page) && len(page.Items) == want
	})
}

func joined(documents [][]byte) []byte {
	var out []byte
	for _, d := range documents {
		out = append(append(out, d...), '\n')
	}
	return out
}

// TestImportOfThePastFails in every way with a hint, keeps what it could have, and
// can be repeated.
func TestImportOfThePastFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source  string
		prepare func(p *pasts)
		stored  int
		text    string
		hint    string
	}{
		"everef is away":             {"everef:2021-11-27", func(p *pasts) { p.cfg.EVERefURL = "http://127.0.0.1:1" }, 0, "connection refused", "way to the internet"},
		"everef is no address":       {"everef:2021-11-27", func(p *pasts) { p.cfg.EVERefURL = "nowhere" }, 0, "no address", "https://"},
		"everef has no such day":     {"everef:2021-11-29..2021-11-30", func(*pasts) {}, 24, "everef:2021-11-30", "morning"},
		"everef lost an archive":     {"everef:2021-11-27..2021-11-28", func(p *pasts) { p.everef.InjectAt("27.tar", -1, fake.Missing()) }, 24, "2021-11-27", ""},
		"everef refuses":             {"everef:2021-11-27", func(p *pasts) { p.everef.InjectAt(".tar", -1, fake.Forbidden()) }, 0, "403", "--everef-url"},
		"everef's archive is broken": {"everef:2021-11-27..2021-11-28", func(p *pasts) { p.everef.InjectAt("27.tar", -1, fake.Body([]byte("nonsense"))) }, 24, "2021-11-27", ""},
		"history is no address":      {"history:2021-11-27", func(p *pasts) { p.cfg.HistoryURL = "nowhere" }, 0, "nowhere", "https://"},
		"history has no such day":    {"history:2021-11-29..2021-11-30", func(*pasts) {}, 24, "history:2021-11-30", "morning"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPasts(t)
			test.prepare(p)
			report, _, err := p.load(t, test.source)
			if err == nil || !strings.Contains(err.Error(), test.text) || !strings.Contains(fault.HintOf(err), test.hint) {
				t.Errorf("got %v with hint %q, want %q with %q", err, fault.HintOf(err), test.text, test.hint)
			}
			if report.New != test.stored {
				t.Errorf("stored %d, want %d", report.New, test.stored)
			}
			p.everef.Heal()
			if strings.HasSuffix(test.source, "28") {
				if report, _, err := p.load(t, test.source); err != nil || report.New != 24 || report.DaysKnown != 1 {
					t.Errorf("repeated: got %+v, %v; want the day that failed", report, err)
				}
			}
		})
	}
}

func TestImportOfPastIsSpeltRight(t *testing.T) {
	t.Parallel()
	p := newPasts(t)
	for _, source := range []string{"everef:", "history:yesterday", "everef:2021-11-28..2021-11-27", "history:20211128", "everef:2021-11-27...2021-11-28", "everef:1999-01-01"} {
		if _, _, err := p.load(t, source); !fault.IsUsage(err) || !strings.Contains(fault.HintOf(err), "2021-11-27..2021-11-28") {
			t.Errorf("%s: got %v, want a usage error with an example", source, err)
		}
	}
	p.cfg.Since = time.Date(2021, 11, 27, 12, 0, 0, 0, time.UTC)
	if _, _, err := p.load(t, "history:2021-11-27"); !fault.IsUsage(err) {
		t.Errorf("history with --since: got %v, want a usage error", err)
	}
	report, _, err := p.load(t, "everef:2021-11-27")
	if err != nil || report.New != 12 || report.OutOfTime != 12 {
		t.Errorf("everef with --since: got %+v, %v; want half a day", report, err)
	}
	p.cfg.Since = time.Time{}
	if report, _, err := p.load(t, "everef:2021-11-27"); err != nil || report.New != 12 || report.Known != 12 {
		t.Errorf("half a day is not a finished day: got %+v, %v", report, err)
	}
}

// TestImportOfNames completes killmails that a file only names; without ESI they wait
// for a server that asks it.
func TestImportOfNames(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "names.jsonl")
	names := fmt.Sprintf(`{"killmail_id":101000,"zkb":{"hash":"%040x","totalValue":9.5}}`+"\n"+`{"package":null}`+"\n"+`{"package":{"killID":101001,"zkb":{"hash":"%040x"}}}`+"\n", 1000, 1001)
	if err := os.WriteFile(file, []byte(names), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPasts(t)
	if report, _, err := p.load(t, file); err != nil || report.New != 2 || report.Broken != 0 {
		t.Errorf("got %+v, %v; want two killmails", report, err)
	}

	p = newPasts(t)
	p.esi.Inject(-1, fake.Status(503, ""))
	p.cfg.NoESI = true
	report, _, err := p.load(t, file)
	if err != nil || report.New != 0 || report.Named != 2 || report.Broken != 0 {
		t.Fatalf("without ESI: got %+v, %v; want two known by name", report, err)
	}
	p.finish(t, 2)
}

// TestImportOfThePastEndsWithItsContext while the archive hangs.
func TestImportOfThePastEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p := newPasts(t)
	p.everef.InjectAt("28.tar", -1, fake.Hang())
	cfg := p.cfg
	cfg.Files = []string{"everef:2021-11-27..2021-11-28"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer cancel()
		for ctx.Err() == nil && asked(p.everef.Requests(), "27.tar") == 0 {
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := app.Import(ctx, cfg, slog.New(slog.DiscardHandler), new(quiet)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
	p.everef.Heal()
	if report, _, err := p.load(t, cfg.Files...); err != nil || report.New+report.Known+24*report.DaysKnown != 48 {
		t.Errorf("repeated: got %+v, %v; want all of both days", report, err)
	}
}
