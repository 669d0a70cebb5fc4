package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/service/cluster"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
)

// Past says where archives and history of killmails are found.
type Past struct {
	HistoryURL string `name:"history-url" help:"Root of the R2Z2 history, for history:DAY." default:"https://r2z2.zkillboard.com" env:"BATTLESCOPE_HISTORY_URL" placeholder:"URL"`
	EVERef
}

// EVERef says where EVERef's archives are found.
type EVERef struct {
	EVERefURL string `name:"everef-url" help:"Root of EVERef's data, for everef:DAY." default:"https://data.everef.net" env:"BATTLESCOPE_EVEREF_URL" placeholder:"URL"`
}

// ImportConfig configures Import.
type ImportConfig struct {
	Data
	Redis
	ESI
	Retention
	Identity
	Past
	// Files are files, folders, - for Stdin, and days of the past: history:DAY or
	// everef:DAY, DAY being YYYY-MM-DD or two of them with .. between.
	Files []string
	Since time.Time // killmails before are left out; zero: none
	Until time.Time // killmails from then on are left out; zero: none
	Stdin io.Reader
}

// ImportReport says what an import did.
type ImportReport struct {
	ingest.Counts
	Read      int // documents in the sources
	OutOfTime int // left out by Since and Until
	DaysKnown int // days of the past that were imported whole before
	Clustered int // killmails whose battles were brought up to date
	Took      time.Duration
}

// ImportProgress is told how far an import is. All are called from one goroutine.
type ImportProgress interface {
	// Fetching tells of a download: bytes of a file, or killmails asked for one by one.
	// total is -1 when nobody knows.
	Fetching(what string, done, total int64)
	Reading(bytes, total int64, killmails int)
	Clustering(done, total int)
}

// sourceName is what imports are called in the statistics.
const sourceName = "import"

// importBatch is how many documents one transaction holds.
const importBatch = 2000

// Import stores the killmails of files and brings the battles up to date. What
// could be read of broken sources is stored; their errors come at the end.
func Import(ctx context.Context, cfg ImportConfig, log *slog.Logger, p ImportProgress) (ImportReport, error) {
	start := time.Now()
	files, days, err := splitSources(cfg)
	if err != nil {
		return ImportReport{}, err
	}
	b, err := openBackends(ctx, cfg.Data, cfg.Redis, log)
	if err != nil {
		return ImportReport{}, err
	}
	if err := b.askESI(cfg.ESI, cfg.Contact); err != nil {
		return ImportReport{}, errors.Join(err, b.close())
	}
	b.keep = cfg.Retention.config()
	im := &importer{cfg: cfg, backends: b, intake: b.intake(), mails: b.mails(), progress: p, read: new(archive.Progress), pending: ingest.Delivery{Source: sourceName}}
	readErr := im.readAll(ctx, files)
	if ctx.Err() == nil {
		readErr = errors.Join(readErr, im.readDays(ctx, days))
	}
	if readErr != nil && ctx.Err() != nil {
		return im.report, errors.Join(readErr, b.close())
	}
	im.report.Clustered, err = clusterAll(ctx, b, p)
	im.report.Took = time.Since(start)
	return im.report, errors.Join(readErr, err, b.close())
}

type importer struct {
	cfg      ImportConfig
	backends *backends
	intake   *ingest.Intake
	mails    ingest.ESI // fetches killmails that a document only names; nil: they are put aside
	label    string     // what the source is called in dead letters; "" for its file
	progress ImportProgress
	read     *archive.Progress
	pending  ingest.Delivery
	report   ImportReport
}

func (im *importer) readAll(ctx context.Context, files []string) error {
	opts := archive.Options{Stdin: im.cfg.Stdin, Progress: im.read, Refs: true}
	err := archive.Read(ctx, files, opts, func(item archive.Item) error { return im.take(ctx, item) })
	return errors.Join(err, im.flush(ctx))
}

func (im *importer) take(ctx context.Context, item archive.Item) error {
	im.report.Read++
	waits := item.Broken == nil && item.Document.Ref != nil && im.complete(ctx, &item)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case waits:
	case item.Broken != nil:
		im.pending.DeadLetters = append(im.pending.DeadLetters, store.DeadLetter{
			Source: cmp.Or(im.label, item.Source), Reference: item.Member, Reason: item.Broken.Err.Error(), Body: item.Broken.Raw,
		})
	case !im.inTime(item.Document.Killmail):
		im.report.OutOfTime++
	default:
		im.pending.Documents = append(im.pending.Documents, item.Document)
	}
	if im.gathered() < importBatch {
		return nil
	}
	return im.flush(ctx)
}

// gathered counts what the next transaction will hold.
func (im *importer) gathered() int {
	return len(im.pending.Documents) + len(im.pending.DeadLetters) + len(im.pending.Partial)
}

// complete fetches the killmail that a document only names, and reports whether it has
// to wait: when ESI is away, this one and all that follow are stored by name, and
// fetched by whatever process asks ESI next.
func (im *importer) complete(ctx context.Context, item *archive.Item) (waits bool) {
	doc, err := ingest.Complete(ctx, im.mails, item.Document)
	switch {
	case err == nil:
		item.Document = doc
	case ingest.CanWait(err):
		im.mails = nil
		im.pending.Partial = append(im.pending.Partial, ingest.PartialOf(item.Document, item.Raw, err.Error()))
		return true
	default:
		item.Broken = &archive.Broken{Err: err, Raw: item.Raw}
	}
	return false
}

func (im *importer) inTime(k *killmail.Killmail) bool {
	return (im.cfg.Since.IsZero() || !k.Time.Before(im.cfg.Since)) && (im.cfg.Until.IsZero() || k.Time.Before(im.cfg.Until))
}

func (im *importer) flush(ctx context.Context) error {
	if im.gathered() == 0 {
		return nil
	}
	counts, err := im.intake.Save(ctx, im.pending)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	im.report.Add(counts)
	im.pending = ingest.Delivery{Source: sourceName, Documents: im.pending.Documents[:0], DeadLetters: im.pending.DeadLetters[:0], Partial: im.pending.Partial[:0]}
	im.progress.Reading(im.read.Bytes(), im.read.Total(), im.report.Read)
	return nil
}

// bulkBatch is how many killmails are clustered at once when there are many: each
// batch also reads what is around it, so few large ones cost less.
const bulkBatch = 8000

// clusterAll brings all battles up to date, also those an earlier run left behind.
func clusterAll(ctx context.Context, b *backends, p ImportProgress) (int, error) {
	cfg := cluster.DefaultConfig()
	cfg.Batch = bulkBatch
	clusters, err := b.clusterWith(cfg)
	if err != nil {
		return 0, err
	}
	sum, err := b.store.Summary(ctx, b.now(), b.now())
	if err != nil {
		return 0, err
	}
	return clusters.Drain(ctx, func(done int) { p.Clustering(done, max(done, int(sum.Unclustered))) })
}
