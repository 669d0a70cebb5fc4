package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/link"
	"github.com/battlescope/battlescope/internal/ogcard"
	"github.com/battlescope/battlescope/internal/store"
)

// siteName stands in the title of every view.
const siteName = "BattleScope"

// meta is what the head of the page says of a view, for chats and search engines. The
// page itself is the same for all.
type meta struct {
	status      int    // of the answer; 0 is 200
	title       string // as the page names the view in the browser; "" is the site's name
	headline    string // for chats, which show more; "" is the title
	description string
	canonical   string // path with query; "" when the view has no address worth keeping
	image       string // path, or an address on another site
	imageAlt    string
	card        bool   // image is a card of ours, wide and of known size
	article     bool   // about one thing that happened, unlike a list
	hidden      bool   // not for search engines
	screen      string // source file of the screen that shows the view; "" is not known
	asks        string // path of the API that the view asks first of all; "" is none of its own
}

const siteDescription = "Battle reports for EVE Online, built from killmails as they happen."

// metaOf finds what the head says for a path. It never fails: when the store does, the
// page is answered without, and asks by itself.
func (s *Service) metaOf(ctx context.Context, u *url.URL) meta {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	part := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	var m meta
	var err error
	switch {
	case len(parts) == 1 && (part(0) == "" || part(0) == "battles" || part(0) == "index.html"):
		m = bannered(meta{title: "Battles", canonical: "/battles", description: "Battles of New Eden as they happen: sides, losses and pilots of every fight, found from killmails. Filter by system, region, alliance, corporation, pilot or hull."}, "battles.png")
	case len(parts) == 1 && part(0) == "killmails":
		m = bannered(meta{title: "Killmails", canonical: "/killmails", description: "Killmails of EVE Online as they come in, each with the battle it belongs to."}, "killmails.png")
	case part(0) == "battles" && len(parts) <= 3:
		m, err = s.battleMeta(ctx, part(1), u.Query())
	case part(0) == "kills" && len(parts) == 2:
		m, err = s.killMeta(ctx, part(1))
	case part(0) == "related" && len(parts) == 3:
		m, err = s.relatedMeta(ctx, part(1), part(2))
	case part(0) == "reports" && len(parts) == 2 && part(1) == "new":
		m = bannered(meta{title: "New report", canonical: "/reports/new", description: "A battle report from a link of zKillboard, EVE-KILL, br.evetools or WarBeacon, or from systems and times of your choice."}, "new-report.png")
	case part(0) == "reports" && len(parts) <= 2:
		m = s.reportMeta(u)
	default:
		m = meta{hidden: true}
	}
	var p *Problem
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &p) && p.Status == http.StatusNotFound {
		return meta{status: http.StatusNotFound, title: "Not found", description: "There is nothing at this address.", hidden: true}
	}
	if err != nil {
		s.Log.WarnContext(ctx, "page without its description", "path", u.Path, "error", err, "request_id", requestID(ctx))
		return meta{}
	}
	m.screen = screenOf(parts)
	return m
}

// bannered gives a view that is about no fight its picture.
func bannered(m meta, file string) meta {
	m.image, m.imageAlt, m.card = "/og/"+file, siteName+": "+banners[file].Title, true
	return m
}

// pageID reads an id as the page takes it: a number that JavaScript can hold.
func pageID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || len(text) > 16 || text[0] == '0' || text[0] == '+' {
		return 0, fmt.Errorf("%q: %w", text, store.ErrNotFound)
	}
	return id, nil
}

func (s *Service) battleMeta(ctx context.Context, text string, query url.Values) (meta, error) {
	id, err := pageID(text)
	if err != nil {
		return meta{}, err
	}
	m, err := s.storedMeta(ctx, id)
	if err != nil {
		return meta{}, err
	}
	if !query.Has("side") && !query.Has("exclude") { // of those, not even the whole is the stored battle
		m.asks = battlePath + text
	}
	if how := narrowing(query); how != "" { // somebody's look at the battle
		m.image, m.hidden = "/og"+m.canonical+".png?"+how, true
	}
	return m, nil
}

