package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/store"
)

// StatsSummary is the state of everything, for the shell of the page.
type StatsSummary struct {
	Battles          map[string]int64 `json:"battles" doc:"by kind"`
	BattlesLive      int64            `json:"battles_live"`
	Killmails        int64            `json:"killmails"`
	LatestKillmailAt *time.Time       `json:"latest_killmail_at" doc:"null while there is none"`
	Last24h          DayFigures       `json:"last_24h"`
	Unclustered      int64            `json:"unclustered" doc:"killmails waiting to be put into battles"`
	DeadLetters      int64            `json:"dead_letters" doc:"documents that could not be read and were put aside"`
	PendingKillmails int64            `json:"pending_killmails" doc:"known by id only: their details are being fetched"`
	MissingDays      []string         `json:"missing_days" doc:"days (UTC) of which the feed lost a part that is not fetched yet" example:"[\"2021-11-28\"]"`
	Feed             FeedView         `json:"feed"`
	Version          string           `json:"version"`
	GeneratedAt      time.Time        `json:"generated_at"`
}

// DayFigures are sums over the last 24 hours.
type DayFigures struct {
	Killmails    int64   `json:"killmails"`
	Battles      int64   `json:"battles"`
	ISKDestroyed float64 `json:"isk_destroyed" doc:"of known values"`
}

// FeedView is how the live feed does.
type FeedView struct {
	State          string     `json:"state" enum:"live,catching_up,offline,off" doc:"off: no feed is being read"`
	Since          *time.Time `json:"since"`
	LastError      string     `json:"last_error,omitempty"`
	Hint           string     `json:"hint,omitempty"`
	LastDocumentAt *time.Time `json:"last_document_at" doc:"when zKillboard published the newest killmail seen"`
	LagS           *int64     `json:"lag_s" doc:"seconds since then"`
}

type statsOutput struct{ Body StatsSummary }

func (s *Service) registerStats(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-stats-summary", Method: http.MethodGet, Path: "/api/v1/stats/summary", Tags: []string{"Statistics"},
		Summary: "What is stored, and how the feed does",
	}, s.getStats)
}

func (s *Service) getStats(ctx context.Context, _ *struct{}) (*statsOutput, error) {
	now := s.Now().UTC()
	sum, err := s.summary(ctx, now)
	if err != nil {
		return nil, s.failed(ctx, err, "summary")
	}
	feeds, err := s.Store.FeedStatuses(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "summary")
	}
	lack, err := s.lack(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "summary")
	}
	out := StatsSummary{
		Battles: make(map[string]int64, len(sum.Battles)), BattlesLive: sum.BattlesLive, Killmails: sum.Killmails,
		Last24h:          DayFigures{Killmails: sum.KillmailsSince, Battles: sum.BattlesSince, ISKDestroyed: sum.ISKSince.Float()},
		PendingKillmails: lack.Pending, MissingDays: lack.Days,
		Unclustered: sum.Unclustered, DeadLetters: sum.DeadLetters, Feed: feedView(feeds, now), Version: s.Version,
		GeneratedAt: now.Truncate(time.Second),
	}
	for kind, n := range sum.Battles {
		out.Battles[string(kind)] = n
	}
	if !sum.LatestKillmail.IsZero() {
		out.LatestKillmailAt = &sum.LatestKillmail
	}
	return &statsOutput{out}, nil
}

// summary returns the state of the store, which may be as old as keepTime. While
// killmails wait to be put into battles it is always the present one: then much
// changes, and little of it makes an event.
func (s *Service) summary(ctx context.Context, now time.Time) (store.Summary, error) {
	key := s.cacheKey("summary", "")
	if sum, ok := recallJSON[store.Summary](ctx, s, key); ok {
		return sum, nil
	}
	sum, err := s.Store.Summary(ctx, now.Add(-24*time.Hour), now.Add(-battle.LiveFor))
	if err == nil && sum.Unclustered == 0 {
		keepJSON(ctx, s, key, sum, keepTime)
	}
	return sum, err
}

// lacking is what is known to be missing from what is stored.
type lacking struct {
	Pending int64    // killmails known by id only
	Days    []string // of which a part was lost
}

// lack finds what is known to be missing. It may be as old as keepTime.
func (s *Service) lack(ctx context.Context) (lacking, error) {
	key := s.cacheKey("lack", "")
	if l, ok := recallJSON[lacking](ctx, s, key); ok {
		return l, nil
	}
	counts, err := s.Store.EnrichmentCounts(ctx)
	if err != nil {
		return lacking{}, err
	}
	days, err := s.Store.Cursors(ctx, store.RepairFeeds)
	if err != nil {
		return lacking{}, err
	}
	l := lacking{Pending: counts[store.EnrichmentPending].N + counts[store.EnrichmentProcessing].N, Days: make([]string, len(days))}
	for i, c := range days {
		l.Days[i] = strings.TrimPrefix(c.Feed, store.RepairFeeds)
	}
	slices.Sort(l.Days)
	keepJSON(ctx, s, key, l, keepTime)
	return l, nil
}

// feedSilence is how old a status may be before the process that wrote it counts
// as gone. Ingest renews it every 30 seconds.
const feedSilence = 2 * time.Minute

func feedView(feeds []store.FeedStatus, now time.Time) FeedView {
	if len(feeds) == 0 || now.Sub(feeds[0].UpdatedAt) > feedSilence {
		return FeedView{State: "off"}
	}
	f := feeds[0]
	out := FeedView{State: string(f.State), Since: &f.Since, LastError: f.Error, Hint: f.Hint}
	if !f.LastDocumentAt.IsZero() {
		lag := int64(now.Sub(f.LastDocumentAt).Seconds())
		out.LastDocumentAt, out.LagS = &f.LastDocumentAt, &lag
	}
	return out
}
