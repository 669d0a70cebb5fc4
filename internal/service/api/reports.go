package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

// kindReport is the kind of a custom report, which is none of the engine's.
const kindReport battle.Kind = "report"

// summaryOnly is the form of a battle without its long lists.
const summaryOnly = "summary"

// Sourcing says what a custom report is made of.
type Sourcing struct {
	Window []string `query:"window,explode" doc:"a system and a time: SYSTEMID:YYYYMMDDHHmm-YYYYMMDDHHmm in UTC, both minutes included, at most 24 hours" example:"[\"30001046:202111281000-202111281500\"]"`
	Battle []string `query:"battle,explode" doc:"id of a stored battle" example:"[\"12\"]"`
}

type reportInput struct {
	Sourcing
	Look
	View string `query:"view" default:"full" enum:"full,summary" doc:"summary leaves the long lists out"`
}

// The most sources of one report.
const (
	maxWindows    = 20
	maxWindowSpan = 24 * time.Hour
)

// Sources is what a custom report is made of.
type Sources struct {
	Windows []SourceWindow `json:"windows"`
	Battles []int64        `json:"battles" doc:"ids as they are now: a battle that was merged is the one it is in"`
}

// SourceWindow is a system and a time.
type SourceWindow struct {
	System System    `json:"system"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to" doc:"this minute included"`
}

const reportHint = "the parameters are window=30001046:202111281000-202111281500 and battle=12, each as often as needed"

func (s *Service) registerReports(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/reports", Tags: []string{"Reports"},
		Summary: "A custom report",
		Description: "All killmails of some systems, each in a time of its own, and of stored battles, seen as one battle whose sides the engine finds. " +
			"Nothing is stored: the address is the report. At most 20 windows of 24 hours, 20 battles and 10,000 killmails.",
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity},
	}, s.getReport)
}

func (s *Service) getReport(ctx context.Context, in *reportInput) (*battleOutput, error) {
	v, err := s.seeReport(ctx, &in.Sourcing, &in.Look)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, v, in.View)
}

// seeReport looks at a custom report.
func (s *Service) seeReport(ctx context.Context, sourcing *Sourcing, in *Look) (*seen, error) {
	l, err := in.parse()
	if err != nil {
		return nil, err
	}
	sources, err := s.parseSources(sourcing)
	if err != nil {
		return nil, err
	}
	sc, err := s.ofSources(ctx, sources)
	if err != nil {
		return nil, err
	}
	return s.see(ctx, sc, l)
}