// storedMeta is of a stored battle as it is.
func (s *Service) storedMeta(ctx context.Context, id int64) (meta, error) {
	row, err := s.Store.BattleSummary(ctx, id)
	if err != nil {
		return meta{}, err
	}
	ids := make(idSet)
	ids.battle(row, cardMembers)
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return meta{}, err
	}
	view := v.battleSummary(row)
	m := describe(&view)
	m.canonical = fmt.Sprintf("/battles/%d", view.ID)
	// A chat keeps what it once fetched: the revision has it fetch again what has changed.
	m.image = fmt.Sprintf("/og%s.png?r=%d", m.canonical, view.Revision)
	return m, nil
}

// describe says what a battle or a report was.
func describe(v *BattleView) meta {
	m := meta{article: true, card: true}
	place, day := "New Eden", v.StartedAt.UTC().Format("2006-01-02")
	if len(v.Systems) > 0 {
		place = systemWord(v.Systems[0])
	}
	m.title = fmt.Sprintf("%s %s, %s", place, day, eve.Plural(v.Kills, "kill"))
	m.headline = fmt.Sprintf("%s in %s, %s", capital(v.Kind), place, day)
	var against, sides []string
	for i := range v.Sides {
		side := &v.Sides[i]
		if side.ID == battle.Unassigned {
			continue
		}
		name := knownAs(side.Members)
		if name != "" && len(against) < 2 {
			against = append(against, name)
		}
		switch others := len(side.Members) - 1; {
		case name == "":
			name = eve.Plural(len(side.Members), "organisation")
		case others > 0:
			name += fmt.Sprintf(" +%d", others)
		}
		lost := "nothing lost"
		switch {
		case side.ISKLost > 0:
			lost = eve.FromFloat(side.ISKLost).Short() + " lost"
		case side.ShipsLost > 0:
			lost = eve.Plural(side.ShipsLost, "ship") + " lost"
		}
		sides = append(sides, fmt.Sprintf("%s: %s, %s, %s.", side.ID, name, eve.Plural(side.Pilots, "pilot"), lost))
	}
	if len(against) == 2 {
		m.headline = fmt.Sprintf("%s against %s in %s, %s", against[0], against[1], place, day)
	}
	worth := "value unknown"
	if v.ISKDestroyed != nil {
		worth = eve.FromFloat(*v.ISKDestroyed).Short() + " ISK destroyed"
	}
	m.description = fmt.Sprintf("%s, %s lost, %s. %s %s", worth, eve.Plural(v.ShipsLost, "ship"), eve.Plural(v.Pilots, "pilot"),
		strings.Join(sides[:min(4, len(sides))], " "), ogcard.Window(v.StartedAt, v.EndedAt))
	m.imageAlt = "Sides, losses and ISK of the fight in " + place
	return m
}

// capital begins a word of the API as a headline does.
func capital(word string) string {
	n := min(1, len(word))
	return strings.ToUpper(word[:n]) + word[n:]
}

// knownAs is the name of the largest member that has one; "" when none has yet.
func knownAs(members []MemberView) string {
	for _, m := range members[:min(cardMembers, len(members))] {
		if m.Entity.Name != nil {
			return *m.Entity.Name
		}
	}
	return ""
}

func systemWord(s System) string {
	if s.Name != nil {
		return *s.Name
	}
	return fmt.Sprintf("System %d", s.ID)
}

func (s *Service) killMeta(ctx context.Context, text string) (meta, error) {
	id, err := pageID(text)
	if err != nil {
		return meta{}, err
	}
	canonical := fmt.Sprintf("/kills/%d", id)
	rows, err := s.Store.Rows(ctx, []int64{id})
	if err == nil && len(rows) == 0 {
		return s.pendingMeta(ctx, id, canonical)
	}
	if err != nil {
		return meta{}, err
	}
	ids := make(idSet)
	ids.killmail(&rows[0])
	v, err := s.views.named(ctx, s.Store, ids)
	if err != nil {
		return meta{}, err
	}
	k := v.killmailItem(&rows[0])
	return describeKill(&k, canonical), nil
}

