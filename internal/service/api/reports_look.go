package api

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

// Look is how a battle or report is looked at. Whoever asks for nothing gets it whole.
type Look struct {
	From    string   `query:"from" doc:"only what was lost at this time or later: RFC 3339, UTC" example:"2021-11-28T10:30:00Z"`
	To      string   `query:"to" doc:"only what was lost at this time or earlier" example:"2021-11-28T11:00:00Z"`
	Side    []string `query:"side,explode" doc:"puts an entity on a side: SIDE:TYPE-ID, where SIDE is A to Z or none and TYPE alliance, corporation or character. Of a pilot, its corporation and its alliance the first that is named counts; all others stay." example:"[\"B:alliance-99003581\"]"`
	Exclude []string `query:"exclude,explode" doc:"id of a killmail to leave out" example:"[\"96962356\"]"`
}

// The most that one request may say.
const (
	maxOverrides = 300
	maxExcluded  = 500
)

// look is what was understood of a Look.
type look struct {
	from, to time.Time // zero: open
	override map[eve.Entity]string
	order    []eve.Entity // as they were named
	exclude  []int64
}

// whole reports whether everything is seen as it is.
func (l *look) whole() bool {
	return l.from.IsZero() && l.to.IsZero() && !l.edited()
}

func (l *look) edited() bool { return len(l.order)+len(l.exclude) > 0 }

// options are the same for the engine.
func (l *look) options() battle.ViewOptions {
	return battle.ViewOptions{Override: l.override, Exclude: l.exclude, From: l.from, To: l.to}
}

func badRequest(detail, hint string) error { return problem(http.StatusBadRequest, detail, hint) }

// parse reads a Look.
func (in *Look) parse() (look, error) {
	l := look{override: map[eve.Entity]string{}}
	var err error
	if l.from, err = parseMoment("from", in.From); err != nil {
		return l, err
	}
	if l.to, err = parseMoment("to", in.To); err != nil {
		return l, err
	}
	if !l.from.IsZero() && !l.to.IsZero() && l.to.Before(l.from) {
		return l, badRequest(fmt.Sprintf("to (%s) is before from (%s)", in.To, in.From), "give the earlier time as from")
	}
	if len(in.Side) > maxOverrides {
		return l, badRequest(fmt.Sprintf("%d entities are put on sides, the most is %d", len(in.Side), maxOverrides), "name alliances in place of their corporations and pilots")
	}
	for _, text := range in.Side {
		if err := l.put(text); err != nil {
			return l, err
		}
	}
	if len(in.Exclude) > maxExcluded {
		return l, badRequest(fmt.Sprintf("%d killmails are left out, the most is %d", len(in.Exclude), maxExcluded), "narrow the time with from and to")
	}
	l.exclude, err = parseIDs("exclude", in.Exclude, "killmail")
	return l, err
}

// parseMoment reads a time; "" is none.
func parseMoment(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	// What is counted from it may not be of a year that cannot be written.
	if err != nil || at.Before(time.Time{}) || at.UTC().Year() > 9999 {
		return time.Time{}, badRequest(fmt.Sprintf("%s=%q is no time", name, text), "write it as 2021-11-28T10:30:00Z, in UTC (EVE time)")
	}
	return at.UTC(), nil
}

// parseIDs reads a list of ids, each once.
func parseIDs(name string, texts []string, what string) ([]int64, error) {
	var out []int64
	seen := make(map[int64]bool, len(texts))
	for _, text := range texts {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return nil, badRequest(fmt.Sprintf("%s=%q is no %s id", name, text, what), "give the number, and repeat the parameter for several: "+name+"=1&"+name+"=2")
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, nil
}

var overrideForm = regexp.MustCompile(`^([A-Z]|none|unassigned):(alliance|corporation|character)-([1-9][0-9]{0,15})$`)

// put reads one entity on a side.
func (l *look) put(text string) error {
	parts := overrideForm.FindStringSubmatch(text)
	if parts == nil {
		return badRequest(fmt.Sprintf("side=%q is not understood", text), "write side=B:alliance-99003581: a letter from A to Z or none, then alliance, corporation or character with its id")
	}
	side := parts[1]
	if side == "none" {
		side = battle.Unassigned
	}
	id, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return badRequest(fmt.Sprintf("side=%q: %s is no id", text, parts[3]), "take the id from the report's members")
	}
	e := eve.Entity{Type: eve.EntityType(parts[2]), ID: id}
	if e.Type == eve.Corporation && !eve.IsPlayerCorporation(id) {
		return badRequest(fmt.Sprintf("side=%q: the members of an NPC corporation have nothing in common", text), "name its pilots: side="+parts[1]+":character-ID")
	}
	if before, named := l.override[e]; named {
		if before != side {
			return badRequest(fmt.Sprintf("%s %d is put on two sides", e.Type, id), "name it once")
		}
		return nil
	}
	l.override[e] = side
	l.order = append(l.order, e)
	return nil
}

// TimeWindow is a stretch of time, both ends included.
type TimeWindow struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Override is an entity that was put on a side.
type Override struct {
	Side   string `json:"side" doc:"A to Z or unassigned"`
	Entity Entity `json:"entity"`
	Met    bool   `json:"met" doc:"false: it is on no killmail of the report, or only with something nearer that is named as well"`
}

// overruled says in the answer what was changed.
func (l *look) overruled(v views, out *BattleView, met map[eve.Entity]bool) {
	out.Edited = l.edited()
	out.Excluded = append(out.Excluded, l.exclude...)
	for _, e := range l.order {
		out.Overrides = append(out.Overrides, Override{l.override[e], *v.entity(e.Type, e.ID), met[e]})
	}
}

// window is the part of the time that is shown, nil when it is not narrowed. What is
// left open ends with the whole.
func (l *look) window(first, last time.Time) *TimeWindow {
	if l.from.IsZero() && l.to.IsZero() {
		return nil
	}
	w := &TimeWindow{l.from, l.to}
	if w.From.IsZero() {
		w.From = earlier(first, w.To)
	}
	if w.To.IsZero() {
		w.To = w.From
		if last.After(w.From) {
			w.To = last
		}
	}
	return w
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
