package zkb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/killmail"
)

const (
	// A reader that gets documents for this long without reaching the tail has fallen behind.
	behindAfter = time.Minute
	// pointerSlack is how far a cursor may be ahead of the pointer before it looks
	// like the cursor of another feed. The pointer lags by up to 51.
	pointerSlack = 1000
)

// walk is one Run of the feed. Its methods return an error only when ctx ends.
type walk struct {
	*Feed
	handle Handler

	phase   Phase     // of those that describe the place in the feed: starting, catching up, live
	pending Batch     // read but not handled; its cursor is how far we have read
	since   time.Time // when the first part of pending came
	tailAt  time.Time // when the tail was last reached

	measuredAt time.Time // when the pointer was last read only to know how far it is

	misses   int   // 404s in a row for the next number
	hole     int64 // while crossing a hole: the pointer, up to which numbers are passed over
	tries    int   // undecodable answers in a row for the next number
	failures int   // failed requests in a row

	object string         // a relay's word for where the next package lies; "" to listen
	hops   int            // redirects since listening
	spoilt *documentError // what lay there when it was last fetched, should it be gone next time
}

func (w *walk) next() int64 { return w.pending.Cursor.Sequence + 1 }

// start reads the pointer. With a cursor that is only to know how far behind we
// are, so one try is enough; without one there is no other place to begin.
func (w *walk) start(ctx context.Context) error {
	w.tailAt = time.Now() // nothing says yet that we are behind
	fresh := w.pending.Cursor.Sequence <= 0
	for {
		pointer, err := w.pointer(ctx)
		if err == nil {
			w.recovered()
			if fresh {
				w.pending.Cursor = Cursor{Sequence: pointer - 1, At: w.deps.Now()}
			}
			w.setPhase(PhaseCatchingUp)
			return nil
		}
		if err := w.backOff(ctx, err); err != nil {
			return err
		}
		if !fresh {
			return nil
		}
	}
}

// step makes one request and does what its answer asks for.
func (w *walk) step(ctx context.Context) error {
	if w.phase == PhaseCatchingUp && w.failures == 0 && w.next() > w.State().Pointer && time.Since(w.measuredAt) > behindAfter {
		return w.measure(ctx)
	}
	sequence := w.next()
	body, err := w.get(ctx, fmt.Sprintf("/ephemeral/%d.json", sequence))
	if errors.Is(err, errMissing) {
		w.recovered()
		return w.miss(ctx)
	}
	var document killmail.Document
	if err == nil {
		if document, err = decode(sequence, body); err == nil {
			w.recovered()
			return w.take(ctx, document, body)
		}
	}
	if broken := (*documentError)(nil); errors.As(err, &broken) {
		w.tries++
		if w.tries >= w.cfg.UndecodableTries {
			w.recovered()
			return w.putAside(ctx, broken)
		}
	}
	return w.backOff(ctx, err)
}

// measure reads the pointer again in a long catch-up. It is not needed to go on,
// but else nobody could say how far there is to go.
func (w *walk) measure(ctx context.Context) error {
	defer func() { w.measuredAt = time.Now() }()
	if _, err := w.pointer(ctx); err != nil {
		return w.backOff(ctx, err)
	}
	return nil
}

// decode reads a document and makes sure that it is the one asked for.
func decode(sequence int64, body []byte) (killmail.Document, error) {
	document, err := killmail.DecodeDocument(body)
	switch {
	case err != nil:
	case document.Empty():
		err = errors.New("document is empty")
	case document.Sequence != 0 && document.Sequence != sequence:
		err = fmt.Errorf("document says it is sequence %d", document.Sequence)
	}
	if err != nil {
		return killmail.Document{}, &documentError{raw: body, err: fmt.Errorf("sequence %d: %w", sequence, err)}
	}
	document.Sequence = sequence
	return document, nil
}

// take adds a document to the batch.
func (w *walk) take(ctx context.Context, document killmail.Document, body []byte) error {
	now, sequence := w.deps.Now(), w.next()
	w.add(func(b *Batch) {
		if document.Ref != nil {
			b.Partial = append(b.Partial, Partial{Sequence: sequence, Document: document, Raw: body})
			return
		}
		b.Documents = append(b.Documents, document)
	})
	w.hole = 0
	w.update(func(s *State) {
		s.Documents++
		s.LastDocumentAt, s.LastUploadedAt = now, document.UploadedAt
	})
	if time.Since(w.tailAt) > behindAfter {
		w.setPhase(PhaseCatchingUp)
	}
	return w.flushIfDue(ctx)
}

// putAside adds a document that stayed undecodable to the batch, for somebody to look at.
func (w *walk) putAside(ctx context.Context, broken *documentError) error {
	sequence := w.next()
	w.add(func(b *Batch) {
		b.Broken = append(b.Broken, Broken{Sequence: sequence, Err: broken.err, Raw: broken.raw})
	})
	w.hole = 0
	w.update(func(s *State) { s.Broken++ })
	w.deps.Logger.WarnContext(ctx, "feed document put aside", "sequence", sequence, "error", broken.err)
	return w.flushIfDue(ctx)
}

