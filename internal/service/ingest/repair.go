package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/killmail"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// RepairSource names killmails that came from the history, in the statistics.
const RepairSource = "history"

const (
	// repairEvery is how often the history is asked for days that are still missing: a
	// day appears there in the morning of the next.
	repairEvery = 30 * time.Minute
	// repairRest is the least time between two looks at the history, however many gaps
	// are told of.
	repairRest = time.Minute
	// repairTries is how often a day is repaired again when the history itself seems
	// incomplete, before that is believed.
	repairTries = 5
	// repairBatch is how many killmails of the history are stored at once: few, so that
	// the live feed never waits long for the database.
	repairBatch = 200
	// repairMargin widens the time of an outage: killmails are published a while after the kill.
	repairMargin = time.Hour
)

// History is what a past day is read from.
type History interface {
	Totals(ctx context.Context) (map[zkb.Day]int, error)
	Hashes(ctx context.Context, day zkb.Day) (map[int64]string, error)
	Raw(ctx context.Context, day zkb.Day, emit func(zkb.RawDocument) error) error
}

// RepairStore is what repairs need of the store.
type RepairStore interface {
	store.Cursors
	Between(ctx context.Context, from, to time.Time) ([]int64, error)
}

// Repairer fetches from the history what the live feed has lost: the days that an
// outage touched. What is still to do is remembered in the store, so that a restart
// carries on; storing a killmail twice changes nothing.
type Repairer struct {
	Intake  *Intake
	Store   RepairStore
	History History
	ESI     ESI // for days whose killmails the history only names; may be nil
	Log     *slog.Logger

	wake chan struct{}
}

// NewRepairer returns a repairer. Log and history must not be nil.
func NewRepairer(in *Intake, s RepairStore, h History, from ESI, log *slog.Logger) *Repairer {
	return &Repairer{Intake: in, Store: s, History: h, ESI: from, Log: log, wake: make(chan struct{}, 1)}
}

// Schedule remembers the days that an outage touched. Call it before the cursor of
// the feed moves over the gap.
func (r *Repairer) Schedule(ctx context.Context, since, until time.Time) error {
	first, last := since.Add(-repairMargin).UTC().Truncate(24*time.Hour), until.UTC()
	for at := first; !at.After(last); at = at.Add(24 * time.Hour) {
		if err := r.mark(ctx, zkb.DayOf(at), 0); err != nil {
			return err
		}
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return nil
}

func (r *Repairer) mark(ctx context.Context, day zkb.Day, tries int64) error {
	_, err := r.Intake.Save(ctx, Delivery{Source: RepairSource, Feed: store.RepairFeeds + string(day), Cursor: tries})
	return err
}

// Run repairs what is to do, now and whenever more comes, until ctx ends.
func (r *Repairer) Run(ctx context.Context) error {
	tick := time.NewTicker(repairEvery)
	defer tick.Stop()
	for {
		if err := r.Step(ctx); err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "repair from the history", "error", err, "retry_in", repairEvery)
		}
		rested := time.After(repairRest)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-r.wake:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-rested:
		}
	}
}

