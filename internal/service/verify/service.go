package verify

import (
	"context"
	"log/slog"
	"time"

	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/zkb"
)

const (
	// DefaultWindow is how far back a run looks that is not told otherwise.
	DefaultWindow = 7 * 24 * time.Hour
	// DefaultSamples is how many neighbourhoods are recomputed.
	DefaultSamples = 100
	// samplesShown is how many ids a finding names.
	samplesShown = 10
)

// Comparison says how the stored battles around some killmails differ from what the
// engine makes of them.
type Comparison struct {
	Considered []int64 // all killmails that were looked at
	Misplaced  []int64 // killmails stored in another battle than they belong to, or in none
	Differing  []int64 // battles with the right killmails and other figures
}

// Compare recomputes the neighbourhood of some killmails and writes nothing.
type Compare func(ctx context.Context, killmailIDs []int64) (Comparison, error)

// History says how many killmails each closed day had.
type History interface {
	Totals(ctx context.Context) (map[zkb.Day]int, error)
}

// Service looks for damage. Store, Log and Now must be set; what else is nil is not
// looked at, and the run says so.
type Service struct {
	Store   store.Verification
	Compare Compare
	// Outdated counts the battles that were made with other parameters than those in
	// use: while there are any, the engine would find fault with all of them.
	Outdated func(ctx context.Context) (int64, error)
	History  History
	// Schedule has the day that begins at a time fetched from the history again.
	Schedule func(ctx context.Context, day time.Time) error
	// Recluster works off the list of unclustered killmails. Without it that is left to
	// the cluster service, and a second look must wait for the next run.
	Recluster func(ctx context.Context) error
	// Horizon is the time before which retention removes killmails; zero: nothing.
	Horizon func() time.Time
	Log     *slog.Logger
	Now     func() time.Time
}

// Options say what a run looks at.
type Options struct {
	Since time.Time // zero: a week ago
	Until time.Time // zero: no end
	All   bool      // everything, whatever Since and Until
	// Days are compared with the history; none is yesterday.
	Days []time.Time
	// Samples is how many neighbourhoods are recomputed; 0 is DefaultSamples.
	Samples int
	Repair  bool
}

func (o Options) scope(now time.Time) store.Scope {
	s := store.Scope{Since: o.Since, Until: o.Until, Now: now}
	switch {
	case o.All:
		s.Since, s.Until = time.Time{}, time.Time{}
	case s.Since.IsZero() && s.Until.IsZero():
		s.Since = now.Add(-DefaultWindow)
	case s.Since.IsZero():
		s.Since = s.Until.Add(-DefaultWindow)
	}
	return s
}

// pass is one run on its way.
type pass struct {
	*Service
	opts  Options
	scope store.Scope
	cover store.Coverage
	run   store.VerifyRun
	found []damage
}

// damage is a finding with all its subjects.
type damage struct {
	check
	detail string
	ids    []int64
	seeds  []int64     // of the neighbourhoods it was met in, for the engine's checks
	days   []time.Time // to be fetched again
	state  store.FindingState
	left   int64
}

// Run looks at what o says, repairs if asked to, and keeps the result.
func (s *Service) Run(ctx context.Context, o Options) (store.VerifyRun, error) {
	now := s.Now()
	p := &pass{Service: s, opts: o, scope: o.scope(now)}
	p.run = store.VerifyRun{StartedAt: now, Since: p.scope.Since, Until: p.scope.Until, Repair: o.Repair}
	var err error
	if p.cover, err = s.Store.Coverage(ctx, p.scope); err != nil {
		return store.VerifyRun{}, err
	}
	p.run.Killmails, p.run.Battles = p.cover.Killmails, p.cover.Battles
	steps := []func(context.Context) error{p.examine, p.compare, p.compareDays}
	if o.Repair {
		steps = append(steps, p.repair)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return store.VerifyRun{}, err
		}
	}
	p.conclude(ctx)
	p.run.FinishedAt = s.Now()
	p.run.ID, err = s.Store.PutVerifyRun(ctx, p.run)
	return p.run, err
}

// notChecked notes what is left out and why.
func (p *pass) notChecked(why string) { p.run.NotChecked = append(p.run.NotChecked, why) }

// meet adds damage.
func (p *pass) meet(d damage) {
	d.state, d.left = store.FindingOpen, int64(len(d.ids))
	if d.detail == "" {
		d.detail = d.says
	}
	p.found = append(p.found, d)
}

// conclude turns the damage into findings and logs them.
func (p *pass) conclude(ctx context.Context) {
	for _, d := range p.found {
		f := store.Finding{
			Check: d.name, Severity: d.severity, State: d.state, Subject: d.subject, Count: int64(len(d.ids)), Left: d.left,
			Samples: d.ids[:min(len(d.ids), samplesShown)], Detail: d.detail, Repair: d.repair,
		}
		p.run.Findings = append(p.run.Findings, f)
		p.run.Found++
		level := slog.LevelInfo
		if f.Severity != store.SeverityInfo && f.State == store.FindingOpen {
			p.run.Open++
			level = slog.LevelWarn
		}
		p.Log.Log(ctx, level, "stored data", "check", string(f.Check), "state", string(f.State), "severity", string(f.Severity),
			"count", f.Count, "left", f.Left, "samples", f.Samples, "detail", f.Detail)
	}
	p.Log.InfoContext(ctx, "stored data verified", "killmails", p.run.Killmails, "battles", p.run.Battles, "neighbourhoods", p.run.Neighbourhoods,
		"days", p.run.Days, "found", p.run.Found, "open", p.run.Open, "repair", p.opts.Repair, "not_checked", p.run.NotChecked)
}

// horizon is the time before which retention removes killmails.
func (s *Service) horizon() time.Time {
	if s.Horizon == nil {
		return time.Time{}
	}
	return s.Horizon()
}