// pendingMeta is of a killmail that is known by its id only.
func (s *Service) pendingMeta(ctx context.Context, id int64, canonical string) (meta, error) {
	e, err := s.Store.Enrichment(ctx, id)
	if err != nil {
		return meta{}, err
	}
	if e.State == store.EnrichmentSucceeded { // and the ruleset rejected it
		return meta{}, store.ErrNotFound
	}
	return meta{title: fmt.Sprintf("Killmail %d", id), description: "The details of this killmail are not known yet.", canonical: canonical, hidden: true}, nil
}

func describeKill(k *KillmailItem, canonical string) meta {
	hull := "Loss"
	m := meta{article: true, canonical: canonical}
	if k.Victim.ShipType != nil {
		hull = fmt.Sprintf("Type %d", k.Victim.ShipType.ID)
		if k.Victim.ShipType.Name != nil {
			hull = *k.Victim.ShipType.Name
		}
		// The chat fetches it from CCP's image server; this server asks nobody.
		m.image, m.imageAlt = fmt.Sprintf("https://images.evetech.net/types/%d/render?size=512", k.Victim.ShipType.ID), hull
	}
	m.title = hull
	if who := partyName(k.Victim); who != "" {
		m.title = hull + " of " + who
	}
	worth := "value unknown"
	if k.ISK != nil {
		worth = eve.FromFloat(*k.ISK).Short() + " ISK"
		if k.ISKSource != "zkb" {
			worth = "about " + worth
		}
	}
	m.headline = fmt.Sprintf("%s, %s", m.title, worth)
	attackers := fmt.Sprintf("%d attackers", k.AttackerCount)
	if k.AttackerCount == 1 {
		attackers = "1 attacker"
	}
	m.description = fmt.Sprintf("Lost in %s on %s EVE to %s.", systemWord(k.System), eve.FormatTime(k.OccurredAt), attackers)
	if k.FinalBlow != nil {
		if who := partyName(*k.FinalBlow); who != "" {
			m.description += " Final blow: " + who + "."
		}
	}
	return m
}

// partyName names the pilot, else the organisation; "" when nobody is known by name.
func partyName(p Party) string {
	for _, e := range []*Entity{p.Character, p.Corporation, p.Alliance, p.Faction} {
		if e != nil && e.Name != nil {
			return *e.Name
		}
	}
	return ""
}

// relatedMeta is of a place and time, as links of other sites name them: of the battle
// there and then, where one is stored.
func (s *Service) relatedMeta(ctx context.Context, system, stamp string) (meta, error) {
	id, err := pageID(system)
	if err != nil {
		return meta{}, err
	}
	at, err := eve.ParseRelatedStamp(stamp)
	if err != nil {
		return meta{}, store.ErrNotFound
	}
	out, err := s.getRelated(ctx, &relatedInput{SystemID: id, Time: stamp})
	if err != nil {
		return meta{}, err
	}
	if b := out.Body.BattleID; b != nil {
		return s.storedMeta(ctx, *b)
	}
	found, when := s.views.system(id), eve.FormatTime(at)
	return meta{
		title: fmt.Sprintf("%s around %s", systemWord(found), when), canonical: fmt.Sprintf("/related/%d/%s", id, stamp), hidden: true,
		description: fmt.Sprintf("What was killed in %s around %s EVE, as a battle report.", systemWord(found), when),
	}, nil
}

// reportMeta says of what a report is made. What it says is found when it is looked at,
// and when the picture is fetched.
func (s *Service) reportMeta(u *url.URL) meta {
	query := u.Query()
	var places []string
	for _, w := range query["window"] {
		text, _, _ := strings.Cut(w, ":")
		id, err := pageID(text)
		if err != nil {
			continue
		}
		if found, ok := s.World.System(id); ok && len(places) < 4 && !slices.Contains(places, found.Name) {
			places = append(places, found.Name)
		}
	}
	m := meta{title: "Battle report", hidden: true, card: true, article: true, description: "A battle report for EVE Online over chosen systems, times and battles."}
	if len(places) > 0 {
		m.title += ", " + strings.Join(places, ", ")
	}
	if how := link.Query(query); how != "" {
		m.image, m.imageAlt = "/og/reports.png?"+how, "Sides, losses and ISK of the report"
		m.canonical = "/reports?" + how
	}
	return m
}

// narrowing returns the part of a query that changes what a battle's report counts.
func narrowing(query url.Values) string {
	look := lookOf(query)
	return link.Query(look.query())
}
