// Package link understands what people paste to name a fight: ids, links to pages of
// this site and of others, or a system and a time. It knows addresses, not what is
// stored.
package link

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
)

// Target is what was named. Of Number, Battle, Killmail, System and Report one is set.
type Target struct {
	Number   int64 // of a battle or of a killmail; the text does not say
	Battle   int64
	Killmail int64
	// System is the name or id of a solar system.
	System string
	// At is when it was, with System. Of a related page it is the time in its address.
	At      time.Time
	Related bool
	// Until is the end of a related page that names a start and an end, else zero.
	Until time.Time
	// Report says that a custom report of this site was named.
	Report bool
	// Query is how a report, or a battle, is looked at: see Query.
	Query string
}

// hint says what is understood.
const hint = "give a battle or killmail id, a link, or a system and a time: Jorund 2021-11-28 10:21"

// Parse reads what a person named a fight by. Errors have a hint.
func Parse(text string) (Target, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Target{}, fault.New("which battle?", hint)
	case strings.Contains(text, "/"):
		return parseAddress(text)
	}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		if id <= 0 {
			return Target{}, fault.New(fmt.Sprintf("%q is no id", text), hint)
		}
		return Target{Number: id}, nil
	}
	words := strings.Fields(text)
	for _, n := range []int{2, 1} { // words of the time
		if len(words) <= n {
			continue
		}
		if at, err := eve.ParseTime(strings.Join(words[len(words)-n:], " ")); err == nil {
			return Target{System: strings.Join(words[:len(words)-n], " "), At: at}, nil
		}
	}
	return Target{}, fault.New(fmt.Sprintf("%q names no battle", text), hint)
}

// parseAddress reads links by their path, which is the same on most sites: …/battles/ID,
// …/kills/ID and …/reports?… are ours, …/kill/ID and …/related/SYSTEM/TIME those of
// zKillboard, EVE-KILL, br.evetools, WarBeacon and others.
func parseAddress(text string) (Target, error) {
	full := text
	if !strings.Contains(full, "://") {
		full = "https://" + strings.TrimPrefix(full, "/")
	}
	u, err := url.Parse(full)
	if err != nil || u.Host == "" {
		return Target{}, fault.New(fmt.Sprintf("%q is no link", text), hint)
	}
	// A path alone has its first part where the host would be.
	parts := strings.Split(strings.Trim(u.Host+u.Path, "/"), "/")
	for i, part := range parts {
		switch id := idAt(parts, i+1); part {
		case "reports":
			query := u.Query()
			if query.Has("window") || query.Has("battle") {
				return Target{Report: true, Query: Query(query)}, nil
			}
		case "battles":
			if id > 0 {
				query := u.Query()
				query.Del("window")
				query.Del("battle")
				return Target{Battle: id, Query: Query(query)}, nil
			}
		case "kill", "kills", "killmail", "killmails":
			if id > 0 {
				return Target{Killmail: id}, nil
			}
		case "related":
			if id > 0 {
				return parseRelated(text, parts[i+1:])
			}
		}
	}
	if slices.Contains(parts, "br") || slices.Contains(parts, "battle") {
		return Target{}, fault.New(fmt.Sprintf("only its own site knows what %q shows", text), "give a link to one of its kills, or the system and the time")
	}
	return Target{}, fault.New(fmt.Sprintf("%q links to no battle", text), hint)
}

// idAt reads one part of a path; 0 is no id.
func idAt(parts []string, i int) int64 {
	if i >= len(parts) {
		return 0
	}
	id, err := strconv.ParseInt(parts[i], 10, 64)
	if err != nil || id <= 0 {
		return 0
	}
	return id
}

// parseRelated reads SYSTEM/TIME, and SYSTEM/START/END as WarBeacon writes it.
func parseRelated(text string, parts []string) (Target, error) {
	if len(parts) < 2 {
		return Target{}, fault.New(fmt.Sprintf("%q has no time", text), hint)
	}
	at, err := eve.ParseRelatedStamp(parts[1])
	if err != nil {
		return Target{}, fault.Wrap(err, "link "+text, hint)
	}
	t := Target{System: parts[0], At: at, Related: true}
	if len(parts) > 2 {
		if until, err := eve.ParseRelatedStamp(parts[2]); err == nil && until.After(at) {
			t.Until = until
		}
	}
	return t, nil
}

// queryNames are the parameters that say what a report counts, in the order in which
// its address has them.
var queryNames = []string{"window", "battle", "side", "exclude", "from", "to"}

// Query writes what is said of a report in one order, so that equal reports have equal
// addresses. Other parameters are left out.
func Query(values url.Values) string {
	var b strings.Builder
	for _, name := range queryNames {
		for _, v := range values[name] {
			if v == "" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			// A colon needs no escape in a query, and addresses are read by people.
			b.WriteString(name + "=" + strings.ReplaceAll(url.QueryEscape(v), "%3A", ":"))
		}
	}
	return b.String()
}
