package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/fault"
	"github.com/battlescope/battlescope/internal/sde"
	"github.com/battlescope/battlescope/internal/store"
	"github.com/battlescope/battlescope/internal/store/sqlite"
	"github.com/battlescope/battlescope/internal/zkb"
)

// Report is one stored battle with what a text says of it.
type Report struct {
	*store.BattleDetail
	World      *sde.Data
	Names      map[int64]store.Name
	Losses     []battle.Loss
	Phases     []battle.Phase
	Moments    []battle.Moment
	Capitals   []battle.Hull
	Top        []battle.Loss  // of the highest value
	FinalBlows []battle.Pilot // with most of them
	Status     battle.Status
	RelatedURL string // zKillboard's page of the same place and hour
}

// reportTop is how many kills and pilots a report names.
const reportTop = 5

// FindReport reads one battle from the data folder. what names it: its id, a killmail
// id, a link to either or to a related-kills page, or a system and a time.
func FindReport(ctx context.Context, d Data, what []string, log *slog.Logger) (r Report, err error) {
	target, err := parseTarget(what)
	if err != nil {
		return Report{}, fault.Usage(err)
	}
	// Opening would make an empty database in whatever folder a slip of the finger names.
	if _, err := os.Stat(filepath.Join(d.Data, sqlite.FileName)); errors.Is(err, fs.ErrNotExist) {
		return Report{}, fault.New("there is no database in "+d.Data, "name the folder with --data, or fill it with battlescope import or serve")
	}
	b, err := openBackends(ctx, d, Redis{}, log)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	id, err := b.find(ctx, target)
	if err != nil {
		return Report{}, err
	}
	detail, err := b.store.Battle(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return Report{}, fault.New(fmt.Sprintf("there is no battle %d", id), "battles have the numbers that the page shows in its address; killmail ids and links work as well")
	}
	if err != nil {
		return Report{}, err
	}
	return b.report(ctx, detail)
}

func (b *backends) report(ctx context.Context, d *store.BattleDetail) (Report, error) {
	r := Report{
		BattleDetail: d, World: b.world, Status: battle.StatusAt(d.End, b.now()),
		RelatedURL: zkb.RelatedURL(d.SystemIDs[0], d.Start), FinalBlows: battle.MostFinalBlows(d.Members, reportTop),
	}
	class := func(id int64) eve.HullClass {
		if t, ok := b.world.Type(id); ok {
			return t.Class
		}
		return eve.ClassOtherShip
	}
	r.Losses = d.Losses(class)
	course := battle.DefaultCourse()
	r.Phases, r.Moments = battle.Phases(r.Losses, course), battle.TurningPoints(r.Losses, course)
	r.Top, r.Capitals = battle.TopLosses(r.Losses, reportTop), battle.Capitals(d.Hulls, class)
	var err error
	r.Names, err = b.store.Names(ctx, r.named())
	return r, err
}

// named lists the ids a report shows by name.
func (r *Report) named() []int64 {
	var ids []int64
	for i := range r.Sides {
		for _, m := range r.Sides[i].Members {
			ids = append(ids, m.Entity.ID)
		}
	}
	for _, l := range r.Top {
		ids = append(ids, l.Victim.CharacterID, l.Victim.CorporationID)
	}
	for _, p := range r.FinalBlows {
		ids = append(ids, p.CharacterID)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
}

// target is what a person named.
type target struct {
	number   int64 // of a battle, else of a killmail
	battle   int64
	killmail int64
	system   string // name or id
	at       time.Time
	related  bool // at is the hour of a related page
}

// targetHint says what report accepts.
const targetHint = "give a battle or killmail id, a link, or a system and a time: battlescope report Jorund 2021-11-28 10:21"

// parseTarget reads what a person named a battle by.
func parseTarget(what []string) (target, error) {
	text := strings.TrimSpace(strings.Join(what, " "))
	switch {
	case text == "":
		return target{}, fault.New("which battle?", targetHint)
	case strings.Contains(text, "/"):
		return parseLink(text)
	}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		if id <= 0 {
			return target{}, fault.New(fmt.Sprintf("%q is no id", text), targetHint)
		}
		return target{number: id}, nil
	}
	words := strings.Fields(text)
	for _, n := range []int{2, 1} { // words of the time
		if len(words) <= n {
			continue
		}
		if at, err := eve.ParseTime(strings.Join(words[len(words)-n:], " ")); err == nil {
			return target{system: strings.Join(words[:len(words)-n], " "), at: at}, nil
		}
	}
	return target{}, fault.New(fmt.Sprintf("%q names no battle", text), targetHint)
}

