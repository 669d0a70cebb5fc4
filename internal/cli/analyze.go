package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/battlescope/battlescope/internal/app"
	"github.com/battlescope/battlescope/internal/battle"
	"github.com/battlescope/battlescope/internal/eve"
)

type analyzeCommand struct {
	Format  string   `help:"${enum}: for people, one battle a line, or killmail id to battle id." enum:"table,jsonl,groups" default:"table" placeholder:"FORMAT"`
	Profile string   `help:"Rules that link kills: ${enum}." enum:"linked,classic" default:"linked" placeholder:"PROFILE"`
	Since   eveTime  `help:"Leave out killmails before this time (EVE time)." placeholder:"TIME"`
	Until   eveTime  `help:"Leave out killmails from this time on." placeholder:"TIME"`
	System  string   `help:"Only this solar system, by name or id."`
	Data    string   `help:"Folder whose static data are used if they are newer than the built-in ones." env:"BATTLESCOPE_DATA" type:"path" placeholder:"DIR"`
	Files   []string `arg:"" name:"file" help:"Archives (.tar.bz2), .jsonl, .json, each also .gz; folders; - for standard input."`
}

// Run prints the battles of the files.
func (c *analyzeCommand) Run(env *environment) error {
	a, err := app.Analyze(env.ctx, app.AnalyzeConfig{
		Files: c.Files, Profile: c.Profile, Since: c.Since.Time, Until: c.Until.Time, System: c.System, Stdin: env.In, Data: c.Data,
	}, env.log)
	if a.Broken > 0 {
		fmt.Fprintf(env.Err, "%d documents could not be read\n", a.Broken)
	}
	if len(a.Kills) == 0 && err != nil {
		return err
	}
	write := map[string]func(io.Writer, app.Analysis) error{"table": writeTable, "jsonl": writeLines, "groups": writeGroups}[c.Format]
	if werr := write(env.Out, a); werr != nil {
		return fmt.Errorf("write: %w", werr)
	}
	return err
}

// battleName identifies a battle within one analysis: by its first killmail.
func battleName(b *battle.Battle) string { return strconv.FormatInt(b.Kills[0].Mail.ID, 10) }

type lineBattle struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind"`
	SystemIDs    []int64    `json:"system_ids"`
	StartedAt    time.Time  `json:"started_at"`
	EndedAt      time.Time  `json:"ended_at"`
	KillmailIDs  []int64    `json:"killmail_ids"`
	Sides        []lineSide `json:"sides"`
	ISKDestroyed float64    `json:"isk_destroyed"`
}

type lineSide struct {
	ID        string       `json:"id"`
	Members   []lineMember `json:"members"`
	Pilots    int          `json:"pilots"`
	ShipsLost int          `json:"ships_lost"`
	ISKLost   float64      `json:"isk_lost"`
}

type lineMember struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

func writeLines(w io.Writer, a app.Analysis) error {
	enc := json.NewEncoder(w)
	for i := range a.Battles {
		if err := enc.Encode(lineOf(&a.Battles[i])); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(b *battle.Battle) lineBattle {
	out := lineBattle{
		ID: battleName(b), Kind: string(b.Kind), SystemIDs: b.SystemIDs, StartedAt: b.Start, EndedAt: b.End,
		KillmailIDs: make([]int64, len(b.Kills)), Sides: []lineSide{}, ISKDestroyed: b.ISKDestroyed.Float(),
	}
	for i := range b.Kills {
		out.KillmailIDs[i] = b.Kills[i].Mail.ID
	}
	for i := range b.Sides {
		s := &b.Sides[i]
		if s.ID == battle.Unassigned {
			continue
		}
		side := lineSide{ID: s.ID, Members: []lineMember{}, Pilots: s.Pilots, ShipsLost: s.ShipsLost, ISKLost: s.ISKLost.Float()}
		for _, m := range s.Members {
			side.Members = append(side.Members, lineMember{string(m.Entity.Type), m.Entity.ID})
		}
		out.Sides = append(out.Sides, side)
	}
	return out
}

// ungrouped kinds count as standing alone in the groups format.
var ungrouped = map[battle.Kind]bool{battle.KindGank: true, battle.KindSolo: true, battle.KindNPC: true}

func writeGroups(w io.Writer, a app.Analysis) error {
	groups := make(map[string]*string, len(a.Kills))
	for _, id := range a.Kills {
		groups[strconv.FormatInt(id, 10)] = nil
	}
	for i := range a.Battles {
		b := &a.Battles[i]
		if ungrouped[b.Kind] {
			continue
		}
		name := battleName(b)
		for _, k := range b.Kills {
			groups[strconv.FormatInt(k.Mail.ID, 10)] = &name
		}
	}
	return json.NewEncoder(w).Encode(groups)
}

func writeTable(w io.Writer, a app.Analysis) error {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateRows = false
	t.AppendHeader(table.Row{"started (EVE)", "min", "system", "kind", "kills", "pilots", "ISK", "sides (pilots, ships lost)"})
	for i := range a.Battles {
		b := &a.Battles[i]
		isk := "unknown"
		if b.UnknownValues < len(b.Kills) {
			isk = b.ISKDestroyed.Short()
		}
		t.AppendRow(table.Row{
			eve.FormatTime(b.Start), int(b.End.Sub(b.Start).Minutes()), systemNames(a, b), b.Kind, len(b.Kills), b.PilotCount, isk, sideTexts(b),
		})
	}
	t.Render()
	_, err := fmt.Fprintf(w, "%d killmails, %d groups\n", len(a.Kills), len(a.Battles))
	return err
}

func systemNames(a app.Analysis, b *battle.Battle) string {
	names := make([]string, 0, len(b.SystemIDs))
	for _, id := range b.SystemIDs {
		name := strconv.FormatInt(id, 10)
		if s, ok := a.World.System(id); ok {
			name = s.Name
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func sideTexts(b *battle.Battle) string {
	texts := make([]string, 0, len(b.Sides))
	for i := range b.Sides {
		s := &b.Sides[i]
		texts = append(texts, fmt.Sprintf("%s %d/%d", s.ID, s.Pilots, s.ShipsLost))
	}
	return strings.Join(texts, "  ")
}
