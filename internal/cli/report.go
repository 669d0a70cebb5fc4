package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

type reportCommand struct {
	app.Data
	Format string   `help:"${enum}: for a terminal, or a message of at most 2000 characters." enum:"text,discord" default:"text" placeholder:"FORMAT"`
	What   []string `arg:"" name:"battle" help:"Battle or killmail id; link to either, or to a related page of zKillboard, br.evetools or EVE-KILL; or SYSTEM TIME (EVE time)."`
}

// Run prints one battle.
func (c *reportCommand) Run(env *environment) error {
	r, err := app.FindReport(env.ctx, c.Data, c.What, env.log)
	if err != nil {
		return err
	}
	text := reportText(r)
	if c.Format == "discord" {
		text = reportDiscord(r)
	}
	if _, err := fmt.Fprint(env.Out, text); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// discordLimit is how many characters a message on Discord may have.
const discordLimit = 2000

// shownMembers is how many entities of a side are named.
const shownMembers = 5

// reportText writes a battle for a terminal.
func reportText(r app.Report) string {
	var b strings.Builder
	b.WriteString(title(r) + "\n" + summary(r) + "\n\n")
	b.WriteString(sidesTable(r) + "\n")
	for i := range r.Sides {
		fmt.Fprintf(&b, "%s  %s\n", r.Sides[i].ID, members(r, i, len(r.Sides[i].Members)))
	}
	for _, s := range sections(r) {
		fmt.Fprintf(&b, "\n%s\n", s.title)
		for _, l := range s.lines {
			b.WriteString("  " + l + "\n")
		}
	}
	return b.String() + "\n" + r.RelatedURL + "\n"
}

// reportDiscord writes a battle as a message; parts that do not fit are left out, the
// last first.
func reportDiscord(r app.Report) string {
	parts := []string{"**" + title(r) + "**\n" + summary(r) + "\n```\n" + sidesTable(r) + "```\n"}
	for i := range r.Sides {
		parts = append(parts, fmt.Sprintf("**%s** %s\n", r.Sides[i].ID, members(r, i, shownMembers)))
	}
	for _, s := range sections(r) {
		parts = append(parts, "**"+s.title+"**\n- "+strings.Join(s.lines, "\n- ")+"\n")
	}
	link := "<" + r.RelatedURL + ">\n"
	out, left := "", discordLimit-utf8.RuneCountInString(link)
	for _, p := range parts {
		if n := utf8.RuneCountInString(p); n <= left {
			out += p
			left -= n
		}
	}
	return out + link
}

func title(r app.Report) string {
	names := make([]string, len(r.SystemIDs))
	for i, id := range r.SystemIDs {
		names[i] = fmt.Sprintf("system %d", id)
		if s, ok := r.World.System(id); ok {
			names[i] = fmt.Sprintf("%s (%s, %s)", s.Name, eve.SecurityText(s.Security), s.RegionName)
		}
	}
	end := eve.FormatTime(r.End)
	if r.Start.Format(time.DateOnly) == r.End.Format(time.DateOnly) {
		end = r.End.UTC().Format("15:04")
	}
	return fmt.Sprintf("%s %d in %s, %s to %s EVE", r.Kind, r.ID, strings.Join(names, ", "), eve.FormatTime(r.Start), end)
}

func summary(r app.Report) string {
	isk := "value unknown"
	if r.UnknownValues < r.Kills {
		isk = r.ISKDestroyed.Short() + " ISK destroyed"
		if r.ISKEstimated > 0 {
			isk += fmt.Sprintf(" (%s of it estimated)", r.ISKEstimated.Short())
		}
		if r.UnknownValues > 0 {
			isk += fmt.Sprintf(", %d losses of unknown value", r.UnknownValues)
		}
	}
	return fmt.Sprintf("%d kills, %d pilots, %s; %s; %s", r.Kills, r.BattleRow.Pilots, isk, r.KindRule, r.Status)
}

func sidesTable(r app.Report) string {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row{"side", "pilots", "ships lost", "pods", "ISK lost", "ISK destroyed", "damage done", "least sure"})
	for i := range r.Sides {
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

// members names the largest entities of a side.
func members(r app.Report, side, most int) string {
	var texts []string
	all := r.Sides[side].Members
	for i, m := range all {
		if i == most {
			texts = append(texts, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		texts = append(texts, fmt.Sprintf("%s (%d)", nameOf(r, string(m.Entity.Type), m.Entity.ID), m.Pilots))
	}
	if len(texts) == 0 {
		return "nobody known"
	}
	return strings.Join(texts, ", ")
}

func nameOf(r app.Report, what string, id int64) string {
	if n := r.Names[id].Name; n != "" {
		return n
	}
	return fmt.Sprintf("%s %d", what, id)
}

func typeName(r app.Report, id int64) string {
	if t, ok := r.World.Type(id); ok {
		return t.Name
	}
	return fmt.Sprintf("type %d", id)
}

// reportSection is a list below a title.
type reportSection struct {
	title string
	lines []string
}

// sections are the lists of a report that have anything in them, the most telling first.
func sections(r app.Report) []reportSection {
	var out []reportSection
	add := func(title string, lines []string) {
		if len(lines) > 0 {
			out = append(out, reportSection{title, lines})
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
		who := nameOf(r, "corporation", l.Victim.CorporationID)
		if l.Victim.CharacterID != 0 {
			who = nameOf(r, "pilot", l.Victim.CharacterID)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s of %s (side %s), %d attackers", clock(l.At), l.Value.ISK.Short(), typeName(r, l.Victim.ShipTypeID), who, l.Side, l.Attackers))
	}
	add("Largest losses", lines)

	lines = nil
	for _, h := range r.Capitals {
		lines = append(lines, fmt.Sprintf("side %s: %d %s, %d lost", h.Side, h.Fielded, typeName(r, h.ShipTypeID), h.Lost))
	}
	add("Capitals", lines)

	lines = nil
	if len(r.Phases) > 1 {
		for i, p := range r.Phases {
			var lost []string
			for _, s := range p.Sides {
				lost = append(lost, fmt.Sprintf("%s %d", s.Side, s.Ships))
			}
			lines = append(lines, fmt.Sprintf("%d. %s to %s, %s: %d kills, %.1f a minute; ships lost %s", i+1, clock(p.Start), clock(p.End), p.Rule, p.Kills, p.PerMinute, strings.Join(lost, ", ")))
		}
	}
	add("Phases", lines)

	lines = nil
	for _, p := range r.FinalBlows {
		lines = append(lines, fmt.Sprintf("%s (side %s) %d, on %d kills", nameOf(r, "pilot", p.CharacterID), p.Side, p.FinalBlows, p.Kills))
	}
	add("Final blows", lines)
	return out
}

func clock(t time.Time) string { return t.UTC().Format("15:04") }