// Step repairs the days that the history has by now. Days that fail stay to do.
func (r *Repairer) Step(ctx context.Context) error {
	todo, err := r.Store.Cursors(ctx, store.RepairFeeds)
	if err != nil || len(todo) == 0 {
		return err
	}
	totals, err := r.History.Totals(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, c := range todo {
		day := zkb.Day(strings.TrimPrefix(c.Feed, store.RepairFeeds))
		total, there := totals[day]
		if !there {
			continue // today, or a day that the history has not closed yet
		}
		if err := r.repair(ctx, day, total, c.Sequence); err != nil {
			failed = append(failed, fmt.Errorf("day %s: %w", day, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

// repair fetches a day and strikes it off the list, unless the history holds less of
// it than it says: then it is tried again later, for some time.
func (r *Repairer) repair(ctx context.Context, day zkb.Day, total int, tries int64) error {
	counts, found, err := r.Day(ctx, day, nil)
	if err != nil {
		return err
	}
	r.Log.InfoContext(ctx, "day repaired from the history", "day", string(day), "killmails", found, "total", total,
		"new", counts.New, "known", counts.Known, "rejected", counts.RejectedTotal(), "named", counts.Named, "broken", counts.Broken)
	if found < total && tries+1 < repairTries {
		r.Log.WarnContext(ctx, "history has fewer killmails than it counts; asked again later", "day", string(day), "killmails", found, "total", total)
		return r.mark(ctx, day, tries+1)
	}
	return r.Store.DropCursor(ctx, store.RepairFeeds+string(day))
}

// Day stores the killmails of one day of the history. found is how many the history
// names. progress, which may be nil, is told how many of them are done.
func (r *Repairer) Day(ctx context.Context, day zkb.Day, progress func(done, of int)) (counts Counts, found int, err error) {
	hashes, err := r.History.Hashes(ctx, day)
	if err != nil {
		return counts, 0, err
	}
	found = len(hashes) // the run takes off what it has
	if progress == nil {
		progress = func(int, int) {}
	}
	d := dayRun{Repairer: r, day: day, hashes: hashes, progress: progress}
	err = r.History.Raw(ctx, day, func(raw zkb.RawDocument) error { return d.take(ctx, raw) })
	if err == nil {
		err = d.flush(ctx)
	}
	if errors.Is(err, zkb.ErrNoHistory) {
		err = nil
	}
	if err == nil {
		err = d.missing(ctx)
	}
	return d.counts, found, err
}

// dayRun is one run over a day.
type dayRun struct {
	*Repairer
	day      zkb.Day
	hashes   map[int64]string // loses what the raw file holds
	done     int
	pending  Delivery
	counts   Counts
	progress func(done, of int)
}

// take adds a killmail of the raw file.
func (d *dayRun) take(ctx context.Context, raw zkb.RawDocument) error {
	hash := d.hashes[raw.ID]
	delete(d.hashes, raw.ID)
	if raw.Err != nil {
		return d.add(ctx, nil, store.DeadLetter{Reason: raw.Err.Error(), Body: raw.Raw}, raw.ID)
	}
	if raw.Document.Killmail.Hash == "" {
		raw.Document.Killmail.Hash = hash
	}
	return d.add(ctx, raw.Document.Killmail, store.DeadLetter{}, raw.ID)
}

// missing fetches from ESI what the history named and no raw file held. While ESI is
// away or switched off, the rest goes on the list of enrichments: the day is done.
func (d *dayRun) missing(ctx context.Context) error {
	if len(d.hashes) == 0 {
		return nil
	}
	begin := d.day.Time()
	stored, err := d.Store.Between(ctx, begin, begin.Add(24*time.Hour-time.Millisecond))
	if err != nil {
		return err
	}
	for _, id := range stored {
		if _, named := d.hashes[id]; named {
			delete(d.hashes, id)
			d.counts.Known++
			d.done++
		}
	}
	away := error(nil) // why the rest has to wait
	for id, hash := range d.hashes {
		delete(d.hashes, id)
		ref := killmail.Document{Ref: &killmail.Ref{ID: id, Hash: hash}}
		if away == nil {
			ref, away, err = d.fetch(ctx, ref)
		}
		switch {
		case ctx.Err() != nil:
			return errors.Join(ctx.Err(), d.flush(context.WithoutCancel(ctx)))
		case away != nil:
			err = d.wait(ctx, ref, away)
		case err != nil:
			err = d.add(ctx, nil, store.DeadLetter{Reason: err.Error(), Body: PartialOf(ref, nil, "").Body}, id)
		default:
			err = d.add(ctx, ref.Killmail, store.DeadLetter{}, id)
		}
		if err != nil {
			return err
		}
	}
	return d.flush(ctx)
}

// fetch completes a document. away says that ESI cannot be asked for now; err, that it
// does not give this one. The document is left as it is then.
func (d *dayRun) fetch(ctx context.Context, ref killmail.Document) (out killmail.Document, away, err error) {
	out, err = Complete(ctx, d.ESI, ref)
	switch {
	case err == nil:
		return out, nil, nil
	case CanWait(err):
		return ref, err, nil
	}
	return ref, nil, err
}

// wait puts a killmail on the list of enrichments.
func (d *dayRun) wait(ctx context.Context, ref killmail.Document, why error) error {
	d.done++
	d.pending.Source = RepairSource
	d.pending.Partial = append(d.pending.Partial, PartialOf(ref, nil, why.Error()))
	return d.flushFull(ctx)
}

// add takes a killmail, or a letter when it is nil.
func (d *dayRun) add(ctx context.Context, k *killmail.Killmail, letter store.DeadLetter, id int64) error {
	d.done++
	d.pending.Source = RepairSource
	if k != nil {
		d.pending.Documents = append(d.pending.Documents, killmail.Document{Killmail: k})
	} else {
		letter.Source, letter.Reference = RepairSource, fmt.Sprint(id)
		d.pending.DeadLetters = append(d.pending.DeadLetters, letter)
	}
	return d.flushFull(ctx)
}

// flushFull stores what is pending when it is a batch.
func (d *dayRun) flushFull(ctx context.Context) error {
	if d.waiting() < repairBatch {
		return nil
	}
	return d.flush(ctx)
}

func (d *dayRun) waiting() int {
	return len(d.pending.Documents) + len(d.pending.Partial) + len(d.pending.DeadLetters)
}

func (d *dayRun) flush(ctx context.Context) error {
	if d.waiting() == 0 {
		return nil
	}
	counts, err := d.Intake.Save(ctx, d.pending)
	if err != nil {
		return err
	}
	d.counts.Add(counts)
	d.pending = Delivery{}
	d.progress(d.done, d.done+len(d.hashes))
	return nil
}
