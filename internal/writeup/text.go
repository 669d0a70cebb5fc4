package writeup

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
	"github.com/battlescope/battlescope/internal/store"
)

// discordLimit is how many characters a message on Discord may have.
const discordLimit = 2000

// shownMembers is how many entities of a side are named.
const shownMembers = 5

// Text writes the battle for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	b.WriteString(r.title() + "\n" + r.summary() + "\n\n")
	b.WriteString(r.sidesTable() + "\n")
	for _, i := range r.manned() {
		fmt.Fprintf(&b, "%s  %s\n", r.Sides[i].ID, r.members(i, len(r.Sides[i].Members)))
	}
	for _, s := range r.sections() {
		fmt.Fprintf(&b, "\n%s\n", s.title)
		for _, l := range s.lines {
			b.WriteString("  " + l + "\n")
		}
	}
	b.WriteString("\n")
	if r.PageURL != "" {
		b.WriteString(r.PageURL + "\n")
	}
	return b.String() + r.RelatedURL + "\n"
}

// Discord writes the battle as a message that fits; parts for which there is no room
// are left out, the last first, and so is an address of the page that is too long.
func (r *Report) Discord() string {
	r = r.forDiscord()
	parts := []string{"**" + r.title() + "**\n" + r.summary() + "\n```\n" + r.narrowTable() + "```\n"}
	for _, i := range r.manned() {
		parts = append(parts, fmt.Sprintf("**%s** %s\n", r.Sides[i].ID, r.members(i, shownMembers)))
	}
	for _, s := range r.sections() {
		parts = append(parts, "**"+s.title+"**\n- "+strings.Join(s.lines, "\n- ")+"\n")
	}
	links := "<" + r.RelatedURL + ">\n" // in brackets, Discord shows no preview of it
	// An address that names hundreds of sides and killmails leaves no room for a text.
	if page := r.PageURL + "\n"; r.PageURL != "" && utf8.RuneCountInString(parts[0]+page+links) <= discordLimit {
		links = page + links
	}
	out, left := "", discordLimit-utf8.RuneCountInString(links)
	for _, p := range parts {
		if n := utf8.RuneCountInString(p); n <= left {
			out += p
			left -= n
		}
	}
	return out + links
}

// forDiscord returns the same report with names that mean nothing to Discord.
func (r *Report) forDiscord() *Report {
	out := *r
	out.Names = make(map[int64]store.Name, len(r.Names))
	for id, n := range r.Names {
		n.Name = markdown.Replace(n.Name)
		out.Names[id] = n
	}
	return &out
}

// markdown takes the meaning from what Discord reads as a format, and from @everyone.
var markdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "`", "\\`", "<", `\<`, "@", "@\u200b", "#", `\#`, "[", `\[`, "\n", " ")

// shownSystems is how many systems a title names.
const shownSystems = 4

func (r *Report) title() string {
	var names []string
	for i, id := range r.SystemIDs {
		if i == shownSystems {
			names = append(names, fmt.Sprintf("%d more systems", len(r.SystemIDs)-i))
			break
		}
		name := fmt.Sprintf("system %d", id)
		if s, ok := r.World.System(id); ok {
			name = fmt.Sprintf("%s (%s, %s)", s.Name, eve.SecurityText(s.Security), s.RegionName)
		}
		names = append(names, name)
	}
	end := eve.FormatTime(r.End)
	if r.Start.Format(time.DateOnly) == r.End.Format(time.DateOnly) {
		end = r.End.UTC().Format("15:04")
	}
	what := string(r.Kind)
	if r.ID != 0 {
		what = fmt.Sprintf("%s %d", r.Kind, r.ID)
	}
	return fmt.Sprintf("%s in %s, %s to %s EVE", what, strings.Join(names, ", "), eve.FormatTime(r.Start), end)
}

func (r *Report) summary() string {
	isk := "value unknown"
	if r.UnknownValues < r.Kills {
		isk = r.ISKDestroyed.Short() + " ISK destroyed"
		switch {
		case r.ISKEstimated >= r.ISKDestroyed && r.ISKEstimated > 0:
			isk += " (all of it estimated)"
		case r.ISKEstimated > 0:
			isk += fmt.Sprintf(" (%s of it estimated)", r.ISKEstimated.Short())
		}
		if r.UnknownValues > 0 {
			isk += fmt.Sprintf(", %s of unknown value", eve.Plural(r.UnknownValues, "loss"))
		}
	}
	part := ""
	if r.Part != "" {
		part = "Only what is shown: " + r.Part + "\n"
	}
	return part + fmt.Sprintf("%s, %s, %s; %s; %s", eve.Plural(r.Kills, "kill"), eve.Plural(r.BattleRow.Pilots, "pilot"), isk, r.KindRule, r.Status)
}

