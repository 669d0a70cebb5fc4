package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

// The names of the feeds in cursors, statuses and dead letters.
const (
	FeedName  = "r2z2" // the feed of zKillboard
	RelayName = "redisq"
)

// statusEvery is how often the status of the feed is written down at least;
// changes are written at once.
const statusEvery = 30 * time.Second

// statusCheck is how often the feed is asked how it does.
const statusCheck = 500 * time.Millisecond

// Service reads the live feed.
type Service struct {
	Intake *Intake
	Name   string // of the feed; "" is FeedName
	Feed   *zkb.Feed
	Status store.Feeds
	Repair *Repairer // fills gaps; nil: they stay
	Log    *slog.Logger
}

// Run reads the feed from the stored cursor until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	s.Name = cmp.Or(s.Name, FeedName)
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
	seq, at, err := s.Intake.Store.Cursor(ctx, s.Name)
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
	d := Delivery{Documents: b.Documents, Source: s.Name, Feed: s.Name, Cursor: b.Cursor.Sequence, Live: true}
	for _, broken := range b.Broken {
		d.DeadLetters = append(d.DeadLetters, store.DeadLetter{
			Source: s.Name, Reference: strconv.FormatInt(broken.Sequence, 10), Reason: broken.Err.Error(), Body: broken.Raw,
		})
	}
	for _, p := range b.Partial {
		d.Partial = append(d.Partial, PartialOf(p.Document, p.Raw, ""))
	}
	if err := s.scheduleRepairs(ctx, b.Gaps); err != nil {
		return err
	}
	counts, err := s.Intake.Save(ctx, d)
	if err != nil {
		return err
	}
	for _, g := range b.Gaps {
		s.Log.WarnContext(ctx, "feed passed over numbers", "from", g.From, "to", g.To, "reason", string(g.Reason))
	}
	s.Log.DebugContext(ctx, "feed batch stored", "new", counts.New, "updated", counts.Updated, "known", counts.Known,
		"rejected", counts.RejectedTotal(), "named", counts.Named, "broken", counts.Broken, "cursor", b.Cursor.Sequence)
	return nil
}

// scheduleRepairs remembers the days of gaps that the feed itself cannot fill.
func (s *Service) scheduleRepairs(ctx context.Context, gaps []zkb.Gap) error {
	if s.Repair == nil {
		return nil
	}
	for _, g := range gaps {
		if g.Reason != zkb.GapExpired {
			continue
		}
		if err := s.Repair.Schedule(ctx, g.Since, g.Until); err != nil {
			return err
		}
	}
	return nil
}

// reportStatus writes down how the feed does, on every change and now and then.
func (s *Service) reportStatus(ctx context.Context) {
	tick := time.NewTicker(statusCheck)
	defer tick.Stop()
	var last store.FeedStatus
	for {
		now := s.Intake.Now()
		next := feedStatus(s.Name, s.Feed.State(), now)
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
func feedStatus(name string, s zkb.State, now time.Time) store.FeedStatus {
	out := store.FeedStatus{Feed: name, State: store.FeedCatchingUp, Since: s.Since, LastDocumentAt: s.LastUploadedAt, UpdatedAt: now}
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
