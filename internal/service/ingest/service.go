package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// FeedName is the name of the R2Z2 feed in cursors, statuses and dead letters.
const FeedName = "r2z2"

// statusEvery is how often the status of the feed is written down at least;
// changes are written at once.
const statusEvery = 30 * time.Second

// statusCheck is how often the feed is asked how it does.
const statusCheck = 500 * time.Millisecond

// Service reads the live feed.
type Service struct {
	Intake *Intake
	Feed   *zkb.Feed
	Status store.Feeds
	Log    *slog.Logger
}

// Run reads the feed from the stored cursor until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	cursor, err := s.cursor(ctx)
	if err != nil {
		return err
	}
	reporting, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.reportStatus(reporting)
	}()
	err = s.Feed.Run(ctx, cursor, s.save)
	stop()
	<-done
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (s *Service) cursor(ctx context.Context) (zkb.Cursor, error) {
	seq, at, err := s.Intake.Store.Cursor(ctx, FeedName)
	if errors.Is(err, store.ErrNotFound) {
		return zkb.Cursor{}, nil
	}
	if err != nil {
		return zkb.Cursor{}, fmt.Errorf("ingest: %w", err)
	}
	return zkb.Cursor{Sequence: seq, At: at}, nil
}

// save stores a batch of the feed.
func (s *Service) save(ctx context.Context, b zkb.Batch) error {
	d := Delivery{Documents: b.Documents, Source: FeedName, Feed: FeedName, Cursor: b.Cursor.Sequence, Live: true}
	for _, broken := range b.Broken {
		d.DeadLetters = append(d.DeadLetters, store.DeadLetter{
			Source: FeedName, Reference: strconv.FormatInt(broken.Sequence, 10), Reason: broken.Err.Error(), Body: broken.Raw,
		})
	}
	counts, err := s.Intake.Save(ctx, d)
	if err != nil {
		return err
	}
	for _, g := range b.Gaps {
		s.Log.WarnContext(ctx, "feed passed over numbers", "from", g.From, "to", g.To, "reason", string(g.Reason))
	}
	s.Log.DebugContext(ctx, "feed batch stored", "new", counts.New, "updated", counts.Updated, "known", counts.Known,
		"rejected", counts.RejectedTotal(), "broken", counts.Broken, "cursor", b.Cursor.Sequence)
	return nil
}

// reportStatus writes down how the feed does, on every change and now and then.
func (s *Service) reportStatus(ctx context.Context) {
	tick := time.NewTicker(statusCheck)
	defer tick.Stop()
	var last store.FeedStatus
	for {
		now := s.Intake.Now()
		next := feedStatus(s.Feed.State(), now)
		changed := next.State != last.State || next.Error != last.Error
		if changed || now.Sub(last.UpdatedAt) >= statusEvery || next.LastDocumentAt != last.LastDocumentAt && now.Sub(last.UpdatedAt) >= 5*time.Second {
			if err := s.Status.SetFeedStatus(ctx, next); err != nil {
				if ctx.Err() != nil {
					return
				}
				s.Log.WarnContext(ctx, "status of the feed", "error", err)
			} else {
				if changed {
					s.Log.InfoContext(ctx, "feed", "state", string(next.State), "error", next.Error, "hint", next.Hint)
				}
				last = next
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// feedStatus says in three words what the feed says in seven.
func feedStatus(s zkb.State, now time.Time) store.FeedStatus {
	out := store.FeedStatus{Feed: FeedName, State: store.FeedCatchingUp, Since: s.Since, LastDocumentAt: s.LastUploadedAt, UpdatedAt: now}
	switch s.Phase {
	case zkb.PhaseLive, zkb.PhaseStalled:
		out.State = store.FeedLive
	case zkb.PhaseOffline, zkb.PhaseHeld, zkb.PhaseStopped:
		out.State = store.FeedOffline
	case zkb.PhaseStarting, zkb.PhaseCatchingUp:
	}
	if s.Problem != nil && (out.State == store.FeedOffline) {
		out.Error, out.Hint = s.Problem.Text, s.Problem.Hint
	}
	if s.Phase == zkb.PhaseStalled {
		out.Error = "nothing has been published for a while"
	}
	return out
}