func (r *Report) sidesTable() string {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row{"side", "pilots", "ships lost", "pods", "ISK lost", "ISK destroyed", "damage done", "confidence"})
	for _, i := range r.manned() {
		s := &r.Sides[i]
		name, sure := s.ID, fmt.Sprintf("%.0f %%", 100*s.Confidence)
		if s.ThirdParty {
			name += " (third party)"
		}
		if s.ID == battle.Unassigned {
			sure = ""
		}
		t.AppendRow(table.Row{name, s.Pilots, s.ShipsLost, s.CapsulesLost, s.ISKLost.Short(), s.ISKDestroyed.Short(), s.DamageDone, sure})
	}
	return t.Render() + "\n"
}

// narrowTable is as wide as Discord shows without breaking lines.
func (r *Report) narrowTable() string {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row{"side", "pilots", "ships", "pods", "ISK lost"})
	for _, i := range r.manned() {
		s := &r.Sides[i]
		t.AppendRow(table.Row{s.ID, s.Pilots, s.ShipsLost, s.CapsulesLost, s.ISKLost.Short()})
	}
	return t.Render() + "\n"
}

// manned are the sides of which anybody was there; those of a part of a battle may have been elsewhere.
func (r *Report) manned() []int {
	var out []int
	for i := range r.Sides {
		if s := &r.Sides[i]; len(s.Members) > 0 || s.Pilots > 0 || s.ISKLost > 0 || s.ShipsLost+s.CapsulesLost+s.StructuresLost > 0 {
			out = append(out, i)
		}
	}
	return out
}

// members names the largest entities of a side.
func (r *Report) members(side, most int) string {
	var texts []string
	all := r.Sides[side].Members
	for i, m := range all {
		if i == most {
			texts = append(texts, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		texts = append(texts, fmt.Sprintf("%s (%d)", r.nameOf(string(m.Entity.Type), m.Entity.ID), m.Pilots))
	}
	if len(texts) == 0 {
		return "nobody known"
	}
	return strings.Join(texts, ", ")
}

func (r *Report) nameOf(what string, id int64) string {
	if n := r.Names[id].Name; n != "" {
		return n
	}
	return fmt.Sprintf("%s %d", what, id)
}

func (r *Report) typeName(id int64) string {
	if t, ok := r.World.Type(id); ok {
		return t.Name
	}
	return fmt.Sprintf("type %d", id)
}

// section is a list below a title.
type section struct {
	title string
	lines []string
}

// sections are the lists of a report that have anything in them, the most telling first.
func (r *Report) sections() []section {
	var out []section
	add := func(title string, lines []string) {
		if len(lines) > 0 {
			out = append(out, section{title, lines})
		}
	}
	var lines []string
	for _, m := range r.Moments {
		text := clock(m.At) + " " + m.Text
		if m.ISK > 0 {
			text += " (" + m.ISK.Short() + ")"
		}
		lines = append(lines, text)
	}
	add("Turning points", lines)

	lines = nil
	for _, l := range r.Top {
		who := r.nameOf("corporation", l.Victim.CorporationID)
		if l.Victim.CharacterID != 0 {
			who = r.nameOf("pilot", l.Victim.CharacterID)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s of %s (side %s), %s", clock(l.At), l.Value.ISK.Short(), r.typeName(l.Victim.ShipTypeID), who, l.Side, eve.Plural(l.Attackers, "attacker")))
	}
	add("Largest losses", lines)

	lines = nil
	for _, h := range r.Capitals {
		lines = append(lines, fmt.Sprintf("side %s: %d %s, %d lost", h.Side, h.Fielded, r.typeName(h.ShipTypeID), h.Lost))
	}
	add("Capitals", lines)

	lines = nil
	if len(r.Phases) > 1 {
		for i, p := range r.Phases {
			var lost []string
			for _, s := range p.Sides {
				lost = append(lost, fmt.Sprintf("%s %d", s.Side, s.Ships))
			}
			lines = append(lines, fmt.Sprintf("%d. %s to %s, %s: %s, %.1f a minute; ships lost %s", i+1, clock(p.Start), clock(p.End), p.Rule, eve.Plural(p.Kills, "kill"), p.PerMinute, strings.Join(lost, ", ")))
		}
	}
	add("Phases", lines)

	lines = nil
	for _, p := range r.FinalBlows {
		lines = append(lines, fmt.Sprintf("%s (side %s) %d, on %s", r.nameOf("pilot", p.CharacterID), p.Side, p.FinalBlows, eve.Plural(p.Kills, "kill")))
	}
	add("Final blows", lines)
	return out
}

func clock(t time.Time) string { return t.UTC().Format("15:04") }