// seeBattle looks at a stored battle.
func (s *Service) seeBattle(ctx context.Context, id int64, in *Look) (*seen, error) {
	l, err := in.parse()
	if err != nil {
		return nil, err
	}
	sc, err := s.ofBattle(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.see(ctx, sc, l)
}

// parseSources reads what a report is made of.
func (s *Service) parseSources(in *Sourcing) (*Sources, error) {
	if len(in.Window)+len(in.Battle) == 0 {
		return nil, badRequest("the report has neither a window nor a battle", reportHint)
	}
	if len(in.Window) > maxWindows || len(in.Battle) > maxWindows {
		return nil, badRequest(fmt.Sprintf("%d windows and %d battles are too many, the most is %d of each", len(in.Window), len(in.Battle), maxWindows),
			"make several reports, or one window of several that follow each other")
	}
	out := &Sources{Windows: []SourceWindow{}}
	for _, text := range in.Window {
		w, err := s.parseWindow(text)
		if err != nil {
			return nil, err
		}
		out.Windows = append(out.Windows, w)
	}
	var err error
	out.Battles, err = parseIDs("battle", in.Battle, "battle")
	return out, err
}

// stamp is how a minute is written in a window and on related pages.
const stamp = "200601021504"

func (s *Service) parseWindow(text string) (SourceWindow, error) {
	var w SourceWindow
	place, span, _ := strings.Cut(text, ":")
	from, to, _ := strings.Cut(span, "-")
	id, err := strconv.ParseInt(place, 10, 64)
	start, startErr := time.Parse(stamp, from)
	end, endErr := time.Parse(stamp, to)
	if err != nil || startErr != nil || endErr != nil {
		return w, badRequest(fmt.Sprintf("window=%q is not understood", text), "write it as 30001046:202111281000-202111281500: the id of a system, a start and an end in UTC (EVE time)")
	}
	if _, known := s.World.System(id); !known {
		return w, badRequest(fmt.Sprintf("window=%q: no solar system has the id %d", text, id), "take the id from the address of the system's page, on Dotlan or zKillboard")
	}
	switch {
	case end.Before(start):
		return w, badRequest(fmt.Sprintf("window=%q ends before it starts", text), "give the earlier time first")
	case end.Sub(start) > maxWindowSpan:
		return w, badRequest(fmt.Sprintf("window=%q is longer than 24 hours", text), "cut it into several windows")
	}
	return SourceWindow{s.views.system(id), start, end}, nil
}

// written is a window as it stands in an address.
func (w *SourceWindow) written() string {
	return fmt.Sprintf("window=%d:%s-%s", w.System.ID, w.From.Format(stamp), w.To.Format(stamp))
}

// last is the last moment of the window.
func (w *SourceWindow) last() time.Time { return w.To.Add(time.Minute - time.Millisecond) }

// ofSources returns the scene of a custom report. It is kept under what it is made of:
// the killmails in its windows, the revisions of its battles, and the corrections.
func (s *Service) ofSources(ctx context.Context, sources *Sources) (*scene, error) {
	layer, err := s.layer(ctx)
	if err != nil {
		return nil, s.failed(ctx, err, "corrections")
	}
	var ids []int64
	what := fmt.Sprintf("%d ", layer.Version)
	for i := range sources.Windows {
		w := &sources.Windows[i]
		what += w.written() + " "
		found, err := s.Store.InSystem(ctx, w.System.ID, w.From, w.last())
		if err != nil {
			return nil, s.failed(ctx, err, "killmails of the report")
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	what += fmt.Sprint(ids)
	for _, id := range sources.Battles {
		revision, err := s.Store.BattleRevision(ctx, id)
		if err != nil {
			what = "" // it is unknown, or another took its place
			break
		}
		what += fmt.Sprintf(" %d:%d", id, revision)
	}
	key := ""
	if what != "" {
		key = s.questionKey("report", what)
	}
	return s.scenes.get(ctx, key, func(ctx context.Context) (*scene, error) { return s.make(ctx, sources, ids, layer) })
}

// layer returns the corrections in force, which are read when there are other ones than
// the last time. Nothing of them may be changed.
func (s *Service) layer(ctx context.Context) (*battle.Corrections, error) {
	known := s.corrections.Load()
	now, err := s.Store.Layer(ctx, *known)
	if err != nil {
		return nil, err
	}
	if now.Version != known.Version {
		s.corrections.Store(&now)
	}
	return &now, nil
}

// make makes the scene of a custom report with the killmails of its windows.
func (s *Service) make(ctx context.Context, sources *Sources, ids []int64, layer *battle.Corrections) (*scene, error) {
	end, err := s.reports.take(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	sc := &scene{sources: &Sources{Windows: sources.Windows, Battles: []int64{}}}
	inWindows := len(ids)
	for _, id := range sources.Battles {
		d, err := s.Store.Battle(ctx, id)
		if err != nil {
			return nil, s.failed(ctx, err, fmt.Sprintf("battle %d", id))
		}
		if !d.PrunedAt.IsZero() {
			return nil, problem(http.StatusGone, fmt.Sprintf("the killmails of battle %d were removed on %s", id, d.PrunedAt.UTC().Format(time.DateOnly)), "leave it out of the report")
		}
		if slices.Contains(sc.sources.Battles, d.ID) {
			continue // named twice, once by an id it had before
		}
		sc.sources.Battles = append(sc.sources.Battles, d.ID)
		sc.whole.Corrections += d.Corrections
		for i := range d.Killmails {
			ids = append(ids, d.Killmails[i].ID)
		}
	}
	ofBattles := slices.Clone(ids[inWindows:])
	slices.Sort(ofBattles)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	slices.Sort(sc.sources.Battles)
	if len(ids) == 0 {
		return nil, problem(http.StatusNotFound, "no killmail is stored for this report", "check systems and times (EVE time); killmails of days that were not recorded have to be imported first")
	}
	if err := s.load(ctx, sc, ids); err != nil {
		return nil, err
	}
	sc.correct(layer, ids, ofBattles)
	sc.whole.Kind, sc.whole.KindRule = kindReport, sc.sources.rule()
	sc.whole.Profile, sc.whole.Version = battle.ProfileLinked, battle.ParamsVersion
	sc.placed(s.World.System)
	return sc, nil
}

// rule says why this is one report, where a battle has the rule that decided its kind.
func (o *Sources) rule() string {
	var of []string
	if n := len(o.Windows); n > 0 {
		of = append(of, eve.Plural(n, "window"))
	}
	if n := len(o.Battles); n > 0 {
		of = append(of, eve.Plural(n, "battle"))
	}
	return "chosen by hand: " + strings.Join(of, " and ")
}
