package battle

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/killmail"
)

// Loss is one killmail of a battle as its course needs it; a stored row and the static
// data have it all.
type Loss struct {
	ID        int64
	At        time.Time
	Side      string // of the victim
	Class     eve.HullClass
	Victim    killmail.Party
	FinalBlow killmail.Party // zero when nobody has it
	Attackers int
	Value     killmail.Value
}

// ship reports whether the loss counts as a ship: no capsule, structure or deployable.
func (l *Loss) ship() bool { return l.Class.IsShip() && l.Class != eve.ClassCapsule }

// Losses returns the killmails of a battle by time and id.
func (b *Battle) Losses(world World) []Loss {
	out := make([]Loss, len(b.Kills))
	for i, k := range b.Kills {
		l := Loss{ID: k.Mail.ID, At: k.Mail.Time, Side: k.Side, Class: eve.ClassOtherShip, Victim: k.Mail.Victim.Party, Attackers: len(k.Mail.Attackers), Value: k.Mail.Value}
		if t, ok := world.Type(k.Mail.Victim.ShipTypeID); ok {
			l.Class = t.Class
		}
		if final := k.Mail.FinalBlow(); final != nil {
			l.FinalBlow = final.Party
		}
		out[i] = l
	}
	return out
}

// CourseParams bound phases and turning points.
type CourseParams struct {
	// A lull of at least Lull, and of at least LullShare of the whole battle, ends a phase.
	Lull      time.Duration
	LullShare float64
	// So does a change of pace: losses a minute at least Pace times or at most 1/Pace of what
	// they were, over at least PhaseKills losses and PhaseLength on both sides of it, and
	// Evidence times as likely (natural logarithm) as one steady pace.
	Pace        float64
	PhaseKills  int
	PhaseLength time.Duration
	Evidence    float64
	// Blow is within how long a heavy blow falls: Logistics logistics ships, or Ships ships
	// that are BlowShare of all ships the side lost.
	Blow      time.Duration
	Logistics int
	Ships     int
	BlowShare float64
	// Lead is how far, as a share of all ISK destroyed, a side must be ahead to lead.
	Lead float64
}

// DefaultCourse returns the parameters that reports use.
func DefaultCourse() CourseParams {
	return CourseParams{
		Lull: 5 * time.Minute, LullShare: 1.0 / 12,
		Pace: 2, PhaseKills: 8, PhaseLength: 5 * time.Minute, Evidence: 6,
		Blow: 2 * time.Minute, Logistics: 4, Ships: 10, BlowShare: 0.2,
		Lead: 0.05,
	}
}

// Phase is a stretch of a battle at one pace.
type Phase struct {
	Start, End time.Time // of its first and last loss
	Rule       string    // why it begins here, in words for a player
	Kills      int
	PerMinute  float64 // losses, over the time from first to last
	Sides      []PhaseSide
}

// PhaseSide is what one side lost in a phase.
type PhaseSide struct {
	Side  string
	Ships int
	ISK   eve.ISK // known values only
}

// Phases cuts a battle at lulls and where its pace changes. The order of the losses
// does not matter.
func Phases(losses []Loss, p CourseParams) []Phase {
	losses = lossesByTime(losses)
	if len(losses) == 0 {
		return nil
	}
	whole := losses[len(losses)-1].At.Sub(losses[0].At)
	lull := max(p.Lull, time.Duration(p.LullShare*float64(whole)))
	var out []Phase
	from, rule := 0, "the first loss"
	for i := 1; i <= len(losses); i++ {
		if i < len(losses) && losses[i].At.Sub(losses[i-1].At) < lull {
			continue
		}
		out = paces(out, losses[from:i], rule, &p)
		if i < len(losses) {
			from, rule = i, fmt.Sprintf("after a lull of %d minutes", int(losses[i].At.Sub(losses[i-1].At).Minutes()))
		}
	}
	return out
}