// miss handles a 404: the tail, a hole, or a number older than the feed's retention.
func (w *walk) miss(ctx context.Context) error {
	sequence := w.next()
	if w.hole >= sequence {
		return w.passOver(ctx, sequence)
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	w.misses++
	pointer := w.State().Pointer
	if w.misses >= w.cfg.MissesBeforeRecheck {
		var err error
		if pointer, err = w.pointer(ctx); err != nil {
			return w.backOff(ctx, err) // and read it again after the next miss
		}
		w.misses = 0
		if pointer >= sequence && !(pointer > sequence && w.expired()) {
			w.hole = pointer
			return w.passOver(ctx, sequence)
		}
	}
	if pointer > sequence && w.expired() {
		return w.jump(ctx, pointer)
	}
	if pointer < sequence {
		w.tailAt = time.Now()
		w.setPhase(PhaseLive)
		if ahead := sequence - 1 - pointer; ahead > pointerSlack && w.misses <= 1 {
			w.problem(fmt.Errorf("cursor %d is %d ahead of the feed's pointer %d", sequence-1, ahead, pointer),
				"the cursor looks like that of another feed: check the feed's URL, or reset the cursor")
		}
	}
	return sleep(ctx, w.cfg.IdleWait)
}

// expired reports whether the feed cannot be expected to still have the next number.
func (w *walk) expired() bool {
	at := w.pending.Cursor.At
	return !at.IsZero() && w.deps.Now().Sub(at) > w.cfg.Retention
}

// passOver moves the cursor over a number that the feed left out.
func (w *walk) passOver(ctx context.Context, sequence int64) error {
	w.add(func(b *Batch) { b.addGap(Gap{From: sequence, To: sequence, Reason: GapHole}) })
	w.update(func(s *State) { s.Holes++ })
	w.deps.Logger.WarnContext(ctx, "feed leaves a number out", "sequence", sequence, "pointer", w.hole)
	return w.flushIfDue(ctx)
}

// jump moves the cursor to the oldest document that the feed still has, found by
// halving the way to the pointer: the feed deletes from the old end. The pointer
// is beyond the next number, which is known to be missing.
func (w *walk) jump(ctx context.Context, pointer int64) error {
	missing, there := w.next(), pointer
	for there-missing > 1 {
		middle := missing + (there-missing)/2
		_, err := w.get(ctx, fmt.Sprintf("/ephemeral/%d.json", middle))
		broken := (*documentError)(nil)
		switch {
		case err == nil, errors.As(err, &broken):
			w.recovered()
			there = middle
		case errors.Is(err, errMissing):
			w.recovered()
			missing = middle
		default:
			if err := w.backOff(ctx, err); err != nil {
				return err
			}
		}
	}
	now := w.deps.Now()
	gap := Gap{From: w.next(), To: there - 1, Reason: GapExpired, Since: w.pending.Cursor.At, Until: now}
	away := now.Sub(gap.Since)
	w.add(func(b *Batch) {
		b.addGap(gap)
		b.Cursor.Sequence = gap.To
	})
	w.update(func(s *State) { s.Expired += gap.Numbers() })
	w.problem(fmt.Errorf("sequences %d to %d are lost to the feed: the cursor is %v old, the feed keeps %v", gap.From, gap.To, away.Round(time.Minute), w.cfg.Retention),
		"the days in between come from the history once it has them; import daily archives to have them sooner")
	w.deps.Logger.WarnContext(ctx, "feed no longer has documents since the cursor", "from", gap.From, "to", gap.To, "cursor_age", away)
	return w.flush(ctx)
}

// add puts something into the pending batch and moves the cursor by one.
func (w *walk) add(change func(*Batch)) {
	if w.pending.empty() {
		w.since = time.Now()
	}
	w.misses, w.tries = 0, 0
	w.pending.Cursor = Cursor{Sequence: w.next(), At: w.deps.Now()}
	change(&w.pending)
}

// flushIfDue handles the pending batch at once at the tail, else when it is full or old enough.
func (w *walk) flushIfDue(ctx context.Context) error {
	full := w.pending.size() >= w.cfg.BatchSize
	if w.phase == PhaseLive && w.hole == 0 || full || time.Since(w.since) >= w.cfg.BatchWait {
		return w.flush(ctx)
	}
	return nil
}

// flush gives the pending batch to the handler until it succeeds.
func (w *walk) flush(ctx context.Context) error {
	if w.pending.empty() {
		return nil
	}
	for failures := 0; ; failures++ {
		err := w.handle(ctx, w.pending)
		if ctx.Err() != nil && err != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			break
		}
		if failures == 0 {
			w.deps.Logger.ErrorContext(ctx, "feed documents cannot be stored", "cursor", w.pending.Cursor.Sequence, "error", err)
		}
		w.problem(fmt.Errorf("store documents up to sequence %d: %w", w.pending.Cursor.Sequence, err), fault.HintOf(err))
		w.enter(PhaseHeld)
		if err := w.pause(ctx, doubled(w.cfg.BackoffMin, w.cfg.BackoffMax, failures)); err != nil {
			return err
		}
	}
	stored := w.pending.Cursor
	w.update(func(s *State) { s.Cursor = stored.Sequence })
	w.enter(w.phase)
	w.pending = Batch{Cursor: stored}
	return nil
}

// setPhase notes the place in the feed.
func (w *walk) setPhase(phase Phase) {
	w.phase = phase
	w.enter(phase)
}

func (w *walk) problem(err error, hint string) {
	problem := &Problem{At: w.deps.Now(), Text: err.Error(), Hint: hint}
	w.update(func(s *State) { s.Problem = problem })
}
