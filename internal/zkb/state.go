package zkb

import "time"

// Phase is what the feed is doing.
type Phase string

// The phases; the package comment draws how they follow each other.
const (
	PhaseStarting   Phase = "starting"
	PhaseCatchingUp Phase = "catching_up"
	PhaseLive       Phase = "live"    // at the tail, new documents come as they are published
	PhaseStalled    Phase = "stalled" // at the tail, but nothing has been published for a while
	PhaseOffline    Phase = "offline" // the source does not answer as it should
	PhaseHeld       Phase = "held"    // documents come but cannot be stored
	PhaseStopped    Phase = "stopped"
)

// Problem is what went wrong last.
type Problem struct {
	At   time.Time
	Text string
	Hint string // what the operator can do; "" when waiting is all there is to do
}

// State is a snapshot of the feed for health checks and for the page.
type State struct {
	Phase   Phase
	Since   time.Time // begin of the phase
	Problem *Problem  // the last one, also after it passed; nil when there was none
	RetryAt time.Time // when the next request follows while offline or held; zero otherwise

	Cursor  int64 // last number stored
	Pointer int64 // the feed's own word for its newest number when last read; lags by up to 51
	// Behind is how many documents are known to be ahead, Lag how old the last
	// document is while catching up. Both are 0 at the tail.
	Behind int64
	Lag    time.Duration

	LastDocumentAt time.Time // when a document was last received
	LastUploadedAt time.Time // when zKillboard published it

	Documents, Broken, Holes, Expired int64 // since the start; the last two count numbers passed over
}

// State returns a snapshot. It is safe for concurrent use.
func (f *Feed) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	now := f.deps.Now()
	if quiet := s.LastDocumentAt; s.Phase == PhaseLive {
		if quiet.Before(s.Since) {
			quiet = s.Since
		}
		if now.Sub(quiet) >= f.cfg.StallAfter {
			s.Phase, s.Since = PhaseStalled, quiet
		}
	} else {
		s.Behind = max(0, s.Pointer-s.Cursor)
		if !s.LastUploadedAt.IsZero() {
			s.Lag = max(0, now.Sub(s.LastUploadedAt))
		}
	}
	return s
}

// update changes the state under its lock.
func (f *Feed) update(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// enter changes the phase.
func (f *Feed) enter(phase Phase) {
	now := f.deps.Now()
	f.update(func(s *State) {
		s.RetryAt = time.Time{}
		if s.Phase != phase {
			s.Phase, s.Since = phase, now
		}
	})
}