func lossesByTime(losses []Loss) []Loss {
	losses = slices.Clone(losses)
	slices.SortFunc(losses, func(a, b Loss) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return losses
}

// paces appends the phases of a stretch without lulls: cut where two steady paces
// explain the times of the losses best against one (Poisson likelihood ratio), then
// both parts again.
func paces(out []Phase, losses []Loss, rule string, p *CourseParams) []Phase {
	start, n := losses[0].At, len(losses)
	end := losses[n-1].At
	best, evidence := 0, p.Evidence
	for i := p.PhaseKills; i <= n-p.PhaseKills; i++ {
		before, after := losses[i].At.Sub(start), end.Sub(losses[i].At)
		if before < p.PhaseLength || after < p.PhaseLength {
			continue
		}
		one, two := pace(i, before), pace(n-i, after)
		if max(one, two) < p.Pace*min(one, two) {
			continue
		}
		ratio := float64(i)*math.Log(one) + float64(n-i)*math.Log(two) - float64(n)*math.Log(pace(n, end.Sub(start)))
		if ratio > evidence {
			best, evidence = i, ratio
		}
	}
	if best == 0 {
		return append(out, phase(losses, rule))
	}
	out = paces(out, losses[:best], rule, p)
	return paces(out, losses[best:], fmt.Sprintf("the pace changed from %.1f to %.1f losses a minute",
		pace(best, losses[best].At.Sub(start)), pace(n-best, end.Sub(losses[best].At))), p)
}

// pace is losses a minute.
func pace(n int, d time.Duration) float64 { return float64(n) / max(d.Minutes(), 1) }

func phase(losses []Loss, rule string) Phase {
	n := len(losses)
	p := Phase{Start: losses[0].At, End: losses[n-1].At, Rule: rule, Kills: n}
	p.PerMinute = pace(n, p.End.Sub(p.Start))
	for i := range losses {
		l := &losses[i]
		j := slices.IndexFunc(p.Sides, func(s PhaseSide) bool { return s.Side == l.Side })
		if j < 0 {
			j = len(p.Sides)
			p.Sides = append(p.Sides, PhaseSide{Side: l.Side})
		}
		if l.ship() {
			p.Sides[j].Ships++
		}
		if l.Value.Known() {
			p.Sides[j].ISK += l.Value.ISK
		}
	}
	slices.SortFunc(p.Sides, func(a, b PhaseSide) int { return compareSides(a.Side, b.Side) })
	return p
}

// MomentKind says what a turning point is.
type MomentKind string

// The turning points.
const (
	FirstCapital  MomentKind = "first capital"  // of a side
	StructureLost MomentKind = "structure"      // every one
	LogisticsLost MomentKind = "logistics"      // so many of a side in a short time
	HeavyBlow     MomentKind = "heavy blow"     // ships of a side in a short time
	LeadChange    MomentKind = "lead in losses" // Side has lost less ISK than the other of A and B since
)

// Moment is a turning point.
type Moment struct {
	At     time.Time
	Kind   MomentKind
	Side   string  // that lost something; that leads, for LeadChange
	KillID int64   // first killmail of it
	Ships  int     // lost in it; 0 for LeadChange
	ISK    eve.ISK // lost in it, known values; by how much it leads, for LeadChange
	Until  time.Time
	Text   string // for a player
}

// TurningPoints returns what changed a battle, by time. The order of the losses does
// not matter.
func TurningPoints(losses []Loss, p CourseParams) []Moment {
	losses = lossesByTime(losses)
	var out []Moment
	capitals := map[string]bool{}
	sides := map[string][]Loss{}
	var names []string
	for _, l := range losses {
		if _, known := sides[l.Side]; !known {
			names = append(names, l.Side)
		}
		sides[l.Side] = append(sides[l.Side], l)
		switch {
		case l.Class == eve.ClassStructure:
			out = append(out, one(StructureLost, l, fmt.Sprintf("side %s lost a structure", l.Side)))
		case l.Class.IsCapital() && !capitals[l.Side]:
			capitals[l.Side] = true
			out = append(out, one(FirstCapital, l, fmt.Sprintf("side %s lost its first capital", l.Side)))
		}
	}
	for _, side := range names {
		lost := slices.DeleteFunc(sides[side], func(l Loss) bool { return !l.ship() })
		logistics := slices.DeleteFunc(slices.Clone(lost), func(l Loss) bool { return !isLogistics(l.Class) })
		out = append(out, blows(LogisticsLost, "logistics", side, logistics, p.Blow, p.Logistics)...)
		least := max(p.Ships, int(math.Ceil(p.BlowShare*float64(len(lost)))))
		out = append(out, blows(HeavyBlow, "ships", side, lost, p.Blow, least)...)
	}
	out = append(out, leads(losses, &p)...)
	slices.SortStableFunc(out, func(a, b Moment) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.KillID, b.KillID), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

func one(kind MomentKind, l Loss, text string) Moment {
	m := Moment{At: l.At, Until: l.At, Kind: kind, Side: l.Side, KillID: l.ID, Ships: 1, Text: text}
	if l.Value.Known() {
		m.ISK = l.Value.ISK
	}
	return m
}

// isLogistics reports whether a hull keeps others alive.
func isLogistics(c eve.HullClass) bool {
	return c == eve.ClassLogistics || c == eve.ClassLogisticsFrigate || c == eve.ClassForceAuxiliary
}

// blows finds the stretches in which every window of the length holds at least so many
// of the losses, by their first loss.
func blows(kind MomentKind, what, side string, losses []Loss, within time.Duration, least int) []Moment {
	var out []Moment
	for i := 0; i+least <= len(losses); {
		end := i + least - 1
		if losses[end].At.Sub(losses[i].At) > within {
			i++
			continue
		}
		for end+1 < len(losses) && losses[end+1].At.Sub(losses[end+2-least].At) <= within {
			end++
		}
		m := Moment{At: losses[i].At, Until: losses[end].At, Kind: kind, Side: side, KillID: losses[i].ID, Ships: end - i + 1}
		for _, l := range losses[i : end+1] {
			if l.Value.Known() {
				m.ISK += l.Value.ISK
			}
		}
		m.Text = fmt.Sprintf("side %s lost %d %s in %s", side, m.Ships, what, minutesText(m.Until.Sub(m.At)))
		out = append(out, m)
		i = end + 1
	}
	return out
}

func minutesText(d time.Duration) string {
	switch n := int(math.Ceil(d.Minutes())); n {
	case 0, 1:
		return "a minute"
	default:
		return fmt.Sprintf("%d minutes", n)
	}
}

// leads returns where the lead in ISK passes between sides A and B, after the first
// that leads. Known values only.
func leads(losses []Loss, p *CourseParams) []Moment {
	total := eve.ISK(0)
	for _, l := range losses {
		if l.Value.Known() {
			total += l.Value.ISK
		}
	}
	margin := eve.ISK(p.Lead * float64(total))
	var out []Moment
	lead, ahead := "", eve.ISK(0) // by how much B has lost more than A
	for _, l := range losses {
		if !l.Value.Known() {
			continue
		}
		switch l.Side {
		case letter(0):
			ahead -= l.Value.ISK
		case letter(1):
			ahead += l.Value.ISK
		}
		now := lead
		if ahead > margin {
			now = letter(0)
		} else if -ahead > margin {
			now = letter(1)
		}
		if now != lead && lead != "" {
			out = append(out, Moment{
				At: l.At, Until: l.At, Kind: LeadChange, Side: now, KillID: l.ID, ISK: max(ahead, -ahead),
				Text: fmt.Sprintf("side %s took the lead in ISK from side %s", now, lead),
			})
		}
		lead = now
	}
	return out
}

// TopLosses returns the n losses of highest known value, the highest first.
func TopLosses(losses []Loss, n int) []Loss {
	out := slices.DeleteFunc(slices.Clone(losses), func(l Loss) bool { return !l.Value.Known() || l.Value.ISK == 0 })
	slices.SortFunc(out, func(a, b Loss) int { return cmp.Or(cmp.Compare(b.Value.ISK, a.Value.ISK), cmp.Compare(a.ID, b.ID)) })
	return out[:min(n, len(out))]
}

// Capitals returns the capital hulls among the hulls of a battle, in their order.
func Capitals(hulls []Hull, class func(typeID int64) eve.HullClass) []Hull {
	var out []Hull
	for _, h := range hulls {
		if h.Class == "" {
			h.Class = class(h.ShipTypeID)
		}
		if h.Class.IsCapital() {
			out = append(out, h)
		}
	}
	return out
}

// MostFinalBlows returns the n pilots with most final blows, those with none left out;
// of equals the one with more kills, then the lower id.
func MostFinalBlows(pilots []Pilot, n int) []Pilot {
	out := slices.DeleteFunc(slices.Clone(pilots), func(p Pilot) bool { return p.FinalBlows == 0 })
	slices.SortFunc(out, func(a, b Pilot) int {
		return cmp.Or(cmp.Compare(b.FinalBlows, a.FinalBlows), cmp.Compare(b.Kills, a.Kills), cmp.Compare(a.CharacterID, b.CharacterID))
	})
	return out[:min(n, len(out))]
}