// parseLink reads links by their path, which is the same on most sites:
// …/battles/ID is ours, …/kill/ID and …/related/SYSTEM/TIME belong to zKillboard,
// EVE-KILL, br.evetools and others.
func parseLink(text string) (target, error) {
	full := text
	if !strings.Contains(full, "://") {
		full = "https://" + strings.TrimPrefix(full, "/")
	}
	u, err := url.Parse(full)
	if err != nil || u.Host == "" {
		return target{}, fault.New(fmt.Sprintf("%q is no link", text), targetHint)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	number := func(i int) (int64, bool) {
		if i >= len(parts) {
			return 0, false
		}
		id, err := strconv.ParseInt(parts[i], 10, 64)
		return id, err == nil && id > 0
	}
	for i, part := range parts {
		id, ok := number(i + 1)
		if !ok {
			continue
		}
		switch part {
		case "battles":
			return target{battle: id}, nil
		case "kill", "killmail", "killmails":
			return target{killmail: id}, nil
		case "related":
			if i+2 >= len(parts) {
				return target{}, fault.New(fmt.Sprintf("%q has no time", text), targetHint)
			}
			at, err := eve.ParseRelatedStamp(parts[i+2])
			if err != nil {
				return target{}, fault.Wrap(err, "link "+text, targetHint)
			}
			return target{system: parts[i+1], at: at, related: true}, nil
		}
	}
	if slices.Contains(parts, "br") || slices.Contains(parts, "battle") {
		return target{}, fault.New(fmt.Sprintf("only its own site knows what %q shows", text), "give a link to one of its kills, or the system and the time")
	}
	return target{}, fault.New(fmt.Sprintf("%q links to no battle", text), targetHint)
}

// find returns the id of the battle that is meant.
func (b *backends) find(ctx context.Context, t target) (int64, error) {
	switch {
	case t.battle != 0:
		return t.battle, nil
	case t.killmail != 0:
		return b.ofKillmail(ctx, t.killmail)
	case t.number != 0:
		_, err := b.store.BattleSummary(ctx, t.number)
		if errors.Is(err, store.ErrNotFound) {
			return b.ofKillmail(ctx, t.number)
		}
		return t.number, err
	}
	system, err := findSystem(b.world, t.system)
	if err != nil {
		return 0, err
	}
	return b.at(ctx, system, t)
}

func (b *backends) ofKillmail(ctx context.Context, id int64) (int64, error) {
	found, err := b.store.BattleOf(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return found, err
	}
	switch _, err := b.store.Killmail(ctx, id); {
	case errors.Is(err, store.ErrNotFound):
		return 0, fault.New(fmt.Sprintf("neither a battle nor a killmail %d is stored", id), "import the killmails of its day first, or choose another folder with --data")
	case err != nil:
		return 0, err
	}
	return 0, fault.New(fmt.Sprintf("killmail %d stands alone: it is in no battle", id), "name another killmail of the fight")
}

// longestBattle is how long before a time a battle that goes on can have begun.
const longestBattle = 24 * time.Hour

// at finds a battle by place and time: of the ones within the time, the largest on a
// related page, and the nearest else.
func (b *backends) at(ctx context.Context, system int64, t target) (int64, error) {
	from, to := t.at.Add(-time.Hour), t.at.Add(time.Hour)
	if t.related {
		to = t.at.Add(2 * time.Hour)
	}
	var best *store.BattleRow
	page := store.Page{Limit: 100}
	for {
		rows, next, err := b.store.Battles(ctx, store.BattleFilter{
			SystemIDs: []int64{system}, Since: from.Add(-longestBattle), Until: to, Order: store.OrderStarted,
		}, page)
		if err != nil {
			return 0, err
		}
		for i := range rows {
			r := &rows[i]
			if r.End.Before(from) {
				continue
			}
			if best == nil || better(r, best, t) {
				best = r
			}
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	if best == nil {
		name := strconv.FormatInt(system, 10)
		if s, ok := b.world.System(system); ok {
			name = s.Name
		}
		return 0, fault.New(fmt.Sprintf("no battle in %s between %s and %s (EVE time)", name, eve.FormatTime(from), eve.FormatTime(to)),
			"check system and time, or import the killmails of that day first")
	}
	return best.ID, nil
}

// better reports whether row is meant rather than other.
func better(row, other *store.BattleRow, t target) bool {
	if !t.related {
		if a, b := away(row, t.at), away(other, t.at); a != b {
			return a < b
		}
	}
	return row.Kills > other.Kills
}

// away is the time between t and a battle, 0 within.
func away(r *store.BattleRow, t time.Time) time.Duration {
	return max(r.Start.Sub(t), t.Sub(r.End), 0)
}
