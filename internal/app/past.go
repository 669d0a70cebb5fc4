package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/archive"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/service/ingest"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// Prefixes of sources that are days of the past. With the day behind them they also
// name the cursors that remember how many killmails of a day were imported.
const (
	fromHistory = "history:"
	fromEVERef  = "everef:"
)

// pastDay is one day from one of the archives outside.
type pastDay struct {
	from string // fromHistory or fromEVERef
	day  time.Time
}

func (d pastDay) String() string { return d.from + d.day.Format(time.DateOnly) }

// splitSources separates files from days of the past.
func splitSources(cfg ImportConfig) (files []string, days []pastDay, err error) {
	for _, source := range cfg.Files {
		from, span, past := cutPrefixes(source)
		if !past {
			files = append(files, source)
			continue
		}
		first, last, err := parseDays(span)
		if err != nil {
			return nil, nil, fault.Usage(fault.Wrap(err, source, "write "+from+"2021-11-27 or "+from+"2021-11-27..2021-11-28"))
		}
		if from == fromHistory && (!cfg.Since.IsZero() || !cfg.Until.IsZero()) {
			return nil, nil, fault.Usage(fault.New(source+": the history comes in whole days", "leave out --since and --until"))
		}
		for at := first; !at.After(last); at = at.AddDate(0, 0, 1) {
			days = append(days, pastDay{from, at})
		}
	}
	return files, days, nil
}

func cutPrefixes(source string) (prefix, rest string, found bool) {
	for _, prefix := range []string{fromHistory, fromEVERef} {
		if rest, found := strings.CutPrefix(source, prefix); found {
			return prefix, rest, true
		}
	}
	return "", "", false
}

func parseDays(span string) (first, last time.Time, err error) {
	from, to, more := strings.Cut(span, "..")
	if !more {
		to = from
	}
	if first, err = time.Parse(time.DateOnly, from); err != nil {
		return first, last, fmt.Errorf("%q is no day", from)
	}
	if last, err = time.Parse(time.DateOnly, to); err != nil {
		return first, last, fmt.Errorf("%q is no day", to)
	}
	if last.Before(first) || first.Year() < 2003 || last.Year() > 2200 {
		return first, last, errors.New("these days make no sense")
	}
	return first, last, nil
}

// past reads days from one of the archives outside.
type past interface {
	// total is how many killmails the archive says a day has; false when it has no such day.
	total(day time.Time) (int, bool)
	// read stores a day and returns how many killmails it held.
	read(ctx context.Context, day time.Time, title string) (int, error)
}

// readDays stores days of the past. Days that were imported whole before are passed
// over, unless the archive has more of them by now. A day that is missing or broken
// does not keep the others; an archive that does not answer does.
func (im *importer) readDays(ctx context.Context, days []pastDay) error {
	sources := make(map[string]past)
	var failed []error
	for i, d := range days {
		source, open := sources[d.from]
		if !open {
			var err error
			if source, err = im.openPast(ctx, d.from); err != nil {
				return errors.Join(append(failed, err)...)
			}
			sources[d.from] = source
		}
		title := fmt.Sprintf("%s (%d of %d)", d, i+1, len(days))
		err := im.readDay(ctx, source, d, title)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			failed = append(failed, err)
		}
		if err != nil && !dayOnly(err) {
			break
		}
	}
	return errors.Join(failed...)
}

// dayOnly reports whether an error is that of a day, and the next may do better.
func dayOnly(err error) bool {
	broken := (*archive.Error)(nil)
	return errors.Is(err, errNoDay) || errors.As(err, &broken)
}

// errNoDay says that an archive does not have a day.
var errNoDay = errors.New("has no such day")

func (im *importer) readDay(ctx context.Context, source past, d pastDay, title string) error {
	total, there := source.total(d.day)
	if !there {
		return noDay(d, errNoDay)
	}
	done, _, err := im.backends.store.Cursor(ctx, d.String())
	switch {
	case err == nil && done == int64(total):
		im.report.DaysKnown++
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	held, err := source.read(ctx, d.day, title)
	if errors.Is(err, archive.ErrNoDay) || errors.Is(err, zkb.ErrNoHistory) {
		return noDay(d, errors.Join(errNoDay, err))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", d, err)
	}
	if held != total {
		im.backends.log.WarnContext(ctx, "archive does not hold what it counts", "day", d.String(), "killmails", held, "total", total)
	}
	if !im.cfg.Since.IsZero() || !im.cfg.Until.IsZero() {
		return nil // not whole
	}
	_, err = im.intake.Save(ctx, ingest.Delivery{Source: sourceName, Feed: d.String(), Cursor: int64(held)})
	return err
}

func noDay(d pastDay, err error) error {
	return fault.Wrap(err, d.String(), "days appear there in the morning of the next")
}

func (im *importer) openPast(ctx context.Context, from string) (past, error) {
	if from == fromHistory {
		return im.openHistory(ctx)
	}
	return im.openEVERef(ctx)
}

// historyPast is R2Z2's history.
type historyPast struct {
	*importer
	repairs *ingest.Repairer
	totals  map[zkb.Day]int
}

func (im *importer) openHistory(ctx context.Context) (past, error) {
	b := im.backends
	history, err := zkb.NewHistory(historyConfig(im.cfg.HistoryURL, im.cfg.Contact, Version()), zkb.Deps{Logger: b.log})
	if err != nil {
		return nil, fault.Usage(err)
	}
	totals, err := history.Totals(ctx)
	if err != nil {
		return nil, err
	}
	return &historyPast{importer: im, repairs: ingest.NewRepairer(im.intake, b.store, history, b.mails(), b.log), totals: totals}, nil
}

func (h *historyPast) total(day time.Time) (int, bool) {
	n, there := h.totals[zkb.DayOf(day)]
	return n, there
}

func (h *historyPast) read(ctx context.Context, day time.Time, title string) (int, error) {
	counts, found, err := h.repairs.Day(ctx, zkb.DayOf(day), func(done, of int) { h.progress.Fetching(title, int64(done), int64(of)) })
	h.report.Add(counts)
	h.report.Read += counts.New + counts.Known + counts.Updated + counts.RejectedTotal() + counts.Broken
	return found, err
}

// everefPast are EVERef's daily archives.
type everefPast struct {
	*importer
	client *archive.EVERef
	totals map[string]int
}

func (im *importer) openEVERef(ctx context.Context) (past, error) {
	client := archive.NewEVERef(im.cfg.EVERefURL, userAgent(im.cfg.Contact))
	if err := client.Validate(); err != nil {
		return nil, fault.Usage(err)
	}
	totals, err := client.Totals(ctx)
	if err != nil {
		return nil, err
	}
	return &everefPast{im, client, totals}, nil
}

func (e *everefPast) total(day time.Time) (int, bool) {
	n, there := e.totals[day.Format(time.DateOnly)]
	return n, there
}

func (e *everefPast) read(ctx context.Context, day time.Time, title string) (n int, err error) {
	file, err := os.CreateTemp("", "battlescope-everef-*.tar.bz2")
	if err != nil {
		return 0, fault.Wrap(err, "download an archive", "see that the folder for temporary files has room for it")
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	err = e.client.Archive(ctx, day, file, func(done, of int64) { e.progress.Fetching(title, done, of) })
	if err != nil {
		return 0, err
	}
	before := e.report.Read
	e.label = fromEVERef + day.Format(time.DateOnly)
	defer func() { e.label = "" }()
	err = e.readAll(ctx, []string{file.Name()})
	return e.report.Read - before, err
}
